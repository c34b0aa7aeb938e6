"""`verify journals`: walk every chain, compare heads and checkpoints, fold every case and compare its row."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any
from uuid import UUID

from gridward.cases.queries import verify as cases
from gridward.logbook import queries as logbook
from gridward.logbook.actions.checkpoints import read_checkpoints
from gridward.logbook.rules import Entry, Head, Problem, check_chain

CASE = "case/"
BATCH = 1000
Walked = tuple[str, list[Entry], Head | None]


def verify_journals(*, home: Path) -> dict[str, Any]:
    """The report of 12-contracts: {"cases", "entries", "ok", "problems": […]}."""
    noted, file_problems = read_checkpoints(home / "checkpoints", home / "keys")
    book = cases.load_rulebook()
    report: dict[str, Any] = {"cases": 0, "entries": 0, "ok": True, "problems": []}
    problems: list[Problem] = [
        Problem("checkpoints", 0, "checkpoint", text, "an unchanged file") for text in file_problems
    ]
    seen: set[str] = set()
    unmet = dict(noted)
    for batch in _batches(logbook.streams()):
        stored = cases.stored_rows([UUID(s[len(CASE) :]) for s, _, _ in batch if s.startswith(CASE)])
        for stream, entries, head in batch:
            report["entries"] += len(entries)
            problems += check_chain(stream, entries, head)
            problems += _against_checkpoint(stream, entries, unmet.pop(stream, None))
            if stream.startswith(CASE):
                report["cases"] += 1
                key = stream[len(CASE) :]
                seen.add(key)
                problems += cases.check_case(stream, entries, stored.get(key), book)
    problems += [
        Problem(s, seq, "missing_stream", "nothing", f"seq {seq} {h}") for s, (seq, h) in unmet.items()
    ]
    numbers = _numbers(seen, problems)
    for problem in problems:
        report["problems"].append(_shape(problem, numbers))
    report["problems"] += _gap_problems()
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


def _numbers(seen: set[str], problems: list[Problem]) -> dict[str, str]:
    """Case numbers of the streams with problems; also finds case rows that have no journal at all."""
    wanted = {p.stream for p in problems}
    numbers: dict[str, str] = {}
    for key, number in cases.cases_without_journal():
        stream = CASE + key
        if key not in seen:
            problems.append(Problem(stream, 0, "missing_journal", "no entry", "at least one entry"))
            numbers[stream] = number
        elif stream in wanted:
            numbers[stream] = number
    return numbers


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


def _gap_problems() -> list[dict[str, Any]]:
    return [
        {
            "stream": "case/",
            "seq": 0,
            "kind": "missing_case",
            "case": prefix,
            "found": f"{found} cases",
            "expected": f"{given} numbers given",
        }
        for prefix, given, found in cases.number_gaps()
    ]
