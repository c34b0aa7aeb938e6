"""Hide personal numbers: in a field that holds one, and anywhere in free text.

What is hidden in free text (digits may be full-width; Chinese text may stand directly beside them):

- mobile numbers of mainland China (11 digits from 13 to 19, also +86 and grouped 3-4-4),
- landlines with area code (0755-12345678, (010)12345678), and 7 or 8 digits right after a word for phone,
- citizen id numbers: 18 characters, or 17 when the last was lost, with a possible date of birth; 15 digits of
  the old form (born 1920-1999),
- bank cards: 16 to 19 digits from 3 to 6 or 9 that pass the Luhn check or are grouped in fours, and any
  number of 12 or more digits right after a word for card or account,
- e-mail addresses.

When in doubt a number is hidden: a matter code of 11 digits from 13… to 15… reads like a mobile number, a
grid id in a township (street part 200-399) may read like an old citizen id. Never hidden: hotlines (110,
12345), 400/800 numbers, dates, case numbers, credit codes that pass their check unless they read like an id,
and component ids of 17 digits (county + class from 01 to 05 + serial) unless a word for card precedes.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date
from typing import NamedTuple

from gridward.kernel.codes.areas import PROVINCES
from gridward.kernel.codes.credit import is_credit_code
from gridward.kernel.codes.halfwidth import half_width

_NOT_INSIDE = r"(?<![0-9])", r"(?![0-9])"


def _alone(pattern: str) -> re.Pattern[str]:
    """A pattern that must not be a part of a longer number."""
    return re.compile(_NOT_INSIDE[0] + pattern + _NOT_INSIDE[1], re.IGNORECASE)


_WORTH_LOOKING = re.compile(r"@|[0-9][0-9() -]{5,}[0-9]")
_EMAIL = re.compile(r"[A-Za-z0-9][A-Za-z0-9._%+-]*@(?:[A-Za-z0-9-]+\.)+[A-Za-z]{2,}")
_CITIZEN_ID = _alone(r"(?:[1-9][0-9]{5}[ -]?[0-9]{8}[ -]?(?:[0-9]{3}[0-9X]|[0-9]{3})|[1-9][0-9]{14})")
_GROUPED_CARD = _alone(r"[3-69][0-9]{3}([ -])[0-9]{4}\1[0-9]{4}\1[0-9]{4}(?:\1[0-9]{1,3})?")
_CARD = _alone(r"[3-69][0-9]{15,18}")
_COUNTRY = r"(?:(?:\+|00)?86[ -]?)?"
_MOBILE = _alone(_COUNTRY + r"1[3-9][0-9][ -]?[0-9]{4}[ -]?[0-9]{4}")
# Not after "digit-": the parts of a case number (20260105-01001-00012) are no telephone number.
_AREA_CODE = r"(?:0(?:10|2[0-9]|[3-9][0-9]{2}))"
_LANDLINE = _alone(
    rf"(?<![0-9]-){_COUNTRY}(?:\({_AREA_CODE}\)|{_AREA_CODE})[ -]?[1-9][0-9]{{2,3}}[ -]?[0-9]{{4}}"
)
_GAP = r"[^0-9A-Za-z\n]{0,6}"
_AFTER_CARD_WORD = re.compile(
    rf"(?:卡号|账号|帐号|账户|帐户|银行卡|card|account){_GAP}([0-9]{{4}}(?:[ -]?[0-9]){{8,15}})(?![0-9])",
    re.IGNORECASE,
)
_AFTER_PHONE_WORD = re.compile(
    rf"(?:电话|座机|固话|传真|联系方式|tel|phone|fax){_GAP}([1-9][0-9]{{2,3}}[ -]?[0-9]{{4}})(?![0-9])",
    re.IGNORECASE,
)


def mask_phone(phone: str) -> str:
    """13812345678 → 138****5678, 0755-12345678 → 0755-****5678; separators stay.

    Up to six digits (hotlines) and 400/800 numbers are public and stay as they are.
    """
    plain = half_width(phone)
    digits = "".join(c for c in plain if c in "0123456789")
    if len(digits) <= 6 or re.fullmatch(r"\s*[48]00([ -]?[0-9]){7}\s*", plain):
        return phone
    return _hide_digits(phone, keep_end=4, hide=_middle(digits))


def _middle(digits: str) -> int:
    """How many digits before the last four to hide: the rest of a subscriber's number, or four."""
    if len(digits) <= 8:
        return len(digits) - 4
    if re.fullmatch(r"0(?:[12][0-9]|[3-9][0-9]{2})[0-9]{7,8}", digits):
        return len(digits) - (3 if digits[1] in "12" else 4) - 4
    return 4


def mask_id_number(number: str) -> str:
    """Citizen id: first three and last two characters stay (440301199001011234 → 440*************34)."""
    return _stars(number, 3, 2)


def mask_card(number: str) -> str:
    """Bank card: the last four digits stay, separators too."""
    return _hide_digits(number, keep_end=4, hide=len(number))


def mask_email(address: str) -> str:
    """zhang@example.com → z***@example.com."""
    name, _, domain = address.partition("@")
    return f"{name[:1]}***@{domain}"


def _stars(text: str, start: int, end: int) -> str:
    hidden = max(len(text) - start - end, 0)
    return text[:start] + "*" * hidden + text[start + hidden :]


def _hide_digits(text: str, *, keep_end: int, hide: int) -> str:
    """Replace `hide` digits before the last `keep_end` digits by stars; everything else stays."""
    places = [i for i, c in enumerate(half_width(text)) if c in "0123456789"]
    hidden = set(places[: len(places) - keep_end][-hide:])
    return "".join("*" if i in hidden else c for i, c in enumerate(text))


def mask_text(text: str) -> str:
    """Free text with every personal number hidden; what stays is unchanged. Masking twice changes nothing."""
    masked = _masked_once(text)
    while masked != text:  # hiding one number can uncover the next in a long row of groups
        text, masked = masked, _masked_once(masked)
    return text


def _masked_once(text: str) -> str:
    plain = half_width(text)
    if not _WORTH_LOOKING.search(plain):
        return text
    for rule in _RULES:
        text, before = rule.apply(text, plain), text
        plain = plain if text is before else half_width(text)
    return text


class _Rule(NamedTuple):
    """`mask` hides the group of each match for which `is_personal`."""

    pattern: re.Pattern[str]
    group: int
    is_personal: Callable[[str], bool]
    mask: Callable[[str], str]

    def apply(self, text: str, plain: str) -> str:
        """Search in half-width `plain`, cut in `text` of the same length. Nothing found: `text` itself."""
        done, end = [], 0
        for match in self.pattern.finditer(plain):
            start, stop = match.span(self.group)
            if self.is_personal(match.group(self.group)):
                done += [text[end:start], self.mask(text[start:stop])]
                end = stop
        return "".join([*done, text[end:]]) if done else text


def _always(_: str) -> bool:
    return True


def _is_citizen_id(number: str) -> bool:
    """The date of birth is possible. Check digit and division are ignored: a mistyped id is personal too."""
    number = number.replace(" ", "").replace("-", "")
    if len(number) > 15:
        return _is_birth_date(number[6:14])
    # Old form: the province and the age of the holder keep most grid ids (GB/T 47678.3) readable.
    return number[:2] in PROVINCES and number[6:8] >= "20" and _is_birth_date("19" + number[6:12])


def _is_birth_date(digits: str) -> bool:
    if not "1900" <= digits[:4] <= "2099":
        return False
    try:
        date(int(digits[:4]), int(digits[4:6]), int(digits[6:]))
    except ValueError:
        return False
    return True


def _is_card(number: str) -> bool:
    if len(number) == 18 and is_credit_code(number):
        return False
    if len(number) == 17 and number[:2] in PROVINCES and "01" <= number[6:8] <= "05":
        return False  # component id of GB/T 47678.5; cards of 17 digits are rare
    return _passes_luhn(number)


def _passes_luhn(number: str) -> bool:
    doubled = (int(c) * (2 - i % 2) for i, c in enumerate(reversed(number), start=1))
    return sum(d - 9 if d > 9 else d for d in doubled) % 10 == 0


_RULES = (
    _Rule(_EMAIL, 0, _always, mask_email),
    _Rule(_CITIZEN_ID, 0, _is_citizen_id, mask_id_number),
    _Rule(_AFTER_CARD_WORD, 1, _always, mask_card),
    _Rule(_GROUPED_CARD, 0, _always, mask_card),
    _Rule(_CARD, 0, _is_card, mask_card),
    _Rule(_MOBILE, 0, _always, mask_phone),
    _Rule(_LANDLINE, 0, _always, mask_phone),
    _Rule(_AFTER_PHONE_WORD, 1, _always, mask_phone),
)
