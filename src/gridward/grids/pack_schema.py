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
    Path,
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
        "fields": Items(item=Anything(decimals=False)),
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
    "levels": Record(
        fields={**SCHEME, "schemes": Items(item=Record(fields=SCHEME, required=("scheme", "levels")))},
        sample="scheme: fire",
    )
}


def schemes_of(doc: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    """The schemes of a pack: `schemes:` or the single one at the top."""
    return [scheme for _, scheme in placed_schemes(doc)]


def placed_schemes(doc: Mapping[str, Any]) -> list[tuple[Path, Mapping[str, Any]]]:
    """The schemes with the path of each."""
    levels = doc.get("levels") or {}
    top: list[tuple[Path, Mapping[str, Any]]] = [(("levels",), levels)] if levels.get("scheme") else []
    more = enumerate(levels.get("schemes") or [])
    return top + [(("levels", "schemes", n), s) for n, s in more if s.get("scheme")]


def level_ids(doc: Mapping[str, Any], scheme: str | None = None) -> list[str]:
    """Ids of the levels of all schemes, or of one."""
    return [
        str(level.get("id"))
        for s in schemes_of(doc)
        for level in s.get("levels") or []
        if scheme in (None, s["scheme"])
    ]


def cross_check(doc: Mapping[str, Any]) -> Iterator[Flaw]:
    """A named scheme with one to five levels, each scheme once."""
    section = doc.get("levels") or {}
    if "levels" in doc and not section.get("scheme") and ("levels" in section or not section.get("schemes")):
        yield Flaw("GW-PACKS-017", ("levels",), "no scheme", "scheme is required", "scheme: fire")
    seen: set[str] = set()
    for path, scheme in placed_schemes(doc):
        if scheme["scheme"] in seen:
            sample = f"{scheme['scheme']}_2"
            yield Flaw("GW-PACKS-016", (*path, "scheme"), str(scheme["scheme"]), "each only once", sample)
        seen.add(str(scheme["scheme"]))
        yield from _check_levels(scheme, path)


def _check_levels(scheme: Mapping[str, Any], path: Path) -> Iterator[Flaw]:
    levels = scheme.get("levels")
    if levels is None and path == ("levels",):
        yield Flaw(
            "GW-PACKS-017", path, "no levels", "levels is required", "levels: [{id: district, label: 区}]"
        )
    if len(levels or ()) > 5:
        place = (*path, "levels", 5)
        yield Flaw(
            "GW-PACKS-030", place, f"{len(levels or ())} levels", "1 to 5 levels", "district … endpoint"
        )


__all__ = ["SECTIONS", "cross_check", "level_ids", "placed_schemes", "schemes_of"]
