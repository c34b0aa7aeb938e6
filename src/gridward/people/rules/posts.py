"""What a pack says of a post, and whether it can be."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from gridward.kernel.errors import BadInput, Conflict, Message

ELEMENTS: dict[str, tuple[str, str]] = {
    "place": ("定区域", "place"),
    "person": ("定人员", "person"),
    "post": ("定岗位", "post"),
    "duty": ("定职责", "duty"),
    "task": ("定任务", "task"),
    "standard": ("定管理标准", "standard of work"),
    "reward": ("定奖惩", "rewards and penalties"),
    "time": ("定时间", "time"),
}
"""What 五定 and 六定 are made of."""

UNKNOWN_PLACE = Message(
    "GW-PEOPLE-001",
    "岗位“{post}”的 on 为“{found}”；允许 area、subject、unit。",
    "Post {post} is on “{found}”; allowed are area, subject and unit.",
)
BAD_PERMISSION = Message(
    "GW-PEOPLE-002",
    "岗位“{post}”的权限“{found}”不存在；权限写作 房间:事物:动词，例如 cases:case:read，已知的有：{allowed}。",
    "Post {post} holds the unknown permission “{found}”; write room:thing:verb such as cases:case:read. "
    "Known: {allowed}.",
)
BAD_COUNT = Message(
    "GW-PEOPLE-003",
    "岗位“{post}”的人数“{found}”不对；请写 {{min: 1, max: 2}}，最小不大于最大，不用的一端省去。",
    "Post {post} has the count “{found}”; write {{min: 1, max: 2}}, min not above max, leave out an open "
    "end.",
)
BAD_ELEMENT = Message(
    "GW-PEOPLE-004",
    "岗位“{post}”的完整性要素“{found}”不存在；允许 {allowed}。",
    "Post {post} asks for the unknown element “{found}”; allowed are {allowed}.",
)
BAD_LEVEL = Message(
    "GW-PEOPLE-005",
    "岗位“{post}”在区域上，须写网格体系和层级 1–5（现为“{scheme}”第 {found} 级）。",
    "Post {post} is on areas and needs a scheme and a level from 1 to 5 (found “{scheme}”, level {found}).",
)
MEANING_CHANGED = Message(
    "GW-PEOPLE-006",
    "岗位“{post}”有人在岗，不能改变它的{what}（{before} → {after}）；请另立新岗位代码，或先结束在岗记录。",
    "Post {post} is held by people, its {what} cannot change ({before} → {after}); "
    "use a new post code or end the postings first.",
)
DOUBLE_POST = Message(
    "GW-PEOPLE-007",
    "方案包“{pack}”两次定义了岗位“{post}”；每个代码只写一次。",
    "Pack {pack} defines post {post} twice; write each code once.",
)

_PERMISSION = re.compile(r"[a-z]+:[a-z_]+:[a-z_]+(@own)?")


@dataclass(frozen=True)
class PostSpec:
    """One post as a pack defines it; the fields mean what models.Post says.

    A permission `room:thing:verb@own` holds only for rows that the person made.
    """

    code: str
    zh: str
    en: str
    on: str = "area"
    scheme: str = ""
    rank: int = 0
    lead: bool = False
    everywhere: bool = False
    department: str = ""
    permissions: tuple[str, ...] = ()
    duties: str = ""
    qualifications: tuple[str, ...] = ()
    counts: Mapping[str, Mapping[str, int]] = field(default_factory=dict)
    deputy: Mapping[str, bool] = field(default_factory=dict)
    paired: bool = False
    max_areas: int | None = None
    terms: Mapping[str, str] = field(default_factory=dict)
    completeness: tuple[Mapping[str, Any], ...] = ()
    sponsors: tuple[int, ...] = ()

    def columns(self) -> dict[str, Any]:
        """The values for the table, in plain types."""
        return {
            "scheme": self.scheme,
            "rank": self.rank,
            "zh": self.zh,
            "en": self.en,
            "on": self.on,
            "everywhere": self.everywhere,
            "lead": self.lead,
            "department": self.department,
            "permissions": sorted(set(self.permissions)),
            "duties": self.duties,
            "qualifications": list(self.qualifications),
            "counts": {rank: dict(count) for rank, count in self.counts.items()},
            "deputy": dict(self.deputy),
            "paired": self.paired,
            "max_areas": self.max_areas,
            "terms": dict(self.terms),
            "completeness": [{**s, "elements": list(s["elements"])} for s in self.completeness],
            "sponsors": sorted(self.sponsors),
        }


@dataclass(frozen=True)
class CrewSpec:
    """How many people of `posts` (codes) together an area of a level needs."""

    code: str
    zh: str
    en: str
    scheme: str
    rank: int
    posts: tuple[str, ...]
    least: int = 0
    most: int | None = None


def check_posts(pack: str, posts: Iterable[PostSpec], known: frozenset[str] | None) -> list[BadInput]:
    """Everything that is wrong with the posts of a pack. `known`: all permissions, None to check only the
    form."""
    problems: list[BadInput] = []
    seen: set[str] = set()
    for spec in posts:
        if spec.code in seen:
            problems.append(BadInput(DOUBLE_POST, field="id", pack=pack, post=spec.code))
        seen.add(spec.code)
        problems += _check_post(spec, known)
    return problems


def _check_post(spec: PostSpec, known: frozenset[str] | None) -> list[BadInput]:
    problems = []
    if spec.on not in ("area", "subject", "unit"):
        problems.append(BadInput(UNKNOWN_PLACE, field="on", post=spec.code, found=spec.on))
    if spec.on == "area" and not (spec.scheme and 1 <= spec.rank <= 5):
        problems.append(
            BadInput(BAD_LEVEL, field="level", post=spec.code, found=spec.rank, scheme=spec.scheme)
        )
    for permission in spec.permissions:
        if not is_permission(permission, known):
            listed = "、".join(sorted(known)[:40]) if known else "room:thing:verb"
            problems.append(
                BadInput(BAD_PERMISSION, field="may", post=spec.code, found=permission, allowed=listed)
            )
    for count in spec.counts.values():
        if not is_count(count):
            problems.append(BadInput(BAD_COUNT, field="count", post=spec.code, found=str(dict(count))))
    for element in (e for s in spec.completeness for e in s["elements"]):
        if element not in ELEMENTS:
            allowed = "、".join(ELEMENTS)
            problems.append(
                BadInput(BAD_ELEMENT, field="completeness", post=spec.code, found=element, allowed=allowed)
            )
    return problems


def is_permission(text: str, known: frozenset[str] | None) -> bool:
    """Whether `text` is written like a permission and, when `known` is given, exists."""
    if not _PERMISSION.fullmatch(text):
        return False
    return known is None or text.removesuffix("@own") in known


def is_count(count: Mapping[str, int]) -> bool:
    """Whether `count` reads {"min": n, "max": m} with 0 ≤ n ≤ m; either end may be missing."""
    least, most = count.get("min", 0), count.get("max")
    return set(count) <= {"min", "max"} and least >= 0 and (most is None or most >= least)


def check_meaning(code: str, before: Mapping[str, Any], after: Mapping[str, Any]) -> None:
    """Refuse to move a post that people hold to another kind of place: codes never change meaning."""
    for what in ("on", "scheme", "rank", "lead"):
        if before[what] != after[what]:
            raise Conflict(
                MEANING_CHANGED, field=what, post=code, what=what, before=before[what], after=after[what]
            )
