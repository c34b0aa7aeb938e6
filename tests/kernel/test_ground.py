"""R-ADM-02: keys, powers, dialects and errors that every room stands on."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone
from uuid import UUID

import pytest

from gridward.kernel import sql
from gridward.kernel.actor import EVERYWHERE, SYSTEM, Actor, Grant, Scope
from gridward.kernel.errors import BadInput, Both, Conflict, Message
from gridward.kernel.ids import instant_of, uuid7, uuid7_of

AT = datetime(2026, 6, 5, 7, 0, 0, 123000, tzinfo=UTC)
KEY = UUID(int=1)
SAID = Message("GW-X-001", "发现{found}，{gone}", "found {found}, {gone}")


def test_key_carries_its_instant_and_version() -> None:
    key = uuid7(AT)
    assert (key.version, instant_of(key)) == (7, AT)
    assert uuid7(AT) < uuid7(AT) < uuid7(AT + timedelta(milliseconds=1))


def test_key_of_the_same_parts_is_the_same() -> None:
    assert uuid7_of(AT, "a", "b") == uuid7_of(AT, "a", "b")
    assert len({uuid7_of(AT, "a", "b"), uuid7_of(AT, "ab"), uuid7_of(AT, "b", "a")}) == 3


def test_widest_scope_swallows_the_others() -> None:
    area, unit = Scope("area", KEY, 2), Scope("unit", KEY)
    narrow = Actor(KEY, "Wu", grants=(Grant("p", unit), Grant("p", area), Grant("p", area)))
    wide = Actor(KEY, "Wu", grants=(*narrow.grants, Grant("p", EVERYWHERE)))
    assert (narrow.scopes("p"), wide.scopes("p"), wide.scopes("q")) == ((area, unit), (EVERYWHERE,), ())
    assert (narrow.may("p"), narrow.may("q"), SYSTEM.key, narrow.key) == (True, False, "system", str(KEY))


@pytest.mark.parametrize("vendor", [sql.SQLITE, sql.POSTGRESQL])
def test_values_come_back_as_they_went(vendor: str) -> None:
    local = AT.astimezone(timezone(timedelta(hours=8)))
    assert (sql.as_key(sql.key(vendor, KEY)), sql.as_instant(sql.instant(vendor, local))) == (KEY, AT)
    assert (sql.key(vendor, None), sql.instant(vendor, None), sql.marks(3)) == (None, None, "%s, %s, %s")


def test_sentence_speaks_both_languages_with_its_place() -> None:
    error = BadInput(SAID, where="a.csv:3", found=Both("甲", "A"))
    assert (error.sentence("zh"), error.sentence("en")) == (
        "a.csv:3：发现甲，{gone}",
        "a.csv:3: found A, {gone}",
    )
    assert (error.status, error.code, Conflict(SAID, current={"seq": 2}).current) == (
        422,
        "GW-X-001",
        {"seq": 2},
    )
