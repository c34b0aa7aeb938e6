"""The generated page of the pack format: every key of every section, from the shapes the rooms declare."""

from __future__ import annotations

import os
from collections.abc import Iterator

from tools.pages import cell, page

INTRO = """Each section is a file of the pack folder (`categories.yaml`; ledgers are `ledgers/*.yaml`, strings are
`strings/zh-Hans.yaml`, `zh-Hant.yaml`, `en.yaml`). `[]` is a member of a list, `<id>` a name of your choice, **bold** is
required. Text, whole numbers, decimals, `true`, `false` and `null` are read as written: `yes`, `no`, `on`, dates and
codes such as `0101` are text; decimals that are meant as text need quotes; tags, anchors and repeated keys are refused.

`gridward pack coverage` counts per section `items`, those with a `source`, those that are `example` (they have
`confidence: example` and no source: a figure that states nothing and that a city replaces by its own), those with both
`languages`, and those that a `story` reaches. It is complete when source and example together are all items and both
languages are."""


def packs() -> str:
    """One table per section."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "gridward.site.settings")
    import django

    django.setup()
    from gridward.site.packing import PARTS

    parts = []
    for section, shape in PARTS.all.items():
        rows = "".join(
            f"| {name} | {cell(kind)} | {cell(sample)} |\n" for name, kind, sample in _rows(shape, "", False)
        )
        parts.append(f"## {section}\n\n| key | value | sample |\n| --- | --- | --- |\n{rows}")
    return page("Pack format", INTRO, parts)


def _rows(shape: object, path: str, required: bool) -> Iterator[tuple[str, str, str]]:
    from gridward.kernel import document as d

    if path:
        yield (
            f"**`{path}`**" if required else f"`{path}`",
            _kind(shape),
            f"`{sample(shape)}`" if sample(shape) else "",
        )
    if isinstance(shape, d.Record) and shape is not d.SOURCE:
        for name, inner in shape.fields.items():
            yield from _rows(inner, f"{path}.{name}".lstrip("."), name in shape.required)
    elif isinstance(shape, d.Items) and not isinstance(shape.item, d.Text | d.OneOf | d.Anything):
        yield from _rows(shape.item, f"{path}[]", False)
    elif isinstance(shape, d.Table) and not isinstance(shape.value, d.Text | d.Anything):
        yield from _rows(shape.value, f"{path}.<id>".lstrip("."), False)


def sample(shape: object) -> str:
    return str(getattr(shape, "sample", "") or "").replace("`", "")


def _kind(shape: object) -> str:
    from gridward.kernel import document as d

    if isinstance(shape, d.OneOf):
        return " · ".join(f"`{word}`" for word in shape.words)
    if isinstance(shape, d.Whole):
        return f"whole number {'' if shape.low is None else shape.low}…{'' if shape.high is None else shape.high}"
    if isinstance(shape, d.Items):
        return f"list of {_kind(shape.item)}"
    if isinstance(shape, d.Either):
        return " or ".join(_kind(option) for option in shape.options)
    names = {
        d.Text: "text", d.Label: "text or {zh, zh_hant, en}", d.Number: "number", d.Flag: "true or false",
        d.Table: "mapping from ids", d.Record: "mapping", d.Anything: "anything", d.Checked: "text",
    }  # fmt: skip
    told = getattr(shape, "help", "") or getattr(shape, "means", "")
    return names[type(shape)] + (f": {told}" if told else "")
