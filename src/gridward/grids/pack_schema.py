"""levels.yaml: what a pack says about its grid schemes."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from gridward.kernel.document import (
    ID,
    SOURCE,
    Anything,
    Either,
    Flaw,
    Items,
    Label,
    Number,
    OneOf,
    Record,
    Table,
    Whole,
)

LEVEL = Record(
    fields={
        "id": ID,
        "label": Label(),
        "unit": Either(options=(ID, Items(item=ID))),
        "kind": OneOf(words=("territorial", "business")),
        "split_by": OneOf(words=("class",)),
        "node": Anything(),
        "coverage": OneOf(words=("required", "none")),
        "overlaps": OneOf(words=("forbidden", "declared")),
        "tolerance_m2": Number(),
        "divide": Anything(help="How a division is proposed (planning)."),
        "expected": Either(options=(Whole(low=0), Table(value=Whole(low=0), key_pattern=r".+"))),
        "rules": Items(item=Anything()),
        "group": Anything(),
        "fields": Items(item=Anything()),
        "source": SOURCE,
    },
    required=("id", "label"),
    sample="{id: community, label: 社区（三级网格）, unit: community}",
)
SCHEME = {
    "scheme": ID,
    "label": Label(),
    "levels": Items(item=LEVEL, key="id", least=1, sample="- {id: district, label: 区}"),
    "coverage": Record(
        fields={
            "gaps": OneOf(words=("forbidden", "allowed")),
            "overlaps": OneOf(words=("forbidden", "declared")),
        }
    ),
    "map_layers": Items(item=Anything()),
    "source": SOURCE,
}
SECTIONS = {
    "levels": Either(
        options=(
            Record(
                fields={**SCHEME, "schemes": Items(item=Record(fields=SCHEME, required=("scheme", "levels")))}
            ),
        ),
        sample="scheme: fire",
    )
}


def schemes_of(doc: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    """The schemes of a pack: `schemes:` or the single one at the top."""
    levels = doc.get("levels") or {}
    found = [s for s in levels.get("schemes") or [] if isinstance(s, dict)]
    return ([levels] if levels.get("scheme") else []) + found


def level_ids(doc: Mapping[str, Any]) -> list[str]:
    """Ids of all levels of all schemes."""
    return [
        str(level.get("id"))
        for s in schemes_of(doc)
        for level in s.get("levels") or []
        if isinstance(level, dict)
    ]


def cross_check(doc: Mapping[str, Any]) -> Iterator[Flaw]:
    """A scheme has one to five levels."""
    for scheme in schemes_of(doc):
        count = len(scheme.get("levels") or [])
        if count > 5:
            yield Flaw(
                "GW-PACKS-030",
                ("levels", "levels"),
                f"{count} levels",
                "1 to 5 levels",
                "district … endpoint",
            )


__all__ = ["SECTIONS", "cross_check", "level_ids", "schemes_of"]
