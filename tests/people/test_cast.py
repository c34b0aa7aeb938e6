"""The cast itself: who sees what, exactly as the table says."""

from __future__ import annotations

import pytest

from gridward.people import queries
from tests.cast import HOLDS, PEOPLE, POWERS, Cast

REACH = {
    "Chen": {"3-2-1"},
    "Lin": set(),
    "Wu": {"3-2", "3-2-1", "3-2-2"},
    "Zhao": {
        "district 1", "1", "2", "3", "1-1", "1-2", "2-1", "2-2", "3-1", "3-2", "1-1-1", "1-1-2", "1-2-1", "1-2-2",
        "2-1-1", "2-1-2", "2-2-1", "2-2-2", "3-1-1", "3-1-2", "3-2-1", "3-2-2",
    },
    "Qian": {
        "district 2", "next 1", "next 1-1", "next 1-2", "next 1-1-1", "next 1-1-2", "next 1-2-1", "next 1-2-2",
    },
}  # fmt: skip


@pytest.mark.parametrize("name", PEOPLE)
def test_reach_of_a_member_is_exactly_the_table(cast: Cast, name: str) -> None:
    """R-ADM-02: permission × area for every member; a deputy has nothing while the lead is there."""
    actor = cast.actor(name)
    everything = sorted({p for powers in POWERS.values() for p in powers} | {"people:person:manage"})
    found = {
        (permission, area)
        for permission in everything
        for area, ref in cast.areas.items()
        if queries.allows(actor, permission, ancestors=ref.ancestors)
    }
    powers = POWERS[HOLDS[name][0]]
    assert found == {(permission, area) for permission in powers for area in REACH[name]}


def test_qian_sees_nothing_of_the_district_next_door(cast: Cast) -> None:
    """R-ADM-02: what could leak exists, and the neighbour's desk reaches none of it."""
    here = [ref for name, ref in cast.areas.items() if "next" not in name and name != "district 2"]
    qian = cast.actor("Qian")
    assert len(here) == 22
    assert [
        ref.name for ref in here if queries.allows(qian, "cases:case:read", ancestors=ref.ancestors)
    ] == []
