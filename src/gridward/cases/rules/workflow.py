"""What a pack may say about a category: its standard rows and how it passes the stages."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from gridward.kernel.worktime import Limit, parse_limit


@dataclass(frozen=True)
class StandardRow:
    """One row of the filing and closing standard (立案结案标准): condition, limits, criteria."""

    id: str
    when: str = "true"
    label: Mapping[str, str] = field(default_factory=dict)
    limits: Mapping[str, Limit] = field(default_factory=dict)
    opening: str = ""
    closing: str = ""

    @staticmethod
    def read(data: Mapping[str, Any], index: int) -> StandardRow:
        limits = {kind: parse_limit(text) for kind, text in (data.get("limit") or {}).items()}
        return StandardRow(
            id=str(data.get("id") or f"r{index + 1}"),
            when=str(data.get("when", "true")),
            label=data.get("label") or {},
            limits=limits,
            opening=str(data.get("opening") or ""),
            closing=str(data.get("closing") or ""),
        )


@dataclass(frozen=True)
class Workflow:
    """How one kind of case passes the stages; every default is the plain loop of the seven stages."""

    id: str = "plain"
    filing_limit: Limit | None = None
    file_auto: bool = False
    assign_requires: tuple[str, ...] = ("unit",)
    hand_in_requires: tuple[str, ...] = ()
    settle_requires: tuple[str, ...] = ()
    settle_allowed: bool = True
    return_requires: tuple[str, ...] = ("reason",)
    signatures: tuple[str, ...] = ()
    signatures_distinct: bool = False
    close_auto: bool = False
    rework_escalate_at: int = 3
    reopen_days: int = 30
    restart_same_unit: bool = False

    @staticmethod
    def read(workflow_id: str, data: Mapping[str, Any]) -> Workflow:
        filed, assigned = data.get("filed") or {}, data.get("assigned") or {}
        checked, back = data.get("checked") or {}, data.get("return") or {}
        site, handed = data.get("on_site") or {}, data.get("reported_back") or {}
        limit = filed.get("limit")
        return Workflow(
            id=workflow_id,
            filing_limit=parse_limit(limit) if limit else None,
            file_auto=bool(filed.get("auto", False)),
            assign_requires=tuple(assigned.get("requires") or ("unit",)),
            hand_in_requires=tuple(handed.get("requires") or ()),
            settle_requires=tuple(site.get("requires") or ()),
            settle_allowed=bool(site.get("allowed", True)),
            return_requires=tuple(back.get("requires") or ("reason",)),
            signatures=tuple(checked.get("signatures") or ()),
            signatures_distinct=bool(checked.get("distinct", False)),
            close_auto=bool(checked.get("close_auto", False)),
            rework_escalate_at=int((data.get("rework") or {}).get("escalate_at", 3)),
            reopen_days=int((data.get("reopen") or {}).get("days", 30)),
        )


@dataclass(frozen=True)
class Category:
    """A dictionary entry. Key is (dictionary, kind, code); `id` is this installation's row number."""

    id: int
    dictionary: str
    kind: str
    code: str
    label: Mapping[str, str]
    workflow: str
    rows: tuple[StandardRow, ...]
    retired: bool = False

    def label_in(self, language: str) -> str:
        """The label in a language, else in Chinese, else the code."""
        return self.label.get(language) or self.label.get("zh") or self.label.get("en") or self.code

    def row(self, row_id: str) -> StandardRow | None:
        return next((r for r in self.rows if r.id == row_id), None)
