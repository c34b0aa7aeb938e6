"""Column names: made clean and unique when read, found again in spite of small differences."""

from __future__ import annotations

import difflib
import re
import unicodedata
from collections.abc import Sequence
from typing import TYPE_CHECKING

from gridward.kernel.errors import BadInput
from gridward.kernel.tables import messages as m

if TYPE_CHECKING:
    from gridward.kernel.tables.table import Table

ERROR_HEADER = "错误 / Error"
_SPACE = re.compile(r"\s+")
_INVISIBLE = re.compile("[\u200b-\u200f\u2060\ufeff\u00ad]")
_REQUIRED_MARK = re.compile(r"^[*＊:：]+|[*＊:：]+$|[(（](必填|选填|required|optional)[)）]$", re.IGNORECASE)


def clean_label(value: object) -> str:
    """A header cell as one line of text: line breaks and runs of blanks become one blank."""
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    return _SPACE.sub(" ", _INVISIBLE.sub("", str(value))).strip()


def make_unique(names: Sequence[str]) -> list[str]:
    """The same names in the same order; the second “地址” becomes “地址 (2)”."""
    taken: set[str] = set()
    unique = []
    for name in names:
        candidate, count = name, 2
        while candidate in taken:
            candidate, count = f"{name} ({count})", count + 1
        taken.add(candidate)
        unique.append(candidate)
    return unique


def fold(name: str) -> str:
    """A name without what people get wrong: case, width of letters, blanks, marks of required fields."""
    text = _SPACE.sub("", unicodedata.normalize("NFKC", clean_label(name))).casefold()
    return _REQUIRED_MARK.sub("", text) or text


def same_name(one: str, other: str) -> bool:
    return fold(one) == fold(other)


def resolve(table: Table, name: str) -> str:
    """The column of `table` that a mapping calls `name`: by label or field code, exactly or nearly.

    Raises BadInput (GW-TABLE-025) listing the columns found and the closest one, or GW-TABLE-026 where
    several fit.
    """
    codes = table.codes or [""] * len(table.header)
    pairs = list(zip(table.header, codes, strict=True))
    for by_label in (True, False):
        for label, code in pairs:
            if name == (label if by_label else code):
                return label
    wanted = fold(name)
    fitting = [label for label, code in pairs if wanted and wanted in (fold(label), fold(code))]
    if len(fitting) == 1:
        return fitting[0]
    if fitting:
        raise BadInput(
            m.COLUMN_AMBIGUOUS, where=table.name, field=name, found=name, allowed="、".join(fitting)
        )
    raise _missing(table, name, pairs)


def _missing(table: Table, name: str, pairs: list[tuple[str, str]]) -> BadInput:
    listed = "、".join(label + (f" ({code})" if code else "") for label, code in pairs)
    close = _closest(name, pairs)
    return BadInput(
        m.COLUMN_MISSING,
        where=table.name,
        field=name,
        found=name,
        allowed=listed,
        hint_zh=f"（最接近的是“{close}”）" if close else "",
        hint_en=f" (the closest is “{close}”)" if close else "",
    )


def _closest(name: str, pairs: list[tuple[str, str]]) -> str | None:
    folded = {fold(text): text for label, code in pairs for text in (code, label) if text}
    near = difflib.get_close_matches(fold(name), list(folded), n=1, cutoff=0.5)
    return folded[near[0]] if near else None
