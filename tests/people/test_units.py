"""Units: found by id, code, name or alias; made once."""

from __future__ import annotations

from uuid import UUID

import pytest

from gridward.kernel.actor import SYSTEM
from gridward.kernel.errors import Conflict, Forbidden, Refused
from gridward.logbook import queries as logbook
from gridward.people import actions, queries
from gridward.people.models import Unit
from tests.cast import NOW, Cast

pytestmark = pytest.mark.django_db


def unit(code: str = "hw", name: str = "环卫所") -> UUID:
    return actions.create_unit(code=code, name=name, actor=SYSTEM, now=NOW).id


def test_find_unit_by_id_code_name_or_alias() -> None:
    key = unit()
    assert actions.add_alias(unit=key, alias="区环卫中心", actor=SYSTEM, now=NOW) is True
    assert actions.add_alias(unit=key, alias=" 区环卫中心 ", actor=SYSTEM, now=NOW) is False
    for text in (str(key), "hw", " hw ", "环卫所", "区环卫中心"):
        found = queries.find_unit(text)
        assert found is not None and found.id == key
    assert queries.find_unit("别的") is None
    assert queries.unit_ref(key) == queries.UnitRef(key, "hw", "环卫所")
    assert queries.unit_ref(None) is None


def test_find_unit_width_and_case_do_not_matter() -> None:
    key = unit("pwd", "PWDx  Street")
    for text in ("pwdx street", "ＰＷＤｘ Street"):
        found = queries.find_unit(text)
        assert found is not None and found.id == key


def test_find_unit_of_an_ambiguous_name_asks_for_the_code() -> None:
    unit("a", "办公室")
    unit("b", "办公室")
    with pytest.raises(Conflict) as caught:
        queries.find_unit("办公室")
    assert caught.value.code == "GW-PEOPLE-061"
    assert "a、b" in caught.value.sentence("zh")


def test_create_unit_wrong_is_refused() -> None:
    unit()
    for more, code in (
        ({"code": "hw", "name": "别的"}, "GW-PEOPLE-064"),
        ({"code": "x", "name": " "}, "GW-PEOPLE-065"),
        ({"code": "x", "name": "y", "kind": "gang"}, "GW-PEOPLE-066"),
    ):
        with pytest.raises(Refused) as caught:
            actions.create_unit(**more, actor=SYSTEM, now=NOW)
        assert caught.value.code == code
    assert Unit.objects.count() == 1


def test_find_or_create_unit_twice_finds_the_first() -> None:
    first = actions.find_or_create_unit(name="PWDx", source="boston", actor=SYSTEM, now=NOW)
    second = actions.find_or_create_unit(name=" pwdx ", source="boston", actor=SYSTEM, now=NOW)
    coded = actions.find_or_create_unit(name="ISD", code="ISD", source="boston", actor=SYSTEM, now=NOW)
    again = actions.find_or_create_unit(name="Inspection", code="ISD", actor=SYSTEM, now=NOW)
    assert first == second
    assert coded == again
    assert [e.move for e in logbook.entries(f"unit/{first.id}")] == ["create"]
    assert [u.code for u in queries.units()] == sorted([first.code, "ISD"])


def test_units_in_a_rolled_back_change_are_not_remembered() -> None:
    from django.db import transaction

    before = queries.units()
    with transaction.atomic():
        unit()
        assert len(queries.units()) == len(before) + 1
        transaction.set_rollback(True)
    assert queries.units() == before


def test_names_of_people_jobs_and_the_public(cast: Cast) -> None:
    chen = str(cast.persons["Chen"])
    assert queries.names_of([chen, "system", "public", "nobody"]) == {
        chen: "Chen", "system": "系统", "public": "公众", "nobody": "nobody",
    }  # fmt: skip
    assert queries.name_of(chen) == "Chen"


def test_units_are_managed_by_whoever_may(cast: Cast) -> None:
    with pytest.raises(Forbidden):
        actions.create_unit(code="x", name="y", actor=cast.actor("Zhao"), now=NOW)
    actions.name_head(unit=cast.units["urban"], head=cast.persons["Zhao"], actor=SYSTEM, now=NOW)
    assert Unit.objects.get(code="urban").head_id == cast.persons["Zhao"]


def test_join_unit_twice_is_refused(cast: Cast) -> None:
    wanted = {"person": cast.persons["Wu"], "unit": cast.units["urban"], "actor": SYSTEM, "now": NOW}
    from tests.cast import BEGIN

    actions.join_unit(**wanted, valid_from=BEGIN)
    with pytest.raises(Conflict) as caught:
        actions.join_unit(**wanted, valid_from=BEGIN)
    assert caught.value.code == "GW-PEOPLE-067"
