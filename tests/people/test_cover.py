"""Who acts: leads, deputies while leads are away, vacant posts."""

from __future__ import annotations

from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st

from gridward.people.rules.cover import Held, PersonRef, compute_acting, compute_holders

A, B, C = UUID(int=1), UUID(int=2), UUID(int=3)
HERE, THERE = UUID(int=10), UUID(int=11)


def held(person: UUID, rank: str, *, away: bool = False, target: UUID = HERE) -> Held:
    return Held(person, f"P{person.int}", "head", rank, target, away)


def ref(person: UUID, rank: str, for_: UUID | None = None) -> PersonRef:
    return PersonRef(person, f"P{person.int}", "head", rank, for_)


def test_acting_lead_present_deputy_waits() -> None:
    """R-STAFF-02."""
    assert compute_acting([held(A, "lead"), held(B, "deputy")]) == [ref(A, "lead")]


def test_acting_lead_away_deputy_acts_on_behalf() -> None:
    """R-ADM-02: delegation in AB posts."""
    assert compute_acting([held(A, "lead", away=True), held(B, "deputy")]) == [ref(B, "deputy", A)]


def test_acting_both_away_lead_stays_responsible() -> None:
    assert compute_acting([held(A, "lead", away=True), held(B, "deputy", away=True)]) == [ref(A, "lead")]


def test_acting_post_vacant_deputy_fills_it() -> None:
    assert compute_acting([held(B, "deputy")]) == [ref(B, "deputy")]


def test_acting_deputy_of_another_place_does_not_cover() -> None:
    rows = [held(A, "lead", away=True), held(B, "deputy", target=THERE)]
    assert compute_acting(rows) == [ref(A, "lead"), ref(B, "deputy")]


def test_acting_one_of_two_leads_away_other_and_deputy_act() -> None:
    rows = [held(A, "lead", away=True), held(C, "lead"), held(B, "deputy")]
    assert compute_acting(rows) == [ref(C, "lead"), ref(B, "deputy", A)]


def test_holders_name_assistants_and_sponsors_too() -> None:
    rows = [held(A, "lead"), held(B, "assist"), held(C, "sponsor")]
    assert compute_holders(rows) == [ref(A, "lead"), ref(B, "assist"), ref(C, "sponsor")]


ROWS = st.lists(
    st.builds(
        held,
        st.sampled_from([A, B, C]),
        st.sampled_from(["lead", "deputy"]),
        away=st.booleans(),
        target=st.sampled_from([HERE, THERE]),
    ),
    max_size=8,
    unique_by=lambda h: (h.person, h.target),
)


@given(ROWS)
def test_acting_any_staffed_place_has_somebody_unless_only_absent_deputies(rows: list[Held]) -> None:
    acting = compute_acting(rows)
    for target in (HERE, THERE):
        here = [h for h in rows if h.target == target]
        there_is = any(h.rank == "lead" or not h.away for h in here)
        assert bool(compute_acting(here)) is there_is
    assert all(r.on_behalf_of != r.id for r in acting)
    assert compute_acting(list(reversed(rows))) == acting
