"""A local ledger: its definition guessed from an import mapping and from the values of the file."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from datetime import date, datetime, time
from typing import Any

from gridward.kernel.errors import BadInput, Message
from gridward.kernel.tables.mapping import ImportMapping
from gridward.ledger.pack_schema import TYPES

BAD_ID = Message(
    "GW-LEDGER-020",
    "字段名“{found}”不能用作台账字段；请用小写字母、数字和下划线，例如 {allowed}。",
    "{found} cannot name a field of a ledger; use small letters, digits and underscores, such as {allowed}.",
)
PLACES = ("name", "address", "point", "area")
"""What every subject has beside its fields."""
_ID = re.compile(r"[a-z][a-z0-9_]{0,59}")
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
_MOMENT = re.compile(r"\d{4}-\d{2}-\d{2}[ T]\d{2}:\d{2}(:\d{2})?")
TEXT = "text"


def kept_id(column: str, position: int) -> str:
    """The field id of a kept column: its own name where that is an id, a numbered one otherwise."""
    plain = re.sub(r"[^a-z0-9]+", "_", column.lower()).strip("_")
    return plain if _ID.fullmatch(plain) else f"kept_{position}"


def mapped_columns(mapping: ImportMapping) -> dict[str, str]:
    """Field id → foreign column, for fields of the file (not name, address, point, area) and kept columns."""
    found = {}
    for name, rule in mapping.fields.items():
        if name in PLACES:
            continue
        if not _ID.fullmatch(name):
            raise BadInput(BAD_ID, field=name, found=name, allowed="licence_no")
        found[name] = rule.column or ""
    for n, kept in enumerate(mapping.keep, start=1):
        name = kept_id(kept.column, n)
        found[name if name not in found else f"{name}_{n}"] = kept.column
    return found


class Guess:
    """The narrowest type that fits every value seen of one field."""

    def __init__(self) -> None:
        self.kinds: set[str] = set()

    def see(self, values: Iterable[Any]) -> None:
        self.kinds.update({_kind(v) for v in values if v is not None})

    @property
    def type(self) -> str:
        kinds = self.kinds
        if len(kinds) == 1:
            return next(iter(kinds))
        if kinds and kinds <= {"integer", "number"}:
            return "number"
        return "datetime" if kinds and kinds <= {"date", "datetime"} else TEXT


def _kind(value: Any) -> str:
    if isinstance(value, bool):
        return "bool"
    if isinstance(value, int):
        return "integer"
    if isinstance(value, float):
        return "integer" if value.is_integer() else "number"
    if isinstance(value, datetime):
        return "date" if value.time() == time() else "datetime"
    if isinstance(value, date):
        return "date"
    if isinstance(value, str) and _DAY.fullmatch(value.strip()):
        return "date"
    return "datetime" if isinstance(value, str) and _MOMENT.fullmatch(value.strip()) else TEXT


def guess_definition(
    code: str, mapping: ImportMapping, guesses: Mapping[str, Guess], labels: Mapping[str, str]
) -> dict[str, Any]:
    """A definition as a pack would hold it; `labels` name fields by the header of the file.

    `format:` in the mapping names a type and wins over the guess.
    """
    columns = mapped_columns(mapping)
    fields = [_field(name, mapping, guesses.get(name), labels.get(name) or name) for name in columns]
    key = [name for column in mapping.key for name, source in columns.items() if source == column]
    whole = len({columns[name] for name in key}) == len(mapping.key)
    return {
        "id": code,
        "label": {"zh": code, "en": code},
        "scheme": mapping.scheme,
        "key": list(dict.fromkeys(key)) if whole else [],
        "fields": fields,
    }


def _field(name: str, mapping: ImportMapping, guess: Guess | None, label: str) -> dict[str, Any]:
    rule = mapping.fields.get(name)
    wanted = str(rule.options.get("format") or "") if rule else ""
    kind = wanted if wanted in TYPES else guess.type if guess is not None else TEXT
    field: dict[str, Any] = {"id": name, "label": {"zh": label, "en": label}, "type": kind}
    if rule is not None and rule.map and kind == TEXT and "default" not in rule.options:
        words = {str(value): word for word, value in reversed(list(rule.map.items()))}
        field |= {"type": "choice", "choices": [{"id": i, "label": w} for i, w in sorted(words.items())]}
    if rule is not None and rule.options.get("personal") in ("contact", "sensitive"):
        field["personal"] = rule.options["personal"]
    return field


def extend(body: Mapping[str, Any], guessed: Mapping[str, Any]) -> dict[str, Any] | None:
    """A local definition with the fields that a new mapping adds; None where it has them all."""
    known = {f["id"] for f in body["fields"]}
    new = [f for f in guessed["fields"] if f["id"] not in known]
    return {**body, "fields": [*body["fields"], *new]} if new else None
