"""Unified social credit codes (GB 32100-2015): 18 characters, the last one a check character.

    1   registration authority      3-8   division code of the authority (digits)
    2   kind of body                9-17  organisation code (GB 11714), its last character a check of its own
                                    18    check character over 1-17

The alphabet has 31 characters: digits and capitals without I, O, S, V, Z. Two checks inside one code let a
mistake be narrowed down: if the organisation code fails too, it sits in 9-17, otherwise in 1-8 or 18.
"""

from __future__ import annotations

from gridward.kernel.codes.halfwidth import normal_code
from gridward.kernel.errors import BadInput, Message

ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"
_WEIGHTS = tuple(pow(3, i, 31) for i in range(17))
_VALUE = {character: value for value, character in enumerate(ALPHABET)}
_ORG_WEIGHTS = (3, 7, 9, 10, 5, 8, 4, 2)
# Letters that are not in the alphabet and what was most likely meant.
_MEANT = {"I": "1", "O": "0", "S": "5", "V": "U", "Z": "2"}
_ALIKE = ("0D", "0Q", "1L", "1T", "17", "2Z", "38", "49", "4A",
          "56", "6G", "68", "8B", "CG", "EF", "MN", "MW", "NH",
          "PR", "UW", "XY", "KX", "5S", "UV")  # fmt: skip

BAD_LENGTH = Message(
    "GW-CODE-020",
    "统一社会信用代码“{found}”有 {count} 位，应为 18 位（15 位的是旧工商注册号，9 位的是组织机构代码）。",
    "The unified social credit code “{found}” has {count} characters; it must have 18 (15 is an old "
    "registration number, 9 an organisation code).",
)
BAD_CHARACTER = Message(
    "GW-CODE-021",
    "统一社会信用代码“{found}”第 {place} 位“{character}”不允许{meant}；"
    "只能用数字和大写字母，不含 I O S V Z。",
    "Character {place} of the credit code “{found}”, “{character}”, is not allowed{meant_en}; only digits "
    "and capitals without I O S V Z.",
)
BAD_DIVISION = Message(
    "GW-CODE-022",
    "统一社会信用代码“{found}”第 {place} 位“{character}”应为数字（第 3-8 位是登记机关行政区划码）。",
    "Character {place} of the credit code “{found}”, “{character}”, must be a digit (3-8 is the division "
    "code of the authority).",
)
BAD_CHECK = Message(
    "GW-CODE-023",
    "统一社会信用代码“{found}”校验不符：按前 17 位，第 18 位应为“{expected}”而不是“{character}”。"
    "错误多半在第 {suspect} 位{guess}。请对照营业执照。",
    "The credit code “{found}” fails its check: after the first 17 characters the 18th should be "
    "“{expected}”, not “{character}”. The mistake is most likely in {suspect}{guess_en}. "
    "Compare with the licence.",
)


def check_character(first17: str) -> str:
    """The 18th character for 17 characters of the alphabet (KeyError for others)."""
    total = sum(_VALUE[c] * w for c, w in zip(first17, _WEIGHTS, strict=True))
    return ALPHABET[(31 - total % 31) % 31]


def organisation_check(first8: str) -> str:
    """The 9th character of an organisation code (GB 11714) for its first 8: digit or X."""
    values = (int(c, 36) for c in first8)
    rest = 11 - sum(v * w for v, w in zip(values, _ORG_WEIGHTS, strict=True)) % 11
    return "X" if rest == 10 else "0" if rest == 11 else str(rest)


def credit_code_problems(code: str) -> list[BadInput]:
    """Everything that is wrong with a code as typed, [] when right; case and full width do not matter."""
    text = normal_code(code)
    if len(text) != 18:
        return [BadInput(BAD_LENGTH, field="credit_code", found=text, count=len(text))]
    problems = [_bad_character(text, i) for i, c in enumerate(text) if c not in _VALUE]
    problems += [_bad_division(text, i) for i in range(2, 8) if text[i] in _VALUE and not text[i].isdigit()]
    if not problems and text[17] != check_character(text[:17]):
        problems.append(_bad_check(text))
    return problems


def check_credit_code(code: str) -> str:
    """The code normalised (half-width capitals); BadInput GW-CODE-020…023, the first problem."""
    problems = credit_code_problems(code)
    if problems:
        raise problems[0]
    return normal_code(code)


def is_credit_code(code: str) -> bool:
    return not credit_code_problems(code)


def _bad_character(text: str, i: int) -> BadInput:
    meant = _MEANT.get(text[i], "")
    zh, en = (f"，可能是“{meant}”", f" (perhaps “{meant}”)") if meant else ("", "")
    return BadInput(
        BAD_CHARACTER,
        field="credit_code",
        found=text,
        place=i + 1,
        character=text[i],
        meant=zh,
        meant_en=en,
    )


def _bad_division(text: str, i: int) -> BadInput:
    return BadInput(BAD_DIVISION, field="credit_code", found=text, place=i + 1, character=text[i])


def _bad_check(text: str) -> BadInput:
    inside = organisation_check(text[8:16]) != text[16]
    guess = likely_credit_code(text)
    zh, en = (f"，可能是 {guess}", f"; perhaps {guess}") if guess else ("", "")
    return BadInput(
        BAD_CHECK,
        field="credit_code",
        found=text,
        expected=check_character(text[:17]),
        character=text[17],
        suspect="9-17" if inside else "1-8 / 18",
        guess=zh,
        guess_en=en,
    )


def likely_credit_code(code: str) -> str | None:
    """The one code that fits both checks and differs by one look-alike character or one swap of neighbours.

    None when there is no such code or more than one. A suggestion to compare with the licence, no repair.
    """
    text = normal_code(code)
    if len(text) != 18:
        return None
    found = {c for c in (*_alike(text), *_swapped(text)) if _fits_both(c)}
    return found.pop() if len(found) == 1 else None


def _alike(text: str) -> list[str]:
    pairs = [*_ALIKE, *(pair[::-1] for pair in _ALIKE)]
    return [text[:i] + p[1] + text[i + 1 :] for i, c in enumerate(text) for p in pairs if p[0] == c]


def _swapped(text: str) -> list[str]:
    return [text[:i] + text[i + 1] + text[i] + text[i + 2 :] for i in range(17) if text[i] != text[i + 1]]


def _fits_both(text: str) -> bool:
    if any(c not in _VALUE for c in text) or not text[2:8].isdigit():
        return False
    return text[17] == check_character(text[:17]) and text[16] == organisation_check(text[8:16])
