"""A believable journal of eight moves in memory: report, file, assign, sign, return, assign, sign, hand in."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from gridward.logbook.rules import stamp

START = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)
UNIT = "01890000-0000-7000-8000-000000000001"


def journal_of(n: int, calendar: str) -> list[dict[str, Any]]:
    """The entry bodies of case number `n`."""
    limits = {"limits": {"filing": "2 working_hours"}, "calendar": calendar}
    moves: list[tuple[str, str, str, dict[str, Any]]] = [
        ("report", "", "collected", {"category": "x", "source": "desk", **limits}),
        (
            "file",
            "collected",
            "filed",
            {"limits": {"total": "5 working_days"}, "calendar": calendar, "row": "r1"},
        ),
        (
            "assign",
            "filed",
            "assigned",
            {"unit": UNIT, "limits": {"unit": "3 working_days"}, "calendar": calendar},
        ),
        ("sign", "assigned", "handling", {}),
        ("return", "handling", "filed", {"reason": "不属本单位"}),
        ("assign", "filed", "assigned", {"unit": UNIT}),
        ("sign", "assigned", "handling", {}),
        ("hand_in", "handling", "reported_back", {"text": "已清理", "outcome": "fixed"}),
    ]
    at = START + timedelta(minutes=n)
    bodies = []
    for seq, (move, from_, to, payload) in enumerate(moves, start=1):
        at += timedelta(hours=3, minutes=n % 50)
        bodies.append(
            {
                "seq": seq,
                "move": move,
                "actor": "a",
                "at": stamp(at),
                "from": from_,
                "to": to,
                "payload": payload,
            }
        )
    return bodies
