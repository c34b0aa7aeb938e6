"""A new division: postings on closed areas end with a handover list, new areas are gaps, moved ones
follow."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from uuid import UUID

from shapely import box

from gridward.grids import actions as grids_actions
from gridward.grids import queries as grids
from gridward.grids.rules import NewArea
from gridward.kernel.actor import SYSTEM, Actor, Grant, Scope
from gridward.logbook.facts import Delivered
from gridward.people import actions, queries
from gridward.people.handlers import on_division_came_into_force
from gridward.people.models import Gap, Handover, Posting
from tests.cast import BEGIN, NOW, SCHEME, Cast

JULY = date(2026, 7, 1)
AFTER = datetime.fromisoformat("2026-07-02T09:00:00+08:00")


def planner(number: int) -> Actor:
    verbs = ("division:draft", "division:approve", "division:enforce")
    return Actor(
        UUID(int=number), f"规划{number}", grants=tuple(Grant(f"grids:{v}", Scope("all")) for v in verbs)
    )


def redraw(cast: Cast) -> tuple[list[UUID], list[UUID]]:
    """Community 3-2 gets one grid instead of two, in force on 1 July; returns (closed, created)."""
    parent = cast.areas["3-2"]
    old = [cast.areas["3-2-1"], cast.areas["3-2-2"]]
    x = [114.0 + n * 0.01 for n in (10, 12)]
    whole = NewArea(
        code="01030203", name="3-2-3", parent_code=parent.code,
        geometry=box(round(x[0], 7), 30.5, round(x[1], 7), 30.51), from_codes=[ref.code for ref in old],
    )  # fmt: skip
    division = grids_actions.draft_division(
        scheme=SCHEME, rank=4, areas=[whole], parents=[parent.id], reason="合并", actor=planner(1), now=NOW
    )
    grids_actions.submit_division(division=division, actor=planner(1), now=NOW)
    grids_actions.approve_division(division=division, actor=planner(2), now=NOW)
    fact = grids_actions.bring_into_force(division=division, valid_from=JULY, actor=planner(2), now=NOW)
    return list(fact.closed), list(fact.created)


def deliver(closed: list[UUID], created: list[UUID], moved: list[UUID] | None = None) -> None:
    data = {
        "scheme": SCHEME, "rank": 4, "division": str(UUID(int=9)), "valid_from": JULY.isoformat(),
        "closed": [str(key) for key in closed], "created": [str(key) for key in created],
        "reshaped": [], "moved": [str(key) for key in moved or []],
    }  # fmt: skip
    fact = Delivered(1, "DivisionCameIntoForce", f"scheme/{SCHEME}", NOW, data)
    on_division_came_into_force(fact, now=NOW)


def test_division_closing_a_grid_ends_postings_with_handover_and_gap(cast: Cast) -> None:
    """R-STAFF-02: gaps are shown; the handover list waits for open items."""
    closed, created = redraw(cast)
    deliver(closed, created)
    chain = cast.areas["3-2-1"].ancestors
    assert set(closed) == {cast.areas["3-2-1"].id, cast.areas["3-2-2"].id}
    assert dict(Posting.objects.filter(area__in=closed).values_list("person__name", "valid_to")) == {
        "Chen": JULY, "Lin": JULY,
    }  # fmt: skip
    assert Handover.objects.filter(posting_id=cast.postings["Chen"]).count() == 1
    assert [r.name for r in queries.responsible_at(chain, NOW)] == ["Chen"]
    assert queries.responsible_at(chain, AFTER) == []
    lines = {line.area: line for line in queries.gap_list(AFTER, SCHEME)}
    assert set(created) <= set(lines) and not set(closed) & set(lines)
    assert lines[created[0]].since == NOW
    actor = queries.actor_of(cast.persons["Chen"], AFTER)
    assert actor is not None and actor.grants == ()


def test_division_delivered_twice_changes_nothing(cast: Cast) -> None:
    closed, created = redraw(cast)
    for _ in range(2):
        deliver(closed, created)
    assert Handover.objects.count() == 2
    assert Gap.objects.filter(closed_at=None).count() == 1


def test_division_posting_planned_for_later_on_a_closed_grid_never_begins(cast: Cast) -> None:
    ann = actions.add_person(name="Ann", actor=SYSTEM, now=NOW)
    order = actions.Order(
        person=ann,
        post=cast.posts["grid_head"],
        area=cast.areas["3-2-2"],
        valid_from=JULY + timedelta(days=30),
    )
    key = actions.post_person(order, actor=SYSTEM, now=NOW)
    deliver([cast.areas["3-2-2"].id], [])
    row = Posting.objects.get(id=key)
    assert row.valid_to == row.valid_from


def test_division_on_a_territory_without_leads_opens_no_gap_rows(cast: Cast) -> None:
    deliver([cast.areas["1-1-1"].id], [cast.areas["1-1-2"].id])
    assert Gap.objects.count() == 0


def test_division_moved_area_takes_its_postings_along(cast: Cast) -> None:
    """Open postings carry the ancestors that grids knows; ended ones keep theirs."""
    chen = Posting.objects.get(id=cast.postings["Chen"])
    right = chen.a3
    ann = actions.add_person(name="Ann", actor=SYSTEM, now=NOW)
    past = actions.post_person(
        actions.Order(
            person=ann, post=cast.posts["grid_head"], area=cast.areas["3-2-1"], rank="assist",
            valid_from=BEGIN, valid_to=date(2026, 2, 1),
        ),
        actor=SYSTEM, now=NOW,
    )  # fmt: skip
    Posting.objects.filter(area=cast.areas["3-2-1"].id).update(a3=UUID(int=1))
    deliver([], [], moved=[cast.areas["3-2-1"].id])
    chen.refresh_from_db()
    assert chen.a3 == right == grids.area(cast.areas["3-2-1"].id).ancestors[2]
    assert Posting.objects.get(id=past).a3 == UUID(int=1)


def test_division_rebuild_of_all_open_postings_finds_what_is_stored(cast: Cast) -> None:
    """The copied ancestor columns have one deriving source: grids."""
    for row in Posting.objects.exclude(area=None):
        assert row.area is not None
        assert (row.a1, row.a2, row.a3, row.a4, row.a5) == grids.area(row.area).ancestors
