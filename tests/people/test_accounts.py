"""People, accounts and tokens; the administrator of the command line."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from gridward.kernel.actor import EVERYWHERE, SYSTEM
from gridward.kernel.errors import BadInput, Conflict, Forbidden, Refused
from gridward.logbook import queries as logbook
from gridward.people import actions, queries
from gridward.people.models import AccessToken, Person, Posting
from gridward.people.rules.persons import check_profile
from gridward.people.rules.posts import PostSpec
from tests.cast import NOW, PASSWORD, Cast

POWERS = ("cases:case:read", "people:person:manage")


def user(**more: Any) -> dict[str, Any]:
    wanted: dict[str, Any] = {"login": "root", "name": "管理员", "permissions": POWERS}
    return actions.add_user(**(wanted | more), actor=SYSTEM, now=NOW)


@pytest.mark.django_db
def test_add_user_without_post_administers_the_jurisdiction() -> None:
    answer = user()
    assert (answer["login"], answer["name"], answer["created"]) == ("root", "管理员", True)
    assert len(str(answer["password"])) == 16
    actor = queries.actor_of(Person.objects.get(login="root").id, NOW)
    assert actor is not None
    assert {(g.permission, g.scope) for g in actor.grants} == {(p, EVERYWHERE) for p in POWERS}
    assert actor.posts == ("administrator",)
    logged_in = actions.log_in(
        login="root", password=str(answer["password"]), now=NOW, agent="", address="127.0.0.1"
    )
    assert logged_in.name == "管理员"


@pytest.mark.django_db
def test_add_user_twice_keeps_the_password_and_learns_new_permissions() -> None:
    user(password=PASSWORD)
    again = user(permissions=(*POWERS, "cases:case:close"))
    assert (again["created"], "password" in again) == (False, False)
    person = Person.objects.get(login="root")
    actor = queries.actor_of(person.id, NOW)
    assert actor is not None and actor.may("cases:case:close")
    assert Posting.objects.filter(person=person).count() == 1
    assert actions.log_in(login="root", password=PASSWORD, now=NOW, agent="", address="").name == "管理员"


@pytest.mark.django_db
def test_add_user_login_of_somebody_else_is_refused() -> None:
    user()
    with pytest.raises(Conflict) as caught:
        user(name="别人")
    assert caught.value.code == "GW-PEOPLE-070"


def test_add_user_with_post_and_area(cast: Cast) -> None:
    answer = user(login="bo", name="波", post="grid_head", area="town/01030202")
    assert [r.name for r in queries.leads_of([cast.areas["3-2-2"].id], NOW)[cast.areas["3-2-2"].id]] == ["波"]
    assert user(login="bo", name="波", post="cast/grid_head", area=cast.areas["3-2-2"])["id"] == answer["id"]
    for more, code in (
        ({"post": "nothing"}, "GW-PEOPLE-062"),
        ({"post": "grid_head", "area": "town/99"}, "GW-PEOPLE-082"),
        ({"post": "grid_head"}, "GW-PEOPLE-022"),
    ):
        with pytest.raises(Refused) as caught:
            user(login="cy", name="西", **more)
        assert caught.value.code == code
    assert Person.objects.filter(login="cy").count() == 0


def test_add_user_post_of_several_packs_needs_the_pack(cast: Cast) -> None:
    spec = PostSpec(code="grid_head", zh="网格长", en="head", scheme="town", rank=4)
    actions.define_posts([spec], pack="zz", version="1", actor=SYSTEM, now=NOW)
    with pytest.raises(BadInput) as caught:
        user(login="bo", name="波", post="grid_head", area="town/01030202")
    assert caught.value.code == "GW-PEOPLE-076"


@pytest.mark.django_db
def test_add_token_is_shown_once_and_stored_as_hash() -> None:
    person = actions.add_person(name="安", login="ann", actor=SYSTEM, now=NOW)
    token = actions.add_token(login="ann", name="script", actor=SYSTEM, now=NOW)
    assert len(token) == 43
    everything = str(AccessToken.objects.values()) + str(
        [e.body for e in logbook.entries(f"person/{person}")]
    )
    assert token not in everything
    assert [t.name for t in queries.tokens_of(person)] == ["script"]
    with pytest.raises(Refused) as caught:
        actions.add_token(login="nobody", name="x", actor=SYSTEM, now=NOW)
    assert caught.value.code == "GW-PEOPLE-062"


def test_accounts_of_others_need_the_permission(cast: Cast) -> None:
    zhao = cast.actor("Zhao")
    actions.add_token(login="zhao", name="own", actor=zhao, now=NOW)
    chen = cast.persons["Chen"]
    token = AccessToken.objects.get().id
    for act in (
        lambda: actions.add_token(login="chen", name="x", actor=zhao, now=NOW),
        lambda: actions.add_person(name="X", actor=zhao, now=NOW),
        lambda: actions.change_person(person=chen, name="X", actor=zhao, now=NOW),
        lambda: actions.set_password(person=chen, password=PASSWORD, actor=zhao, now=NOW),
        lambda: actions.give_login(person=chen, login="x1", password=None, actor=zhao, now=NOW),
        lambda: actions.deactivate_person(person=chen, actor=zhao, now=NOW),
        lambda: actions.revoke_token(token=token, actor=cast.actor("Chen"), now=NOW),
    ):
        with pytest.raises(Forbidden):
            act()


@pytest.mark.django_db
def test_add_person_login_taken_or_wrong_is_refused() -> None:
    actions.add_person(name="安", login="Ann", actor=SYSTEM, now=NOW)
    for login, code in (("ANN", "GW-PEOPLE-070"), ("a b", "GW-PEOPLE-042")):
        with pytest.raises(Refused) as caught:
            actions.add_person(name="波", login=login, actor=SYSTEM, now=NOW)
        assert caught.value.code == code
    with pytest.raises(BadInput) as empty:
        actions.add_person(name="  ", actor=SYSTEM, now=NOW)
    assert empty.value.code == "GW-PEOPLE-052"


@pytest.mark.django_db
def test_change_person_is_journaled_sealed_and_only_when_something_changes() -> None:
    key = actions.add_person(name="安", actor=SYSTEM, now=NOW)
    profile = {"education": "本科", "certificates": [{"name": "执法证", "valid_until": "2027-01-01"}]}
    assert (
        actions.change_person(person=key, work_phone="027-1", profile=profile, actor=SYSTEM, now=NOW) is True
    )
    assert (
        actions.change_person(person=key, work_phone="027-1", profile=profile, actor=SYSTEM, now=NOW) is False
    )
    entries = logbook.entries(f"person/{key}")
    assert [e.move for e in entries] == ["add", "change"]
    assert entries[1].data["payload"]["fields"] == ["profile", "work_phone"]
    assert "027-1" not in entries[1].body
    row = Person.objects.get(id=key)
    assert (row.work_phone, row.profile) == ("027-1", profile)


@pytest.mark.django_db
def test_give_login_opens_the_account_of_a_person_without_one() -> None:
    key = actions.add_person(name="安", actor=SYSTEM, now=NOW)
    actions.give_login(person=key, login="Ann", password=PASSWORD, actor=SYSTEM, now=NOW)
    assert actions.log_in(login="ann", password=PASSWORD, now=NOW, agent="", address="").person == key


@pytest.mark.parametrize(
    ("profile", "code"),
    [
        ({"sex": "F"}, "GW-PEOPLE-050"),
        ({"Birth_Date": "1990-01-01"}, "GW-PEOPLE-050"),
        ({"hobby": "go"}, "GW-PEOPLE-051"),
        ({"certificates": [{"age": 30}]}, "GW-PEOPLE-050"),
    ],
)
def test_check_profile_what_is_no_work_data_is_refused(profile: dict[str, Any], code: str) -> None:
    """A staff profile has neither sex nor birth date."""
    with pytest.raises(BadInput) as caught:
        check_profile(profile)
    assert caught.value.code == code


def test_person_table_has_no_column_for_sex_or_birth() -> None:
    names = {field.name for field in Person._meta.get_fields()}
    assert names.isdisjoint({"sex", "gender", "birth_date", "birthday", "age", "ethnicity", "religion"})


def test_membership_of_a_day_that_is_over(cast: Cast) -> None:
    """Leaving before the begin leaves a period without a day."""
    who, unit = cast.persons["Wu"], cast.units["urban"]
    actions.join_unit(person=who, unit=unit, valid_from=date(2026, 6, 1), actor=SYSTEM, now=NOW)
    actions.leave_unit(person=who, unit=unit, on=date(2026, 5, 1), actor=SYSTEM, now=NOW)
    actions.join_unit(person=who, unit=unit, valid_from=date(2026, 6, 1), actor=SYSTEM, now=NOW)


def test_deactivate_person_ends_postings_with_a_handover_and_a_gap(cast: Cast) -> None:
    """Nobody who is gone stays responsible."""
    chen = cast.persons["Chen"]
    assert actions.deactivate_person(person=chen, actor=SYSTEM, now=NOW) == 1
    assert actions.deactivate_person(person=chen, actor=SYSTEM, now=NOW) == 0
    assert [p.valid_to for p in queries.postings_of(chen)] == [date(2026, 6, 5)]
    assert len(queries.handovers(posting=cast.postings["Chen"])) == 1
    acting = queries.responsible_at(cast.areas["3-2-1"].ancestors, NOW)
    assert [(r.name, r.on_behalf_of) for r in acting] == [("Lin", None)]
