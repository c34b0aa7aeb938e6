"""Shapes of YAML documents, declared as data: checked with teaching errors, exported as JSON Schema.

A room says what its part of a pack looks like (pack_schema.py); this module walks a document along such a shape
and reports every mistake with its path, what was found, what is allowed and a sample that works.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

Path = tuple[str | int, ...]


@dataclass(frozen=True)
class Flaw:
    """One mistake: code, where in the document, what was found, what is allowed, a sample that works."""

    code: str
    path: Path
    found: str
    allowed: str
    sample: str


@dataclass(frozen=True)
class Shape:
    """Base of all shapes."""

    help: str = field(default="", kw_only=True)
    sample: str = field(default="", kw_only=True)


@dataclass(frozen=True)
class Text(Shape):
    """Any text, or one that matches `pattern` (a whole-text regular expression named by `means`)."""

    pattern: str = ""
    means: str = ""


@dataclass(frozen=True)
class Label(Shape):
    """What people read: a text (Chinese) or {zh, zh_hant, en}."""


@dataclass(frozen=True)
class Whole(Shape):
    """A whole number within bounds."""

    low: int | None = None
    high: int | None = None


@dataclass(frozen=True)
class Number(Shape):
    """A number."""


@dataclass(frozen=True)
class Flag(Shape):
    """true or false."""


@dataclass(frozen=True)
class OneOf(Shape):
    """One of some words."""

    words: tuple[str, ...] = ()


@dataclass(frozen=True)
class Items(Shape):
    """A list of one shape; `key` names the field that must be unique among records."""

    item: Shape = field(default_factory=Text)
    key: str = ""
    least: int = 0


@dataclass(frozen=True)
class Table(Shape):
    """A mapping from ids to one shape."""

    value: Shape = field(default_factory=Text)
    key_pattern: str = r"[a-z][a-z0-9_]*"


@dataclass(frozen=True)
class Either(Shape):
    """The first shape that fits; mistakes are told of the one whose kind fits."""

    options: tuple[Shape, ...] = ()


@dataclass(frozen=True)
class Checked(Shape):
    """A text with a checker of its own (expressions, limits): returns (found, allowed) or None."""

    check: Callable[[str], tuple[str, str] | None] = field(default=lambda text: None)
    code: str = "GW-PACKS-020"


@dataclass(frozen=True)
class Anything(Shape):
    """Taken as it is; a later issue gives it a shape. Without `decimals` where it enters a journal, which holds none."""

    decimals: bool = True


@dataclass(frozen=True)
class Record(Shape):
    """Named fields; unknown ones are refused with the closest known one."""

    fields: Mapping[str, Shape] = field(default_factory=dict)
    required: tuple[str, ...] = ()


ID = Text(pattern=r"[a-z][a-z0-9_]*", means="小写字母、数字和下划线 / lower_snake", sample="beat_head")
DOTTED = Text(
    pattern=r"[A-Za-z0-9][A-Za-z0-9_.\-]*",
    means="字母、数字、点、下划线 / letters, digits, dot, underscore",
    sample="fire.exit_blocked",
)
SOURCE = Record(
    fields={"doc": Text(sample="000-8"), "quote": Text()}, required=("doc",), sample="{doc: 000-8}"
)


def flaws(shape: Shape, value: Any, path: Path = ()) -> Iterator[Flaw]:
    """Every mistake of `value` against `shape`, in document order."""
    yield from _CHECKS[type(shape)](shape, value, path)


def kind_of(value: Any) -> str:
    """What a value is, in words of the format."""
    names = {
        dict: "mapping",
        list: "list",
        str: "text",
        bool: "true/false",
        int: "number",
        float: "number",
        type(None): "nothing",
    }
    name = names.get(type(value), type(value).__name__)
    return name if isinstance(value, dict | list) or value is None else f"{name} {str(value)[:60]!r}"


def _wrong(shape: Shape, value: Any, path: Path, allowed: str, sample: str) -> Flaw:
    return Flaw("GW-PACKS-010", path, kind_of(value), allowed, shape.sample or sample)


def _text(shape: Text, value: Any, path: Path) -> Iterator[Flaw]:
    if isinstance(value, float):
        yield _wrong(shape, value, path, "text; write decimals in quotes", f'"{value}"')
    elif isinstance(value, bool) or not isinstance(value, str | int):
        yield _wrong(shape, value, path, "text", "text")
    elif shape.pattern and not re.fullmatch(shape.pattern, str(value)):
        yield Flaw("GW-PACKS-011", path, str(value)[:60], shape.means or shape.pattern, shape.sample)


def _label(shape: Label, value: Any, path: Path) -> Iterator[Flaw]:
    if isinstance(value, str) and value.strip():
        return
    if not isinstance(value, dict) or not value:
        yield _wrong(shape, value, path, "text or {zh, en}", "{zh: 网格长, en: grid lead}")
        return
    for key, text in value.items():
        if key not in ("zh", "zh_hant", "en"):
            yield Flaw(
                "GW-PACKS-012", (*path, key), str(key), "zh, zh_hant, en", "{zh: 网格长, en: grid lead}"
            )
        elif not isinstance(text, str) or not text.strip():
            yield _wrong(shape, text, (*path, key), "text", "网格长")


def _whole(shape: Whole, value: Any, path: Path) -> Iterator[Flaw]:
    if isinstance(value, bool) or not isinstance(value, int):
        yield _wrong(shape, value, path, "a whole number", str(shape.low if shape.low is not None else 1))
    elif (shape.low is not None and value < shape.low) or (shape.high is not None and value > shape.high):
        bounds = f"{'' if shape.low is None else shape.low}…{'' if shape.high is None else shape.high}"
        yield Flaw(
            "GW-PACKS-013", path, str(value), bounds, str(shape.low if shape.low is not None else shape.high)
        )


def _number(shape: Number, value: Any, path: Path) -> Iterator[Flaw]:
    if isinstance(value, bool) or not isinstance(value, int | float):
        yield _wrong(shape, value, path, "a number", "0.1")


def _flag(shape: Flag, value: Any, path: Path) -> Iterator[Flaw]:
    if not isinstance(value, bool):
        yield _wrong(shape, value, path, "true or false", "true")


def _one_of(shape: OneOf, value: Any, path: Path) -> Iterator[Flaw]:
    if not isinstance(value, str) or value not in shape.words:
        yield Flaw(
            "GW-PACKS-014", path, kind_of(value), ", ".join(shape.words), closest(str(value), shape.words)
        )


def closest(found: str, known: Sequence[str]) -> str:
    """The known word most like `found` (the first when none is)."""
    near = difflib.get_close_matches(found, known, n=1, cutoff=0.3)
    return near[0] if near else (known[0] if known else "")


def _items(shape: Items, value: Any, path: Path) -> Iterator[Flaw]:
    if not isinstance(value, list):
        yield _wrong(shape, value, path, "a list", "- …")
        return
    if len(value) < shape.least:
        yield Flaw("GW-PACKS-015", path, f"{len(value)}", f"at least {shape.least}", shape.sample)
    seen: set[str] = set()
    for number, item in enumerate(value):
        yield from flaws(shape.item, item, (*path, number))
        if shape.key and isinstance(item, dict) and shape.key in item:
            key = str(item[shape.key])
            if key in seen:
                yield Flaw("GW-PACKS-016", (*path, number, shape.key), key, "each only once", f"{key}_2")
            seen.add(key)


def _table(shape: Table, value: Any, path: Path) -> Iterator[Flaw]:
    if not isinstance(value, dict):
        yield _wrong(shape, value, path, "a mapping from ids", "id: …")
        return
    for key, item in value.items():
        if not re.fullmatch(shape.key_pattern, str(key)):
            yield Flaw("GW-PACKS-011", (*path, key), str(key)[:60], shape.key_pattern, "beat_head")
        yield from flaws(shape.value, item, (*path, key))


def _either(shape: Either, value: Any, path: Path) -> Iterator[Flaw]:
    tries = [list(flaws(option, value, path)) for option in shape.options]
    if not all(tries):
        return
    fitting = [
        found for found in tries if not any(f.path == path and f.code == "GW-PACKS-010" for f in found)
    ]
    if fitting:
        yield from min(fitting, key=len)
        return
    told = [found[0] for found in tries]
    yield _wrong(shape, value, path, " | ".join(flaw.allowed for flaw in told), told[0].sample)


def _checked(shape: Checked, value: Any, path: Path) -> Iterator[Flaw]:
    if isinstance(value, bool):
        value = str(value).lower()
    if not isinstance(value, str):
        yield _wrong(shape, value, path, shape.help or "text", shape.sample)
        return
    problem = shape.check(value)
    if problem:
        yield Flaw(shape.code, path, problem[0], problem[1], shape.sample)


def _anything(shape: Anything, value: Any, path: Path) -> Iterator[Flaw]:
    if shape.decimals:
        return
    if isinstance(value, float):
        yield _wrong(shape, value, path, "text; write decimals in quotes", f'"{value}"')
    parts = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for name, item in parts:
        yield from _anything(shape, item, (*path, name))


def _record(shape: Record, value: Any, path: Path) -> Iterator[Flaw]:
    if not isinstance(value, dict):
        yield _wrong(
            shape,
            value,
            path,
            "a mapping with " + ", ".join(shape.fields),
            f"{{{next(iter(shape.fields), '')}: …}}",
        )
        return
    for name in shape.required:
        if value.get(name) is None:
            sample = shape.fields[name].sample or "…"
            yield Flaw("GW-PACKS-017", path, f"no {name}", f"{name} is required", f"{name}: {sample}")
    for name, item in value.items():
        if name not in shape.fields:
            known = tuple(shape.fields)
            yield Flaw("GW-PACKS-018", (*path, name), str(name), ", ".join(known), closest(str(name), known))
        elif item is not None:
            yield from flaws(shape.fields[name], item, (*path, name))


_CHECKS: dict[type, Callable[[Any, Any, Path], Iterator[Flaw]]] = {
    Text: _text, Label: _label, Whole: _whole, Number: _number, Flag: _flag, OneOf: _one_of, Items: _items,
    Table: _table, Either: _either, Checked: _checked, Anything: _anything, Record: _record,
}  # fmt: skip


class _Nothing:
    """What is left of a value that does not have its shape at all."""


NOTHING = _Nothing()


def shaped(shape: Shape, value: Any) -> Any:
    """The part of `value` that has the shape, in one form: texts as text, nothing where a value is of another kind.

    Cross-checks and rooms walk over this without looking at types again. A record lacks the keys that are wrong or
    empty; a wrong member of a list stays as None when it is a text and as {} when it is a record, so that numbers
    of members keep their meaning. Texts with a wrong pattern stay: they are texts. Returns NOTHING for a stranger.
    """
    if isinstance(shape, Record):
        return _shaped_record(shape, value)
    if isinstance(shape, Table):
        return _shaped_pairs(value, dict.fromkeys(value, shape.value)) if isinstance(value, dict) else NOTHING
    if isinstance(shape, Items):
        return _shaped_items(shape, value)
    if isinstance(shape, Either):
        return _shaped_either(shape, value)
    if isinstance(shape, Checked) and isinstance(value, bool):
        return str(value).lower()
    if any(flaw.code == "GW-PACKS-010" for flaw in flaws(shape, value)):
        return NOTHING
    if isinstance(shape, OneOf | Whole):
        return NOTHING if any(flaws(shape, value)) else value
    return str(value) if isinstance(shape, Text) else value


def _shaped_record(shape: Record, value: Any) -> Any:
    return _shaped_pairs(value, shape.fields) if isinstance(value, dict) else NOTHING


def _shaped_pairs(value: Mapping[Any, Any], shapes: Mapping[Any, Shape]) -> dict[str, Any]:
    pairs = {
        str(name): shaped(shapes[name], item)
        for name, item in value.items()
        if name in shapes and item is not None
    }
    return {name: item for name, item in pairs.items() if item is not NOTHING}


def _shaped_items(shape: Items, value: Any) -> Any:
    if not isinstance(value, list):
        return NOTHING
    found = (shaped(shape.item, item) for item in value)
    empty: Any = {} if isinstance(shape.item, Record) else None
    return [empty if item is NOTHING else item for item in found]


def _shaped_either(shape: Either, value: Any) -> Any:
    fitting = [option for option in shape.options if not any(flaws(option, value))] or list(shape.options)
    found = (shaped(option, value) for option in fitting)
    return next((item for item in found if item is not NOTHING), NOTHING)


def unknown(name: Any, known: Sequence[str], path: Path) -> Iterator[Flaw]:
    """The mistake of naming something that is not there; silent about a name that is no text."""
    if isinstance(name, str) and name not in known:
        allowed = ", ".join(known) or "none is defined"
        yield Flaw("GW-PACKS-031", path, name[:60], allowed, closest(name, known))


def json_schema(shape: Shape) -> dict[str, Any]:
    """The JSON Schema (2020-12) of a shape, for editors."""
    schema = _schema_of(shape)
    if shape.help:
        schema["description"] = shape.help
    if shape.sample:
        schema["examples"] = [shape.sample]
    return schema


def _schema_of(shape: Shape) -> dict[str, Any]:
    if isinstance(shape, Record):
        return {
            "type": "object",
            "properties": {name: json_schema(s) for name, s in shape.fields.items()},
            "required": list(shape.required),
            "additionalProperties": False,
        }
    if isinstance(shape, Items):
        return {"type": "array", "items": json_schema(shape.item), "minItems": shape.least}
    if isinstance(shape, Table):
        return {
            "type": "object",
            "additionalProperties": json_schema(shape.value),
            "propertyNames": {"pattern": f"^{shape.key_pattern}$"},
        }
    if isinstance(shape, Either):
        return {"anyOf": [json_schema(option) for option in shape.options]}
    if isinstance(shape, Text):
        return {
            "type": ["string", "integer"],
            **({"pattern": f"^(?:{shape.pattern})$"} if shape.pattern else {}),
        }
    if isinstance(shape, Whole):
        bounds = {k: v for k, v in (("minimum", shape.low), ("maximum", shape.high)) if v is not None}
        return {"type": "integer", **bounds}
    if isinstance(shape, Label):
        return {"anyOf": [{"type": "string"}, {"type": "object", "additionalProperties": {"type": "string"}}]}
    simple: dict[type, dict[str, Any]] = {
        Number: {"type": "number"},
        Flag: {"type": "boolean"},
        Checked: {"type": ["string", "boolean"]},
        Anything: {},
    }
    if isinstance(shape, OneOf):
        return {"enum": list(shape.words)}
    return simple.get(type(shape), {})
