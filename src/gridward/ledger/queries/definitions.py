"""Definitions of ledgers, kept in the process while the stamp "ledgers" stands."""

from __future__ import annotations

import threading

import orjson

from gridward.kernel.errors import Message, Missing
from gridward.ledger import models
from gridward.ledger.rules import Definition
from gridward.logbook import queries as logbook

NO_LEDGER = Message(
    "GW-LEDGER-010",
    "没有台账“{found}”；已有：{allowed}。",
    "There is no ledger {found}; there are: {allowed}.",
)
_lock = threading.Lock()
_known: list[tuple[int, dict[str, Definition]]] = []


def definitions(stamp: int | None = None) -> dict[str, Definition]:
    """All ledgers in force by code. Without a stamp the stamps are read."""
    at = logbook.stamps().get("ledgers", 0) if stamp is None else stamp
    if _known and _known[0][0] == at:
        return _known[0][1]
    with _lock:
        _known[:] = [(at, read_definitions())]
        return _known[0][1]


def read_definitions() -> dict[str, Definition]:
    """All ledgers in force, read now."""
    rows = models.Ledger.objects.order_by("code").values_list("code", "body", "version", "pack")
    return {
        code: Definition.read(orjson.loads(body), version=version, pack=pack)
        for code, body, version, pack in rows
    }


def definition(code: str, stamp: int | None = None) -> Definition:
    """The ledger of that code. Missing when there is none."""
    known = definitions(stamp)
    if code not in known:
        raise Missing(NO_LEDGER, field="ledger", found=code, allowed=", ".join(known) or "—")
    return known[code]
