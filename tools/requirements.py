"""The table of requirements: which issue brings each one, which test shows it, or why none does.

    python -m tools.requirements --check    the table is sound and knows every id that tests cite
    python -m tools.requirements --fill     enter the first test that cites an id where none is entered

Columns: id, issue (A … D, or later), test (path below the root, ::name allowed), reason (if no test).
"""

from __future__ import annotations

import csv
import re
import sys
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
TABLE = ROOT / "docs" / "reference" / "requirements.csv"
HEADER = ("id", "issue", "test", "reason")
COUNT = 319
ISSUES = {"A", "B", "C", "D", "later"}
ID = re.compile(r"\bR-[A-Z]{3,5}-\d{2}\b")
IN_WORK = "in work"


@dataclass(frozen=True)
class Row:
    id: str
    issue: str
    test: str
    reason: str


def read_table(file: Path = TABLE) -> list[Row]:
    with file.open(encoding="utf-8", newline="") as handle:
        reader = csv.reader(handle)
        header = next(reader, [])
        if tuple(header) != HEADER:
            raise ValueError(f"{file.name}: the header must be {','.join(HEADER)}, found {','.join(header)}")
        return [Row(*line) for line in reader]


def write_table(rows: list[Row], file: Path = TABLE) -> None:
    with file.open("w", encoding="utf-8", newline="") as handle:
        writer = csv.writer(handle, lineterminator="\n")
        writer.writerow(HEADER)
        writer.writerows((row.id, row.issue, row.test, row.reason) for row in rows)


def cited(tests: Path = ROOT / "tests", root: Path = ROOT) -> dict[str, list[str]]:
    """Requirement id → the test files that cite it, in the order of their paths."""
    found: dict[str, list[str]] = {}
    for file in sorted(tests.rglob("test_*.py")):
        if "house" in file.relative_to(tests).parts:
            continue  # the house tests speak about ids, they prove none
        for ident in sorted(set(ID.findall(file.read_text(encoding="utf-8")))):
            found.setdefault(ident, []).append(file.relative_to(root).as_posix())
    return found


def row_problems(row: Row, root: Path = ROOT) -> list[str]:
    """What is wrong with one row by itself."""
    problems = []
    if not ID.fullmatch(row.id):
        problems.append(f"{row.id}: not an id like R-GRID-04")
    if row.issue not in ISSUES:
        problems.append(f"{row.id}: issue {row.issue!r}; allowed are {', '.join(sorted(ISSUES))}")
    if row.test and not (root / row.test.split("::")[0]).is_file():
        problems.append(f"{row.id}: the test {row.test} does not exist")
    if not row.test and not row.reason:
        problems.append(f"{row.id}: neither a test nor a reason why there is none")
    return problems


def problems(rows: list[Row], citations: dict[str, list[str]], count: int = COUNT) -> list[str]:
    """Everything that is wrong with the table, one sentence each."""
    found = [text for row in rows for text in row_problems(row)]
    known = Counter(row.id for row in rows)
    found += [f"{ident}: stands {n} times" for ident, n in known.items() if n > 1]
    for ident in sorted(citations.keys() - known.keys()):
        found.append(f"{ident}: cited in {', '.join(citations[ident])} but not in the table")
    if len(known) != count:
        found.append(f"{len(known)} requirements, there are {count}")
    return found


def filled(rows: list[Row], citations: dict[str, list[str]]) -> list[Row]:
    """The rows with a citing test entered where none was; "in work" gives way to the test."""
    return [
        Row(row.id, row.issue, citations[row.id][0], "" if row.reason == IN_WORK else row.reason)
        if not row.test and row.id in citations
        else row
        for row in rows
    ]


def main(arguments: list[str]) -> int:
    rows, citations = read_table(), cited()
    if "--fill" in arguments:
        rows = filled(rows, citations)
        write_table(rows)
    found = problems(rows, citations)
    tested = sum(bool(row.test) for row in rows)
    print(
        "\n".join(found)
        or f"{len(rows)} requirements, {tested} with a test, {len(rows) - tested} with a reason"
    )
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
