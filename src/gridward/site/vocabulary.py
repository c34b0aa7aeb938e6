"""The words that packs use in `may:`, and the permissions each gives. A permission id may be written too."""

from __future__ import annotations

from collections.abc import Sequence

from gridward.kernel.errors import BadInput, Message
from gridward.site.permissions import ALL_PERMISSIONS

UNKNOWN = Message(
    "GW-PACKS-035",
    "岗位权限“{found}”不认识；可用的词：{allowed}。",
    "The power {found} is not known; words are: {allowed}.",
)
READ = (
    "cases:case:read",
    "grids:area:read",
    "people:person:read",
    "people:unit:read",
    "ledger:subject:read",
    "packs:pack:read",
)
WORDS: dict[str, tuple[str, ...]] = {
    "read": READ,
    "report": ("cases:case:report",),
    "pre_check": ("cases:case:pre_check",),
    "file": ("cases:case:file",),
    "void": ("cases:case:void",),
    "assign": ("cases:case:assign",),
    "handle": ("cases:case:handle",),
    "check": ("cases:case:check",),
    "close": ("cases:case:close",),
    "close_on_site": ("cases:case:settle",),
    "evaluate": ("cases:case:evaluate",),
    "reopen": ("cases:case:reopen",),
    "see_contact": ("cases:contact:read",),
    "keep_files": ("ledger:subject:create", "ledger:subject:change"),
    "export": ("cases:case:export", "ledger:subject:export"),
    "manage_people": ("people:person:manage", "people:posting:manage", "people:unit:manage"),
    "visit": (),
}


def permissions_of(words: Sequence[str]) -> tuple[str, ...]:
    """The permissions behind a post's words; whoever holds a post may read in its scope."""
    found: list[str] = [p for p in READ if p in ALL_PERMISSIONS]
    for word in words:
        if word in WORDS:
            found += [p for p in WORDS[word] if p in ALL_PERMISSIONS]
        elif word.removesuffix("@own") in ALL_PERMISSIONS:
            found.append(word)
        else:
            raise BadInput(UNKNOWN, field="may", found=word, allowed=", ".join(WORDS))
    return tuple(dict.fromkeys(found))
