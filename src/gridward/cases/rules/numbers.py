"""Case numbers: YYYYMMDD-category-serial, the day local, the serial gap-free under its prefix."""

from __future__ import annotations

import re
from datetime import date

_PLAIN = re.compile(r"^[A-Za-z0-9._]{1,24}$")


def number_prefix(day: date, code: str, category_id: int) -> str:
    """The part before the serial; a category code with spaces or Chinese is replaced by its row number."""
    short = code if _PLAIN.match(code) else f"C{category_id}"
    return f"{day:%Y%m%d}-{short}"


def prefix_of(number: str) -> str:
    """The prefix of a whole number: everything before its last "-"."""
    return number.rsplit("-", 1)[0]


def case_number(prefix: str, serial: int) -> str:
    """The whole number; serials have at least four digits."""
    return f"{prefix}-{serial:04d}"
