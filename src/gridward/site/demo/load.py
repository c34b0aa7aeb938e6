"""Put the demo together: pack, territory, people, ninety days of cases. A second start finds it and changes nothing."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from django.db import transaction

from gridward.cases.queries.verify import load_rulebook
from gridward.grids import actions as grids
from gridward.kernel.actor import SYSTEM
from gridward.kernel.errors import BadInput, Message, Refused
from gridward.logbook import queries as logbook
from gridward.logbook.actions import change_setting
from gridward.logbook.actions.deliver import drain
from gridward.people import actions as people
from gridward.site.demo.life import live
from gridward.site.demo.premises import open_premises
from gridward.site.demo.staff import PASSWORD, hire
from gridward.site.demo.territory import Ground, make_ground
from gridward.site.packing import install

UNKNOWN_SIZE = Message(
    "GW-SITE-060", "没有规模“{found}”；可用：{allowed}。", "There is no size {found}; allowed: {allowed}."
)
NOT_EMPTY = Message(
    "GW-SITE-061",
    "这里已有其他数据，不能装入演示；请用 GRIDWARD_HOME 指定一个空目录。",
    "Other data is here already, the demo is not loaded over it; name an empty folder in GRIDWARD_HOME.",
)
NO_PACKS = Message("GW-SITE-062", "找不到方案包文件夹 {found}。", "The folder of packs {found} is missing.")
DAYS = 90


@dataclass(frozen=True)
class Size:
    """How large a demo is: streets, columns and rows of beats, beats per community, cases, premises."""

    streets: int
    columns: int
    rows: int
    per_community: tuple[int, int]
    cases: int
    premises: int


SIZES = {
    "small": Size(3, 12, 6, (3, 2), 2000, 300),
    "district": Size(8, 30, 20, (5, 2), 4000, 1500),
    "city": Size(8, 30, 20, (5, 2), 12000, 6000),
}


def packs_folder() -> Path:
    """Where the packs of this installation lie: beside the sources."""
    folder = Path(__file__).resolve().parents[4] / "packs"
    if not folder.is_dir():
        raise Refused(NO_PACKS, found=str(folder.name))
    return folder


def load_demo(*, size: str, seed: int, now: datetime, progress: Callable[[str], None]) -> dict[str, Any]:
    """Load the demo into this home unless it is there; returns {"users": […], "counts": {…}}."""
    if size not in SIZES:
        raise BadInput(UNKNOWN_SIZE, found=size, allowed=", ".join(SIZES))
    settings = logbook.settings()
    if settings.get("demo") is None:
        if load_rulebook().by_id:
            raise Refused(NOT_EMPTY)
        with transaction.atomic():  # a demo that was interrupted leaves nothing behind
            _build(SIZES[size], size, seed, now, progress)
        drain(now=now)
    return {"url": None, "users": _users(now), "counts": _counts()}


def _build(plan: Size, size: str, seed: int, now: datetime, progress: Callable[[str], None]) -> None:
    start = (now - timedelta(days=DAYS)).replace(minute=0, second=0, microsecond=0)
    change_setting(name="jurisdiction", value="云溪区", actor=SYSTEM, now=start)
    install(packs_folder() / "fire_safety", actor=SYSTEM, now=start)
    ground = make_ground(plan.streets, plan.columns, plan.rows, plan.per_community, seed)
    _divide(ground, start)
    progress(f"云溪区: {len(ground.beats)} 个片区 / beats")
    staff = hire(ground.beats, seed, start, now)
    progress("人员已到岗 / people posted")
    entered = open_premises(ground.beats, ground.shapes, staff.heads, plan.premises, seed, start, now)
    progress(f"{entered} 家单位场所 / premises")
    stamps = logbook.stamps()
    entries = live(staff, ground.beats, ground.shapes, plan.cases, seed, start, now, stamps)
    progress(f"{plan.cases} 个案件, {entries} 条流转 / cases, entries")
    change_setting(name="demo", value=f"{size}/{seed}", actor=SYSTEM, now=now)


def _divide(ground: Ground, start: datetime) -> None:
    lengths = {"district": None, "street": 6, "community": 9, "beat": 12}
    parents = {"district": None, "street": "district", "community": "street", "beat": "community"}
    for level, features in ground.levels:
        grids.import_areas(
            source=features,
            scheme="fire",
            level=level,
            parent_level=parents[level],
            parent_code_prefix=lengths[level],
            code_field="code",
            name_field="name",
            valid_from=start.date(),
            accept_slivers_m2=1.0,
            commit=True,
            actor=SYSTEM,
            now=start,
        )
    drain(now=start)


def _users(now: datetime) -> list[dict[str, str]]:
    return [
        {
            "cast": cast,
            "login": cast.lower(),
            "password": PASSWORD,
            "token": people.add_token(login=cast.lower(), name="demo", actor=SYSTEM, now=now),
        }
        for cast in ("Zhao", "Chen", "Lin", "Wu", "Sun", "Zhou", "Qian")
    ]


def _counts() -> dict[str, int]:
    from gridward.cases.queries.verify import case_totals
    from gridward.grids import queries as grids_queries
    from gridward.people import queries as people_queries

    areas = sum(len(s.levels) for s in grids_queries.schemes())
    return {**case_totals(), **logbook.entry_counts(), "levels": areas, "units": len(people_queries.units())}
