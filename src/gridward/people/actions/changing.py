"""The frame of every change in this room: one transaction, changes one after the other, caches told."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction

from gridward.kernel.actor import Actor
from gridward.kernel.errors import Message, Missing
from gridward.logbook.actions import append_to, touch
from gridward.logbook.actions.keys import seal

STAMP = "people"

NO_SUCH = Message(
    "GW-PEOPLE-062",
    "没有这样的{what}：{found}；可能已删除，或不在您的范围内。",
    "There is no such {what_en}: {found}; it may be gone or outside your scope.",
)
WORDS = {
    "person": "人员",
    "post": "岗位",
    "posting": "任职记录",
    "unit": "单位",
    "handover": "交接单",
    "absence": "请假记录",
    "team": "队伍",
    "member": "队员",
    "group": "小组",
    "seat": "席位",
    "session": "登录",
    "token": "令牌",
    "item": "待办",
    "presence": "进驻记录",
}


@contextmanager
def changing() -> Iterator[None]:
    """A transaction in which postings change.

    The stamp is touched first because its row is the lock that makes two changes wait for each other (checks
    of overlaps hold until the commit), and last because whatever was cached meanwhile must not look current.
    """
    with transaction.atomic():
        touch(STAMP)
        yield
        touch(STAMP)


def journal(stream: str, move: str, actor: Actor, now: datetime, payload: Mapping[str, Any]) -> None:
    """Append to a stream of this room, wherever it stands."""
    append_to(stream=stream, move=move, actor=actor, now=now, payload=payload)


def sealed(person: UUID, values: Mapping[str, str], now: datetime) -> dict[str, Any]:
    """Names and telephones of people for a journal body: ciphertext under the person's own key."""
    found = seal(owner=f"person/{person}", values=values, now=now)
    return {"sealed": found} if found else {}


def missing(what: str, found: object) -> Missing:
    """The error for a thing that is not there."""
    return Missing(NO_SUCH, field=what, what=WORDS[what], what_en=what, found=str(found)[:80])
