"""Due work: deliver facts, write the daily checkpoint of the journal. Idempotent, several workers may run it."""

from __future__ import annotations

import os
from datetime import datetime
from typing import Any

from django.conf import settings

from gridward.kernel.clock import parse_instant
from gridward.kernel.errors import Message, Refused
from gridward.logbook.actions.checkpoints import write_checkpoint
from gridward.logbook.actions.deliver import drain
from gridward.logbook.actions.keys import finish_destruction
from gridward.people.actions import forget_attempts

NOT_ALLOWED = Message(
    "GW-SITE-042",
    "模拟时间只在设置 GRIDWARD_ALLOW_SIMULATED_TIME=1 时可用。",
    "Simulated time works only with GRIDWARD_ALLOW_SIMULATED_TIME=1.",
)


def tick_instant(simulated: str, real: datetime) -> datetime:
    """The instant of this tick; Refused for simulated time without the environment."""
    if not simulated:
        return real
    if os.environ.get("GRIDWARD_ALLOW_SIMULATED_TIME") != "1":
        raise Refused(NOT_ALLOWED)
    return parse_instant(simulated, "Asia/Shanghai")


def run_tick(*, now: datetime) -> dict[str, Any]:
    """Do what is due at `now`; returns what was done."""
    delivered = drain(now=now)
    forget_attempts(now=now)
    finish_destruction(now=now)
    checkpoint = write_checkpoint(folder=settings.HOME / "checkpoints", keys=settings.HOME / "keys", now=now)
    return {"delivered": delivered, "checkpoint": checkpoint}
