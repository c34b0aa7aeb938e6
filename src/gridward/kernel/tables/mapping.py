"""The import mapping (version 1): which column of a foreign file means what. One reader for cases, ledgers, people.

version: 1 · source · key: [columns] · timezone · file: {…} · nulls: […]
fields: {name: {column: C} | {const: V} | {column: C, map: {from: to}} | {lon: X, lat: Y, crs, ignore: [[x, y]]}}
recorded: {on_time: {column, yes: […], no: […]}} · keep: [column | {column, personal: false}]
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import yaml

from gridward.kernel.errors import BadInput, ManyProblems, Message
from gridward.kernel.tables.options import FileOptions

NOT_YAML = Message(
    "GW-TABLE-080",
    "映射文件不是有效的 YAML：{found}。请对照 docs/how-to/mappings/ 里的例子。",
    "The mapping is not valid YAML: {found}. Compare it with the examples in docs/how-to/mappings/.",
)
UNKNOWN_KEY = Message(
    "GW-TABLE-081",
    "映射里有不认识的项“{found}”；可用：{allowed}。",
    "The mapping has an unknown key {found}; allowed: {allowed}.",
)
MISSING_KEY = Message(
    "GW-TABLE-082",
    "映射缺少“{found}”；例如：{allowed}。",
    "The mapping lacks {found}; for example: {allowed}.",
)
BAD_FIELD = Message(
    "GW-TABLE-083",
    "映射字段“{found}”要写成：{allowed}。",
    "The mapping field {found} must read: {allowed}.",
)
SEVERAL = Message("GW-TABLE-084", "映射有 {count} 处错误。", "The mapping has {count} mistakes.")

TOP = (
    "version",
    "source",
    "key",
    "timezone",
    "file",
    "nulls",
    "fields",
    "recorded",
    "keep",
    "scheme",
    "ledger",
    "level",
)
RULE = (
    "column",
    "const",
    "map",
    "dictionary",
    "create",
    "by",
    "lon",
    "lat",
    "crs",
    "ignore",
    "default",
    "personal",
    "format",
)
EXAMPLE = "{column: type}, {const: 310}, {column: a, map: {x: y}}, {lon: x, lat: y, crs: wgs84}"


class _Loader(yaml.SafeLoader):
    """YAML in which only true and false are booleans: `yes:` and `no:` are words of this format."""


_Loader.yaml_implicit_resolvers = {
    first: [(tag, pattern) for tag, pattern in rules if tag != "tag:yaml.org,2002:bool"]
    for first, rules in yaml.SafeLoader.yaml_implicit_resolvers.items()
}
_Loader.add_implicit_resolver("tag:yaml.org,2002:bool", re.compile("^(?:true|false)$"), list("tf"))


@dataclass(frozen=True)
class FieldRule:
    """How one field is filled: from a column (perhaps through `map`), from a constant, or from lon and lat."""

    name: str
    column: str | None = None
    const: Any = None
    map: Mapping[str, Any] | None = None
    lon: str | None = None
    lat: str | None = None
    crs: str = "wgs84"
    ignore: tuple[tuple[float, float], ...] = ()
    options: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Kept:
    """A column kept as it is; `personal` None means undeclared, which is masked."""

    column: str
    personal: bool | None = None


@dataclass(frozen=True)
class Recorded:
    """A verdict of the foreign system and how its words read."""

    column: str
    yes: frozenset[str]
    no: frozenset[str]


@dataclass(frozen=True)
class ImportMapping:
    """A checked mapping."""

    source: str
    key: tuple[str, ...]
    timezone: str | None
    file: FileOptions
    nulls: frozenset[str]
    fields: Mapping[str, FieldRule]
    recorded: Mapping[str, Recorded]
    keep: tuple[Kept, ...]
    scheme: str = ""


def read_mapping(
    text: str, *, name: str = "mapping.yaml", default_timezone: str | None = None
) -> ImportMapping:
    """Parse and check a mapping; ManyProblems (GW-TABLE-084) lists every mistake."""
    try:
        data = yaml.load(text, _Loader)
    except yaml.YAMLError as error:
        raise BadInput(NOT_YAML, where=name, found=" ".join(str(error).split())[:160]) from error
    if not isinstance(data, dict):
        raise BadInput(NOT_YAML, where=name, found=type(data).__name__)
    problems = _check(data, name)
    if problems:
        raise problems[0] if len(problems) == 1 else ManyProblems(SEVERAL, problems, count=len(problems))
    key = data["key"]
    return ImportMapping(
        source=str(data["source"]),
        key=tuple(str(k) for k in (key if isinstance(key, list) else [key])),
        timezone=data.get("timezone") or default_timezone,
        file=FileOptions.from_mapping(data.get("file")),
        nulls=frozenset(str(n) for n in data.get("nulls", [""])),
        fields={str(k): _rule(str(k), v) for k, v in data["fields"].items()},
        recorded={str(k): _recorded(v) for k, v in (data.get("recorded") or {}).items()},
        keep=tuple(_kept(k) for k in data.get("keep") or []),
        scheme=str(data.get("scheme") or ""),
    )


def _check(data: Mapping[str, Any], name: str) -> list[BadInput]:
    problems = [
        BadInput(UNKNOWN_KEY, where=name, found=k, allowed=", ".join(TOP)) for k in data if k not in TOP
    ]
    examples = {
        "source": "source: boston311",
        "key": "key: [case_enquiry_id]",
        "fields": "fields: {text: {column: title}}",
    }
    problems += [
        BadInput(MISSING_KEY, where=name, found=k, allowed=v) for k, v in examples.items() if not data.get(k)
    ]
    if data.get("version") != 1:
        problems.append(BadInput(MISSING_KEY, where=name, found="version", allowed="version: 1"))
    fields = data.get("fields")
    if fields is not None and not isinstance(fields, dict):
        problems.append(BadInput(BAD_FIELD, where=name, found="fields", allowed="{name: {column: …}}"))
        return problems
    for key, rule in (fields or {}).items():
        problems += _check_rule(str(key), rule, name)
    return problems


def _check_rule(key: str, rule: Any, name: str) -> list[BadInput]:
    if not isinstance(rule, dict) or not ({"column", "const"} & rule.keys() or {"lon", "lat"} <= rule.keys()):
        return [BadInput(BAD_FIELD, where=name, found=key, allowed=EXAMPLE)]
    unknown = [k for k in rule if k not in RULE]
    return [BadInput(UNKNOWN_KEY, where=f"{name}: {key}", found=k, allowed=", ".join(RULE)) for k in unknown]


def _rule(name: str, data: Mapping[str, Any]) -> FieldRule:
    mapped = data.get("map")
    return FieldRule(
        name=name,
        column=str(data["column"]) if data.get("column") is not None else None,
        const=data.get("const"),
        map={str(k): v for k, v in mapped.items()} if mapped else None,
        lon=data.get("lon"),
        lat=data.get("lat"),
        crs=str(data.get("crs", "wgs84")),
        ignore=tuple((float(x), float(y)) for x, y in data.get("ignore") or ()),
        options={
            k: v
            for k, v in data.items()
            if k in ("dictionary", "create", "by", "default", "personal", "format")
        },
    )


def _recorded(data: Mapping[str, Any]) -> Recorded:
    return Recorded(
        str(data["column"]),
        frozenset(str(v) for v in data.get("yes", [])),
        frozenset(str(v) for v in data.get("no", [])),
    )


def _kept(data: Any) -> Kept:
    if isinstance(data, dict):
        return Kept(str(data["column"]), data.get("personal"))
    return Kept(str(data))


class Columns:
    """Values of one batch by mapping field: nulls become None, maps and constants are applied."""

    def __init__(
        self, mapping: ImportMapping, columns: Mapping[str, Sequence[Any]], names: Mapping[str, str]
    ) -> None:
        self.mapping = mapping
        self.columns = columns
        self.names = names
        self.size = len(next(iter(columns.values()), ()))

    def column(self, label: str) -> list[Any]:
        """The values of a foreign column, nulls as None."""
        nulls = self.mapping.nulls
        return [
            None if v is None or (type(v) is str and v.strip() in nulls) else v
            for v in self.columns[self.names[label]]
        ]

    def field(self, name: str) -> list[Any]:
        """The values of a mapped field; all None when the mapping lacks it."""
        rule = self.mapping.fields.get(name)
        if rule is None:
            return [None] * self.size
        if rule.column is None:
            return [rule.const] * self.size
        values = self.column(rule.column)
        if rule.map is not None:
            values = [
                rule.map.get(_text(v), rule.options.get("default")) if v is not None else None for v in values
            ]
        return values


def _text(value: Any) -> str:
    return value if type(value) is str else str(value)


def wanted_columns(mapping: ImportMapping) -> list[str]:
    """Every foreign column that the mapping names."""
    names = list(mapping.key)
    for rule in mapping.fields.values():
        names += [c for c in (rule.column, rule.lon, rule.lat) if c]
    names += [r.column for r in mapping.recorded.values()]
    names += [k.column for k in mapping.keep]
    return list(dict.fromkeys(names))
