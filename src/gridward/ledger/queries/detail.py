"""One file with its history. Personal values are masked unless the actor holds `ledger:personal:read` here."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

import orjson

from gridward.kernel.actor import Actor
from gridward.kernel.errors import Missing
from gridward.ledger import models
from gridward.ledger.queries.definitions import definition
from gridward.ledger.queries.home import NO_SUBJECT
from gridward.ledger.queries.pages import area_card, values_of
from gridward.ledger.queries.scope import may
from gridward.ledger.rules import Definition, FieldRule, completeness, mask_value
from gridward.logbook import queries as logbook
from gridward.logbook.actions.keys import unseal
from gridward.logbook.rules import Entry
from gridward.people import queries as people

MOVES = {
    "create": ("建档", "entered the file"),
    "import": ("导入", "imported"),
    "change": ("修改", "changed"),
    "move": ("调整所属网格", "moved to another grid"),
    "rehome": ("随新划分调整网格", "followed a new division"),
    "end": ("注销", "ended"),
}
BASICS = {
    "name": ("名称", "name"),
    "address": ("地址", "address"),
    "point": ("位置", "position"),
    "area": ("所属网格", "area"),
    "by_hand": ("网格由人工指定", "area named by a person"),
}


def subject_detail(
    subject: UUID, *, actor: Actor, stamps: Mapping[str, int], language: str = "zh"
) -> dict[str, Any]:
    """A subject with fields, completeness ("23/26" and what is missing) and history, newest last.

    "unmasked" lists the personal fields shown in full: whoever shows them journals it. Missing out of scope.
    """
    row = models.Subject.objects.filter(id=subject).first()
    if row is None or not may(actor, "ledger:subject:read", row):
        raise Missing(NO_SUBJECT, field="subject")
    of, stamp = definition(row.ledger, stamps.get("ledgers", 0)), stamps.get("grids", 0)
    view = _View(of, may(actor, "ledger:personal:read", row), stamp, language)
    sealed = orjson.loads(row.sealed) if row.sealed else {}
    values = values_of(row.fields)
    have, wanted, missing = completeness(of, {**values, **sealed})
    opened = unseal(sealed) if sealed else {}
    return {
        "id": str(row.id),
        "number": row.number,
        "name": row.name,
        "area": area_card(row.area, stamp),
        "class": None,
        "completeness": [have, wanted],
        "complete": f"{have}/{wanted}",
        "missing": [{"code": n, "label": view.label(n)} for n in missing],
        "ledger": {"code": of.code, "label": of.label_in(language)},
        "point": {"lon": row.lon, "lat": row.lat} if row.lon is not None else None,
        "address": row.address,
        "by_hand": row.by_hand,
        "seq": row.seq,
        "version": row.version,
        "source": row.source,
        "created_at": _instant(row.created_at),
        "updated_at": _instant(row.updated_at),
        "ended_on": row.ended_on.isoformat() if row.ended_on else None,
        "fields": [view.field(rule, values, opened) for rule in of.fields.values()],
        "unmasked": sorted(n for n, v in opened.items() if v is not None) if view.full else [],
        "history": view.history(logbook.entries(f"subject/{row.id}")),
    }


def _instant(value: Any) -> str:
    return str(value.isoformat()).replace("+00:00", "Z")


class _View:
    """How one reader sees one file."""

    def __init__(self, of: Definition, full: bool, stamp: int, language: str) -> None:
        self.of, self.full, self.stamp, self.language = of, full, stamp, language
        self.second = int(language.startswith("en"))

    def label(self, name: str) -> str:
        rule = self.of.fields.get(name)
        if rule is not None:
            return rule.label_in("en" if self.second else "zh")
        return BASICS[name][self.second] if name in BASICS else name

    def field(
        self, rule: FieldRule, values: Mapping[str, Any], opened: Mapping[str, str | None]
    ) -> dict[str, Any]:
        value = (
            self.personal(rule, opened.get(rule.id)) if rule.sealed else self.plain(rule, values.get(rule.id))
        )
        return {
            "code": rule.id,
            "label": self.label(rule.id),
            "value": value,
            "group": None,
            "type": rule.type,
            "unit": rule.unit,
            "required": rule.required,
            "personal": rule.sealed,
        }

    def personal(self, rule: FieldRule, value: str | None) -> str | None:
        return value if self.full else mask_value(rule, value)

    def plain(self, rule: FieldRule, value: Any) -> Any:
        """An open value; choices by their label."""
        if rule.type == "choice" and value in rule.choices:
            return self._choice(rule, value)
        if rule.type == "multichoice" and isinstance(value, list):
            return [self._choice(rule, v) for v in value]
        return value

    def _choice(self, rule: FieldRule, value: str) -> str:
        label = rule.choices.get(value)
        return (label["en"] if self.second else label["zh"]) if label else value

    def history(self, entries: list[Entry]) -> list[dict[str, Any]]:
        names = people.names_of([e.actor for e in entries])
        return [self._entry(e, names.get(e.actor) or e.actor) for e in entries]

    def _entry(self, entry: Entry, actor: str) -> dict[str, Any]:
        body = orjson.loads(entry.body)["payload"]
        changes = self._changes(body)
        said = MOVES.get(entry.move, (entry.move, entry.move))[self.second]
        names = ("、", ", ")[self.second].join(change["label"] for change in changes)
        parts = [said] if entry.seq == 1 or not names else [f"{said}{('：', ': ')[self.second]}{names}"]
        if body.get("reason"):
            parts.append(str(body["reason"]))
        return {
            "seq": entry.seq,
            "at": _instant(entry.at),
            "move": entry.move,
            "actor": entry.actor,
            "actor_name": actor,
            "sentence": ("；", "; ")[self.second].join(parts),
            "changes": changes if entry.seq > 1 else [],
        }

    def _changes(self, body: Mapping[str, Any]) -> list[dict[str, Any]]:
        before, after = body.get("before") or {}, body.get("after") or {}
        found = [self._change(n, before.get(n), after[n]) for n in sorted(after)]
        sealed = body.get("sealed") or {}
        if "after" in sealed and "before" in sealed:
            found += [self._sealed(n, sealed) for n in sorted(sealed["after"])]
        return found

    def _change(self, name: str, before: Any, after: Any) -> dict[str, Any]:
        rule = self.of.fields.get(name)
        if rule is not None:
            before, after = self.plain(rule, before), self.plain(rule, after)
        elif name == "area":
            before, after = self._area(before), self._area(after)
        return {"code": name, "label": self.label(name), "before": before, "after": after}

    def _area(self, text: str | None) -> str | None:
        card = area_card(UUID(text), self.stamp) if text else None
        return f"{card['name']} ({card['code']})" if card else text

    def _sealed(self, name: str, sealed: Mapping[str, Any]) -> dict[str, Any]:
        sides = {}
        rule = self.of.fields.get(name) or FieldRule(name, {"zh": name})
        for side in ("before", "after"):
            part = sealed[side].get(name)
            sides[side] = self.personal(rule, unseal({name: part})[name]) if part else None
        return {"code": name, "label": self.label(name), **sides}
