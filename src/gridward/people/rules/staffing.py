"""Is a place staffed as its posts ask, and does a posting have all that 五定 or 六定 name?"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from gridward.people.rules.posts import ELEMENTS, CrewSpec

RANK_WORDS = {"lead": ("人", "people"), "deputy": ("B岗", "deputies"), "assist": ("协办", "assistants")}


@dataclass(frozen=True)
class PostRule:
    """What a post asks of each of its places; see models.Post."""

    code: str
    zh: str
    en: str
    scheme: str
    rank: int
    counts: Mapping[str, Mapping[str, int]] = field(default_factory=dict)
    deputy: Mapping[str, bool] = field(default_factory=dict)
    paired: bool = False


@dataclass(frozen=True)
class Staffed:
    """One posting in force, as staffing rules see it. `id` and `pair_of` are postings."""

    id: UUID
    person: UUID
    post: str
    target: UUID
    rank: str
    pair_of: UUID | None = None


@dataclass(frozen=True)
class Shortage:
    """A place that does not fit a rule: what was found, what is allowed, in both languages."""

    target: UUID
    post: str
    rule: str
    found: int
    allowed: str
    zh: str
    en: str


def allowed_text(least: int, most: int | None) -> str:
    """How a count reads: `1`, `≥1`, `≤2`, `1–2`, `10–30`."""
    if most is None:
        return f"≥{least}"
    if least == most:
        return str(least)
    return f"{least}–{most}" if least else f"≤{most}"


def is_within(found: int, least: int, most: int | None) -> bool:
    """Both ends count as inside (不少于, 不超过)."""
    return found >= least and (most is None or found <= most)


def check_staffing(
    targets: Sequence[UUID], rules: Iterable[PostRule], crews: Iterable[CrewSpec], held: Sequence[Staffed]
) -> list[Shortage]:
    """What is wrong at `targets` (all of one scheme and level, the one that `rules` and `crews` are for)."""
    at: dict[UUID, list[Staffed]] = {target: [] for target in targets}
    for one in held:
        if one.target in at:
            at[one.target].append(one)
    found: list[Shortage] = []
    for rule in rules:
        for target, here in at.items():
            mine = [s for s in here if s.post == rule.code]
            found += _check_counts(target, rule, mine)
            found += _check_deputy(target, rule, mine, held)
            found += _check_pair(target, rule, mine)
    for crew in crews:
        found += [s for target, here in at.items() for s in _check_crew(target, crew, here)]
    return found


def _check_counts(target: UUID, rule: PostRule, mine: Sequence[Staffed]) -> list[Shortage]:
    found = []
    for rank, count in rule.counts.items():
        n = len({s.person for s in mine if s.rank == rank})
        least, most = count.get("min", 0), count.get("max")
        if not is_within(n, least, most):
            allowed = allowed_text(least, most)
            zh, en = RANK_WORDS.get(rank, (rank, rank))
            found.append(
                Shortage(
                    target,
                    rule.code,
                    f"count:{rank}",
                    n,
                    allowed,
                    f"“{rule.zh}”{zh}应为 {allowed}，现为 {n}。",
                    f"{rule.en}: {en} should be {allowed}, there are {n}.",
                )
            )
    return found


def _check_deputy(
    target: UUID, rule: PostRule, mine: Sequence[Staffed], held: Sequence[Staffed]
) -> list[Shortage]:
    """AB posts: a lead needs a deputy; where it is mutual, the deputy's own place has the lead as deputy."""
    leads = [s for s in mine if s.rank == "lead"]
    deputies = [s for s in mine if s.rank == "deputy"]
    if not leads:
        return []
    if rule.deputy.get("required") and not deputies:
        zh, en = f"“{rule.zh}”没有 B岗。", f"{rule.en} has no deputy."
        return [Shortage(target, rule.code, "deputy", 0, "≥1", zh, en)]
    if not rule.deputy.get("mutual"):
        return []
    returned = sum(_is_returned(lead, deputies, rule.code, held) for lead in leads)
    if returned == len(leads):
        return []
    zh, en = (
        f"“{rule.zh}”的 AB 岗不是互为 B岗。",
        f"{rule.en}: lead and deputy do not stand in for each other.",
    )
    return [Shortage(target, rule.code, "mutual", returned, str(len(leads)), zh, en)]


def _is_returned(lead: Staffed, deputies: Sequence[Staffed], post: str, held: Sequence[Staffed]) -> bool:
    """Whether `lead` is the deputy at a place that one of `deputies` leads."""
    theirs = {
        s.target
        for s in held
        if s.post == post and s.rank == "lead" and s.person in {d.person for d in deputies}
    }
    return any(
        s.post == post and s.rank == "deputy" and s.person == lead.person and s.target in theirs for s in held
    )


def _check_pair(target: UUID, rule: PostRule, mine: Sequence[Staffed]) -> list[Shortage]:
    if not rule.paired or not mine:
        return []
    paired = {s.id for s in mine if s.pair_of} | {s.pair_of for s in mine if s.pair_of}
    alone = [s for s in mine if s.id not in paired]
    if not alone:
        return []
    zh, en = f"“{rule.zh}”有 {len(alone)} 人没有结对。", f"{rule.en}: {len(alone)} without a partner."
    return [Shortage(target, rule.code, "pair", len(alone), "0", zh, en)]


def _check_crew(target: UUID, crew: CrewSpec, here: Sequence[Staffed]) -> list[Shortage]:
    n = len({s.person for s in here if s.post in crew.posts and s.rank in ("lead", "assist")})
    if is_within(n, crew.least, crew.most):
        return []
    allowed = allowed_text(crew.least, crew.most)
    zh = f"“{crew.zh}”应有 {allowed} 人，现有 {n} 人。"
    en = f"{crew.en}: {allowed} people wanted, there are {n}."
    return [Shortage(target, "", f"crew:{crew.code}", n, allowed, zh, en)]


@dataclass(frozen=True)
class Given:
    """What a posting has of the elements: texts of post and posting, and whether person and place are
    there."""

    has_place: bool
    has_person: bool
    duties: str
    letter: str
    terms: Mapping[str, str]
    full_time: bool = True


@dataclass(frozen=True)
class Completeness:
    """One set (五定, 六定 …) of one posting: how many of its elements are there and which are missing."""

    set: str
    zh: str
    en: str
    have: int
    of: int
    missing: tuple[str, ...]

    @property
    def missing_zh(self) -> str:
        return "、".join(ELEMENTS[e][0] for e in self.missing)

    @property
    def missing_en(self) -> str:
        return ", ".join(ELEMENTS[e][1] for e in self.missing)


def compute_completeness(given: Given, sets: Iterable[Mapping[str, Any]]) -> list[Completeness]:
    """Each of `sets` ({"id", "zh", "en", "elements"}) against what is given; missing elements in their
    order."""
    present = _present(given)
    found = []
    for one in sets:
        missing = tuple(e for e in one["elements"] if e not in present)
        of = len(one["elements"])
        found.append(Completeness(one["id"], one["zh"], one["en"], of - len(missing), of, missing))
    return found


def _present(given: Given) -> set[str]:
    checks = {
        "place": given.has_place,
        "person": given.has_person,
        "post": True,
        "duty": bool(given.duties or given.letter),
        "task": bool(given.terms.get("task")),
        "standard": bool(given.terms.get("standard")),
        "reward": bool(given.terms.get("reward")),
        "time": bool(given.terms.get("hours")),
    }
    return {element for element, there in checks.items() if there}
