"""Pure decisions of the logbook: canonical text, the hash chain, back-off of deliveries."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import orjson

from gridward.kernel.errors import BadInput, Message

FLOAT_IN_BODY = Message(
    "GW-LOGBOOK-003",
    "流转记录只收整数、文本、真假和空值，发现了 {found}；请把小数写成文本。",
    "A journal body takes integers, text, booleans and null only, found {found}; write decimals as text.",
)

GENESIS = "0" * 64
"""What stands before the first entry of a stream."""


def canonical(value: Any) -> str:
    """The one text of `value`: sorted keys, no spaces, integers and strings only (plus true, false, null).

    Raises BadInput when a float or an unknown type is inside.
    """
    return orjson.dumps(_plain(value), option=orjson.OPT_SORT_KEYS).decode()


_SCALARS = frozenset({str, int, bool, type(None)})


def _plain(value: Any) -> Any:
    kind = type(value)
    if kind in _SCALARS:
        return value
    if kind is dict:
        return {
            k if type(k) is str else str(k): v if type(v) in _SCALARS else _plain(v) for k, v in value.items()
        }
    if kind is list or kind is tuple:
        return [v if type(v) in _SCALARS else _plain(v) for v in value]
    if isinstance(value, UUID):
        return str(value)
    if isinstance(value, datetime):
        return stamp(value)
    raise BadInput(FLOAT_IN_BODY, found=f"{kind.__name__} {value!r}"[:80])


def stamp(at: datetime) -> str:
    """An instant in journal text: RFC 3339, UTC, microseconds only when there are any."""
    utc = at if at.tzinfo is UTC else at.astimezone(UTC)
    return utc.isoformat()[:-6] + "Z"


def unstamp(text: str) -> datetime:
    """The instant of a journal text."""
    return datetime.fromisoformat(text)


def chain_hash(prev_hash: str, body: str) -> str:
    """sha256(prev_hash ‖ body), 64 hex digits."""
    return hashlib.sha256((prev_hash + body).encode()).hexdigest()


@dataclass(frozen=True)
class Entry:
    """One line of a stream, as stored. `body` is the truth, the other fields are derived from it."""

    stream: str
    seq: int
    move: str
    actor: str
    at: datetime
    prev_hash: str
    hash: str
    body: str

    @property
    def data(self) -> dict[str, Any]:
        """The body parsed: stream, seq, move, actor, on_behalf_of, at, received_at, from, to, payload.

        Parsed once and changed by nobody; kept by hand, because cached_property takes a lock each time.
        """
        parsed: dict[str, Any] | None = self.__dict__.get("_parsed")
        if parsed is None:
            parsed = self.__dict__["_parsed"] = orjson.loads(self.body)
        return parsed


@dataclass(frozen=True, slots=True)
class Head:
    """Where a stream stands: the last sequence number and its hash."""

    stream: str
    seq: int
    hash: str


def write_entry(
    stream: str,
    move: str,
    *,
    after: Head | None,
    actor: str,
    on_behalf_of: str | None,
    at: datetime,
    received_at: datetime,
    from_stage: str,
    to_stage: str,
    payload: Mapping[str, Any],
) -> Entry:
    """Compose the entry that follows `after` (None: the stream is empty)."""
    seq = after.seq + 1 if after else 1
    prev = after.hash if after else GENESIS
    body = canonical(
        {
            "stream": stream,
            "seq": seq,
            "move": move,
            "actor": actor,
            "on_behalf_of": on_behalf_of,
            "at": stamp(at),
            "received_at": stamp(received_at),
            "from": from_stage,
            "to": to_stage,
            "payload": payload if type(payload) is dict else dict(payload),
        }
    )
    return Entry(stream, seq, move, actor, at, prev, chain_hash(prev, body), body)


@dataclass(frozen=True, slots=True)
class Problem:
    """Something that verification found: which stream, which entry, what kind, what was found and expected."""

    stream: str
    seq: int
    kind: str
    found: str
    expected: str


def check_chain(stream: str, entries: Sequence[Entry], head: Head | None) -> Iterator[Problem]:
    """Walk one stream in order of seq and yield every break: hashes, gaps and the head, then derived columns."""
    yield from check_links(stream, entries, head)
    for e in entries:
        yield from _check_columns(e)


def check_links(stream: str, entries: Iterable[Entry], head: Head | None) -> Iterator[Problem]:
    """The chain alone: gaps, links, hashes and the head; bodies are not parsed."""
    prev, expected_seq, last = GENESIS, 1, 0
    for e in entries:
        if e.seq != expected_seq:
            yield Problem(stream, expected_seq, "gap", f"seq {e.seq}", f"seq {expected_seq}")
            expected_seq = e.seq
            prev = e.prev_hash
        if e.prev_hash != prev:
            yield Problem(stream, e.seq, "link", e.prev_hash, prev)
        if (found := chain_hash(e.prev_hash, e.body)) != e.hash:
            yield Problem(stream, e.seq, "hash", found, e.hash)
        prev, last, expected_seq = e.hash, e.seq, expected_seq + 1
    yield from _check_head(stream, last, prev, head)


def _check_columns(e: Entry) -> Iterator[Problem]:
    try:
        data = e.data
    except orjson.JSONDecodeError:
        yield Problem(e.stream, e.seq, "body", "not JSON", "canonical JSON")
        return
    derived = (data.get("stream"), data.get("seq"), data.get("move"), data.get("actor"), data.get("at"))
    stored = (e.stream, e.seq, e.move, e.actor, stamp(e.at))
    if derived != stored:
        yield Problem(e.stream, e.seq, "column", repr(stored), repr(derived))


def _check_head(stream: str, last: int, last_hash: str, head: Head | None) -> Iterator[Problem]:
    if head is None:
        if last:
            yield Problem(stream, last, "head_missing", "none", f"seq {last}")
    elif head.seq > last:
        yield Problem(stream, head.seq, "cut_tail", f"last entry {last}", f"head at {head.seq}")
    elif head.seq < last or head.hash != last_hash:
        yield Problem(stream, head.seq, "head", f"{last} {last_hash}", f"{head.seq} {head.hash}")


def decide_retry(attempts: int, now: datetime) -> datetime:
    """When a failed delivery is tried again: 10 s, doubled each time, at most 1 hour."""
    return now + timedelta(seconds=min(10 * 2 ** min(attempts, 12), 3600))
