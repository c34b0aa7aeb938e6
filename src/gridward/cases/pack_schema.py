"""categories.yaml and workflows.yaml: what may be wrong, by when it must be right, and through which stages it goes."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from gridward.cases.rules.rows import CASE_FACTS
from gridward.cases.rules.stages import STAGES
from gridward.grids.pack_schema import schemes_of
from gridward.kernel.document import (
    DOTTED,
    ID,
    SOURCE,
    Anything,
    Checked,
    Flag,
    Flaw,
    Items,
    Label,
    OneOf,
    Path,
    Record,
    Table,
    Text,
    Whole,
    unknown,
)
from gridward.kernel.errors import GridwardError
from gridward.kernel.worktime import parse_limit
from gridward.ledger.pack_schema import check_expression
from gridward.people.pack_schema import posts_of


def _limit(text: str) -> tuple[str, str] | None:
    try:
        parse_limit(text)
    except GridwardError as error:
        return text[:40], error.sentence("zh")
    return None


LIMIT = Checked(check=_limit, code="GW-PACKS-040", help="a limit", sample="3 working_days")
ROW = Record(
    fields={
        "id": ID,
        "label": Label(),
        "when": Checked(help="a condition", sample='"true"'),
        "limit": Record(
            fields={"filing": LIMIT, "total": LIMIT, "unit": LIMIT, "step": LIMIT},
            sample="{unit: 3 working_days}",
        ),
        "opening": Text(),
        "closing": Text(),
        "confidence": OneOf(words=("stated", "derived", "example")),
        "source": SOURCE,
    }
)
CATEGORY = Record(
    fields={
        "code": DOTTED,
        "kind": OneOf(words=("matter", "component")),
        "label": Label(),
        "major": DOTTED,
        "workflow": ID,
        "rows": Items(item=ROW, key="id"),
        "unit": Text(),
        "confidence": OneOf(words=("stated", "derived", "example")),
        "source": SOURCE,
    },
    required=("code", "label"),
    sample="{code: fire.exit_blocked, label: 疏散通道堵塞, workflow: hazard}",
)
WHO = Items(item=ID)
WORKFLOW = Record(
    fields={
        "label": Label(),
        "filed": Record(fields={"by": WHO, "auto": Flag(), "limit": LIMIT}),
        "assigned": Record(fields={"by": WHO, "requires": Items(item=ID)}),
        "handling": Anything(decimals=False),
        "reported_back": Record(fields={"requires": Items(item=ID), "by": WHO}),
        "checked": Record(
            fields={"by": WHO, "signatures": Items(item=ID), "distinct": Flag(), "close_auto": Flag()}
        ),
        "evaluated": Anything(decimals=False),
        "on_site": Record(fields={"allowed": Flag(), "requires": Items(item=ID)}),
        "extension": Record(
            fields={"max": Whole(low=0), "approve": WHO, "forbidden_when": OneOf(words=("overdue",))}
        ),
        "suspension": Record(fields={"max": Whole(low=0), "until_max": Text()}),
        "return": Record(fields={"requires": Items(item=ID)}),
        "rework": Record(fields={"escalate_at": Whole(low=1)}),
        "reopen": Record(fields={"days": Whole(low=0)}),
        "steps": Items(item=Anything(decimals=False)),
        "route": Items(item=Anything(decimals=False)),
        "authority": Anything(decimals=False),
        "skip": Items(item=OneOf(words=STAGES)),
        "source": SOURCE,
    }
)
SECTIONS = {
    "categories": Record(
        fields={
            "dictionary": ID,
            "scheme": ID,
            "majors": Items(
                item=Record(
                    fields={"code": DOTTED, "label": Label(), "source": SOURCE}, required=("code", "label")
                ),
                key="code",
            ),
            "categories": Items(item=CATEGORY, key="code"),
            "source": SOURCE,
        },
        required=("categories",),
    ),
    "workflows": Table(value=WORKFLOW),
}
PLAIN = ("plain",)
WHO_ACTS = (
    ("filed", "by"),
    ("assigned", "by"),
    ("reported_back", "by"),
    ("checked", "by"),
    ("extension", "approve"),
)


def cross_check(doc: Mapping[str, Any]) -> Iterator[Flaw]:
    """Workflows and majors that exist, conditions over case facts, reachable rows, posts that exist."""
    section = doc.get("categories") or {}
    workflows = [*(doc.get("workflows") or {}), *PLAIN]
    majors = [str(m.get("code")) for m in section.get("majors") or []]
    if "levels" in doc:
        schemes = [str(s["scheme"]) for s in schemes_of(doc)]
        yield from unknown(section.get("scheme"), schemes, ("categories", "scheme"))
    for n, category in enumerate(section.get("categories") or []):
        path: Path = ("categories", "categories", n)
        yield from unknown(category.get("workflow"), workflows, (*path, "workflow"))
        yield from unknown(category.get("major"), majors, (*path, "major"))
        yield from _check_rows(category, path)
    yield from _check_workflows(doc)


def _check_rows(category: Mapping[str, Any], path: Path) -> Iterator[Flaw]:
    seen: set[str] = set()
    for k, row in enumerate(category.get("rows") or []):
        when = row.get("when", "true")
        if "true" in seen or when in seen:
            allowed = "no row after one that always holds or asks the same"
            yield Flaw("GW-PACKS-041", (*path, "rows", k), f"when: {when}", allowed, "move the row up")
        elif when != "true":
            yield from check_expression(when, CASE_FACTS, (*path, "rows", k, "when"))
        seen.add(when)


def _check_workflows(doc: Mapping[str, Any]) -> Iterator[Flaw]:
    posts = [str(p.get("id")) for p in posts_of(doc)]
    for name, flow in (doc.get("workflows") or {}).items():
        path: Path = ("workflows", name)
        for stage, word in WHO_ACTS:
            for k, post in enumerate((flow.get(stage) or {}).get(word) or []):
                if posts:
                    yield from unknown(post, posts, (*path, stage, word, k))
        checked = flow.get("checked") or {}
        if checked.get("distinct") and not checked.get("signatures"):
            sample = "signatures: [inspector, responsible, rechecker]"
            yield Flaw(
                "GW-PACKS-042", (*path, "checked"), "distinct without signatures", "signatures: [...]", sample
            )


__all__ = ["SECTIONS", "cross_check"]
