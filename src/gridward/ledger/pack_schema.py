"""ledgers/*.yaml and classes.yaml: what subjects are, which fields their file has, and into which class they fall."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

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
    Record,
    Table,
    Text,
    Whole,
    closest,
)
from gridward.kernel.errors import ManyProblems
from gridward.kernel.expr import Bool, Date, Float, Int, Schema, Type, check
from gridward.kernel.expr import Text as ExprText

TYPES = (
    "text", "integer", "number", "money", "date", "datetime", "choice", "multichoice", "bool", "area", "subject",
    "person", "point", "photo", "file", "phone", "uscc",
)  # fmt: skip
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
        "choices": Items(item=CHOICE),
        "pattern": Text(),
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
        "rollups": Anything(),
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
SECTIONS = {"ledgers": Items(item=LEDGER, key="id"), "classes": CLASSES}

LAW_WORDS = {
    "GW-PACKS-LAW-002": (r"face|plate_no|footage|人脸|车牌|录像|抓拍", "no face, plate or footage data"),
    "GW-PACKS-LAW-003": (
        r"opinion|religion|ethnic|origin_region|舆情|思想|宗教|民族|籍贯|信仰",
        "no opinion, religion, ethnicity or origin",
    ),
    "GW-PACKS-LAW-004": (
        r"child_name|student_name|minor|儿童姓名|学生姓名|未成年",
        "no records of children; class or place counts only",
    ),
    "GW-PACKS-LAW-005": (
        r"blacklist|resident_score|person_of_concern|黑榜|黑名单|重点人员|信用分",
        "no lists that rank or mark residents",
    ),
}


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
    """Keys and completeness of known fields, choices where needed, expressions over known fields, lawful fields."""
    ledgers = ledgers_of(doc)
    ids = [str(one.get("id")) for one in ledgers]
    for n, ledger in enumerate(ledgers):
        yield from _check_ledger(ledger, ("ledgers", n), ids, doc)
    for n, entry in enumerate(doc.get("classes") or []):
        if isinstance(entry, dict):
            yield from _check_classes(entry, ("classes", n), ledgers)


def _check_ledger(
    ledger: Mapping[str, Any], path: tuple[str | int, ...], ids: list[str], doc: Mapping[str, Any]
) -> Iterator[Flaw]:
    fields = [f for f in ledger.get("fields") or [] if isinstance(f, dict)]
    names = [str(f.get("id")) for f in fields]
    for part in ("key", "completeness"):
        for k, name in enumerate(ledger.get(part) or []):
            if name not in names:
                yield Flaw(
                    "GW-PACKS-031", (*path, part, k), str(name), ", ".join(names), closest(str(name), names)
                )
    for k, child in enumerate(ledger.get("children") or []):
        if child not in ids:
            yield Flaw(
                "GW-PACKS-031", (*path, "children", k), str(child), ", ".join(ids), closest(str(child), ids)
            )
    if sum(1 for f in fields if f.get("indexed")) > 8:
        yield Flaw(
            "GW-PACKS-033", (*path, "fields"), "more than 8 indexed fields", "at most 8", "indexed: false"
        )
    schema = schema_of(ledger)
    for k, f in enumerate(fields):
        yield from _check_field(f, (*path, "fields", k), schema, doc)


def _check_field(
    f: Mapping[str, Any], path: tuple[str | int, ...], schema: Schema, doc: Mapping[str, Any]
) -> Iterator[Flaw]:
    if f.get("type") in ("choice", "multichoice") and not f.get("choices"):
        yield Flaw(
            "GW-PACKS-034",
            path,
            "no choices",
            "choices are required for this type",
            "choices: [{id: a, label: 甲}]",
        )
    if isinstance(f.get("show_when"), str):
        yield from check_expression(f["show_when"], schema, (*path, "show_when"))
    text = f"{f.get('id')} {f.get('label')}"
    for code, (pattern, allowed) in LAW_WORDS.items():
        if re.search(pattern, text):
            yield Flaw(code, path, text[:60], allowed, "remove the field")
    if f.get("personal") in ("contact", "sensitive"):
        review = (doc.get("pack") or {}).get("privacy_review")
        if not review:
            yield Flaw(
                "GW-PACKS-LAW-001",
                path,
                f"personal: {f['personal']}",
                "a privacy_review in pack.yaml",
                "privacy_review: {purpose: …, basis: …, fields: [], period: …, viewers: …}",
            )
        if not f.get("purpose") or not f.get("retention_days"):
            yield Flaw(
                "GW-PACKS-LAW-001",
                path,
                "no purpose or retention_days",
                "both are required for personal fields",
                "purpose: 联系负责人, retention_days: 730",
            )


def check_expression(text: str, schema: Schema, path: tuple[str | int, ...]) -> Iterator[Flaw]:
    """Every mistake of a condition over `schema`."""
    try:
        check(text, schema, wants=Bool)
    except ManyProblems as error:
        for problem in error.problems:
            yield Flaw(
                problem.code, path, text[:60], problem.sentence("zh"), ", ".join(list(schema)[:4]) or "true"
            )


def _check_classes(
    entry: Mapping[str, Any], path: tuple[str | int, ...], ledgers: list[Mapping[str, Any]]
) -> Iterator[Flaw]:
    ids = [str(one.get("id")) for one in ledgers]
    ledger = next((one for one in ledgers if one.get("id") == entry.get("ledger")), None)
    if entry.get("ledger") and ledger is None:
        yield Flaw(
            "GW-PACKS-031",
            (*path, "ledger"),
            str(entry["ledger"]),
            ", ".join(ids),
            closest(str(entry["ledger"]), ids),
        )
        return
    schema = schema_of(ledger or {})
    for name, rows in (entry.get("facets") or {}).items():
        for k, row in enumerate(rows if isinstance(rows, list) else []):
            if isinstance(row, dict) and isinstance(row.get("when"), str):
                yield from check_expression(row["when"], schema, (*path, "facets", name, k, "when"))
    classes = [str(c.get("id")) for c in entry.get("classes") or [] if isinstance(c, dict)]
    for key, target in (entry.get("table") or {}).items():
        if target not in classes:
            yield Flaw(
                "GW-PACKS-031",
                (*path, "table", key),
                str(target),
                ", ".join(classes),
                closest(str(target), classes),
            )
