"""What posts grant: the object check and the SQL condition say the same."""

from __future__ import annotations

from datetime import UTC, datetime
from uuid import UUID

import pytest
from django.db import connection
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from gridward.kernel.actor import EVERYWHERE, PUBLIC, SYSTEM, Actor, Grant, Scope
from gridward.kernel.errors import Forbidden
from gridward.people.models import InboxItem
from gridward.people.policy import (
    Columns,
    CoverGrant,
    Holding,
    acting,
    allows,
    any_of,
    condition,
    require,
    scopes_for,
)

NOW = datetime(2026, 6, 5, 7, tzinfo=UTC)
ME, LEAD = UUID(int=1), UUID(int=2)
TOP, GRID, TWIN, OTHER, UNIT, OWN_UNIT = (UUID(int=n) for n in range(10, 16))
READ = "cases:case:read"
CHAIN = (TOP, GRID, None, None, None)


def someone(*grants: Grant, id: UUID = ME) -> Actor:
    return Actor(id, "某人", grants=grants)


def test_scopes_of_area_posting_reach_the_area_and_its_twins_only() -> None:
    """R-ADM-02: rights reach another scheme through the linked node and not through its neighbours."""
    found = scopes_for([Holding((READ,), area=GRID, area_rank=2)], {GRID: [(TWIN, 3)], TOP: [(OTHER, 1)]})
    assert found == (Grant(READ, Scope("area", GRID, 2)), Grant(READ, Scope("area", TWIN, 3)))


def test_scopes_of_own_units_widen_postings_but_not_cover() -> None:
    holdings = [
        Holding((READ,), area=GRID, area_rank=2),
        Holding(("cases:case:close",), area=TOP, area_rank=1, cover=True, on_behalf_of=LEAD),
    ]
    assert scopes_for(holdings, {}, [OWN_UNIT]) == (
        Grant(READ, Scope("area", GRID, 2)),
        Grant(READ, Scope("unit", OWN_UNIT)),
        CoverGrant("cases:case:close", Scope("area", TOP, 1), LEAD),
    )


def test_scopes_of_other_places() -> None:
    assert scopes_for([Holding((READ,), everywhere=True, unit=UNIT)], {}) == (Grant(READ, EVERYWHERE),)
    assert scopes_for([Holding((READ,), subject=OTHER)], {}) == (Grant(READ, Scope("subject", OTHER)),)
    assert scopes_for([Holding((READ,), unit=UNIT)], {}) == (Grant(READ, Scope("unit", UNIT)),)
    assert scopes_for([Holding((READ + "@own",), unit=UNIT)], {}) == (Grant(READ, Scope("own")),)


def test_scopes_of_membership_without_posting_are_nothing() -> None:
    """A person without posting sees nothing."""
    assert scopes_for([], {}, [OWN_UNIT]) == ()


@pytest.mark.parametrize(
    ("scope", "row", "allowed"),
    [
        (EVERYWHERE, {}, True),
        (Scope("area", GRID, 2), {"ancestors": CHAIN}, True),
        (Scope("area", GRID, 1), {"ancestors": CHAIN}, False),
        (Scope("area", OTHER, 2), {"ancestors": CHAIN}, False),
        (Scope("area", GRID, 2), {}, False),
        (Scope("unit", UNIT), {"unit": UNIT}, True),
        (Scope("unit", UNIT), {"unit": None}, False),
        (Scope("own"), {"maker": ME}, True),
        (Scope("own"), {"maker": LEAD}, False),
        (Scope("own"), {"maker": None}, False),
        (Scope("subject", OTHER), {"subject": OTHER}, True),
        (Scope("subject", OTHER), {"subject": UNIT}, False),
    ],
)
def test_allows_scope_against_row(scope: Scope, row: dict[str, UUID], allowed: bool) -> None:
    """R-ADM-02."""
    actor = someone(Grant(READ, scope))
    assert allows(actor, READ, **row) is allowed  # type: ignore[arg-type]
    assert allows(actor, "cases:case:close", **row) is False  # type: ignore[arg-type]


def test_allows_jobs_everything_and_the_public_nothing() -> None:
    assert allows(SYSTEM, READ) is True
    assert allows(PUBLIC, READ, ancestors=CHAIN) is False


def test_require_without_power_names_the_permission() -> None:
    with pytest.raises(Forbidden) as caught:
        require(someone(), READ, ancestors=CHAIN)
    assert caught.value.code == "GW-PEOPLE-060"
    assert "cases:case:read" in caught.value.sentence("zh")


def test_acting_power_only_through_cover_says_for_whom() -> None:
    actor = someone(CoverGrant(READ, Scope("area", GRID, 2), LEAD), Grant(READ, Scope("unit", UNIT)))
    assert acting(actor, READ, ancestors=CHAIN).on_behalf_of == LEAD
    assert acting(actor, READ, unit=UNIT).on_behalf_of is None
    assert acting(actor, READ, ancestors=CHAIN, unit=UNIT) == actor
    assert acting(SYSTEM, READ) == SYSTEM


@pytest.mark.django_db
def test_condition_nobody_everything_and_joined() -> None:
    columns = Columns.of("w")
    assert condition(someone(), READ, columns=columns) == []
    assert condition(someone(Grant(READ, EVERYWHERE)), READ, columns=columns) == [("", [])]
    assert condition(SYSTEM, READ, columns=columns) == [("", [])]
    both = someone(Grant(READ, Scope("area", GRID, 2)), Grant(READ, Scope("own")))
    assert [arm[0] for arm in condition(both, READ, columns=columns)] == ["w.a2 = %s", "w.maker = %s"]
    assert any_of([]) == ("1 = 0", [])
    assert any_of([("", [])]) == ("1 = 1", [])
    assert any_of([("a = %s", [1]), ("b = %s", [2])]) == ("(a = %s OR b = %s)", [1, 2])
    assert condition(both, READ, columns=Columns(("a1",))) == []


KEYS = st.sampled_from([None, TOP, GRID, OTHER, UNIT, ME, LEAD])
SCOPES = st.one_of(
    st.builds(Scope, st.just("area"), KEYS, st.integers(1, 5)),
    st.builds(Scope, st.sampled_from(["unit", "subject"]), KEYS),
    st.just(Scope("own")),
    st.just(EVERYWHERE),
)


class TestConditionEqualsCheck(TestCase):
    """Lists and objects agree: a row is in the union of the arms exactly when `allows` says so."""

    @given(scopes=st.lists(SCOPES, max_size=4), row=st.tuples(KEYS, KEYS, KEYS))
    def test_condition_on_any_row_equals_allows(
        self, scopes: list[Scope], row: tuple[UUID | None, ...]
    ) -> None:
        area, unit, maker = row
        InboxItem.objects.all().delete()
        InboxItem.objects.create(
            id=UUID(int=99),
            area=area,
            unit=unit,
            person=maker,
            kind="k",
            subject="s",
            zh="",
            en="",
            created_at=NOW,
        )
        actor = someone(*(Grant(READ, scope) for scope in scopes))
        columns = Columns(("area",) * 5, unit="unit", maker="person")
        where, params = any_of(condition(actor, READ, columns=columns))
        with connection.cursor() as cursor:
            cursor.execute(f"SELECT count(*) FROM people_inboxitem WHERE {where}", params)
            listed = cursor.fetchone()[0] == 1
        assert listed is allows(actor, READ, ancestors=(area,) * 5, unit=unit, maker=maker)
