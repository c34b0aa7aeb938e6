"""How a file is to be read (the `file:` part of an import mapping) and how much of it may be read."""

from __future__ import annotations

import difflib
from collections.abc import Mapping
from dataclasses import dataclass, fields

from gridward.kernel.errors import BadInput
from gridward.kernel.tables import messages as m

FORMATS = ("auto", "csv", "xlsx", "xls", "parquet")
ENCODINGS = {
    "auto": "auto",
    "utf-8": "utf-8",
    "utf8": "utf-8",
    "utf-8-sig": "utf-8",
    "ascii": "utf-8",
    "gb18030": "gb18030",
    "gbk": "gb18030",
    "gb2312": "gb18030",
    "cp936": "gb18030",
    "utf-16": "utf-16",
    "utf16": "utf-16",
    "utf-16-le": "utf-16-le",
    "utf-16-be": "utf-16-be",
    "big5": "big5hkscs",
    "big5hkscs": "big5hkscs",
    "latin-1": "latin-1",
    "iso-8859-1": "latin-1",
    "cp1252": "cp1252",
    "windows-1252": "cp1252",
}
SAMPLE = "file: {format: auto, encoding: auto, sheet: auto, header_row: auto, field_row: null}"
MEGABYTE = 1024 * 1024


@dataclass(frozen=True)
class FileOptions:
    """The wishes of a mapping about its file; everything can be left to detection.

    `sheet` is "auto", a name, or a position counting from 1. `header_row` is "auto" or a row counting from
    1 as Excel shows it. `field_row` is the row of field codes: None looks for one, 0 says there is none.
    """

    format: str = "auto"
    encoding: str = "auto"
    sheet: str | int = "auto"
    header_row: str | int = "auto"
    field_row: int | None = None

    @classmethod
    def from_mapping(cls, mapping: Mapping[str, object] | None) -> FileOptions:
        """Read the `file:` part of a mapping. Raises BadInput (GW-TABLE-010, 011) for the first problem."""
        mapping = mapping or {}
        problems = option_problems(mapping)
        if problems:
            raise problems[0]
        given = {key: _clean(key, value) for key, value in mapping.items() if value is not None}
        return cls(**given)  # type: ignore[arg-type]


@dataclass(frozen=True)
class Limits:
    """How much may be read; None means no limit. Sizes in bytes, ratio = unpacked / packed.

    `max_bytes` and `max_unzipped_bytes` bound csv and parquet, which are streamed; workbooks have to be
    held in memory and keep their own bounds on the command line too.
    """

    max_bytes: int | None = 50 * MEGABYTE
    max_unzipped_bytes: int | None = 1024 * MEGABYTE
    max_ratio: float = 200.0
    max_rows: int | None = 2_000_000
    max_columns: int = 1_000
    max_cell_chars: int = 100_000
    max_workbook_bytes: int = 50 * MEGABYTE
    max_workbook_unzipped_bytes: int = 400 * MEGABYTE
    max_cells: int = 5_000_000

    @classmethod
    def web(cls) -> Limits:
        """Bounds of an upload: 50 MB."""
        return cls()

    @classmethod
    def cli(cls) -> Limits:
        """Bounds on the command line: csv and parquet of any size, workbooks as on the web."""
        return cls(max_bytes=None, max_unzipped_bytes=None, max_ratio=1_000.0, max_rows=None)


def option_problems(mapping: Mapping[str, object]) -> list[BadInput]:
    """All problems of the `file:` part of a mapping, none where it is fine."""
    known = [field.name for field in fields(FileOptions)]
    problems = [_unknown(key, known) for key in mapping if key not in known]
    for key in known:
        value = mapping.get(key)
        if value is not None and (allowed := _complaint(key, value)):
            problems.append(_bad_value(key, value, allowed))
    return problems


def _unknown(key: str, known: list[str]) -> BadInput:
    close = difflib.get_close_matches(str(key), known, n=1)
    return BadInput(
        m.OPTION_UNKNOWN,
        field=f"file.{key}",
        found=key,
        allowed=", ".join(known),
        sample=SAMPLE,
        hint_zh=f"（是不是 {close[0]}？）" if close else "",
        hint_en=f" (did you mean {close[0]}?)" if close else "",
    )


def _bad_value(key: str, value: object, allowed: str) -> BadInput:
    return BadInput(
        m.OPTION_VALUE, field=f"file.{key}", option=key, found=value, allowed=allowed, sample=SAMPLE
    )


def _complaint(key: str, value: object) -> str | None:
    """What is allowed for `key`, when `value` is not."""
    if key == "format":
        return None if _word(value) in FORMATS else ", ".join(FORMATS)
    if key == "encoding":
        return None if _word(value) in ENCODINGS else ", ".join(ENCODINGS)
    if key == "sheet":
        return (
            None if isinstance(value, str) or _row(value, 1) else "auto, a sheet name, or a position from 1"
        )
    if key == "header_row":
        return None if _word(value) == "auto" or _row(value, 1) else "auto, or a row number from 1"
    return (
        None
        if _word(value) in ("auto", "none") or _row(value, 0)
        else "null, or a row number from 1 (0: none)"
    )


def _word(value: object) -> str:
    return str(value).strip().lower()


def _row(value: object, low: int) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and low <= value <= 1_048_576


def _clean(key: str, value: object) -> object:
    if key == "format":
        return _word(value)
    if key == "encoding":
        return ENCODINGS[_word(value)]
    if key == "header_row" and not isinstance(value, int):
        return "auto"
    if key == "field_row" and not isinstance(value, int):
        return 0 if _word(value) == "none" else None
    if key == "sheet" and _word(value) == "auto":
        return "auto"
    return value
