"""Whether a person may be posted: the place fits the post, nobody is posted twice, one lead, one grid one
person."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from gridward.kernel.errors import BadInput, Conflict, Message
from gridward.people.rules.places import do_overlap

BAD_RANK = Message(
    "GW-PEOPLE-020",
    "在岗级别“{found}”不存在；允许 lead（A岗）、deputy（B岗）、assist（协办）、sponsor（分包挂点）。",
    "Unknown rank “{found}”; allowed are lead, deputy, assist and sponsor.",
)
BAD_RESPONSIBILITY = Message(
    "GW-PEOPLE-021",
    "责任“{found}”不存在；允许 first（第一责任人）、main（主要责任人）、direct（直接责任人），或留空。",
    "Unknown responsibility “{found}”; allowed are first, main, direct or nothing.",
)
WRONG_TARGET = Message(
    "GW-PEOPLE-022",
    "岗位“{post}”定在{allowed}上，请给出{allowed}（现给的是{found}）。",
    "Post {post} is held on a {allowed_en}; name one (given: {found_en}).",
)
WRONG_LEVEL = Message(
    "GW-PEOPLE-023",
    "岗位“{post}”属于“{scheme}”体系第 {allowed} 级，所给区域在“{found_scheme}”体系第 {found} 级；"
    "请选该级的区域。",
    "Post {post} belongs to scheme {scheme}, level {allowed}; the area is in {found_scheme}, level {found}. "
    "Choose an area of that level.",
)
WRONG_DATES = Message(
    "GW-PEOPLE-024",
    "起止日期不对：{start} 至 {end}；截止日（当日不含）须晚于起始日，或留空。",
    "The period {start} to {end} is not one: the end (exclusive) must be later than the start, or empty.",
)
POSTED_ALREADY = Message(
    "GW-PEOPLE-025",
    "{name}在 {start} 至 {end} 已任此处的“{post}”；请先结束原记录，或改日期。",
    "{name} already holds post {post} here from {start} to {end}; end that posting first or change the "
    "dates.",
)
LEAD_TAKEN = Message(
    "GW-PEOPLE-026",
    "此处 {start} 至 {end} 的负责人已是{name}；每个网格只有一名负责人，请先结束其任职，或改为 B岗、协办。",
    "{name} leads here from {start} to {end}; an area has exactly one lead. End that posting first, or post "
    "a deputy.",
)
TOO_MANY_AREAS = Message(
    "GW-PEOPLE-027",
    "{name}任“{post}”已有 {found} 个区域，最多 {allowed} 个（一人一格）；请先结束一处。",
    "{name} already holds post {post} in {found} areas, at most {allowed}; end one first.",
)
PERSON_GONE = Message(
    "GW-PEOPLE-028",
    "{name}已停用，不能任职；请先恢复此人。",
    "{name} is no longer active and cannot be posted; restore the person first.",
)
POST_RETIRED = Message(
    "GW-PEOPLE-029",
    "岗位“{post}”已退出现行方案包；请选现行岗位。",
    "Post {post} is no longer in its pack; choose a current post.",
)
ENDED_ALREADY = Message(
    "GW-PEOPLE-030",
    "这条任职记录已于 {found} 结束；不能再次结束，也不能改到更晚。",
    "This posting ended on {found}; it cannot be ended again or moved later.",
)
ENDS_BEFORE = Message(
    "GW-PEOPLE-031",
    "结束日 {found} 早于起始日 {allowed}；请给起始日或更晚的日期。",
    "The end {found} is before the start {allowed}; give the start or a later day.",
)
BAD_PAIR = Message(
    "GW-PEOPLE-032",
    "结对的两人须是不同的人，任职在同一处且时间有重叠。",
    "A pair is two different people posted at the same place at the same time.",
)
RECEIVER_GIVES = Message(
    "GW-PEOPLE-033",
    "交接须由接手人签收；{name}是交出人，请由另一人签收。",
    "A handover is signed by the one who takes over; {name} hands over. Let somebody else sign.",
)
NOT_RECEIVER = Message(
    "GW-PEOPLE-034",
    "此交接已指定由{name}签收；请由本人签收。",
    "This handover is for {name} to sign; let that person sign.",
)
SIGNED_ALREADY = Message(
    "GW-PEOPLE-035",
    "此交接已于 {found} 签收，清单不能再改。",
    "This handover was signed at {found}; its list cannot change any more.",
)

RANKS = ("lead", "deputy", "assist", "sponsor")
RESPONSIBILITIES = ("", "first", "main", "direct")
_PLACES = {
    "area": ("区域", "area"),
    "subject": ("对象", "subject"),
    "unit": ("单位", "unit"),
    "": ("空", "nothing"),
}


@dataclass(frozen=True)
class Wanted:
    """A posting somebody asks for. `leads` names the pack whose lead of the place it would be ("-"
    otherwise)."""

    person: UUID
    name: str
    post: UUID
    post_label: str
    target: UUID
    rank: str
    leads: str
    valid_from: date
    valid_to: date | None


@dataclass(frozen=True)
class Standing:
    """A posting that exists already and touches the wanted one: same person and post, or same place."""

    person: UUID
    name: str
    post: UUID
    target: UUID
    rank: str
    leads: str
    valid_from: date
    valid_to: date | None


def check_form(rank: str, responsibility: str, valid_from: date, valid_to: date | None) -> None:
    """Refuse unknown words and a period that ends before it begins."""
    if rank not in RANKS:
        raise BadInput(BAD_RANK, field="rank", found=rank)
    if responsibility not in RESPONSIBILITIES:
        raise BadInput(BAD_RESPONSIBILITY, field="responsibility", found=responsibility)
    if valid_to is not None and valid_to <= valid_from:
        raise BadInput(WRONG_DATES, field="to", start=str(valid_from), end=str(valid_to))


def check_target(post: str, on: str, given: str) -> None:
    """Refuse a posting whose place (area, subject or unit) is of another kind than the post asks for."""
    if on != given:
        (zh, en), (found, found_en) = _PLACES[on], _PLACES[given]
        raise BadInput(
            WRONG_TARGET, field=on, post=post, allowed=zh, allowed_en=en, found=found, found_en=found_en
        )


def check_level(post: str, allowed: tuple[str, Iterable[int]], found: tuple[str, int]) -> None:
    """Refuse an area whose (scheme, level) is not of the scheme and levels that are `allowed`."""
    scheme, levels = allowed[0], sorted(allowed[1])
    if found[0] != scheme or found[1] not in levels:
        values = {"scheme": scheme, "allowed": "、".join(map(str, levels)) or "–"}
        raise BadInput(WRONG_LEVEL, field="area", post=post, found_scheme=found[0], found=found[1], **values)


def check_overlap(wanted: Wanted, standing: Iterable[Standing], max_areas: int | None) -> None:
    """Refuse what collides with postings that stand: the same again, a second lead, too many areas."""
    at_once = [
        s for s in standing if do_overlap(wanted.valid_from, wanted.valid_to, s.valid_from, s.valid_to)
    ]
    mine = [s for s in at_once if s.person == wanted.person and s.post == wanted.post]
    for s in mine:
        if s.target == wanted.target:
            raise Conflict(POSTED_ALREADY, field="person", post=wanted.post_label, **_period(s))
    for s in at_once:
        if wanted.leads != "-" and s.leads == wanted.leads and s.target == wanted.target:
            raise Conflict(LEAD_TAKEN, field="rank", **_period(s))
    areas = {s.target for s in mine if s.rank in ("lead", "assist")}
    if max_areas is not None and wanted.rank in ("lead", "assist") and len(areas) >= max_areas:
        raise Conflict(
            TOO_MANY_AREAS,
            field="area",
            name=wanted.name,
            post=wanted.post_label,
            found=len(areas),
            allowed=max_areas,
        )


def _period(standing: Standing) -> dict[str, Any]:
    end = str(standing.valid_to) if standing.valid_to else "…"
    return {"name": standing.name, "start": str(standing.valid_from), "end": end}


def check_end(valid_from: date, valid_to: date | None, on: date) -> None:
    """Refuse to end a posting twice, later than it ends anyway, or before it began."""
    if on < valid_from:
        raise BadInput(ENDS_BEFORE, field="on", found=str(on), allowed=str(valid_from))
    if valid_to is not None and valid_to <= on:
        raise Conflict(ENDED_ALREADY, field="on", found=str(valid_to))


def check_pair(
    person: UUID, target: UUID, partner: Standing, valid_from: date, valid_to: date | None
) -> None:
    """Refuse a pair of one person, of two places, or of two periods that never meet."""
    meets = do_overlap(valid_from, valid_to, partner.valid_from, partner.valid_to)
    if partner.person == person or partner.target != target or not meets:
        raise BadInput(BAD_PAIR, field="pair")
