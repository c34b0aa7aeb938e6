"""Tokens and sessions become actors: what they may, what it costs, when it ends."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from uuid import UUID

from django.db import connection
from django.test.utils import CaptureQueriesContext

from gridward.grids import actions as grids_actions
from gridward.kernel.actor import SYSTEM, Scope
from gridward.people import actions, queries
from gridward.people.models import AccessToken, Session
from gridward.people.policy import CoverGrant
from gridward.people.queries.who import recognise_session
from tests import cast as house
from tests.cast import NOW, PASSWORD, Cast

READ = "cases:case:read"
HOUR = timedelta(hours=1)


def scopes(cast: Cast, name: str, at: datetime = NOW) -> list[Scope]:
    return list(cast.actor(name, at).scopes(READ))


def area(cast: Cast, name: str) -> Scope:
    return Scope("area", cast.areas[name].id, cast.areas[name].rank)


def test_actor_by_token_knows_person_posts_and_scopes(cast: Cast) -> None:
    """R-ADM-02."""
    found = queries.actor_by_token(cast.token("Chen"), NOW)
    assert found is not None
    actor, stamps = found
    assert (actor.id, actor.name, actor.login, actor.posts) == (
        cast.persons["Chen"], "Chen", "chen", ("grid_head",),
    )  # fmt: skip
    assert actor.scopes(READ) == (area(cast, "3-2-1"),)
    assert {"people", "grids"} <= stamps.keys()


def test_actor_by_token_unknown_or_revoked_is_nobody(cast: Cast) -> None:
    token = cast.token("Chen")
    row = AccessToken.objects.get()
    actions.revoke_token(token=row.id, actor=SYSTEM, now=NOW)
    actions.revoke_token(token=row.id, actor=SYSTEM, now=NOW)
    assert queries.actor_by_token(token, NOW) is None
    assert queries.actor_by_token("no such token", NOW) is None


def test_actor_after_the_posting_ended_sees_nothing(cast: Cast) -> None:
    """R-STAFF-02: from inclusive, to exclusive, local days."""
    actions.end_posting(
        posting=cast.postings["Chen"], on=date(2026, 6, 10), why="调动", actor=SYSTEM, now=NOW
    )
    last_minute = datetime.fromisoformat("2026-06-09T23:59:00+08:00")
    assert scopes(cast, "Chen", last_minute) == [area(cast, "3-2-1")]
    assert scopes(cast, "Chen", last_minute + timedelta(minutes=1)) == []


def test_actor_of_deputy_acts_only_while_the_lead_is_away(cast: Cast) -> None:
    """R-ADM-02, R-STAFF-02: leave from 10 to 14 June; tasks go to B and return."""
    start = datetime.fromisoformat("2026-06-10T00:00:00+08:00")
    end = datetime.fromisoformat("2026-06-15T00:00:00+08:00")
    actions.record_absence(person=cast.persons["Chen"], started_at=start, ended_at=end, actor=SYSTEM, now=NOW)
    assert scopes(cast, "Lin", start - HOUR) == []
    assert scopes(cast, "Lin", end) == []
    lin = cast.actor("Lin", start)
    assert lin.scopes(READ) == (area(cast, "3-2-1"),)
    assert all(isinstance(g, CoverGrant) for g in lin.grants)
    chain = cast.areas["3-2-1"].ancestors
    assert queries.acting(lin, READ, ancestors=chain).on_behalf_of == cast.persons["Chen"]
    assert lin.posts == ("grid_head",)
    assert scopes(cast, "Chen", start) == [area(cast, "3-2-1")]


def test_actor_who_stands_aside_loses_that_posting_only(cast: Cast) -> None:
    actions.record_absence(
        person=cast.persons["Chen"], posting=cast.postings["Chen"], started_at=NOW, actor=SYSTEM, now=NOW
    )
    assert scopes(cast, "Chen", NOW - HOUR) == [area(cast, "3-2-1")]
    assert scopes(cast, "Chen") == []
    assert scopes(cast, "Lin") == [area(cast, "3-2-1")]


def test_actor_of_deputy_on_a_vacant_post_acts_for_nobody(cast: Cast) -> None:
    actions.end_posting(posting=cast.postings["Chen"], on=date(2026, 6, 1), why="", actor=SYSTEM, now=NOW)
    lin = cast.actor("Lin")
    assert lin.scopes(READ) == (area(cast, "3-2-1"),)
    assert queries.acting(lin, READ, ancestors=cast.areas["3-2-1"].ancestors).on_behalf_of is None


def test_actor_with_membership_reaches_the_own_unit(cast: Cast) -> None:
    """A membership alone gives nothing; with a post it adds the unit."""
    unit = cast.units["cleaning"]
    ann = actions.add_person(name="Ann", actor=SYSTEM, now=NOW)
    for person in (ann, cast.persons["Wu"]):
        actions.join_unit(person=person, unit=unit, valid_from=house.BEGIN, actor=SYSTEM, now=NOW)
    nobody = queries.actor_of(ann, NOW)
    assert nobody is not None and nobody.grants == ()
    assert scopes(cast, "Wu") == [area(cast, "3-2"), Scope("unit", unit)]
    actions.leave_unit(person=cast.persons["Wu"], unit=unit, on=date(2026, 6, 1), actor=SYSTEM, now=NOW)
    assert scopes(cast, "Wu") == [area(cast, "3-2")]


def test_actor_reaches_the_linked_node_of_another_scheme(cast: Cast) -> None:
    """Rights from another scheme come through the linked node of that very area."""
    other = "fire"
    grids_actions.create_scheme(code=other, label_zh="消防", actor=SYSTEM, now=NOW)
    twin = _beat(other)
    before = scopes(cast, "Chen")
    grids_actions.link_nodes(area=cast.areas["3-2-1"].id, other=twin, actor=SYSTEM, now=NOW)
    assert before == [area(cast, "3-2-1")]
    assert set(scopes(cast, "Chen")) == {area(cast, "3-2-1"), Scope("area", twin, 1)}
    assert scopes(cast, "Wu") == [area(cast, "3-2")]


def _beat(scheme: str) -> UUID:
    from shapely import box

    from gridward.grids import queries as grids
    from gridward.kernel.geometry import write_features

    grids_actions.import_areas(
        source=write_features([({"code": "B1", "name": "片区1"}, box(114.0, 30.5, 114.2, 30.52))]),
        scheme=scheme, level="beat", code_field="code", name_field="name",
        valid_from=house.BEGIN, commit=True, actor=SYSTEM, now=NOW,
    )  # fmt: skip
    return grids.area_tree(scheme, on=house.BEGIN)[0].ref.id


def test_actor_with_unit_subject_and_everywhere_posts(cast: Cast) -> None:
    from gridward.people.rules.posts import PostSpec

    specs = [
        PostSpec(code="handler", zh="处置员", en="handler", on="unit", permissions=(READ,)),
        PostSpec(code="keeper", zh="设备专责", en="keeper", on="subject", permissions=(READ,)),
        PostSpec(code="mayor", zh="总值班", en="chief", on="unit", everywhere=True, permissions=(READ,)),
    ]
    actions.define_posts(specs, pack="more", version="1", actor=SYSTEM, now=NOW)
    device = UUID(int=77)
    expected = {
        "handler": ({"unit": cast.units["urban"]}, Scope("unit", cast.units["urban"])),
        "keeper": ({"subject": device}, Scope("subject", device)),
        "mayor": ({"unit": cast.units["urban"]}, Scope("all")),
    }
    for code, (place, scope) in expected.items():
        person = actions.add_person(name=code, actor=SYSTEM, now=NOW)
        post = queries.post_by_code(code)[0]
        order = actions.Order(person=person, post=post, valid_from=house.BEGIN, **place)  # type: ignore[arg-type]
        actions.post_person(order, actor=SYSTEM, now=NOW)
        actor = queries.actor_of(person, NOW)
        assert actor is not None and actor.scopes(READ) == (scope,)


def test_actor_of_inactive_person_is_nobody(cast: Cast) -> None:
    token = cast.token("Chen")
    actions.deactivate_person(person=cast.persons["Chen"], actor=SYSTEM, now=NOW)
    assert queries.actor_by_token(token, NOW) is None
    assert queries.actor_of(cast.persons["Chen"], NOW) is None
    actions.restore_person(person=cast.persons["Chen"], actor=SYSTEM, now=NOW)
    assert queries.actor_of(cast.persons["Chen"], NOW) is not None


def log_in(cast: Cast) -> str:
    house.give_password(cast, "Chen")
    return actions.log_in(login="chen", password=PASSWORD, now=NOW, agent="Firefox", address="10.0.0.1").token


def test_session_ends_after_twelve_idle_hours_and_after_seven_days(cast: Cast) -> None:
    token = log_in(cast)
    assert queries.actor_by_session(token, NOW + 11 * HOUR) is not None
    assert queries.actor_by_session(token, NOW + 12 * HOUR) is None
    for hours in range(11, 24 * 7, 11):
        assert actions.admit_session(token, NOW + hours * HOUR) is not None
    assert actions.admit_session(token, NOW + 168 * HOUR) is None


def test_session_last_seen_is_written_at_most_every_five_minutes(cast: Cast) -> None:
    token = log_in(cast)
    seen = []
    for minutes in (1, 4, 5, 9, 10):
        assert actions.admit_session(token, NOW + timedelta(minutes=minutes)) is not None
        seen.append((Session.objects.get().last_seen_at - NOW).seconds // 60)
    assert seen == [0, 0, 5, 5, 10]
    found = recognise_session(token, NOW + HOUR)
    assert found is not None
    assert Session.objects.get().last_seen_at == NOW + timedelta(minutes=10)


def test_token_day_of_last_use_is_written_once_a_day(cast: Cast) -> None:
    token = cast.token("Chen")
    assert queries.tokens_of(cast.persons["Chen"])[0].last_used is None
    with CaptureQueriesContext(connection) as first:
        assert actions.admit_token(token, NOW) is not None
    with CaptureQueriesContext(connection) as second:
        assert actions.admit_token(token, NOW + HOUR) is not None
    assert queries.tokens_of(cast.persons["Chen"])[0].last_used == date(2026, 6, 5)
    updates = [sum("UPDATE" in q["sql"] for q in captured.captured_queries) for captured in (first, second)]
    assert updates == [1, 0]


def test_me_lists_posts_permissions_and_night(cast: Cast) -> None:
    """R-STAFF-02."""
    me = queries.me(cast.actor("Wu"), NOW)
    ref = cast.areas["3-2"]
    assert me == {
        "person": {"id": str(cast.persons["Wu"]), "name": "Wu", "login": "wu"},
        "posts": [
            {
                "post": "community_head",
                "label": {"zh": "社区书记", "en": "community head"},
                "area": {"id": str(ref.id), "code": "010302", "name": "3-2"},
                "unit": None,
                "rank": "lead",
            }
        ],
        "permissions": sorted(house.COMMUNITY),
        "night": False,
    }
    assert queries.me(cast.actor("Wu"), datetime.fromisoformat("2026-06-05T22:00:00+08:00"))["night"] is True
    assert queries.me(cast.actor("Wu"), datetime.fromisoformat("2026-06-05T07:00:00+08:00"))["night"] is False
