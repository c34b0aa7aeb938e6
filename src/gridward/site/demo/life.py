"""Ninety days of cases, each move through the real actions under a passed-in clock."""

from __future__ import annotations

import random
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import orjson
from django.db import transaction
from shapely import Point

from gridward.cases import actions
from gridward.cases.actions.report import Report
from gridward.kernel.actor import PUBLIC, Actor
from gridward.kernel.ids import uuid7
from gridward.site.demo.staff import HOME_COMMUNITY, Staff

TEXTS = {
    "fire.exit_blocked": (
        "楼道堆放纸箱和旧家具，疏散通道只剩一人宽",
        "安全出口被货架挡住，门推不开",
        "消防通道停满电动车，消防车进不来",
    ),
    "fire.extinguisher": ("灭火器压力不足，指针在红区", "一层两具灭火器都过期了", "厨房没有配灭火器"),
    "fire.wiring": ("从窗口拉线给电动车充电", "插线板串接三个，线皮发热", "配电箱没有盖板，电线裸露"),
    "fire.charging": ("电动车停在门厅充电", "电瓶拿回屋里充电", "车棚充电桩旁堆满杂物"),
    "fire.three_in_one": ("店铺阁楼住人，只有一个出口", "小作坊里有两张床铺，和仓库没有隔开"),
    "city.stall": ("早点摊占了人行道", "水果车停在路口，车辆绕行", "店外摆桌影响通行"),
    "city.litter": ("垃圾桶满溢，地上有污水", "拆迁工地旁堆了建筑垃圾", "绿化带里有生活垃圾"),
    "city.other": ("路灯不亮", "井盖松动，车过有响声", "公告栏玻璃破了"),
}
UNIT_OF = {"fire": ("xiaofang", "yingji", "gongdian"), "city": ("chengguan", "huanwei", "zhujian")}
HOW = ("通知业主清理并复查", "限期整改，整改后拍照", "派员现场处置", "联合社区上门劝导")
RETURN = ("责任单位不符，属供电设施", "地址不清，请补充门牌", "非本单位管辖路段")


@dataclass
class Step:
    """A planned move: how long after the previous one, by whom, with what."""

    move: str
    after: timedelta
    actor: Actor
    data: dict[str, Any]


def live(
    staff: Staff,
    beats: tuple[str, ...],
    shapes: dict[str, Any],
    count: int,
    seed: int,
    start: datetime,
    now: datetime,
    stamps: dict[str, int],
) -> int:
    """Make `count` cases between `start` and `now`; returns the number of entries written."""
    chance = random.Random(seed)
    span = (now - start).total_seconds()
    entries = 0
    instants = sorted(start + timedelta(seconds=span * chance.random() ** 0.7) for _ in range(count))
    for first in range(0, count, 25):
        with transaction.atomic():  # one commit for 25 cases: a demo has nothing to lose in between
            for at in instants[first : first + 25]:
                entries += _one(chance, staff, beats, shapes, _daytime(at, chance), now, stamps)
    return entries


def _daytime(at: datetime, chance: random.Random) -> datetime:
    """Reports come mostly between 7 and 21 o'clock local time, fewer at weekends."""
    local = at + timedelta(hours=8)
    hour = chance.choices(
        range(24), weights=[1] * 7 + [6, 9, 10, 10, 8, 5, 6, 9, 10, 9, 7, 5, 4, 3, 2, 1, 1]
    )[0]
    moved = local.replace(hour=hour) - timedelta(hours=8)
    return min(moved, at) if moved > at else moved


def _one(
    chance: random.Random,
    staff: Staff,
    beats: tuple[str, ...],
    shapes: dict[str, Any],
    at: datetime,
    now: datetime,
    stamps: dict[str, int],
) -> int:
    home = [b for b in beats if b.startswith(HOME_COMMUNITY)]
    beat = chance.choice(home if chance.random() < 0.12 else beats)  # the cast must have something to do
    category = chance.choices(list(TEXTS), weights=[10, 9, 8, 9, 3, 12, 12, 8])[0]
    x, y = _point_in(shapes[beat], chance)
    key = uuid7(at)
    head = staff.heads.get(beat)
    source = chance.choices(("patrol", "hotline", "public"), weights=(60, 28, 12))[0]
    reporter = head if source == "patrol" and head else (staff.desk[0] if source != "public" else PUBLIC)
    contact = {"phone": f"139{chance.randrange(10**8):08d}"} if source == "public" else {}
    report = Report(
        id=key,
        category=category,
        text=chance.choice(TEXTS[category]),
        lon=x,
        lat=y,
        source=source,
        contact=contact,
    )
    _, answer = actions.report_case(
        report=report, actor=reporter, now=at, stamps=stamps, digest=str(key), public=source == "public"
    )
    seq, entries = 1, 1
    for step in _plan(chance, staff, category, head if source == "patrol" else None, now - at):
        at = at + step.after
        if at >= now:
            break
        _, answer = actions.move_case(
            case=key,
            op=uuid7(at),
            move=step.move,
            expected_seq=seq,
            data=step.data,
            digest=f"{key}-{seq}",
            actor=step.actor,
            now=at,
            stamps=stamps,
        )
        seq = orjson.loads(answer)["seq"]
        entries += 1
    return entries


def _point_in(shape: Any, chance: random.Random) -> tuple[float, float]:
    x0, y0, x1, y1 = shape.bounds
    for _ in range(40):
        x, y = round(chance.uniform(x0, x1), 6), round(chance.uniform(y0, y1), 6)
        if shape.contains(Point(x, y)):
            return x, y
    middle = shape.representative_point()
    return round(middle.x, 6), round(middle.y, 6)


def _hours(chance: random.Random, mean: float) -> timedelta:
    return timedelta(hours=min(chance.expovariate(1 / mean), mean * 6), minutes=2)


def _plan(
    chance: random.Random, staff: Staff, category: str, patrol: Actor | None, age: timedelta
) -> list[Step]:
    """What happens to one case: settled on the spot, declined, or through the loop with returns and rework."""
    desk, inspector = staff.desk[0], staff.inspectors[0]
    if patrol and chance.random() < 0.22:
        return [
            Step(
                "settle_on_site",
                timedelta(minutes=chance.randrange(3, 30)),
                patrol,
                {"text": "当场清理，已拍照"},
            ),
            Step("evaluate", _hours(chance, 40), desk, {"grade": "good"}),
        ]
    if chance.random() < 0.06:
        return [Step("decline", _hours(chance, 1), desk, {"reason": "现场核实不属实"})]
    code = chance.choice(UNIT_OF[category.split(".", maxsplit=1)[0]])
    # Somebody is overloaded: these are the late ones that the desk must see. Few stay so for months.
    forgotten = chance.random() < (0.16 if age < timedelta(days=14) else 0.012)
    steps = [Step("file", _hours(chance, 0.7), desk, {})]
    steps += _assign(chance, staff, code, desk)
    if chance.random() < 0.12:
        steps.append(
            Step("return", _hours(chance, 6), staff.handlers[code], {"reason": chance.choice(RETURN)})
        )
        code = chance.choice(UNIT_OF[category.split(".", maxsplit=1)[0]])
        steps += _assign(chance, staff, code, desk)
    handler = staff.handlers[code]
    steps += [Step("sign", _hours(chance, 3), handler, {})]
    steps += [Step("hand_in", _hours(chance, 34), handler, {"text": "已整改，现场复核合格"})]
    if chance.random() < 0.1:
        steps.append(
            Step(
                "post_handling_check",
                _hours(chance, 8),
                inspector,
                {"passed": False, "text": "仍有残留，请重新清理"},
            )
        )
        steps.append(Step("hand_in", _hours(chance, 12), handler, {"text": "已再次整改"}))
    steps.append(Step("post_handling_check", _hours(chance, 8), inspector, {"passed": True}))
    steps.append(Step("close", _hours(chance, 2), desk, {}))
    if chance.random() < 0.7:
        grade = chance.choices(("good", "fairly_good", "average", "poor"), weights=(6, 3, 2, 1))[0]
        steps.append(Step("evaluate", _hours(chance, 30), desk, {"grade": grade}))
    return steps[: chance.randrange(1, 4)] if forgotten else steps


def _assign(chance: random.Random, staff: Staff, code: str, desk: Actor) -> list[Step]:
    return [
        Step("assign", _hours(chance, 1.2), desk, {"unit": str(staff.units[code]), "how": chance.choice(HOW)})
    ]
