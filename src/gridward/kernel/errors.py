"""The error tree. Every error teaches: a code, what was found, what is allowed, what to do next.

    GridwardError
    ├── Refused           a business "no": the request was understood, a rule forbids it
    │   ├── BadInput      422  a value is missing, malformed or out of range
    │   ├── Missing       404  no such thing, or the actor may not know of it
    │   ├── Forbidden     403  the actor lacks a permission
    │   ├── Unauthenticated 401 nobody is logged in, or the token is unknown
    │   ├── TooMany       429  a limit on repeats was passed
    │   └── Conflict      409  somebody was first; carries who and when
    └── Fault             500  a bug or a broken installation: never shown as the user's mistake

A `Message` is defined once, beside the rule that raises it, in Chinese and English; values are filled in
when it is raised. Codes read `GW-<ROOM>-<NNN>` and never change their meaning.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Both:
    """A word inside a sentence that has a form in each language: a stage, a move, the label of a field."""

    zh: str
    en: str

    def __str__(self) -> str:
        return self.en


@dataclass(frozen=True)
class Message:
    """One teachable sentence in two languages; `{name}` placeholders are filled from the error's values."""

    code: str
    zh: str
    en: str

    def fill(self, language: str, values: Mapping[str, Any]) -> str:
        """Return the sentence in `language` ("en", anything else is Chinese); unknown placeholders stay."""
        english = language.startswith("en")
        said = {k: (v.en if english else v.zh) if isinstance(v, Both) else v for k, v in values.items()}
        return (self.en if english else self.zh).format_map(_Lenient(said))


class _Lenient(dict[str, Any]):
    def __missing__(self, key: str) -> str:
        return "{" + key + "}"


class GridwardError(Exception):
    """Base of all own errors. `field` names the input, `where` the place (file, row, column)."""

    status = 500

    def __init__(
        self, message: Message, *, field: str | None = None, where: str | None = None, **values: Any
    ):
        self.message = message
        self.field = field
        self.where = where
        self.values = values
        super().__init__(f"{message.code} {message.fill('en', values)}")

    @property
    def code(self) -> str:
        return self.message.code

    def sentence(self, language: str = "zh") -> str:
        """The sentence for a person; begins with the place when one is known."""
        text = self.message.fill(language, self.values)
        if not self.where:
            return text
        return f"{self.where}: {text}" if language.startswith("en") else f"{self.where}：{text}"


class Refused(GridwardError):
    status = 422


class BadInput(Refused):
    status = 422


class Missing(Refused):
    status = 404


class Forbidden(Refused):
    status = 403


class Unauthenticated(Refused):
    status = 401


class TooMany(Refused):
    status = 429


class Conflict(Refused):
    """Somebody was first. `current` says what stands now: stage, seq, by, at."""

    status = 409

    def __init__(self, message: Message, *, current: Mapping[str, Any] | None = None, **values: Any):
        super().__init__(message, **values)
        self.current = dict(current or {})


class Fault(GridwardError):
    status = 500


class ManyProblems(Refused):
    """Several problems found in one run (a form, a pack, a file); each is an error of this tree."""

    status = 422

    def __init__(self, message: Message, problems: Sequence[GridwardError], **values: Any):
        super().__init__(message, **values)
        self.problems = list(problems)
