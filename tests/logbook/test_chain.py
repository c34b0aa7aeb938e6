"""R-ADM-01: the text and the chain of entries, without a database; sealed parts open with their own key only."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from gridward.kernel.errors import BadInput, Fault
from gridward.logbook.rules import GENESIS, Entry, Head, canonical, chain_hash, check_chain, write_entry
from gridward.logbook.rules.seal import Ring, blind_index, open_text, seal_text, unwrap_key, wrap_key

AT = datetime(2026, 6, 5, 7, tzinfo=UTC)
KEY = bytes(range(32))


def chain(length: int = 3) -> tuple[list[Entry], Head]:
    entries: list[Entry] = []
    head = None
    for n in range(length):
        entry = write_entry(
            "case/1", "report", after=head, actor="a", on_behalf_of=None, at=AT, received_at=AT,
            from_stage="", to_stage="collected", payload={"n": n},
        )  # fmt: skip
        entries.append(entry)
        head = Head("case/1", entry.seq, entry.hash)
    assert head is not None
    return entries, head


def kinds(entries: list[Entry], head: Head | None) -> list[str]:
    return [problem.kind for problem in check_chain("case/1", entries, head)]


def test_canonical_text_is_one_text() -> None:
    assert canonical({"b": 1, "a": ["甲", None, True]}) == '{"a":["甲",null,true],"b":1}'


@pytest.mark.parametrize("value", [1.5, {"a": [0.1]}, b"x", {1, 2}])
def test_canonical_text_refuses_decimals_and_strangers(value: object) -> None:
    with pytest.raises(BadInput) as caught:
        canonical(value)
    assert caught.value.code == "GW-LOGBOOK-003"


def test_chain_begins_at_genesis_and_is_sound() -> None:
    entries, head = chain()
    assert entries[0].prev_hash == GENESIS
    assert entries[1].hash == chain_hash(entries[0].hash, entries[1].body)
    assert kinds(entries, head) == []


def test_every_tampering_has_its_kind() -> None:
    entries, head = chain()
    first, second, third = entries
    assert kinds([first, replace(second, body=second.body.replace('"n":1', '"n":9')), third], head) == [
        "hash"
    ]
    assert kinds([first, replace(second, actor="b"), third], head) == ["column"]
    assert kinds([first, replace(second, prev_hash=GENESIS), third], head) == ["link", "hash"]
    assert kinds([first, third], head) == ["gap"]
    assert kinds([first, second], head) == ["cut_tail"]
    assert kinds(entries, None) == ["head_missing"]
    assert kinds(entries, replace(head, hash=GENESIS)) == ["head"]


def test_sealed_text_opens_with_its_key_owner_and_name_only() -> None:
    sealed = seal_text(KEY, "case/1", "phone", "13800000000")
    assert open_text(KEY, "case/1", "phone", sealed) == "13800000000"
    other = seal_text(KEY, "case/1", "phone", "x")
    for key, owner, name, part in (
        (bytes(32), "case/1", "phone", sealed),
        (KEY, "case/2", "phone", sealed),
        (KEY, "case/1", "name", sealed),
        (KEY, "case/1", "phone", {**sealed, "c": other["c"]}),
    ):
        with pytest.raises(Fault) as caught:
            open_text(key, owner, name, part)
        assert caught.value.code == "GW-LOGBOOK-011"


def test_turned_ring_opens_old_keys_until_they_are_dropped() -> None:
    ring = Ring.new()
    wrapped = wrap_key(ring, "case/1", KEY)
    turned = Ring.from_text(ring.turned().to_text())
    assert (turned.current, unwrap_key(turned, "case/1", 1, wrapped)) == (2, KEY)
    assert blind_index(ring, "phone", "1") == blind_index(turned, "phone", "1")
    with pytest.raises(Fault) as caught:
        unwrap_key(turned.only_current(), "case/1", 1, wrapped)
    assert caught.value.code == "GW-LOGBOOK-010"
    with pytest.raises(Fault):
        unwrap_key(turned, "case/2", 1, wrapped)
