"""Rows of a foreign file (with a mapping) or of an own export (without one), as what they say about subjects."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from gridward.kernel.codes import mask_text
from gridward.kernel.errors import BadInput, Message
from gridward.kernel.geometry import to_wgs84
from gridward.kernel.tables import Table
from gridward.kernel.tables.mapping import Columns, ImportMapping, wanted_columns
from gridward.kernel.tables.mapping import FieldRule as MapRule
from gridward.ledger.actions.giving import check_given
from gridward.ledger.rules import Definition, Given
from gridward.ledger.rules.files import key_of
from gridward.ledger.rules.guessing import PLACES, mapped_columns
from gridward.ledger.rules.masking import is_masked
from gridward.ledger.rules.values import MISSING
from gridward.logbook.actions import body_digest

NO_KEY = Message(
    "GW-LEDGER-080",
    "缺少主键“{found}”，这一行不能导入；请补上。",
    "The key {found} is missing; fill it in, the row cannot be imported without.",
)
NOT_A_FIELD = Message(
    "GW-LEDGER-081",
    "映射里的“{found}”不是台账“{ledger}”的字段；可用：{allowed}。",
    "{found} in the mapping is no field of ledger {ledger}; allowed: {allowed}.",
)
NOT_A_COLUMN = Message(
    "GW-LEDGER-082",
    "列“{found}”不属于台账“{ledger}”；可用的列：{allowed}。请删去此列，或为外来文件加上 --mapping。",
    "The column {found} does not belong to ledger {ledger}; columns are: {allowed}. Remove it, or give a --mapping "
    "for a foreign file.",
)
NOT_A_NUMBER = Message(
    "GW-LEDGER-083",
    "坐标“{found}”不是数字；请写十进制度。",
    "The coordinate {found} is not a number; write decimal degrees.",
)
BASICS = {
    "number": ("编号", "Number"),
    "name": ("名称", "Name"),
    "address": ("地址", "Address"),
    "area": ("所属网格", "Area"),
    "lon": ("经度", "Longitude"),
    "lat": ("纬度", "Latitude"),
}
"""Columns of every export beside the fields: code → labels."""
FREE_TEXT = ("text", "phone")
Problems = list[tuple[str, BadInput]]


@dataclass
class Line:
    """One row of the file: what it says, under which key, and what is wrong with it."""

    row: int
    key: str | None
    number: str | None
    given: Given
    problems: Problems = field(default_factory=list)

    @property
    def identity(self) -> str:
        return f"#{self.number}" if self.number else str(self.key)


class Reader:
    """Lines of a batch; the two kinds of files differ in how cells become values."""

    def __init__(self, table: Table, definition: Definition, timezone: str) -> None:
        self.table, self.definition, self.timezone = table, definition, timezone
        self.labels: dict[str, str] = {}

    def lines(self, first_row: int, raw: Mapping[str, Sequence[Any]]) -> Iterator[Line]:
        """Every row of a batch, checked."""
        raise NotImplementedError

    def check(self, row: int, given: Given, blank: set[str], problems: Problems) -> tuple[Given, Problems]:
        """Check one row; problems are named by the column of the file. `blank`: fields with an empty cell."""
        checked, found = check_given(self.definition, given, timezone=self.timezone, partial=True)
        for name, rule in self.definition.fields.items():
            if rule.required and name in blank:
                found.append((name, BadInput(MISSING, field=name, label=rule.label_in("zh"))))
        where = self.table.place(row)
        for _, problem in found:
            problem.where = problem.where or where
        return checked, [*problems, *((self.labels.get(name, name), problem) for name, problem in found)]


class MappedReader(Reader):
    """A foreign file, read through its mapping; undeclared free text is masked, keys are not."""

    def __init__(self, table: Table, mapping: ImportMapping, definition: Definition, timezone: str) -> None:
        super().__init__(table, definition, mapping.timezone or timezone)
        self.mapping = mapping
        self.names = {label: table.resolve(label) for label in wanted_columns(mapping)}
        self.columns = mapped_columns(mapping)
        self.masked = [name for name in (*self.columns, "name", "address") if self._masks(name)]
        self._check_fields()
        sources = {
            name: rule.column or rule.lon or "" for name, rule in mapping.fields.items()
        } | self.columns
        self.labels = {name: self.names.get(source, "") for name, source in sources.items()}

    def _check_fields(self) -> None:
        allowed = (*self.definition.fields, *PLACES)
        for name in self.columns:
            if name not in self.definition.fields:
                values = {"found": name, "ledger": self.definition.code, "allowed": ", ".join(allowed)}
                raise BadInput(NOT_A_FIELD, field=name, **values)

    def _masks(self, name: str) -> bool:
        rule = self.definition.fields.get(name)
        if rule is not None and (rule.sealed or rule.type not in FREE_TEXT or name in self.definition.key):
            return False
        if name in self.mapping.fields:
            return self.mapping.fields[name].options.get("personal") is not False
        kept = next((k for k in self.mapping.keep if k.column == self.columns.get(name)), None)
        return kept is None or kept.personal is not False

    def lines(self, first_row: int, raw: Mapping[str, Sequence[Any]]) -> Iterator[Line]:
        columns = Columns(self.mapping, raw, self.names)
        cells = {name: self._cells(columns, name, source) for name, source in self.columns.items()}
        places = {name: self._texts(columns, name) for name in ("name", "address", "area")}
        lon, lat = points(columns, self.mapping.fields.get("point"))
        keys = [columns.column(name) for name in self.mapping.key]
        for i in range(columns.size):
            values = {name: column[i] for name, column in cells.items() if column[i] is not None}
            here = (None, None) if lon[i] != lon[i] or lat[i] != lat[i] else (float(lon[i]), float(lat[i]))
            name, address, area = (places[part][i] for part in ("name", "address", "area"))
            given = Given(name, address, here[0], here[1], area, values)
            yield self._line(first_row + i, given, [column[i] for column in keys])

    def _line(self, row: int, given: Given, parts: list[Any]) -> Line:
        checked, problems = self.check(row, given, self.columns.keys() - given.values.keys(), [])
        if any(part is None for part in parts):
            label = self.names[self.mapping.key[next(n for n, part in enumerate(parts) if part is None)]]
            problems.append((label, BadInput(NO_KEY, where=self.table.place(row), found=label)))
        foreign = f"{self.mapping.source}|{'|'.join(_text(part) for part in parts)}"
        return Line(row, key_of(self.definition, checked.values) or foreign, None, checked, problems)

    def _cells(self, columns: Columns, name: str, source: str) -> list[Any]:
        """Values of one field; a word that the map lacks stays as it is, so that it is refused with a reason."""
        rule = self.mapping.fields.get(name)
        values = columns.column(source) if rule is None else columns.field(name)
        if rule is not None and rule.map and rule.column and "default" not in rule.options:
            given = columns.column(rule.column)
            values = [was if now is None else now for was, now in zip(given, values, strict=True)]
        if name not in self.masked:
            return values
        return [mask_text(value) if isinstance(value, str) else value for value in values]

    def _texts(self, columns: Columns, name: str) -> list[str | None]:
        texts = [None if v is None else _text(v) for v in columns.field(name)]
        return (
            [mask_text(t) if t else None for t in texts]
            if name in self.masked
            else [t or None for t in texts]
        )


def _text(value: Any) -> str:
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    return str(value).strip()


def points(columns: Columns, rule: MapRule | None) -> tuple[Any, Any]:
    """(lon, lat) of every row in WGS 84, NaN where there is none or a default point stands."""
    if rule is None or rule.lon is None or rule.lat is None:
        nothing = np.full(columns.size, np.nan)
        return nothing, nothing
    lon, lat = _degrees(columns.column(rule.lon)), _degrees(columns.column(rule.lat))
    for x, y in rule.ignore:
        default = (np.abs(lon - x) < 1e-9) & (np.abs(lat - y) < 1e-9)
        lon, lat = np.where(default, np.nan, lon), np.where(default, np.nan, lat)
    return (lon, lat) if rule.crs in ("wgs84", "cgcs2000") else to_wgs84(lon, lat, rule.crs)


def _degrees(values: Sequence[Any]) -> Any:
    return np.array([_degree(v) for v in values], dtype=float)


def _degree(value: Any) -> float:
    try:
        return float("nan") if value is None else float(value)
    except (TypeError, ValueError):
        return float("nan")


class OwnReader(Reader):
    """An own export or template: columns by code or label; what is shown masked is left as it is."""

    def __init__(self, table: Table, definition: Definition, timezone: str) -> None:
        super().__init__(table, definition, timezone)
        self.names = self._columns()
        self.labels = {name: label for label, name in self.names.items()}

    def _columns(self) -> dict[str, str]:
        known: dict[str, str] = {}
        for name, labels in BASICS.items():
            known |= dict.fromkeys((name, *labels), name)
        for name, rule in self.definition.fields.items():
            known |= dict.fromkeys((*rule.label.values(), name), name)
        codes = self.table.codes or [""] * len(self.table.header)
        found = {}
        for label, code in zip(self.table.header, codes, strict=True):
            name = known.get(code) or known.get(label) or ""
            if not name:
                allowed = "、".join([*BASICS, *self.definition.fields])
                values = {"found": label, "ledger": self.definition.code, "allowed": allowed}
                raise BadInput(NOT_A_COLUMN, field=label, where=self.table.name, **values)
            found[label] = name
        return found

    def lines(self, first_row: int, raw: Mapping[str, Sequence[Any]]) -> Iterator[Line]:
        for offset, cells in enumerate(zip(*raw.values(), strict=True)):
            row = {self.names[label]: cell for label, cell in zip(raw, cells, strict=True)}
            if all(cell in (name, None) for name, cell in row.items()):
                continue  # the row of codes, where labels read like codes and it was taken for data
            yield self._line(first_row + offset, row)

    def _line(self, number: int, row: dict[str, Any]) -> Line:
        fields = {n: v for n, v in row.items() if n in self.definition.fields}
        hidden = {n for n, v in fields.items() if self.definition.fields[n].sealed and is_masked(v)}
        values = {n: v for n, v in fields.items() if v is not None and n not in hidden}
        problems: Problems = []
        lon, lat = (self._number(n, row.get(n), number, problems) for n in ("lon", "lat"))
        name, address, area = (
            None if row.get(n) is None else _text(row[n]) for n in ("name", "address", "area")
        )
        given = Given(name, address, lon, lat, area, values)
        checked, problems = self.check(number, given, fields.keys() - values.keys() - hidden, problems)
        own = None if row.get("number") is None else _text(row["number"])
        key = key_of(self.definition, checked.values) or f"row|{own or body_digest(_plain(row))[:32]}"
        return Line(number, key, own, checked, problems)

    def _number(self, name: str, value: Any, row: int, problems: Problems) -> float | None:
        try:
            return None if value is None else float(value)
        except (TypeError, ValueError):
            problem = BadInput(NOT_A_NUMBER, where=self.table.place(row), found=str(value)[:40])
            problems.append((self.labels[name], problem))
            return None


def _plain(row: Mapping[str, Any]) -> dict[str, str]:
    return {name: str(value) for name, value in row.items() if value is not None}
