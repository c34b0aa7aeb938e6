"""What differs between two files, how complete one is, and how names are folded for search."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from gridward.ledger.rules.definition import Definition


@dataclass(frozen=True)
class Difference:
    """Changed fields only, before and after."""

    before: dict[str, Any]
    after: dict[str, Any]

    @property
    def fields(self) -> tuple[str, ...]:
        return tuple(sorted(self.after))


def difference(stored: Mapping[str, Any], given: Mapping[str, Any]) -> Difference:
    """What `given` changes in `stored`; None in `given` removes a value, fields not given stay."""
    changed = [name for name, value in given.items() if stored.get(name) != value]
    return Difference({n: stored.get(n) for n in changed}, {n: given[n] for n in changed})


def completeness(definition: Definition, present: Mapping[str, Any]) -> tuple[int, int, list[str]]:
    """(fields filled, fields wanted, ids of missing ones)."""
    missing = [name for name in definition.complete if present.get(name) in (None, "", [])]
    return len(definition.complete) - len(missing), len(definition.complete), missing


def fold_name(name: str) -> str:
    """A name for sorting and search: full-width to half-width, lower case, without spaces."""
    return "".join(unicodedata.normalize("NFKC", name).lower().split())
