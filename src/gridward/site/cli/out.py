"""What commands print: one JSON document on stdout with --json, sentences otherwise; errors teach on stderr."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Annotated, Any

import orjson
import typer

from gridward.kernel.errors import GridwardError, ManyProblems

DONE, PROBLEMS, REFUSED = 0, 1, 2
Json = Annotated[bool, typer.Option("--json", help="Print exactly one JSON document on stdout.")]


def language() -> str:
    """The language of sentences: Chinese unless the locale says otherwise."""
    name = os.environ.get("GRIDWARD_LANG") or os.environ.get("LC_ALL") or os.environ.get("LANG") or ""
    return "zh" if name.lower().startswith("zh") else "en"


def show(data: Mapping[str, Any], *, as_json: bool) -> None:
    """Print a result."""
    if as_json:
        sys.stdout.write(orjson.dumps(data, default=str).decode() + "\n")
        sys.stdout.flush()
        return
    for key, value in data.items():
        if isinstance(value, list) and value and isinstance(value[0], dict):
            sys.stdout.write(f"{key}:\n")
            for item in value:
                sys.stdout.write("  " + "  ".join(f"{k}={v}" for k, v in item.items()) + "\n")
        else:
            sys.stdout.write(f"{key}: {value}\n")


def say(text: str) -> None:
    """A sentence for the person at the terminal, never on stdout."""
    sys.stderr.write(text + "\n")


def teach(error: GridwardError) -> None:
    """Print an error with all its parts."""
    found = error.problems if isinstance(error, ManyProblems) else [error]
    for each in found:
        say(f"{each.code}  {each.sentence(language())}")


@contextmanager
def refusing() -> Iterator[None]:
    """Turn an error of the tree into sentences and exit code 2 (nothing was done)."""
    try:
        yield
    except GridwardError as error:
        teach(error)
        raise typer.Exit(REFUSED) from error


def progress_to_stderr(label: str) -> Any:
    """A counter line on a terminal, nothing when stderr is a file."""
    if not sys.stderr.isatty():
        return None

    def show_count(rows: int) -> None:
        sys.stderr.write(f"\r{label}: {rows:,}")
        sys.stderr.flush()

    return show_count
