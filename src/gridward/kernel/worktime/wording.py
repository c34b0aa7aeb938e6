"""Lengths of working time in words."""

from __future__ import annotations

from gridward.kernel.worktime.limits import check_unit

_WORDS = {
    "zh-Hans": ("天", "时", "分", "秒"),
    "zh-Hant": ("天", "時", "分", "秒"),
    "en": ("d", "h", "min", "s"),
}
_SIZES = (86_400, 3_600, 60, 1)


def say_duration(seconds: int, unit: str, language: str = "zh") -> str:
    """The length in at most two neighbouring sizes, the rest cut: "1 天 3 时", "1 d 3 h", "-2 h 5 min".

    A day is what a limit of one day counts, 86,400 s. Working hours stay hours however many they are, because
    an office day of eight hours is not a day of this measure: 10 working hours read "10 h". English for
    "en…", traditional characters for "zh-Hant…", else simplified. Raises BadInput for an unknown unit.
    """
    check_unit(unit)
    sizes = range(1, 4) if unit == "working_hour" else range(4)
    words, left = _WORDS[_script(language)], abs(seconds)
    biggest = next((place for place in sizes if left >= _SIZES[place]), 2)
    text = " ".join(_parts(left, biggest, words))
    return f"-{text}" if seconds < 0 else text


def _parts(left: int, biggest: int, words: tuple[str, ...]) -> list[str]:
    whole, rest = divmod(left, _SIZES[biggest])
    parts = [f"{whole} {words[biggest]}"]
    if biggest < 3 and rest // _SIZES[biggest + 1]:
        parts.append(f"{rest // _SIZES[biggest + 1]} {words[biggest + 1]}")
    return parts


def _script(language: str) -> str:
    if language.startswith("en"):
        return "en"
    return "zh-Hant" if language.startswith("zh-Hant") else "zh-Hans"
