"""Fingerprints by which personal values are found and compared without being opened."""

from __future__ import annotations

from gridward.logbook.actions.keys import fingerprint


def digest_of(ledger: str, name: str, value: str) -> str:
    """The fingerprint of one personal value of a field; spaces, dashes and case do not matter."""
    return fingerprint(f"{ledger}.{name}", "".join(value.split()).replace("-", "").casefold())
