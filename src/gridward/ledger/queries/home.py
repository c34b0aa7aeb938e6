"""What cases ask of a subject: where it is at home and what it is called."""

from __future__ import annotations

from uuid import UUID

from gridward.grids.queries import refs
from gridward.kernel.errors import Message, Missing
from gridward.ledger import models
from gridward.ledger.rules import Home
from gridward.logbook import queries as logbook

NO_SUBJECT = Message(
    "GW-LEDGER-071",
    "没有这个对象，或它不在您的范围内；请检查编号。",
    "There is no such subject, or it is outside your area; check the number.",
)
_HOME = ("scheme", "area", "a1", "a2", "a3", "a4", "a5", "by_hand")


def home_of(subject: UUID) -> Home:
    """The home leaf of a subject with its ancestors. Missing when there is no such subject."""
    row = models.Subject.objects.filter(id=subject).values_list(*_HOME).first()
    if row is None:
        raise Missing(NO_SUBJECT, field="subject")
    scheme, area, *above, by_hand = row
    ref = refs.area_ref(area, stamp=logbook.stamps().get("grids", 0)) if area else None
    return Home(scheme, area, ref.code if ref else None, ref.name if ref else None, tuple(above), by_hand)


def subject_card(subject: UUID) -> dict[str, str]:
    """{"id", "number", "name"} of a subject, for things that point to it. Missing when there is none."""
    row = models.Subject.objects.filter(id=subject).values_list("number", "name").first()
    if row is None:
        raise Missing(NO_SUBJECT, field="subject")
    return {"id": str(subject), "number": row[0], "name": row[1]}
