"""What ledgers do after a new division and after a pack came in."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path
from uuid import UUID

import orjson
import pytest
from shapely import box

from gridward.grids import actions as grids_actions
from gridward.grids.rules import NewArea
from gridward.kernel.actor import SYSTEM, Actor, Grant, Scope
from gridward.ledger import actions, models, queries
from gridward.logbook import queries as logbook
from gridward.logbook.actions.deliver import drain
from gridward.site.packing import install
from tests.cast import NOW, SCHEME, Cast
from tests.ledger.conftest import enter

JULY = date(2026, 7, 1)
AFTER = datetime.fromisoformat("2026-07-02T09:00:00+08:00")


def planner(number: int) -> Actor:
    verbs = ("division:draft", "division:approve", "division:enforce")
    return Actor(
        UUID(int=number), f"规划{number}", grants=tuple(Grant(f"grids:{v}", Scope("all")) for v in verbs)
    )


def merge(cast: Cast) -> UUID:
    """Grids 3-2-1 and 3-2-2 become 3-2-3 on 1 July; returns its id."""
    parent, old = cast.areas["3-2"], [cast.areas["3-2-1"], cast.areas["3-2-2"]]
    whole = NewArea(
        code="01030203", name="3-2-3", parent_code=parent.code,
        geometry=box(114.1, 30.5, 114.12, 30.51), from_codes=[ref.code for ref in old],
    )  # fmt: skip
    division = grids_actions.draft_division(
        scheme=SCHEME, rank=4, areas=[whole], parents=[parent.id], reason="合并", actor=planner(1), now=NOW
    )
    grids_actions.submit_division(division=division, actor=planner(1), now=NOW)
    grids_actions.approve_division(division=division, actor=planner(2), now=NOW)
    fact = grids_actions.bring_into_force(division=division, valid_from=JULY, actor=planner(2), now=AFTER)
    return next(iter(fact.created))


def test_division_in_force_gives_living_subjects_new_homes_and_ended_ones_none(cast: Cast) -> None:
    """Storage rule: a new division rewrites the ancestors of living rows; invariant 3: dated and reasoned."""
    by_point = enter(cast, licence="A")
    by_hand = enter(cast, "1-1-1", licence="B")
    ended = enter(cast, licence="C")
    elsewhere = enter(cast, "1-1-1", licence="D")
    actions.move_subject(subject=by_hand, area=cast.areas["3-2-2"].code, reason="就近", actor=SYSTEM, now=NOW)
    actions.end_subject(subject=ended, reason="停业", actor=SYSTEM, now=NOW)
    before = {s: queries.home_of(s).code for s in (by_point, by_hand, ended, elsewhere)}
    new = merge(cast)
    drain(now=AFTER)
    homes = {s: queries.home_of(s).code for s in before}
    assert homes == {**before, by_point: "01030203", by_hand: "01030203"}
    assert queries.home_of(by_hand).by_hand is True
    moves = {s: [e.move for e in logbook.entries(f"subject/{s}")] for s in before}
    assert moves == {
        by_point: ["create", "rehome"],
        by_hand: ["create", "move", "rehome"],
        ended: ["create", "end"],
        elsewhere: ["create"],
    }
    entry = orjson.loads(logbook.entries(f"subject/{by_point}")[-1].body)["payload"]
    assert (entry["after"]["area"], entry["reason"].startswith("division ")) == (str(new), True)
    assert actions.rehome_subjects(scheme=SCHEME, reason="again", now=AFTER) == 0


def test_rebuilt_homes_equal_the_stored_ones(cast: Cast) -> None:
    """Each cached column can be derived again: a damaged ancestor is put right, nothing else changes."""
    subject = enter(cast)
    whole = list(models.Subject.objects.values())
    models.Subject.objects.filter(id=subject).update(a2=None)
    assert actions.rehome_subjects(scheme=SCHEME, reason="rebuild", now=NOW) == 0
    assert list(models.Subject.objects.values()) == whole


@pytest.mark.django_db
def test_pack_installed_puts_its_ledgers_in_force() -> None:
    """R-LED-18: standard templates come with a pack; installing again changes nothing."""
    folder = Path(__file__).parents[2] / "packs" / "fire_safety"
    install(folder, actor=SYSTEM, now=NOW)
    of = queries.definition("premises")
    assert (of.pack, of.scheme, of.key, len(of.fields)) == ("fire_safety", "fire", ("licence_no",), 8)
    counts = {
        row["code"]: (row["label"], row["count"])
        for row in queries.ledgers(actor=SYSTEM, stamps=logbook.stamps())
    }
    assert counts["premises"] == ("单位场所", 0)
    versions = models.LedgerVersion.objects.count()
    install(folder, actor=SYSTEM, now=NOW)
    assert models.LedgerVersion.objects.count() == versions
