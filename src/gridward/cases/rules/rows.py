"""Which standard row holds for a case: the first whose condition is true on the case's facts."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from typing import Any

from gridward.cases.rules.workflow import Category, StandardRow
from gridward.kernel.expr import Bool, Evaluator, Schema, Text, check, compile_python

CASE_FACTS: Schema = {
    "can_fix_now": Bool(),
    "emergency": Bool(),
    "repeated": Bool(),
    "severity": Text(),
    "kind": Text(),
    "season": Text(),
}
"""What a standard row may ask: everything an officer states when reporting or filing."""


@lru_cache(maxsize=4096)
def _condition(text: str) -> Evaluator:
    return compile_python(check(text, CASE_FACTS, wants=Bool))


def choose_row(category: Category, facts: Mapping[str, Any], chosen: str | None = None) -> StandardRow | None:
    """The row an officer chose, else the first whose `when` holds on `facts`; None without rows."""
    if chosen:
        return category.row(chosen)
    for row in category.rows:
        if row.when == "true" or _condition(row.when)(facts) is True:
            return row
    return None
