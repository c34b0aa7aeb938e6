"""`verify journals`: walk every chain, compare heads and checkpoints, fold every case and compare its row."""

from __future__ import annotations

import gc
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from gridward.cases.queries import verify as cases
from gridward.cases.queries.rulebook import uuid_or_none
from gridward.cases.rules.numbers import prefix_of
from gridward.logbook import queries as logbook
from gridward.logbook.actions.checkpoints import read_checkpoints
from gridward.logbook.rules import Entry, Head, Problem, check_chain

CASE = "case/"
BATCH = 1000
Walked = tuple[str, list[Entry], Head | None]


def verify_journals(*, home: Path) -> dict[str, Any]:
    """The report of 12-contracts: {"cases", "entries", "ok", "problems": […]}."""
    with _no_collector():
        return _verify(home)


@contextmanager
def _no_collector() -> Iterator[None]:
    """Millions of small values without cycles: looking for cycles among them would cost a sixth of the time."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


def _verify(home: Path) -> dict[str, Any]:
    noted, file_problems = read_checkpoints(home / "checkpoints", home / "keys")
    book = cases.load_rulebook()
    report: dict[str, Any] = {"cases": 0, "entries": 0, "ok": True, "problems": []}
    problems: list[Problem] = [
        Problem("checkpoints", 0, "checkpoint", text, "an unchanged file") for text in file_problems
    ]
    seen: dict[str, str] = {}
    unmet = dict(noted)
    for batch in _batches(logbook.streams()):
        stored = cases.stored_rows(
            [k for s, _, _ in batch if s.startswith(CASE) and (k := uuid_or_none(s[len(CASE) :]))]
        )
        for stream, entries, head in batch:
            report["entries"] += len(entries)
            known = len(problems)
            problems += check_chain(stream, entries, head)
            problems += _against_checkpoint(stream, entries, unmet.pop(stream, None))
            if stream.startswith(CASE):
                report["cases"] += 1
                key = stream[len(CASE) :]
                found = list(cases.check_case(stream, entries, stored.get(key), book))
                seen[key] = _number_of(entries) if found or len(problems) > known else ""
                problems += found
    problems += [
        Problem(s, seq, "missing_stream", "nothing", f"seq {seq} {h}") for s, (seq, h) in unmet.items()
    ]
    prefixes: Counter[str] = Counter()
    numbers = _numbers(seen, problems, prefixes)
    for problem in problems:
        report["problems"].append(_shape(problem, numbers))
    report["problems"] += _gap_problems(prefixes)
    report["ok"] = not report["problems"]
    return report


def _batches(streams: Iterator[Walked]) -> Iterator[list[Walked]]:
    batch: list[Walked] = []
    for item in streams:
        batch.append(item)
        if len(batch) >= BATCH:
            yield batch
            batch = []
    if batch:
        yield batch


def _against_checkpoint(
    stream: str, entries: list[Entry], noted: tuple[int, str] | None
) -> Iterator[Problem]:
    if noted is None:
        return
    seq, hash_ = noted
    found = next((e.hash for e in entries if e.seq == seq), None)
    if found is None:
        yield Problem(
            stream,
            seq,
            "cut_tail",
            f"last entry {entries[-1].seq if entries else 0}",
            f"seq {seq} of a checkpoint",
        )
    elif found != hash_:
        yield Problem(stream, seq, "rewritten", found, hash_)


def _numbers(seen: dict[str, str], problems: list[Problem], prefixes: Counter[str]) -> dict[str, str]:
    """Case numbers of the streams with problems; also finds case rows that have no journal at all, and counts the
    cases under each prefix.

    The journal's number counts; a row's only where there is no journal.
    """
    numbers = {CASE + key: number for key, number in seen.items() if number}
    wanted = {p.stream for p in problems} - numbers.keys()
    for key, number in cases.cases_without_journal():
        prefixes[prefix_of(number)] += 1
        if key not in seen:
            problems.append(Problem(CASE + key, 0, "missing_journal", "no entry", "at least one entry"))
            numbers[CASE + key] = number
        elif CASE + key in wanted:
            numbers[CASE + key] = number
    return numbers


def _number_of(entries: list[Entry]) -> str:
    """The case number in the first entry, empty when the body is damaged beyond reading."""
    try:
        return str(entries[0].data["payload"]["number"])
    except (IndexError, KeyError, TypeError, ValueError):
        return ""


def _shape(problem: Problem, numbers: dict[str, str]) -> dict[str, Any]:
    case = problem.stream[len(CASE) :] if problem.stream.startswith(CASE) else None
    return {
        "stream": problem.stream,
        "seq": problem.seq,
        "kind": problem.kind,
        "case": numbers.get(problem.stream, case),
        "found": problem.found,
        "expected": problem.expected,
    }


def _gap_problems(prefixes: Counter[str]) -> list[dict[str, Any]]:
    """One problem for each number that was given and has no case; at most 20 of one prefix are listed."""
    return [
        {
            "stream": "case/",
            "seq": 0,
            "kind": "missing_case",
            "case": number,
            "found": f"{given - len(missing)} cases",
            "expected": f"{given} numbers given under {prefix}",
        }
        for prefix, given, missing in cases.number_gaps(prefixes)
        for number in missing[:20] or [prefix]
    ]
