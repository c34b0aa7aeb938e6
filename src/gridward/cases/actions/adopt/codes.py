"""Categories and units that an import names: found, or made where the mapping says create: true."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from gridward.cases.actions.categories import find_or_create_category
from gridward.cases.queries.rulebook import rulebook
from gridward.kernel.actor import Actor
from gridward.kernel.tables.mapping import FieldRule, ImportMapping
from gridward.logbook import queries as logbook
from gridward.people import actions as people_actions
from gridward.people import queries as people


@dataclass
class Codes:
    """Known categories (row numbers) and units of one import; `commit` False makes nothing and counts instead."""

    mapping: ImportMapping
    actor: Actor
    now: datetime
    commit: bool
    categories: dict[str, int | None] = field(default_factory=dict)
    units: dict[str, UUID | None] = field(default_factory=dict)

    @property
    def dictionary(self) -> str:
        rule = self.mapping.fields.get("category")
        return str(rule.options.get("dictionary") or self.mapping.source) if rule else self.mapping.source

    def category(self, code: str) -> int | None:
        """The row number of a category; None when unknown and not to be made."""
        if code not in self.categories:
            self.categories[code] = self._find_category(code)
        return self.categories[code]

    def _find_category(self, code: str) -> int | None:
        book = rulebook(logbook.stamps())
        for found in book.by_code.get(f"{self.dictionary}/{code}", ()):
            return found.id
        if not _creates(self.mapping.fields.get("category")):
            return None
        if not self.commit:
            return -1
        return find_or_create_category(
            dictionary=self.dictionary, code=code, label=code, actor=self.actor, now=self.now
        )

    def unit(self, name: str) -> UUID | None:
        """The id of a unit; None when unknown and not to be made."""
        if name not in self.units:
            self.units[name] = self._find_unit(name)
        return self.units[name]

    def _find_unit(self, name: str) -> UUID | None:
        found = people.find_unit(name, logbook.stamps())
        if found:
            return found.id
        if not _creates(self.mapping.fields.get("unit")):
            return None
        if not self.commit:
            return UUID(int=0)
        return people_actions.find_or_create_unit(
            name=name, code=name, source=self.mapping.source, actor=self.actor, now=self.now
        ).id


def _creates(rule: FieldRule | None) -> bool:
    return bool(rule and rule.options.get("create"))
