"""Leading groups, liaison lists, departments in areas, auxiliary forces with consent."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

import pytest

from gridward.kernel.actor import SYSTEM, Actor, Grant, Scope
from gridward.kernel.errors import Forbidden, Missing, Refused
from gridward.logbook import queries as logbook
from gridward.people import actions, queries
from gridward.people.models import TeamMember
from tests.cast import BEGIN, NOW, Cast

TODAY = date(2026, 6, 5)


def group(**more: Any) -> UUID:
    wanted = {
        "kind": "leading_group",
        "name": "消防安全领导小组",
        "duty": "统筹全区消防工作",
        "valid_from": BEGIN,
    }
    return actions.create_group(**(wanted | more), actor=SYSTEM, now=NOW)


def test_groups_with_office_and_liaison_list(cast: Cast) -> None:
    """R-STAFF-10: leading group, office, working group, duty texts, liaison persons."""
    top = group()
    office = group(kind="office", name="领导小组办公室", duty="日常协调", parent=top)
    actions.seat(group=top, role="head", person=cast.persons["Zhao"], valid_from=BEGIN, actor=SYSTEM, now=NOW)
    liaison = actions.seat(
        group=top, role="liaison", person=cast.persons["Wu"], unit=cast.units["urban"], duty="报送月报",
        valid_from=BEGIN, actor=SYSTEM, now=NOW,
    )  # fmt: skip
    actions.seat(
        group=top, role="member", unit=cast.units["cleaning"], valid_from=BEGIN, actor=SYSTEM, now=NOW
    )
    assert [(g.kind, g.parent) for g in queries.groups(NOW)] == [("leading_group", None), ("office", top)]
    assert [(s.role, s.person, s.unit) for s in queries.seats(top, NOW)] == [
        ("head", "Zhao", None), ("liaison", "Wu", "城管中队"), ("member", None, "环卫所"),
    ]  # fmt: skip
    assert [(s.person, s.unit, s.duty) for s in queries.seats(top, NOW, role="liaison")] == [
        ("Wu", "城管中队", "报送月报")
    ]
    actions.vacate_seat(seat=liaison, on=TODAY, actor=SYSTEM, now=NOW)
    assert queries.seats(top, NOW, role="liaison") == []
    actions.dissolve_group(group=office, on=TODAY, actor=SYSTEM, now=NOW)
    assert [g.id for g in queries.groups(NOW)] == [top]
    assert [e.move for e in logbook.entries(f"group/{top}")] == ["create", "seat", "seat", "seat", "vacate"]


@pytest.mark.parametrize(
    ("more", "code"),
    [
        ({"kind": "club"}, "GW-PEOPLE-068"),
        ({"duty": " "}, "GW-PEOPLE-069"),
        ({"parent": UUID(int=1)}, "GW-PEOPLE-062"),
    ],
)
@pytest.mark.django_db
def test_create_group_wrong_is_refused(more: dict[str, Any], code: str) -> None:
    with pytest.raises(Refused) as caught:
        group(**more)
    assert caught.value.code == code


@pytest.mark.django_db
def test_seat_empty_or_unknown_is_refused() -> None:
    key = group()
    for more, code in (
        ({}, "GW-PEOPLE-071"),
        ({"person": UUID(int=1)}, "GW-PEOPLE-062"),
        ({"unit": UUID(int=1)}, "GW-PEOPLE-062"),
        ({"unit": UUID(int=1), "role": "king"}, "GW-PEOPLE-068"),
    ):
        with pytest.raises(Refused) as caught:
            actions.seat(
                **({"group": key, "role": "member", "valid_from": BEGIN} | more), actor=SYSTEM, now=NOW
            )
        assert caught.value.code == code


def test_presences_of_several_departments_in_one_grid(cast: Cast) -> None:
    """R-STAFF-08: which departments enter a grid and what for; R-STAFF-07: a department sponsors a level."""
    grid = cast.areas["3-2-1"]

    def enter(unit: str, **more: Any) -> UUID:
        order = actions.PresenceOrder(unit=cast.units[unit], area=grid, duty="市容", valid_from=BEGIN, **more)
        return actions.enter_area(order, actor=cast.actor("Zhao"), now=NOW)

    enter("cleaning", liaison=cast.persons["Chen"])
    urban = enter("urban")
    enter("urban", kind="sponsors")
    with pytest.raises(Refused) as caught:
        enter("urban")
    assert caught.value.code == "GW-PEOPLE-072"
    assert [(p.unit_name, p.kind, p.liaison) for p in queries.presences(grid.id, NOW)] == [
        ("环卫所", "enters", "Chen"), ("城管中队", "enters", None), ("城管中队", "sponsors", None),
    ]  # fmt: skip
    with pytest.raises(Forbidden):
        actions.leave_area(presence=urban, on=TODAY, actor=cast.actor("Qian"), now=NOW)
    actions.leave_area(presence=urban, on=TODAY, actor=SYSTEM, now=NOW)
    assert len(queries.presences(grid.id, NOW)) == 2


def team(**more: Any) -> UUID:
    wanted = {
        "kind": "volunteer",
        "name": "志愿者一队",
        "purpose": "夜间巡防",
        "headcount": 291,
        "valid_from": BEGIN,
    }
    return actions.register_team(**(wanted | more), actor=SYSTEM, now=NOW)


@pytest.mark.django_db
def test_team_is_a_head_count_until_somebody_consents() -> None:
    """R-STAFF-09: auxiliary forces with consent and purpose."""
    key = team()
    actions.count_team(team=key, headcount=15, actor=SYSTEM, now=NOW)
    line = queries.teams(NOW)[0]
    assert (line.id, line.purpose, line.headcount, line.named) == (key, "夜间巡防", 15, 0)


@pytest.mark.parametrize(
    ("more", "code"),
    [
        ({"kind": "army"}, "GW-PEOPLE-068"),
        ({"purpose": " "}, "GW-PEOPLE-073"),
        ({"headcount": -1}, "GW-PEOPLE-075"),
    ],
)
@pytest.mark.django_db
def test_register_team_wrong_is_refused(more: dict[str, Any], code: str) -> None:
    with pytest.raises(Refused) as caught:
        team(**more)
    assert caught.value.code == code


@pytest.mark.django_db
def test_team_member_is_sealed_opened_for_a_purpose_and_gone_after_withdrawal() -> None:
    """R-STAFF-09: the name lies nowhere in clear; withdrawing consent destroys it everywhere."""
    key = team()
    member = actions.name_member(
        team=key, name="胡大爷", phone="13800000000", purpose="夜间巡防", consent_date=TODAY, today=TODAY,
        actor=SYSTEM, now=NOW,
    )  # fmt: skip
    assert queries.teams(NOW)[0].named == 1
    stored = str(TeamMember.objects.get(id=member).sealed) + str(
        [e.body for e in logbook.entries(f"team/{key}")]
    )
    assert "胡大爷" not in stored and "13800000000" not in stored
    opened = actions.open_member(member=member, purpose="联系", actor=SYSTEM, now=NOW)
    assert opened == {"name": "胡大爷", "phone": "13800000000"}
    actions.withdraw_consent(member=member, actor=SYSTEM, now=NOW)
    actions.withdraw_consent(member=member, actor=SYSTEM, now=NOW)
    with pytest.raises(Missing):
        actions.open_member(member=member, purpose="联系", actor=SYSTEM, now=NOW)
    assert queries.teams(NOW)[0].named == 0
    moves = [e.move for e in logbook.entries(f"team/{key}")]
    assert moves == ["register", "name_member", "unmask", "withdraw_consent"]


@pytest.mark.django_db
def test_name_member_consent_in_the_future_is_none() -> None:
    with pytest.raises(Refused) as caught:
        actions.name_member(
            team=team(),
            name="胡",
            purpose="巡防",
            consent_date=date(2026, 6, 6),
            today=TODAY,
            actor=SYSTEM,
            now=NOW,
        )
    assert caught.value.code == "GW-PEOPLE-074"


@pytest.mark.django_db
def test_open_member_needs_its_own_permission() -> None:
    member = actions.name_member(
        team=team(), name="胡", purpose="巡防", consent_date=TODAY, today=TODAY, actor=SYSTEM, now=NOW
    )
    manager = Actor(UUID(int=1), "M", grants=(Grant("people:team:manage", Scope("all")),))
    with pytest.raises(Forbidden):
        actions.open_member(member=member, purpose="联系", actor=manager, now=NOW)
