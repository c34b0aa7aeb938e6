"""Gaps, shortages and completeness: what staffing lacks at an instant."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from gridward.grids import queries as grids
from gridward.grids.rules import AreaRef, AreaStaff
from gridward.people.models import Crew, Gap, Post, Posting
from gridward.people.queries.areas import areas_in_force, leaf_rank
from gridward.people.queries.kept import Stamps, day_of
from gridward.people.queries.postings import leads_in, leads_of
from gridward.people.rules.posts import CrewSpec
from gridward.people.rules.staffing import (
    Completeness,
    Given,
    PostRule,
    Shortage,
    Staffed,
    check_staffing,
    compute_completeness,
)


@dataclass(frozen=True)
class GapLine:
    """An area without a lead. `since` and `why` are known when a posting ended there or somebody explained
    it."""

    area: UUID
    code: str
    name: str
    since: datetime | None
    why: str


def gap_list(at: datetime, scheme: str, *, stamps: Stamps | None = None) -> list[GapLine]:
    """Every leaf in force without a lead at `at`, by code: together with the leads it covers all leaves."""
    day = day_of(at, stamps)
    rank = leaf_rank(scheme)
    led = leads_in(scheme, rank, at, stamps=stamps)
    lacking = [ref for ref in areas_in_force(scheme, rank, day) if ref.id not in led]
    published = _published([ref.id for ref in lacking], scheme, at)
    return [GapLine(ref.id, ref.code, ref.name, *published.get(ref.id, (None, ""))) for ref in lacking]


def _published(areas: Sequence[UUID], scheme: str, at: datetime) -> dict[UUID, tuple[datetime, str]]:
    rows = Gap.objects.filter(scheme=scheme, opened_at__lte=at).exclude(closed_at__lte=at)
    wanted = set(areas)
    return {row.area: (row.opened_at, row.why) for row in rows if row.area in wanted}


def _held(targets: Mapping[str, Any], day: date) -> list[Staffed]:
    rows = Posting.objects.filter(valid_from__lte=day, **targets).exclude(valid_to__lte=day)
    columns = ("id", "person_id", "post__code", "target", "rank", "pair_of_id")
    return [Staffed(*row) for row in rows.order_by("id").values_list(*columns)]


def shortages(
    at: datetime, scheme: str, rank: int, *, pack: str | None = None, stamps: Stamps | None = None
) -> list[Shortage]:
    """Where one level of a scheme is not staffed as its posts and crews ask, at `at`; four statements and
    grids'."""
    day = day_of(at, stamps)
    targets = [ref.id for ref in areas_in_force(scheme, rank, day)]
    rules = [_rule(row) for row in _of_pack(Post.objects.filter(retired_at=None), pack, scheme, rank)]
    crews = [
        CrewSpec(c.code, c.zh, c.en, c.scheme, c.rank, tuple(c.posts), c.least, c.most)
        for c in _of_pack(Crew.objects.all(), pack, scheme, rank)
    ]
    return check_staffing(targets, rules, crews, _held({"scheme": scheme, "area_rank": rank}, day))


def _of_pack(rows: Any, pack: str | None, scheme: str, rank: int) -> Any:
    found = rows.filter(scheme=scheme, rank=rank).order_by("code")
    return found.filter(pack=pack) if pack is not None else found


def _rule(row: Post) -> PostRule:
    return PostRule(row.code, row.zh, row.en, row.scheme, row.rank, row.counts, row.deputy, row.paired)


def target_shortages(
    at: datetime, targets: Sequence[UUID], *, post: UUID, stamps: Stamps | None = None
) -> list[Shortage]:
    """The same for subjects or units: whether each of `targets` has the people that one post asks for."""
    rule = _rule(Post.objects.get(id=post))
    return check_staffing(targets, [rule], [], _held({"target__in": list(targets)}, day_of(at, stamps)))


@dataclass(frozen=True)
class PostingCompleteness:
    """五定/六定 of one posting."""

    posting: UUID
    person: UUID
    name: str
    post: str
    sets: tuple[Completeness, ...]


def completeness(
    at: datetime, *, posting: UUID | None = None, scheme: str | None = None, stamps: Stamps | None = None
) -> list[PostingCompleteness]:
    """What each posting in force has and lacks of the sets that its post names; one posting, or a
    scheme's."""
    day = day_of(at, stamps)
    rows = Posting.objects.filter(valid_from__lte=day).exclude(valid_to__lte=day)
    if posting is not None:
        rows = rows.filter(id=posting)
    if scheme is not None:
        rows = rows.filter(scheme=scheme)
    found = rows.select_related("post", "person").order_by("post__code", "id")
    return [
        PostingCompleteness(p.id, p.person_id, p.person.name, p.post.code, _sets(p))
        for p in found
        if p.post.completeness
    ]


def _sets(row: Posting) -> tuple[Completeness, ...]:
    given = Given(
        has_place=True,
        has_person=row.person.active,
        duties=row.post.duties,
        letter=row.letter,
        terms=row.post.terms,
    )
    return tuple(compute_completeness(given, row.post.completeness))


def staff_for_grids(areas: Sequence[UUID], now: datetime) -> dict[UUID, AreaStaff]:
    """Names of leads, gaps and postings per area, as grids asks for them (grids.queries.use_staff)."""
    refs = grids.areas(list(areas))
    leads = leads_of(areas, now)
    led_levels = set(Post.objects.filter(lead=True, on="area", retired_at=None).values_list("scheme", "rank"))
    led_levels |= {(scheme, leaf_rank(scheme)) for scheme in {ref.scheme for ref in refs.values()}}
    postings = _postings(areas, day_of(now))
    return {
        key: AreaStaff(
            lead=tuple(ref.name for ref in leads.get(key, ())),
            gap=_is_gap(refs.get(key), led_levels) and key not in leads,
            postings=tuple(postings.get(key, ())),
        )
        for key in areas
    }


def _is_gap(ref: AreaRef | None, led_levels: set[tuple[str, int]]) -> bool:
    return ref is not None and (ref.scheme, ref.rank) in led_levels


def _postings(areas: Sequence[UUID], day: date) -> dict[UUID, list[dict[str, Any]]]:
    rows = Posting.objects.filter(area__in=list(areas), valid_from__lte=day).exclude(valid_to__lte=day)
    columns = ("area", "person__name", "post__code", "post__zh", "post__en", "rank", "valid_from", "valid_to")
    found: dict[UUID, list[dict[str, Any]]] = {}
    for area, person, post, zh, en, rank, start, end in rows.order_by("post__code", "rank", "id").values_list(
        *columns
    ):
        label = {"zh": zh, "en": en}
        line = {"person": person, "post": post, "label": label, "rank": rank, "from": start, "to": end}
        found.setdefault(area, []).append(line)
    return found
