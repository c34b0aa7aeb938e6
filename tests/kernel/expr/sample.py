"""A ledger to try expressions on: a schema, its labels, and rows with every kind of dirt.

Each row exists three times: as a JSON document (for Python and as the column `fields`), and as plain columns.
The pools pair a stored JSON value with what a plain column of the right type would hold.
"""

from __future__ import annotations

import json
import random
from collections.abc import Mapping
from typing import Any

from gridward.kernel.expr import (
    Bool,
    Date,
    Float,
    Int,
    ListOf,
    Record,
    Schema,
    Text,
    json_columns,
    plain_column,
)
from gridward.kernel.sql import POSTGRESQL

TRADES = ("food", "drug", "hazmat", "entertainment")
TAGS = ("near_school", "main_street", "夜市")

SCHEMA: Schema = {
    "count": Int(-50, 50),
    "large": Int(),
    "fen": Int(0, 10**12),
    "share": Float(),
    "rate": Float(1000.0),
    "name": Text(),
    "street": Text(),
    "trade": Text(TRADES),
    "licensed": Bool(),
    "key_unit": Bool(),
    "opened": Date(),
    "closed": Date(),
    "tags": ListOf(Text(TAGS)),
    "floors": ListOf(Int()),
    "visits": ListOf(Date()),
    "owner": Record({"name": Text(), "age": Int(0, 150), "active": Bool()}),
}

LABELS = {
    "trade": "行业",
    "trade=food": "食品",
    "trade=drug": "药品",
    "licensed": "持证",
    "count": "从业人数",
    "opened": "开业日期",
    "name": "名称",
    "tags": "标签",
    "tags=夜市": "夜市",
    "fen": "金额",
}

# Code points order these differently from UTF-16, from any language and from case-blind comparison.
TEXTS = (
    "", "a", "A", "ab", "B", "Z", "z", "aba", "é", "e\u0301", "食品", "食品厂", "测试", "测试😀", "😀",
    "😀厂", "\uff21", "\U0001f468\u200d\U0001f469", "%", "_", "a%b", "\\", "'", '"', "a\nb", " ", "10", "-",
)  # fmt: skip
DATES = ("2023-12-31", "2024-01-01", "2024-02-29", "2025-06-30", "2026-03-01")

Pair = tuple[Any, Any]
MISSING: Pair = ("<missing>", None)
NULL: Pair = (None, None)


def _same(values: Any) -> list[Pair]:
    return [(v, v) for v in values]


POOLS: Mapping[str, list[Pair]] = {
    "count": [*_same((0, 1, -1, 2, 3, 7, -7, 50, -50, 51)), (3.0, 3), (3.5, None), ("3", None), (True, None)],
    "large": [*_same((0, 1, -1, 2**53 - 1, 1 - 2**53, 2**53, 2**60, -5, 12345)), ([1], None), (2**70, None)],
    "fen": _same((0, 1, 99, 100, 10**12, 10**12 + 1, -1, 250_000)),
    "share": [*_same((0.0, 0.5, -0.5, 0.1, 1e-15, 1e-16, 1e15, 2e15, 0.3, 1 / 3)), (2, 2.0), ("0.5", None)],
    "rate": [*_same((0.0, 1.0, 2.5, -2.5, 1000.0, 1000.5, 99.99)), (7, 7.0), (False, None)],
    "name": [*_same(TEXTS), (5, None), (True, None), (["a"], None)],
    "street": _same(TEXTS),
    "trade": [*_same(TRADES), ("other", "other")],
    "licensed": [*_same((True, False)), (1, None), ("true", None)],
    "key_unit": _same((True, False)),
    "opened": [*_same(DATES), (20240101, None)],
    "closed": _same(DATES),
    "tags": [
        *_same(([], ["near_school"], ["夜市", "main_street"], ["other", 5, None, True])),
        ("夜市", None),
    ],
    "floors": [*_same(([], [0], [1, 2, 3], [-1, 50, 50], [2.0, True, "3", None, 2**53 - 1]))],
    "visits": _same(([], ["2024-01-01"], ["2024-02-29", "2026-03-01"])),
    "owner.name": [*_same(TEXTS), (0, None)],
    "owner.age": [*_same((0, 18, 60, 150, 151)), (18.0, 18)],
    "owner.active": _same((True, False)),
}
LISTS = ("tags", "floors", "visits")
COLUMN = {path: path.replace(".", "_") for path in POOLS}


class Line:
    """One row: its JSON document and the values of its plain columns."""

    def __init__(self, rng: random.Random):
        self.document: dict[str, Any] = {}
        self.plain: dict[str, Any] = {}
        for path, pool in POOLS.items():
            stored, plain = rng.choice([*pool, *([NULL, MISSING] * (len(pool) // 8 + 1))])
            self.plain[path] = plain
            if stored != MISSING[0]:
                self._put(path.split("."), stored)
        if rng.random() < 0.1:
            self._drop_owner(rng)

    def _put(self, steps: list[str], value: Any) -> None:
        place = self.document
        for step in steps[:-1]:
            place = place.setdefault(step, {})
        place[steps[-1]] = value

    def _drop_owner(self, rng: random.Random) -> None:
        """The object itself is missing, null or something else."""
        self.document["owner"] = rng.choice([None, "王", 5, [1]])
        self.plain.update({path: None for path in self.plain if path.startswith("owner.")})

    @property
    def json(self) -> str:
        return json.dumps(self.document, ensure_ascii=False)

    def stored(self, path: str, vendor: str) -> Any:
        """The value for the plain column of `path`."""
        value = self.plain[path]
        if path in LISTS and value is not None:
            return json.dumps(value, ensure_ascii=False)
        if isinstance(value, bool) and vendor != POSTGRESQL:
            return int(value)
        return value


def lines(count: int, seed: int) -> list[Line]:
    rng = random.Random(seed)
    return [Line(rng) for _ in range(count)]


def kind_of(path: str) -> Any:
    owner = SCHEMA["owner"]
    assert isinstance(owner, Record)
    return owner.fields[path.removeprefix("owner.")] if "." in path else SCHEMA[path]


def columns(vendor: str, as_json: frozenset[str]) -> dict[str, str]:
    """Fragments for all fields: the named ones from the JSON column, the others from plain columns."""
    found = json_columns(vendor, "r.fields", SCHEMA)
    for path in POOLS:
        if path not in as_json:
            found[path] = plain_column(vendor, f"r.{COLUMN[path]}", kind_of(path))
    return found


EVERY = frozenset(POOLS)
