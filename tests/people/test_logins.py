"""Logging in: refusals that tell nothing, lock-out with back-off, sessions, journals without typed texts."""

from __future__ import annotations

from datetime import timedelta

import pytest
from argon2 import extract_parameters
from hypothesis import given
from hypothesis import strategies as st

from gridward.kernel.actor import SYSTEM
from gridward.kernel.errors import BadInput, Missing, TooMany, Unauthenticated
from gridward.logbook import queries as logbook
from gridward.people import actions, queries
from gridward.people.actions.passwords import HASHER, NOBODY, hash_password, matches
from gridward.people.models import LoginAttempt, Person, Session
from gridward.people.rules.logins import (
    FAILURES_PER_ADDRESS,
    FAILURES_PER_LOGIN,
    check_password,
    clean_login,
    compute_failures,
    decide_lock,
)
from tests.cast import NOW, PASSWORD

MINUTE = timedelta(minutes=1)
ANN = "ann"


@pytest.fixture
def ann(db: None) -> Person:
    key = actions.add_person(name="安", login=ANN, password=PASSWORD, actor=SYSTEM, now=NOW)
    return Person.objects.get(id=key)


def log_in(login: str = ANN, password: str = PASSWORD, *, at=NOW, address: str = "10.0.0.1"):  # type: ignore[no-untyped-def]
    return actions.log_in(login=login, password=password, now=at, agent="Firefox 140", address=address)


def fail(times: int, **how: object) -> None:
    for _ in range(times):
        with pytest.raises(Unauthenticated):
            log_in(password="wrong password", **how)  # type: ignore[arg-type]


def moves(prefix: str) -> list[tuple[str, str, dict[str, object]]]:
    return [
        (e.move, e.actor, e.data["payload"])
        for _, entries, _ in logbook.streams(prefix=prefix)
        for e in entries
    ]


def test_log_in_begins_a_session_and_is_journaled(ann: Person) -> None:
    """R-ADM-01: log-ins stand in the hash-chained logbook."""
    found = log_in()
    assert (found.person, found.name) == (ann.id, "安")
    recognised = queries.actor_by_session(found.token, NOW)
    assert recognised is not None and recognised[0].id == ann.id
    payload = {"session": str(found.session), "address": "10.0.0.1", "agent": "Firefox 140"}
    assert moves(f"login/{ann.id}/2026-06-05") == [("log_in", str(ann.id), payload)]


@pytest.mark.parametrize("login", ["ann", " ANN ", "ＡＮＮ", "Ann"])
def test_log_in_forgives_case_width_and_blanks_of_the_login(ann: Person, login: str) -> None:
    assert log_in(login).person == ann.id


@pytest.mark.parametrize("case", ["wrong", "unknown", "inactive", "without password", "too long"])
def test_log_in_refused_says_the_same_for_every_cause(ann: Person, case: str) -> None:
    login, password = ANN, PASSWORD
    if case == "wrong":
        password = "wrong password"
    elif case == "unknown":
        login = "nobody"
    elif case == "inactive":
        actions.deactivate_person(person=ann.id, actor=SYSTEM, now=NOW)
    elif case == "without password":
        actions.add_person(name="无", login="bo", actor=SYSTEM, now=NOW)
        login = "bo"
    else:
        password = PASSWORD + "x" * 300
    with pytest.raises(Unauthenticated) as caught:
        log_in(login, password)
    assert (caught.value.code, caught.value.field) == ("GW-PEOPLE-040", None)
    assert Session.objects.count() == 0


def test_log_in_unknown_login_is_compared_with_an_equal_effort() -> None:
    """The hash of nobody was made with today's parameters, so an unknown login takes as long as a known
    one."""
    assert extract_parameters(NOBODY) == extract_parameters(hash_password("x" * 10))
    assert HASHER.check_needs_rehash(NOBODY) is False
    assert matches("", PASSWORD) is False
    assert matches("not a hash", PASSWORD) is False


def test_log_in_fifth_failure_locks_and_the_right_password_waits(ann: Person) -> None:
    """Lock-out with back-off: 1 minute, then doubled."""
    fail(FAILURES_PER_LOGIN)
    with pytest.raises(TooMany) as caught:
        log_in()
    assert "15:01:00" in caught.value.sentence("zh")
    assert log_in(at=NOW + MINUTE).person == ann.id
    assert LoginAttempt.objects.filter(key__startswith="login:").count() == 0


def test_log_in_sixth_failure_locks_twice_as_long(ann: Person) -> None:
    fail(FAILURES_PER_LOGIN)
    fail(1, at=NOW + MINUTE)
    with pytest.raises(TooMany):
        log_in(at=NOW + 2 * MINUTE)
    assert log_in(at=NOW + 3 * MINUTE).person == ann.id


def test_log_in_lock_of_one_login_leaves_others_alone(ann: Person) -> None:
    actions.add_person(name="波", login="bo", password=PASSWORD, actor=SYSTEM, now=NOW)
    fail(FAILURES_PER_LOGIN)
    assert log_in("bo").name == "波"


def test_log_in_many_unknown_logins_lock_their_address_only(ann: Person) -> None:
    for number in range(FAILURES_PER_ADDRESS):
        with pytest.raises(Unauthenticated):
            log_in(f"guess{number}", address="10.9.9.9")
    with pytest.raises(TooMany):
        log_in(address="10.9.9.9")
    assert log_in(address="10.0.0.1").person == ann.id


def test_log_in_failures_are_journaled_without_what_was_typed(ann: Person) -> None:
    """R-ADM-01: no passwords, and nothing that somebody typed as a login by mistake."""
    fail(1)
    with pytest.raises(Unauthenticated):
        log_in("my secret passphrase", "x")
    known = moves(f"login/{ann.id}/")
    unknown = moves("login/unknown-")
    assert known == [("fail", "public", {"address": "10.0.0.1"})]
    assert unknown == known
    everything = str([e.body for _, entries, _ in logbook.streams() for e in entries])
    everything += str(list(LoginAttempt.objects.values()))
    assert "secret" not in everything and "wrong" not in everything


def test_log_in_lock_is_journaled_with_its_end(ann: Person) -> None:
    fail(FAILURES_PER_LOGIN)
    assert moves(f"login/{ann.id}/")[-1][2] == {"address": "10.0.0.1", "locked_until": "2026-06-05T07:01:00Z"}


def test_log_in_old_parameters_are_renewed(ann: Person) -> None:
    from argon2 import PasswordHasher

    ann.password = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1).hash(PASSWORD)
    ann.save()
    log_in()
    ann.refresh_from_db()
    assert HASHER.check_needs_rehash(ann.password) is False


def test_log_out_ends_the_session_once(ann: Person) -> None:
    found = log_in()
    actions.log_out(token=found.token, now=NOW)
    actions.log_out(token=found.token, now=NOW)
    actions.log_out(token="unknown", now=NOW)
    assert queries.actor_by_session(found.token, NOW) is None
    assert [m[0] for m in moves(f"login/{ann.id}/")] == ["log_in", "log_out"]


def test_sessions_list_shows_the_current_one_and_any_can_be_ended(ann: Person) -> None:
    first = log_in()
    second = log_in(at=NOW + MINUTE)
    later = NOW + 2 * MINUTE
    assert [(s.id, s.current) for s in queries.sessions_of(ann.id, later, second.token)] == [
        (second.session, True),
        (first.session, False),
    ]
    me = queries.actor_by_session(second.token, later)
    assert me is not None
    actions.end_session(session=first.session, actor=me[0], now=later)
    assert [s.id for s in queries.sessions_of(ann.id, later)] == [second.session]


def test_end_session_of_somebody_else_is_not_known(ann: Person) -> None:
    other = actions.add_person(name="波", login="bo", actor=SYSTEM, now=NOW)
    actor = queries.actor_of(other, NOW)
    assert actor is not None
    with pytest.raises(Missing):
        actions.end_session(session=log_in().session, actor=actor, now=NOW)


def test_change_password_ends_all_other_sessions(ann: Person) -> None:
    kept, lost = log_in(), log_in()
    actor = queries.actor_of(ann.id, NOW)
    assert actor is not None
    new = "another long password"
    actions.change_password(person=ann.id, old=PASSWORD, new=new, actor=actor, now=NOW, keep=kept.token)
    assert queries.actor_by_session(kept.token, NOW) is not None
    assert queries.actor_by_session(lost.token, NOW) is None
    assert log_in(password=new).person == ann.id
    fail(1)


def test_change_password_needs_the_old_one_and_the_own_account(ann: Person) -> None:
    actor = queries.actor_of(ann.id, NOW)
    assert actor is not None
    with pytest.raises(Exception) as wrong:
        actions.change_password(person=ann.id, old="not it at all", new=PASSWORD, actor=actor, now=NOW)
    assert getattr(wrong.value, "code", "") == "GW-PEOPLE-040"
    with pytest.raises(Missing):
        actions.change_password(person=ann.id, old=PASSWORD, new=PASSWORD, actor=SYSTEM, now=NOW)


def test_forget_attempts_deletes_old_counters_only(ann: Person) -> None:
    fail(1)
    assert actions.forget_attempts(now=NOW + timedelta(hours=24)) == 0
    assert actions.forget_attempts(now=NOW + timedelta(hours=24, seconds=1)) == 2


@pytest.mark.parametrize("login", ["a", "with blank", "semi;colon", "x" * 65, ""])
def test_clean_login_unsuitable_is_refused(login: str) -> None:
    with pytest.raises(BadInput) as caught:
        clean_login(login)
    assert caught.value.code == "GW-PEOPLE-042"


@pytest.mark.parametrize(
    ("password", "code"),
    [
        ("short", "GW-PEOPLE-043"),
        ("x" * 257, "GW-PEOPLE-043"),
        ("aaaaaaaaaaaa", "GW-PEOPLE-044"),
        ("my-ANN-password", "GW-PEOPLE-044"),
    ],
)
def test_check_password_weak_is_refused(password: str, code: str) -> None:
    with pytest.raises(BadInput) as caught:
        check_password(password, "ann")
    assert caught.value.code == code


def test_decide_lock_doubles_up_to_an_hour() -> None:
    found = [decide_lock(n, 5, NOW) for n in (4, 5, 6, 10, 11, 40)]
    minutes = [None if at is None else int((at - NOW) / MINUTE) for at in found]
    assert minutes == [None, 1, 2, 32, 60, 60]


@given(st.integers(0, 100), st.integers(0, 100))
def test_decide_lock_more_failures_never_wait_less(a: int, b: int) -> None:
    low, high = sorted((a, b))
    waits = [(decide_lock(n, 5, NOW) or NOW) - NOW for n in (low, high)]
    assert waits[0] <= waits[1]


def test_compute_failures_run_ends_after_a_quiet_day() -> None:
    assert compute_failures(3, NOW - timedelta(hours=24), NOW) == 4
    assert compute_failures(3, NOW - timedelta(hours=24, seconds=1), NOW) == 1
    assert compute_failures(0, None, NOW) == 1
