"""The people of 云溪区: the cast by name, and believable colleagues for every post."""

from __future__ import annotations

import random
from dataclasses import dataclass, field
from datetime import date, datetime
from uuid import UUID

from gridward.grids.queries import refs
from gridward.kernel.actor import SYSTEM, Actor
from gridward.logbook import queries as logbook
from gridward.people import actions
from gridward.people import queries as people
from gridward.people.actions import Order
from gridward.site.demo.territory import COUNTY, NEXT_COUNTY

PASSWORD = "yunxi-2026"
HOME_COMMUNITY = f"{COUNTY}003002"
"""Where Chen, Lin and Wu work."""
SURNAMES = (
    "王李张刘杨黄周徐孙马朱郭何罗高郑梁谢宋唐许韩冯邓曹彭曾肖田董袁潘蔡蒋余于杜叶程苏魏吕丁任沈姚卢姜崔钟谭陆汪范金石廖贾夏韦付方白邹孟熊秦邱江尹"
    "薛闫段雷侯龙史陶黎贺顾毛郝龚邵万钱严覃武戴莫孔向汤"
)
GIVEN = (
    "伟",
    "芳",
    "娜",
    "敏",
    "静",
    "丽",
    "强",
    "磊",
    "军",
    "洋",
    "勇",
    "艳",
    "杰",
    "娟",
    "涛",
    "明",
    "超",
    "秀英",
    "霞",
    "平",
    "刚",
    "桂英",
    "志远",
    "晓东",
    "海燕",
    "建国",
    "雨桐",
    "文博",
    "思源",
    "佳怡",
)
UNITS = (
    ("chengguan", "城市管理局"), ("xiaofang", "消防救援大队"), ("jiedao_yunxi", "云溪街道办事处"), ("huanwei", "环卫中心"),
    ("gongdian", "供电公司"), ("zhujian", "住房和建设局"), ("shichang", "市场监督管理局"), ("yingji", "应急管理局"),
)  # fmt: skip


@dataclass
class Staff:
    """Actors of the demo by what they do."""

    cast: dict[str, tuple[str, UUID]] = field(default_factory=dict)
    desk: list[Actor] = field(default_factory=list)
    inspectors: list[Actor] = field(default_factory=list)
    heads: dict[str, Actor] = field(default_factory=dict)
    communities: dict[str, Actor] = field(default_factory=dict)
    handlers: dict[str, Actor] = field(default_factory=dict)
    units: dict[str, UUID] = field(default_factory=dict)


class Hiring:
    """Makes persons and postings through the actions, with names from one seed."""

    def __init__(self, seed: int, now: datetime) -> None:
        self.chance, self.now, self.begin = random.Random(seed), now, date(now.year, 1, 1)
        self.posts: dict[str, UUID] = {}
        self.used: set[str] = set()

    def name(self) -> str:
        while True:
            found = self.chance.choice(SURNAMES) + self.chance.choice(GIVEN)
            if found not in self.used:
                self.used.add(found)
                return found

    def person(self, name: str, login: str | None = None) -> UUID:
        return actions.add_person(
            name=name,
            login=login,
            password=PASSWORD if login else None,
            work_phone=f"0571-8{self.chance.randrange(10**6, 10**7)}",
            actor=SYSTEM,
            now=self.now,
        )

    def post(
        self, person: UUID, post: str, area: str = "", unit: UUID | None = None, rank: str = "lead"
    ) -> None:
        ref = refs.find_area(area, stamp=logbook.stamps().get("grids", 0)) if area else None
        order = Order(
            person=person,
            post=self.posts.setdefault(post, people.post_by_code(post)[0]),
            area=ref,
            unit=unit,
            rank=rank,
            valid_from=self.begin,
        )
        actions.post_person(order, actor=SYSTEM, now=self.now)

    def actor(self, person: UUID, now: datetime) -> Actor:
        found = people.actor_of(person, now)
        assert found is not None
        return found


def hire(beats: tuple[str, ...], seed: int, start: datetime, now: datetime) -> Staff:
    """Post the cast and colleagues: a head for every beat but one (a gap to see), heads of communities and streets."""
    h, staff = Hiring(seed, start), Staff()
    for code, name in UNITS:
        staff.units[code] = actions.create_unit(code=code, name=name, actor=SYSTEM, now=start).id
        person = h.person(h.name())
        h.post(person, "unit_handler", unit=staff.units[code])
        staff.handlers[code] = h.actor(person, now)
    _cast(h, staff, now)
    home, wu, gap = f"{COUNTY}003002001", f"{COUNTY}003002", beats[-1]
    for code in beats:
        if code in (home, gap):
            continue
        person = h.person(h.name())
        h.post(person, "beat_head", code)
        staff.heads[code] = h.actor(person, now)
    for code in sorted({b[:12] for b in beats} - {wu}):
        person = h.person(h.name())
        h.post(person, "community_head", code)
        staff.communities[code] = h.actor(person, now)
    for code in sorted({b[:9] for b in beats}):
        h.post(h.person(h.name()), "street_head", code)
    return staff


def _cast(h: Hiring, staff: Staff, now: datetime) -> None:
    grid, community = f"{COUNTY}003002001", f"{COUNTY}003002"
    roles = (
        ("Chen", "陈晓", "beat_head", grid, "lead"),
        ("Lin", "林岚", "beat_head", grid, "deputy"),
        ("Wu", "吴建平", "community_head", community, "lead"),
        ("Zhao", "赵敏之", "district_desk", COUNTY, "lead"),
        ("Qian", "钱一鸣", "district_desk", NEXT_COUNTY, "lead"),
        ("Sun", "孙立", "inspector", COUNTY, "lead"),
    )
    for cast, name, post, area, rank in roles:
        person = h.person(name, cast.lower())
        h.post(person, post, area, rank=rank)
        staff.cast[cast] = (name, person)
    staff.heads[grid] = h.actor(staff.cast["Chen"][1], now)
    staff.communities[community] = h.actor(staff.cast["Wu"][1], now)
    staff.desk = [h.actor(staff.cast["Zhao"][1], now)]
    staff.inspectors = [h.actor(staff.cast["Sun"][1], now)]
    manager = h.person("周维", "zhou")
    actions.join_unit(
        person=manager, unit=staff.units["chengguan"], valid_from=h.begin, actor=SYSTEM, now=h.now
    )
    h.post(manager, "unit_handler", unit=staff.units["chengguan"])
    staff.cast["Zhou"] = ("周维", manager)
    staff.handlers["chengguan"] = h.actor(manager, now)
