"""Cases of the cast, made through the real actions: a dictionary with clocks, reports, moves, a whole life."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import orjson

from gridward.cases import actions
from gridward.cases.actions.report import Report
from gridward.kernel.actor import SYSTEM
from gridward.kernel.ids import uuid7
from gridward.kernel.worktime import default_calendar
from gridward.logbook import queries as logbook
from gridward.logbook.actions import body_digest, change_setting
from tests.cast import NOW, Cast

CATEGORY = "waste"
ZONE = "Asia/Shanghai"
LIMITS = {"filing": "4 working_hours", "total": "3 working_days", "unit": "2 working_days"}
CATEGORIES = (
    {
        "code": CATEGORY,
        "label": {"zh": "暴露垃圾", "en": "Waste"},
        "workflow": "plain",
        "rows": [{"id": "r1", "limit": LIMITS}],
    },
    {"code": "other", "label": {"zh": "其他", "en": "Other"}},
)
LIFE: tuple[tuple[str, str, Mapping[str, Any]], ...] = (
    ("file", "Wu", {}),
    ("assign", "Zhao", {"unit": "cleaning", "how": "清运"}),
    ("sign", "Zhao", {}),
    ("hand_in", "Zhao", {"text": "已清理"}),
    ("post_handling_check", "Chen", {"passed": True}),
    ("close", "Zhao", {}),
    ("evaluate", "Zhao", {"grade": "good"}),
)
"""A whole life in grid 3-2-1: (move, who, data); each move a minute after the one before."""


def install_rules(now: datetime = NOW, categories: Any = CATEGORIES, version: str = "1") -> None:
    """A calendar, a time zone and a dictionary of two categories: one with all clocks, one without."""
    change_setting(name="timezone", value=ZONE, actor=SYSTEM, now=now)
    actions.install_calendar(calendar=default_calendar(ZONE), actor=SYSTEM, now=now)
    actions.install_dictionary(
        pack="town",
        version=version,
        dictionary="town",
        scheme="",
        categories=categories,
        workflows={},
        actor=SYSTEM,
        now=now,
    )


@dataclass(frozen=True)
class Play:
    """The cast at work."""

    cast: Cast

    def point(self, grid: str) -> tuple[float, float]:
        return self.cast.middle(grid)

    def try_report(
        self, who: str, grid: str, *, id: UUID | None = None, now: datetime = NOW, **more: Any
    ) -> tuple[int, dict[str, Any]]:
        """Report in the middle of a grid; (status, answer)."""
        lon, lat = self.point(grid)
        wanted = Report(**{"id": id or uuid7(now), "category": CATEGORY, "lon": lon, "lat": lat, **more})
        body = {
            "id": str(wanted.id),
            "text": wanted.text,
            "lon": str(wanted.lon),
            "category": wanted.category,
        }
        status, answer = actions.report_case(
            report=wanted,
            actor=self.cast.actor(who, now),
            now=now,
            stamps=logbook.stamps(),
            digest=body_digest(body),
        )
        return status, orjson.loads(answer)

    def report(self, who: str = "Chen", grid: str = "3-2-1", **more: Any) -> dict[str, Any]:
        """Report and return the answer of a new case."""
        status, answer = self.try_report(who, grid, **more)
        assert status == 201
        return answer

    def move(
        self,
        who: str,
        case: Mapping[str, Any],
        move: str,
        data: Mapping[str, Any] | None = None,
        *,
        op: UUID | None = None,
        now: datetime = NOW,
    ) -> dict[str, Any]:
        """Take a move on a case as its last answer says it stands."""
        given = dict(data or {})
        _, answer = actions.move_case(
            case=UUID(case["id"]),
            op=op or uuid7(now),
            move=move,
            expected_seq=case["seq"],
            data=given,
            digest=body_digest({"move": move, "seq": case["seq"], "data": given}),
            actor=self.cast.actor(who, now),
            now=now,
            stamps=logbook.stamps(),
        )
        found: dict[str, Any] = orjson.loads(answer)
        return found

    def live(self, upto: str = "evaluate", *, now: datetime = NOW, **more: Any) -> dict[str, Any]:
        """A case in grid 3-2-1 that has lived until the move `upto`."""
        case = self.report(now=now, **more)
        for minute, (move, who, data) in enumerate(LIFE, start=1):
            case = self.move(who, case, move, data, now=now + timedelta(minutes=minute))
            if move == upto:
                break
        return case
