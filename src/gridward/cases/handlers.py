"""What cases do when another room says that something happened."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from gridward.cases.actions.categories import install_dictionary
from gridward.cases.actions.rehome import rehome_open_cases
from gridward.grids.pack_schema import schemes_of
from gridward.kernel.actor import SYSTEM
from gridward.logbook.facts import Delivered
from gridward.packs import queries as packs


def on_division_came_into_force(fact: Delivered, *, now: datetime) -> None:
    """Open cases follow the new division; closed ones keep theirs."""
    rehome_open_cases(scheme=fact.data["scheme"], now=now)


def on_pack_installed(fact: Delivered, *, now: datetime) -> None:
    """Publish the pack's categories and workflows."""
    pack, version = str(fact.data["pack"]), str(fact.data["version"])
    doc = packs.document(pack, version)
    section: Mapping[str, Any] = doc.get("categories") or {}
    if not section and not doc.get("workflows"):
        return
    schemes = schemes_of(doc)
    install_dictionary(
        pack=pack,
        version=version,
        dictionary=str(section.get("dictionary") or pack),
        scheme=str(section.get("scheme") or (schemes[0]["scheme"] if schemes else "")),
        categories=[{**c, "label": _label(c["label"])} for c in section.get("categories") or []],
        workflows=doc.get("workflows") or {},
        actor=SYSTEM,
        now=now,
    )


def _label(label: Any) -> dict[str, str]:
    return {"zh": label} if isinstance(label, str) else {k: str(v) for k, v in label.items()}
