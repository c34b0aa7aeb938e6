"""Who leads an area: people is above grids and hands its answer in (site/wiring.py)."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from uuid import UUID

from gridward.grids.rules import AreaStaff

Provider = Callable[[Sequence[UUID], datetime], Mapping[UUID, AreaStaff]]


def _nobody(areas: Sequence[UUID], now: datetime) -> Mapping[UUID, AreaStaff]:
    return {}


_provider: list[Provider] = [_nobody]


def use_staff(provider: Provider) -> None:
    """Set once at start-up: called as provider(area ids, now) → staff by area id."""
    _provider[0] = provider


def staff_of(areas: Sequence[UUID], now: datetime) -> Mapping[UUID, AreaStaff]:
    """Staff of the areas at an instant; areas of which nothing is known are left out."""
    return _provider[0](areas, now)
