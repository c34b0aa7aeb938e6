"""Who acts: the lead, or the deputy (B post) while the lead is away."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID


@dataclass(frozen=True)
class PersonRef:
    """A person in a post. `on_behalf_of` is the lead for whom a deputy acts."""

    id: UUID
    name: str
    post: str
    rank: str
    on_behalf_of: UUID | None = None


@dataclass(frozen=True)
class Held:
    """One posting in force at the instant asked for. `away`: the person is absent from it at that instant."""

    person: UUID
    name: str
    post: str
    rank: str
    target: UUID
    away: bool = False


def compute_acting(held: Iterable[Held]) -> list[PersonRef]:
    """Who acts in lead of each (target, post) of `held`: leads first, sorted by post, name and id."""
    groups: dict[tuple[UUID, str], list[Held]] = defaultdict(list)
    for one in held:
        groups[one.target, one.post].append(one)
    found = [ref for group in groups.values() for ref in _acting_in(group)]
    return sorted(set(found), key=_order)


def compute_holders(held: Iterable[Held]) -> list[PersonRef]:
    """Who acts, and everybody who assists or sponsors there."""
    known = list(held)
    beside = {_ref(h) for h in known if h.rank in ("assist", "sponsor")}
    return compute_acting(known) + sorted(beside, key=_order)


def _order(ref: PersonRef) -> tuple[str, bool, str, str, str, str]:
    """Leads first, then by rank and name: the same people always come in the same order."""
    return ref.post, ref.rank != "lead", ref.rank, ref.name, str(ref.id), str(ref.on_behalf_of)


def _acting_in(group: list[Held]) -> list[PersonRef]:
    """A lead who is away stays responsible when no deputy is there; a vacant lead is filled by the
    deputies."""
    leads = [h for h in group if h.rank == "lead"]
    deputies = [h for h in group if h.rank == "deputy" and not h.away]
    if not leads:
        return [_ref(d) for d in deputies]
    found = []
    for lead in leads:
        if lead.away and deputies:
            found += [_ref(d, lead.person) for d in deputies]
        else:
            found.append(_ref(lead))
    return found


def _ref(held: Held, on_behalf_of: UUID | None = None) -> PersonRef:
    return PersonRef(held.person, held.name, held.post, held.rank, on_behalf_of)
