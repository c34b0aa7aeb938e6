"""categories.yaml and workflows.yaml: what may be wrong, by when it must be right, and through which stages it goes."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from gridward.cases.rules.rows import CASE_FACTS
from gridward.cases.rules.stages import STAGES
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
    Record,
    Table,
    Text,
    Whole,
    closest,
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
        "rows": Items(item=ROW),
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
        "handling": Anything(),
        "reported_back": Record(fields={"requires": Items(item=ID), "by": WHO}),
        "checked": Record(
            fields={"by": WHO, "signatures": Items(item=ID), "distinct": Flag(), "close_auto": Flag()}
        ),
        "evaluated": Anything(),
        "on_site": Record(fields={"allowed": Flag(), "requires": Items(item=ID)}),
        "extension": Record(
            fields={"max": Whole(low=0), "approve": WHO, "forbidden_when": OneOf(words=("overdue",))}
        ),
        "suspension": Record(fields={"max": Whole(low=0), "until_max": Text()}),
        "return": Record(fields={"requires": Items(item=ID)}),
        "rework": Record(fields={"escalate_at": Whole(low=1)}),
        "reopen": Record(fields={"days": Whole(low=0)}),
        "steps": Items(item=Anything()),
        "route": Items(item=Anything()),
        "authority": Anything(),
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


def cross_check(doc: Mapping[str, Any]) -> Iterator[Flaw]:
    """Workflows and majors that exist, conditions over case facts, reachable rows, posts that exist."""
    section = doc.get("categories") or {}
    workflows = (*[str(k) for k in (doc.get("workflows") or {})], *PLAIN)
    majors = [str(m.get("code")) for m in section.get("majors") or [] if isinstance(m, dict)]
    for n, category in enumerate(section.get("categories") or []):
        if not isinstance(category, dict):
            continue
        path = ("categories", "categories", n)
        flow = category.get("workflow")
        if flow and flow not in workflows:
            yield Flaw(
                "GW-PACKS-031",
                (*path, "workflow"),
                str(flow),
                ", ".join(workflows),
                closest(str(flow), workflows),
            )
        major = category.get("major")
        if major and major not in majors:
            yield Flaw(
                "GW-PACKS-031", (*path, "major"), str(major), ", ".join(majors), closest(str(major), majors)
            )
        yield from _check_rows(category, path)
    yield from _check_workflows(doc)


def _check_rows(category: Mapping[str, Any], path: tuple[str | int, ...]) -> Iterator[Flaw]:
    always = False
    for k, row in enumerate(category.get("rows") or []):
        if not isinstance(row, dict):
            continue
        when = row.get("when", "true")
        if always:
            yield Flaw(
                "GW-PACKS-041",
                (*path, "rows", k),
                f"when: {when}",
                "no row after one that always holds",
                "move the row up",
            )
        if isinstance(when, str) and when != "true":
            yield from check_expression(when, CASE_FACTS, (*path, "rows", k, "when"))
        always = always or when == "true" or when is True


def _check_workflows(doc: Mapping[str, Any]) -> Iterator[Flaw]:
    posts = [str(p.get("id")) for p in posts_of(doc)]
    for name, flow in (doc.get("workflows") or {}).items():
        if not isinstance(flow, dict):
            continue
        for stage in ("filed", "assigned", "reported_back", "checked"):
            part = flow.get(stage)
            for k, post in enumerate((part.get("by") or []) if isinstance(part, dict) else []):
                if posts and post not in posts:
                    yield Flaw(
                        "GW-PACKS-031",
                        ("workflows", name, stage, "by", k),
                        str(post),
                        ", ".join(posts),
                        closest(str(post), posts),
                    )
        checked = flow.get("checked")
        signatures = checked.get("signatures") if isinstance(checked, dict) else None
        if isinstance(checked, dict) and checked.get("distinct") and not signatures:
            yield Flaw(
                "GW-PACKS-042",
                ("workflows", name, "checked"),
                "distinct without signatures",
                "signatures: [...]",
                "signatures: [inspector, responsible, rechecker]",
            )


__all__ = ["SECTIONS", "cross_check"]
