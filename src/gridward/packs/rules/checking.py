"""Checking a pack: every mistake in one run; the JSON Schema of every section."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from gridward.kernel.document import (
    ID,
    NOTHING,
    SOURCE,
    Anything,
    Flaw,
    Items,
    Label,
    Record,
    Shape,
    Table,
    Text,
    closest,
    flaws,
    json_schema,
    shaped,
)
from gridward.kernel.errors import Fault, Message
from gridward.packs.rules.law import check_law
from gridward.packs.rules.reading import Source, Trail, told

DATE = Text(pattern=r"\d{4}-\d{2}-\d{2}", means="年-月-日 / YYYY-MM-DD", sample="2026-12-31")
PACK = Record(
    fields={
        "id": ID,
        "version": Text(pattern=r"\d+\.\d+\.\d+", means="三段版本号 / three numbers", sample="1.0.0"),
        "title": Label(),
        "summary": Label(),
        "legal_basis": Items(item=Text()),
        "owner": Text(),
        "needs": Items(item=ID),
        "extends": ID,
        "draft": Anything(),
        "privacy_review": Record(
            fields={
                "purpose": Text(),
                "basis": Text(),
                "fields": Items(item=Text()),
                "period": Text(),
                "viewers": Text(),
            },
            required=("purpose", "basis", "fields", "period", "viewers"),
            help="Why personal fields are kept, on which basis, how long, and who sees them.",
        ),
        "emergency": Record(
            fields={"order": Text(), "until": DATE},
            required=("order", "until"),
            sample="{order: 省政府令 12 号, until: 2026-12-31}",
            help="The legal order behind fields about health, and the day on which they end.",
        ),
        "source": SOURCE,
    },
    required=("id", "version", "title"),
    sample="{id: fire_safety, version: 1.0.0, title: 消防安全网格化}",
)
STRINGS = Table(value=Table(value=Text(), key_pattern=r".+"), key_pattern=r"zh-Hans|zh-Hant|en")
OWN_SECTIONS: dict[str, Shape] = {"pack": PACK, "strings": STRINGS}
LATER = (
    "duties", "checklists", "ladders", "assessment", "programmes", "records", "documents", "standards", "allocation",
    "pay", "points", "notices", "discretion", "rewards", "plans", "reports", "watches", "appointments",
)  # fmt: skip
"""Sections of the format whose rooms do not read them yet; they are kept as they are."""
CHECK_BROKEN = Message(
    "GW-PACKS-069",
    "方案包检查程序出错（{found}）：这是程序缺陷，不是方案包的错误，请报告。",
    "The check of packs itself failed ({found}): a defect of the program, not of the pack; please report it.",
)

CrossCheck = Callable[[Mapping[str, Any]], Iterator[Flaw]]


@dataclass(frozen=True)
class Parts:
    """What the rooms told about their sections: handed in by the site."""

    sections: Mapping[str, Shape]
    cross_checks: Sequence[CrossCheck] = ()

    @property
    def all(self) -> dict[str, Shape]:
        return {**OWN_SECTIONS, **self.sections}


def check_pack(source: Source, parts: Parts) -> list[dict[str, Any]]:
    """Every mistake in one run, in the order of files and lines. Fault when a check itself fails."""
    errors = [*source.errors, *_check_shapes(source, parts)]
    usable = sound(source.doc, parts)
    for cross in (*parts.cross_checks, check_law):
        errors += [_placed(flaw, source) for flaw in _all_of(cross, usable)]
    errors += _check_strings(source, usable)
    return sorted(_unique(errors), key=lambda e: (e["file"], e["line"], e["code"]))


def _all_of(cross: CrossCheck, doc: Mapping[str, Any]) -> list[Flaw]:
    """Cross-checks walk over sound parts only, so an exception is a bug: it is shown, never taken for silence."""
    try:
        return list(cross(doc))
    except Exception as error:
        raise Fault(
            CHECK_BROKEN, found=f"{cross.__module__}: {type(error).__name__} {error}"[:120]
        ) from error


def sound(doc: Mapping[str, Any], parts: Parts) -> dict[str, Any]:
    """The part of a document that has its shape, in one form; what install writes of a checked pack."""
    found = {name: shaped(parts.all[name], value) for name, value in doc.items() if name in parts.all}
    kept = {name: value for name, value in doc.items() if name in LATER and value is not None}
    return {**{name: value for name, value in found.items() if value is not NOTHING}, **kept}


def _check_shapes(source: Source, parts: Parts) -> Iterator[dict[str, Any]]:
    known = parts.all
    for section, value in source.doc.items():
        if section in known:
            yield from (_placed(flaw, source) for flaw in flaws(known[section], value, (section,)))
        elif section not in LATER:
            allowed = (*known, *LATER)
            yield told(
                "GW-PACKS-005",
                source.place((section,)),
                section,
                ", ".join(allowed),
                closest(section, allowed),
            )


def _unique(errors: list[dict[str, Any]]) -> list[dict[str, Any]]:
    seen: dict[str, dict[str, Any]] = {}
    for error in errors:
        seen.setdefault(json.dumps(error, sort_keys=True, default=str), error)
    return list(seen.values())


def _placed(flaw: Flaw, source: Source) -> dict[str, Any]:
    where = ".".join(str(step) for step in flaw.path[1:])
    return told(
        flaw.code,
        source.place(flaw.path),
        f"{where}: {flaw.found}".lstrip(": "),
        flaw.allowed,
        flaw.sample or flaw.allowed,
    )


def _check_strings(source: Source, doc: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    """Every string of one language stands in the others."""
    languages: Mapping[str, Mapping[str, str]] = doc.get("strings") or {}
    for language, table in languages.items():
        others = {key: other for other, strings in languages.items() for key in strings}
        for key in sorted(set(others) - set(table)):
            trail: Trail = ("strings", language)
            yield told(
                "GW-PACKS-050",
                source.place(trail),
                f"no {key}",
                f"{key} stands in {others[key]}",
                f"{key}: …",
            )


def schemas(parts: Parts) -> dict[str, Any]:
    """One JSON Schema per section."""
    return {
        name: {"$schema": "https://json-schema.org/draft/2020-12/schema", "title": name, **json_schema(shape)}
        for name, shape in parts.all.items()
    }
