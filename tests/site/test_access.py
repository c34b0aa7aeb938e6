"""Access: every operation of the API × every member of the cast × area gives exactly the table (R-ADM-02).

Qian works next door and must see nothing: in lists, detail, search, export, map, counts and journals.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pytest
from django.test import Client

from gridward.cases.queries import lists
from gridward.people import policy
from gridward.people import queries as people
from gridward.site.api import api
from tests import cast as house
from tests.cast import PEOPLE, POWERS
from tests.factories.cases import Play, install_rules
from tests.site.matrix import AREAS, MORE, RULES, World, differences, shown

OPERATIONS = {
    operation["operationId"]
    for path in api.get_openapi_schema(path_prefix="/api/v1")["paths"].values()
    for operation in path.values()
}


@pytest.fixture(scope="module")
def standing_world(django_db_setup: None, django_db_blocker: Any) -> Iterator[World]:
    powers = {post: (*held, *MORE[post]) for post, held in POWERS.items()}
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(house, "POWERS", powers)
        with house.standing(django_db_blocker) as cast:
            with django_db_blocker.unblock():
                install_rules()
                world = World(Play(cast), powers)
                world.settle()
            yield world


@pytest.fixture
def world(standing_world: World, db: None) -> World:
    return standing_world


def test_every_operation_has_its_line_in_the_matrix() -> None:
    """A new endpoint without a rule fails here; a rule without an endpoint too."""
    assert {"without a rule": OPERATIONS - RULES.keys(), "gone": RULES.keys() - OPERATIONS} == {
        "without a rule": set(),
        "gone": set(),
    }


@pytest.mark.parametrize("operation", sorted(RULES))
def test_operation_answers_exactly_as_the_table_says(world: World, operation: str) -> None:
    assert list(differences(world, operation)) == []


def test_table_has_somebody_who_may_and_somebody_who_may_not(world: World) -> None:
    """The matrix is no matrix of refusals: every permission in it opens a door for somebody."""
    held = {p for post in world.powers.values() for p in post}
    for permission in held:
        who = {name for name in PEOPLE for area in AREAS if world.holds(name, permission, area)}
        assert who and who != set(PEOPLE), permission


SHOWS = (
    "/cases", "/cases?q=门口", "/cases?inbox=true", "/cases?order=-created", "/cases.geojson", "/cases.csv",
    "/ledgers/shop/subjects", "/ledgers/shop/subjects?q=店",
)  # fmt: skip


def client(world: World, who: str) -> Client:
    return world.client(who)


@pytest.mark.parametrize("path", SHOWS)
def test_qian_sees_her_own_district_and_nothing_of_the_next(world: World, path: str) -> None:
    """The same door shows Zhao all of district 1: what could leak is there."""
    seen = {who: shown(world, client(world, who).get(f"/api/v1{path}")) for who in ("Zhao", "Qian")}
    assert seen == {"Zhao": frozenset(AREAS[:3]), "Qian": frozenset(AREAS[3:])}


def test_counts_count_only_what_is_seen(world: World) -> None:
    open_ = {who: client(world, who).get("/api/v1/cases/counts").json()["open"] for who in PEOPLE}
    assert open_ == {"Chen": 1, "Lin": 0, "Wu": 2, "Zhao": 3, "Qian": 1}
    totals = {who: client(world, who).get("/api/v1/cases").json()["total"] for who in PEOPLE}
    assert totals == {who: str(count) for who, count in open_.items()}
    ledgers = {who: client(world, who).get("/api/v1/ledgers").json()["items"] for who in PEOPLE}
    assert {who: sum(item["count"] for item in items) for who, items in ledgers.items()} == open_


def test_closed_cases_are_scoped_like_open_ones(world: World) -> None:
    now = datetime.now(UTC)
    for area in AREAS:
        who = "Qian" if area.startswith("next") else "Zhao"
        world.play.move(who, world.cases[area], "decline", {"reason": "不属实"}, now=now)
    seen = {who: shown(world, client(world, who).get("/api/v1/cases?open=false")) for who in PEOPLE}
    assert seen == {
        "Chen": frozenset(AREAS[:1]),
        "Lin": frozenset(),
        "Wu": frozenset(AREAS[:2]),
        "Zhao": frozenset(AREAS[:3]),
        "Qian": frozenset(AREAS[3:]),
    }


def test_leak_planted_by_a_missing_scope_is_named(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """The fault: lists lose their scope condition. The matrix names operation, member and the leaked areas."""
    monkeypatch.setattr(people, "condition", lambda *_, **__: [("", [])])
    assert lists.people.condition is people.condition
    found = list(differences(world, "list_cases"))
    assert (
        "list_cases[0] as Qian about 3-2-1: 200 ['3-1-1', '3-2-1', '3-2-2', 'next 1-1-1'], "
        "the table says 200 ['next 1-1-1']"
    ) in found
    assert list(differences(world, "map_cases")) and list(differences(world, "export_cases"))


def test_leak_planted_in_the_object_check_is_named(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(people, "allows", lambda *_, **__: True)
    found = list(differences(world, "get_case"))
    assert "get_case[0] as Qian about 3-2-1: 200 ['3-2-1'], the table says 404 []" in found
    assert policy.allows is not people.allows


def test_power_taken_away_is_named(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """A door that is closed to somebody who holds the power is a difference as well."""
    monkeypatch.setattr(people, "allows", lambda *_, **__: False)
    assert "get_case[0] as Zhao about 3-2-1: 404 [], the table says 200 ['3-2-1']" in list(
        differences(world, "get_case")
    )
