"""ledgers/*.yaml and classes.yaml: what subjects are, which fields their file has, and into which class they fall."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from gridward.grids.pack_schema import schemes_of
from gridward.kernel.document import (
    ID,
    SOURCE,
    Anything,
    Checked,
    Either,
    Flag,
    Flaw,
    Items,
    Label,
    Number,
    OneOf,
    Path,
    Record,
    Table,
    Text,
    Whole,
    unknown,
)
from gridward.kernel.errors import GridwardError, ManyProblems
from gridward.kernel.expr import Bool, Date, Float, Int, Schema, Type, check
from gridward.kernel.expr import Text as ExprText

TYPES = (
    "text", "integer", "number", "money", "date", "datetime", "choice", "multichoice", "bool", "area", "subject",
    "person", "point", "photo", "file", "phone", "uscc",
)  # fmt: skip


def _pattern(text: str) -> tuple[str, str] | None:
    try:
        re.compile(text)
    except (re.error, OverflowError, RecursionError) as error:
        return f"{text[:40]}: {error}", "a regular expression"
    return None


CHOICE = Either(
    options=(Text(), Record(fields={"id": Text(), "label": Label(), "source": SOURCE}, required=("id",)))
)
FIELD = Record(
    fields={
        "id": ID,
        "label": Label(),
        "type": OneOf(words=TYPES),
        "unit": Text(),
        "required": Flag(),
        "choices": Items(item=CHOICE, key="id"),
        "pattern": Checked(
            check=_pattern, code="GW-PACKS-044", help="a regular expression", sample="[0-9]{15}"
        ),
        "min": Number(),
        "max": Number(),
        "personal": OneOf(words=("none", "contact", "sensitive")),
        "purpose": Text(),
        "retention_days": Whole(low=1),
        "help": Label(),
        "show_when": Checked(),
        "indexed": Flag(),
        "value": Anything(),
        "source": SOURCE,
    },
    required=("id", "label", "type"),
    sample="{id: licence_no, label: 执照编号, type: text}",
)
LEDGER = Record(
    fields={
        "id": ID,
        "label": Label(),
        "scheme": ID,
        "number": Text(),
        "key": Items(item=ID),
        "fields": Items(item=FIELD, key="id", least=1),
        "children": Items(item=ID),
        "completeness": Items(item=ID),
        "retention_days": Whole(low=1),
        "expected": Whole(low=0),
        "marks": Anything(),
        "rollups": Table(value=Anything()),
        "source": SOURCE,
    },
    required=("id", "label", "fields"),
    sample="{id: premises, label: 单位场所, fields: [{id: name, label: 名称, type: text}]}",
)
CLASSES = Items(
    item=Record(
        fields={
            "ledger": ID,
            "of": OneOf(words=("subject", "post", "area")),
            "facets": Table(
                value=Items(
                    item=Record(
                        fields={"when": Checked(), "is": Anything(), "else": Anything(), "source": SOURCE}
                    )
                )
            ),
            "table": Table(value=ID, key_pattern=r".+"),
            "classes": Items(
                item=Record(
                    fields={
                        "id": ID,
                        "label": Label(),
                        "colour": Text(),
                        "policy": Anything(),
                        "source": SOURCE,
                    },
                    required=("id", "label"),
                ),
                key="id",
            ),
            "source": SOURCE,
        },
        required=("classes",),
    )
)
MAX_INDEXED = 8
SECTIONS = {"ledgers": Items(item=LEDGER, key="id"), "classes": CLASSES}


def ledgers_of(doc: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    """The ledgers of a pack."""
    return [one for one in doc.get("ledgers") or [] if isinstance(one, dict)]


def schema_of(ledger: Mapping[str, Any]) -> Schema:
    """The fields of a ledger as expressions see them; rollups count."""
    known: dict[str, Type] = {}
    for f in ledger.get("fields") or []:
        if isinstance(f, dict) and f.get("id"):
            known[str(f["id"])] = _type_of(str(f.get("type")))
    for name in ledger.get("rollups") or {}:
        known[str(name)] = Int()
    return known


def _type_of(kind: str) -> Type:
    if kind in ("integer", "money"):
        return Int()
    if kind == "number":
        return Float()
    if kind == "bool":
        return Bool()
    return Date() if kind == "date" else ExprText()


def cross_check(doc: Mapping[str, Any]) -> Iterator[Flaw]:
    """Keys and completeness of known fields, choices where needed, expressions over known fields."""
    ledgers = ledgers_of(doc)
    ids = [str(one.get("id")) for one in ledgers]
    for n, ledger in enumerate(ledgers):
        yield from _check_ledger(ledger, ("ledgers", n), ids, doc)
    for n, entry in enumerate(doc.get("classes") or []):
        yield from _check_classes(entry, ("classes", n), ledgers)


def _check_ledger(
    ledger: Mapping[str, Any], path: Path, ids: list[str], doc: Mapping[str, Any]
) -> Iterator[Flaw]:
    fields = ledger.get("fields") or []
    names = [str(f.get("id")) for f in fields]
    for part in ("key", "completeness"):
        for k, name in enumerate(ledger.get(part) or []):
            yield from unknown(name, names, (*path, part, k))
    for k, child in enumerate(ledger.get("children") or []):
        yield from unknown(child, ids, (*path, "children", k))
    if "levels" in doc:
        yield from unknown(
            ledger.get("scheme"), [str(s["scheme"]) for s in schemes_of(doc)], (*path, "scheme")
        )
    indexed = [k for k, f in enumerate(fields) if f.get("indexed")]
    if len(indexed) > MAX_INDEXED:
        place, found = (*path, "fields", indexed[MAX_INDEXED]), f"{len(indexed)} indexed fields"
        yield Flaw("GW-PACKS-033", place, found, f"at most {MAX_INDEXED}", "indexed: false")
    schema = schema_of(ledger)
    for k, f in enumerate(fields):
        yield from _check_field(f, (*path, "fields", k), schema, ledger)


def _check_field(
    f: Mapping[str, Any], path: Path, schema: Schema, ledger: Mapping[str, Any]
) -> Iterator[Flaw]:
    if f.get("type") in ("choice", "multichoice") and not f.get("choices"):
        allowed = "choices are required for this type"
        yield Flaw("GW-PACKS-034", path, "no choices", allowed, "choices: [{id: a, label: 甲}]")
    least, most = f.get("min"), f.get("max")
    if least is not None and most is not None and least > most:
        yield Flaw(
            "GW-PACKS-032", (*path, "max"), f"min {least} > max {most}", "min <= max", "min: 0, max: 9"
        )
    if f.get("id") in (ledger.get("key") or ()) and f.get("personal") in ("contact", "sensitive"):
        found = f"key {f['id']} is personal: {f['personal']}"
        yield Flaw("GW-PACKS-037", path, found, "a key that is no personal data", "key: [licence_no]")
    if f.get("show_when"):
        yield from check_expression(f["show_when"], schema, (*path, "show_when"))


def check_expression(text: str, schema: Schema, path: Path) -> Iterator[Flaw]:
    """Every mistake of a condition over `schema`."""
    try:
        check(text, schema, wants=Bool)
    except GridwardError as error:
        known = ", ".join(list(schema)[:4]) or "true"
        for problem in error.problems if isinstance(error, ManyProblems) else [error]:
            yield Flaw(problem.code, path, text[:60], problem.sentence("zh"), known)


def _check_classes(entry: Mapping[str, Any], path: Path, ledgers: list[Mapping[str, Any]]) -> Iterator[Flaw]:
    ids = [str(one.get("id")) for one in ledgers]
    ledger = next((one for one in ledgers if one.get("id") == entry.get("ledger")), None)
    if entry.get("ledger") and ledger is None:
        yield from unknown(entry["ledger"], ids, (*path, "ledger"))
        return
    schema = schema_of(ledger or {})
    facets = entry.get("facets") or {}
    for name, rows in facets.items():
        yield from _check_facet(rows, (*path, "facets", name), schema)
    classes = [str(c.get("id")) for c in entry.get("classes") or []]
    for key, target in (entry.get("table") or {}).items():
        place = (*path, "table", key)
        yield from unknown(target, classes, place)
        if key != "else" and facets and len(key.split(",")) != len(facets):
            allowed = f"one value per facet: {', '.join(facets)}; or else"
            yield Flaw("GW-PACKS-043", place, key, allowed, ",".join("*" for _ in facets))


def _check_facet(rows: list[Mapping[str, Any]], path: Path, schema: Schema) -> Iterator[Flaw]:
    seen: set[str] = set()
    for k, row in enumerate(rows):
        when = "true" if "else" in row else row.get("when")
        if when is None:
            yield Flaw("GW-PACKS-017", (*path, k), "no when", "when or else is required", "{else: 3}")
        elif when in seen or "true" in seen:
            allowed = "no row that is never reached"
            yield Flaw("GW-PACKS-041", (*path, k), f"when: {when}", allowed, "move the row up or remove it")
        elif when != "true":
            yield from check_expression(when, schema, (*path, k, "when"))
        seen.add(str(when))
