"""After a new division: open cases get their home leaf and ancestors anew, in slices; closed ones keep theirs."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db import transaction

from gridward.cases import models
from gridward.grids import queries as grids
from gridward.grids.queries.locating import Locator
from gridward.kernel.actor import SYSTEM
from gridward.logbook import queries as logbook
from gridward.logbook.actions import append_to

SLICE = 1000


def rehome_open_cases(*, scheme: str, now: datetime) -> int:
    """Rewrite area and ancestors of the open cases of a scheme from their points; returns how many moved."""
    locator = grids.locator(scheme, on=now.date(), stamp=logbook.stamps().get("grids", 0))
    moved, after = 0, UUID(int=0)
    while True:
        rows = models.Case.objects.filter(
            closed=False, scheme__in=[scheme, ""], lon__isnull=False, id__gt=after
        )
        batch = list(rows.order_by("id").only("id", "lon", "lat", "area", "scheme")[:SLICE])
        if not batch:
            break
        after = batch[-1].id
        with transaction.atomic():
            moved += sum(_rehome(case, locator, scheme) for case in batch)
    if moved:
        append_to(stream=f"rehome/{scheme}", move="rehome", actor=SYSTEM, now=now, payload={"cases": moved})
    return moved


def _rehome(case: models.Case, locator: Locator, scheme: str) -> int:
    assert case.lon is not None and case.lat is not None
    found = locator.locate(case.lon, case.lat)
    if (found.id if found else None) == case.area:
        return 0
    columns: dict[str, UUID | None] = {
        f"a{n}": (found.ancestors[n - 1] if found else None) for n in (1, 2, 3, 4, 5)
    }
    models.Case.objects.filter(id=case.id).update(area=found.id if found else None, scheme=scheme, **columns)
    models.Work.objects.filter(id=case.id).update(**columns)
    return 1
