"""Full-width characters as Chinese input methods type them → ASCII, one for one."""

from __future__ import annotations

_FIRST, _LAST = 0xFF01, 0xFF5E  # ！ … ～ mirror ASCII ! … ~
_TABLE = {code: code - _FIRST + 0x21 for code in range(_FIRST, _LAST + 1)} | {
    0x3000: 0x20,  # ideographic space
    0x2212: 0x2D,  # minus sign
    0x2010: 0x2D,  # hyphen
    0x2011: 0x2D,  # non-breaking hyphen
    0x2013: 0x2D,  # en dash
    0x00A0: 0x20,  # no-break space
}


def half_width(text: str) -> str:
    """Full-width digits, letters and signs as ASCII; same length, Chinese text stays as it is."""
    return text.translate(_TABLE)


def normal_code(text: str) -> str:
    """A code as it should have been typed: half-width, upper case, without blanks at the ends or inside."""
    return "".join(half_width(text).upper().split())
