"""The cast itself: who sees what, exactly as the table says."""

from __future__ import annotations

import pytest

from gridward.people import queries
from tests.cast import HOLDS, PEOPLE, POWERS, Cast


def _below(*names: str) -> set[str]:
    """The names, and all communities and grids of streets among them."""
    streets = [name for name in names if name[-1].isdigit() and "district" not in name]
    parts = [f"{s}-{c}" for s in streets for c in (1, 2)]
    return {*names, *parts, *(f"{part}-{g}" for part in parts for g in (1, 2))}


REACH = {
    "Chen": {"3-2-1"},
    "Lin": set(),
    "Wu": {"3-2", "3-2-1", "3-2-2"},
    "Zhao": _below("district 1", "1", "2", "3"),
    "Qian": _below("district 2", "next 1"),
}


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
