"""Passwords as argon2id: made, compared, and compared with nothing in the same time."""

from __future__ import annotations

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

# OWASP's first choice for argon2id: 19 MiB, so that 16 log-ins at once stay below the memory budget.
HASHER = PasswordHasher(time_cost=2, memory_cost=19_456, parallelism=1)

# A hash of a forgotten random text with the parameters above: unknown logins are compared with it, so that
# they
# take as long as known ones.
NOBODY = "$argon2id$v=19$m=19456,t=2,p=1$7a6XE/znkOWC25HgnEIV5Q$PtPFzBMQfAl9oOYwDBqnwl+7TKKRUGU7am5aCJepGFk"


def hash_password(password: str) -> str:
    """The argon2id hash of a password, parameters and salt included."""
    return HASHER.hash(password)


def matches(hashed: str, password: str) -> bool:
    """Whether `password` belongs to `hashed`; an empty hash belongs to nothing but takes as long."""
    try:
        return HASHER.verify(hashed or NOBODY, password) and bool(hashed)
    except (VerificationError, InvalidHashError):
        return False


def is_outdated(hashed: str) -> bool:
    """Whether a hash was made with other parameters than today's."""
    return HASHER.check_needs_rehash(hashed)
