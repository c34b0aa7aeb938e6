"""Texts that a spreadsheet would run as a formula: made harmless on the way out, restored on the way in."""

from __future__ import annotations

import re

_DANGEROUS = re.compile(r"'*[=+\-@\t\r\n＝＋－＠]")
_ESCAPED = re.compile(r"'+[=+\-@\t\r\n＝＋－＠]")
_NUMBER = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?\Z")


def escape_formula(value: object) -> object:
    """Put an apostrophe before a text that a spreadsheet would run; numbers, dates and lone signs stay.

    `unescape_formula` is the exact inverse, so that an own export can be imported again unchanged.
    """
    if not isinstance(value, str) or len(value) < 2 or not _DANGEROUS.match(value) or _NUMBER.match(value):
        return value
    return "'" + value


def unescape_formula(text: str) -> str:
    """Take away the apostrophe that `escape_formula` put there; any other text stays."""
    return text[1:] if _ESCAPED.match(text) else text


def may_be_escaped(line: str) -> bool:
    """A quick look at a whole line: False when no cell in it can have been escaped."""
    return _ESCAPED.search(line) is not None
