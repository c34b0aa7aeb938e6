"""Counts of ledgers, completeness per area, and subjects that may be the same."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import orjson
from django.db.models import Count, F, Sum

from gridward.kernel.actor import Actor
from gridward.kernel.errors import BadInput, Message
from gridward.ledger.queries.definitions import definition, definitions
from gridward.ledger.queries.pages import area_card
from gridward.ledger.queries.scope import visible
from gridward.ledger.rules.twins import REASONS, Entry, find_twins

BAD_RANK = Message(
    "GW-LEDGER-013", "层级“{found}”无效；可用：1 到 5。", "The level {found} is not valid; allowed: 1 to 5."
)


def ledgers(*, actor: Actor, stamps: Mapping[str, int], language: str = "zh") -> list[dict[str, Any]]:
    """[{"code", "label", "count"}] of all ledgers; `count` is of living subjects in the actor's scope."""
    scope = visible(actor)
    known = definitions(stamps.get("ledgers", 0))
    if not scope.any:
        return []
    return [
        {"code": of.code, "label": of.label_in(language), "count": scope.rows(of.code).count()}
        for of in known.values()
    ]


def completeness_by_area(
    ledger: str, *, rank: int, actor: Actor, stamps: Mapping[str, int]
) -> list[dict[str, Any]]:
    """Per area of level `rank` (1 = top): subjects, whole files, fields filled of wanted, share 0…1 (R-LED-18).

    share = fields filled / fields wanted over all living subjects of the area; None where nothing is wanted.
    """
    if not 1 <= rank <= 5:
        raise BadInput(BAD_RANK, field="rank", found=rank)
    definition(ledger, stamps.get("ledgers", 0))
    rows = visible(actor).rows(ledger).values(f"a{rank}")
    figures = rows.annotate(n=Count("id"), filled=Sum("have"), of=Sum("wanted")).order_by(f"a{rank}")
    complete = dict(
        rows.filter(have__gte=F("wanted"))
        .annotate(n=Count("id"))
        .order_by(f"a{rank}")
        .values_list(f"a{rank}", "n")
    )
    found = [
        {
            "area": area_card(row[f"a{rank}"], stamps.get("grids", 0)),
            "subjects": row["n"],
            "complete": complete.get(row[f"a{rank}"], 0),
            "have": row["filled"],
            "wanted": row["of"],
            "share": row["filled"] / row["of"] if row["of"] else None,
        }
        for row in figures
    ]
    return sorted(found, key=lambda row: (row["area"] or {}).get("code", ""))


def duplicates(
    ledger: str, *, actor: Actor, stamps: Mapping[str, int], language: str = "zh"
) -> list[dict[str, Any]]:
    """Pairs of living subjects that may be one: [{"one", "other": {"id", "number", "name"}, "reason", "sentence"}].

    Reasons: key (case and width apart), uscc, name_near (the same folded name within 50 m) (R-LED-23).
    """
    of = definition(ledger, stamps.get("ledgers", 0))
    codes = [rule.id for rule in of.fields.values() if rule.type == "uscc" and not rule.sealed]
    rows = visible(actor).rows(ledger)
    wanted = ("id", "number", "name", "name_folded", "key", "lon", "lat", "fields")
    entries = [_entry(row, codes) for row in rows.values_list(*wanted).iterator(chunk_size=5000)]
    return [_twin(t.one, t.other, t.reason, language) for t in find_twins(entries)]


def _entry(row: Any, codes: list[str]) -> Entry:
    key, number, name, folded, own, lon, lat, body = row
    values = orjson.loads(body) if codes else {}
    code = next((values[c] for c in codes if values.get(c)), None)
    plain = "".join(own.split()).replace("-", "") if own else None
    return Entry(key, number, name, folded, plain, code, lon, lat)


def _twin(one: Entry, other: Entry, reason: str, language: str) -> dict[str, Any]:
    cards = ({"id": str(e.id), "number": e.number, "name": e.name} for e in (one, other))
    return dict(zip(("one", "other"), cards, strict=True)) | {
        "reason": reason,
        "sentence": REASONS[reason][int(language.startswith("en"))],
    }
