"""Premises of 云溪区 in the ledger of the pack: believable shops, inns and workshops, each inside one beat."""

from __future__ import annotations

import csv
import io
import random
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from shapely import Point

from gridward.kernel.actor import SYSTEM, Actor
from gridward.kernel.tables import open_table
from gridward.ledger import actions, queries
from gridward.logbook import queries as logbook
from gridward.site.demo.territory import STREETS

LEDGER = "premises"
HEADER = (
    "name", "address", "lon", "lat", "licence_no", "trade", "area_m2", "storeys", "exits", "extinguishers",
    "three_in_one", "checked_on",
)  # fmt: skip
ROADS = (
    "和平路",
    "建设路",
    "滨河路",
    "学院路",
    "解放街",
    "朝阳街",
    "文昌路",
    "迎宾大道",
    "工业一路",
    "人民路",
    "茶坊巷",
    "石桥巷",
)
BRANDS = (
    "福来", "永兴", "德顺", "万家", "聚丰", "百味", "鸿运", "金桥", "康泰", "旺角", "四季", "锦绣", "同和", "新世纪",
    "老街", "望江", "祥云", "惠民", "天天", "好邻居", "阿强", "小芳", "王记", "李记", "陈记", "周氏",
)  # fmt: skip
TRADES: dict[str, tuple[int, tuple[str, ...], tuple[int, int], tuple[int, int]]] = {
    "catering": (32, ("面馆", "餐厅", "小吃店", "火锅店", "早餐店", "烧烤店"), (30, 420), (1, 2)),
    "retail": (30, ("超市", "便利店", "五金店", "服装店", "药店", "水果店", "电动车行"), (25, 600), (1, 2)),
    "lodging": (8, ("宾馆", "旅社", "民宿", "招待所"), (180, 2600), (3, 7)),
    "workshop": (14, ("制衣坊", "木器加工坊", "印刷厂", "豆制品作坊", "铝合金门窗加工部"), (60, 900), (1, 3)),
    "warehouse": (6, ("仓库", "物流站", "冷库", "建材仓"), (200, 3200), (1, 2)),
    "other": (10, ("棋牌室", "网吧", "幼托园", "养生馆", "健身房"), (60, 800), (1, 3)),
}
"""Trade → weight, endings of names, floor area in m², storeys."""


def open_premises(
    beats: tuple[str, ...],
    shapes: dict[str, Any],
    heads: dict[str, Actor],
    count: int,
    seed: int,
    start: datetime,
    now: datetime,
) -> int:
    """Enter `count` premises through the set-wise import, then let beat heads bring some files up to date."""
    chance = random.Random(f"premises {seed}")
    rows = [_row(n, chance.choice(beats), shapes, chance, start) for n in range(1, count + 1)]
    text = io.StringIO()
    csv.writer(text).writerows([HEADER, *rows])
    report = actions.import_ledger(
        table=open_table(text.getvalue().encode(), "premises.csv"),
        ledger=LEDGER,
        mapping=None,
        timezone="Asia/Shanghai",
        commit=True,
        rejects=None,
        actor=SYSTEM,
        now=start,
    )
    _inspect(heads, chance, start, now)
    return int(report["created"])


def _row(n: int, beat: str, shapes: dict[str, Any], chance: random.Random, start: datetime) -> list[Any]:
    trade = chance.choices(tuple(TRADES), weights=[t[0] for t in TRADES.values()])[0]
    _, endings, floor, storeys = TRADES[trade]
    point = _inside(shapes[beat], chance)
    street = STREETS[(int(beat[6:9]) - 1) % len(STREETS)]
    area = chance.randrange(*floor)
    whole = chance.random() < 0.72  # the others lack what nobody has measured yet
    exits = 1 + (area > 120) + (area > 800)
    return [
        chance.choice(BRANDS) + chance.choice(endings),
        f"云溪区{street}街道{chance.choice(ROADS)}{chance.randrange(1, 280)}号",
        f"{point.x:.6f}",
        f"{point.y:.6f}",
        f"JY3399{beat[8]}{n:06d}",
        trade,
        area,
        chance.randint(*storeys),
        exits if whole else "",
        max(2, area // 75) if whole or chance.random() < 0.5 else "",
        "是" if trade in ("workshop", "retail") and chance.random() < 0.12 else "否",
        (start - timedelta(days=chance.randrange(3, 300))).date().isoformat() if whole else "",
    ]


def _inside(shape: Any, chance: random.Random) -> Point:
    west, south, east, north = shape.bounds
    while True:
        point = Point(chance.uniform(west, east), chance.uniform(south, north))
        if shape.contains(point):
            return point


def _inspect(heads: dict[str, Actor], chance: random.Random, start: datetime, now: datetime) -> None:
    """A visit by the head of a beat fills in what was missing and renews the date; the history shows by whom."""
    stamps = logbook.stamps()
    days = max((now - start).days, 2)
    for beat in chance.sample(sorted(heads), k=min(12, len(heads))):
        actor = heads[beat]
        for item in queries.subject_page(LEDGER, area=beat, limit=2, actor=SYSTEM, stamps=stamps)["items"]:
            at = start + timedelta(days=chance.randrange(1, days), hours=chance.randrange(1, 8))
            values = {
                "checked_on": at.date().isoformat(),
                "extinguishers": chance.randrange(2, 9),
                "exits": 2,
            }
            actions.change_subject(
                subject=UUID(item["id"]), expected_seq=1, values=values, actor=actor, now=at
            )
