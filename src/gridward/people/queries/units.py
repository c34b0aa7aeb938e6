"""Units and names of people. The directory of units is kept per process under the stamp "people"."""

from __future__ import annotations

import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from uuid import UUID

from gridward.kernel.errors import Conflict, Message
from gridward.people.models import Person, Unit
from gridward.people.queries.kept import Stamps, keep, stamps_or_read

AMBIGUOUS = Message(
    "GW-PEOPLE-061",
    "有 {count} 个单位叫“{found}”（代码 {allowed}）；请用代码指明。",
    "{count} units are called “{found}” (codes {allowed}); name the unit by its code.",
)
NOT_PEOPLE = {"system": "系统", "public": "公众"}


@dataclass(frozen=True)
class UnitRef:
    """A unit as lists and answers show it."""

    id: UUID
    code: str
    name: str


@dataclass(frozen=True)
class Directory:
    """All units, found by id, by code, and by name or alias (folded: width and case of letters, blanks)."""

    by_id: Mapping[UUID, UnitRef]
    by_code: Mapping[str, UnitRef]
    by_name: Mapping[str, tuple[UnitRef, ...]]

    def find(self, text: str) -> UnitRef | None:
        """The unit with this id, code, name or alias. Raises Conflict when several have the name."""
        found = self.by_code.get(text.strip()) or self.by_id.get(_as_uuid(text))
        if found:
            return found
        named = self.by_name.get(fold(text), ())
        if len(named) > 1:
            codes = "、".join(unit.code for unit in named[:5])
            raise Conflict(AMBIGUOUS, field="unit", found=text[:80], count=len(named), allowed=codes)
        return named[0] if named else None


_NO_ID = UUID(int=0)


def _as_uuid(text: str) -> UUID:
    try:
        return UUID(text.strip())
    except ValueError:
        return _NO_ID


def fold(name: str) -> str:
    """A name without what files get wrong: width and case of letters, blanks."""
    return " ".join(unicodedata.normalize("NFKC", name).casefold().split())


def directory(stamps: Stamps | None = None) -> Directory:
    """All units; no statement while the stamps handed in stand."""
    return keep("units", stamps_or_read(stamps).get("people"), _load)


def _load() -> Directory:
    by_name: dict[str, dict[UUID, UnitRef]] = defaultdict(dict)
    refs = []
    for key, code, name, aliases in Unit.objects.order_by("code").values_list(
        "id", "code", "name", "aliases"
    ):
        ref = UnitRef(key, code, name)
        refs.append(ref)
        for text in (name, *aliases):
            by_name[fold(text)][key] = ref
    names = {name: tuple(found.values()) for name, found in by_name.items()}
    return Directory({r.id: r for r in refs}, {r.code: r for r in refs}, names)


def units(stamps: Stamps | None = None) -> list[UnitRef]:
    """All units in the order of their codes."""
    return list(directory(stamps).by_id.values())


def unit_ref(unit: UUID | None, stamps: Stamps | None = None) -> UnitRef | None:
    """The unit with this id."""
    return directory(stamps).by_id.get(unit) if unit else None


def find_unit(text: str, stamps: Stamps | None = None) -> UnitRef | None:
    """The unit with this id, code, name or alias. Raises Conflict when several have the name."""
    return directory(stamps).find(text)


def names_of(keys: Iterable[str]) -> dict[str, str]:
    """Names for actor keys as journals hold them (a person's id, "system", "public"); one statement."""
    wanted = set(keys)
    people = {key: _as_uuid(key) for key in wanted if key not in NOT_PEOPLE}
    found = dict(Person.objects.filter(id__in=people.values()).values_list("id", "name"))
    named = {key: found.get(uuid, key) for key, uuid in people.items()}
    return named | {key: NOT_PEOPLE[key] for key in wanted & NOT_PEOPLE.keys()}


def name_of(key: str) -> str:
    """The name for one actor key."""
    return names_of([key])[key]
