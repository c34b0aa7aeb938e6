"""`verify journals` finds and names what was changed behind the program's back: case number, entry, kind.

Each test takes the guards off, as somebody with the database in hand would, and plants one fault.
"""

from __future__ import annotations

import gzip
import hashlib
import json
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from django.db import connection

from gridward.kernel import sql
from gridward.logbook import queries as logbook
from gridward.logbook.actions import append_to, remove_guards
from gridward.logbook.actions.checkpoints import write_checkpoint
from gridward.logbook.rules import GENESIS, canonical, chain_hash
from gridward.site.verify import verify_journals
from tests.cast import NOW
from tests.factories.cases import Play

Case = dict[str, Any]
Found = list[tuple[str | None, int, str]]


@pytest.fixture
def case(play: Play) -> Case:
    """One case after seven entries between two others that must never be named."""
    play.live("close")
    found = play.live("close")
    play.live("close")
    return found


@pytest.fixture
def tamper(case: Case) -> Callable[..., None]:
    """Run a statement with the guards off."""
    remove_guards()

    def run(text: str, *params: Any) -> None:
        with connection.cursor() as cursor:
            cursor.execute(text, params)
            assert cursor.rowcount != 0, "the fault was not planted"

    return run


@pytest.fixture
def homed(home: Path) -> Path:
    """A home with the folders that checkpoints need."""
    for name in ("checkpoints", "keys"):
        (home / name).mkdir(exist_ok=True)
    return home


def stream(case: Case) -> str:
    return f"case/{case['id']}"


def key(case: Case) -> Any:
    return sql.key(connection.vendor, UUID(case["id"]))


def named(home: Path) -> Found:
    """(case number, seq, kind) of every problem, and that `ok` says the same."""
    report = verify_journals(home=home)
    assert report["ok"] == (not report["problems"])
    return [(p["case"], p["seq"], p["kind"]) for p in report["problems"]]


def checkpoint(home: Path, days: int = 0) -> str:
    name = write_checkpoint(folder=home / "checkpoints", keys=home / "keys", now=NOW + timedelta(days=days))
    assert name is not None
    return name


def test_clean_journals_are_ok(case: Case, homed: Path) -> None:
    checkpoint(homed)
    report = verify_journals(home=homed)
    assert (report["ok"], report["problems"], report["cases"]) == (True, [], 3)
    assert report["entries"] > 21


def test_changed_body_is_named(case: Case, homed: Path, tamper: Callable[..., None]) -> None:
    """Somebody else is made the one who assigned."""
    tamper(
        "UPDATE logbook_entry SET body = replace(body, '清运', '不管') WHERE stream = %s AND seq = 3",
        stream(case),
    )
    assert named(homed) == [(case["number"], 3, "hash")]


def test_changed_body_with_its_own_hash_made_right_is_named_by_the_link(
    case: Case, homed: Path, tamper: Callable[..., None]
) -> None:
    entry = logbook.entries(stream(case))[2]
    body = entry.body.replace("清运", "不管")
    tamper(
        "UPDATE logbook_entry SET body = %s, hash = %s WHERE stream = %s AND seq = 3",
        body, chain_hash(entry.prev_hash, body), stream(case),
    )  # fmt: skip
    assert named(homed) == [(case["number"], 4, "link")]


def test_body_that_is_no_json_any_more_is_named(case: Case, homed: Path, tamper: Callable[..., None]) -> None:
    tamper("UPDATE logbook_entry SET body = '{' WHERE stream = %s AND seq = 3", stream(case))
    assert named(homed) == [
        (case["number"], 3, "hash"),
        (case["number"], 3, "body"),
        (case["number"], 7, "fold"),
    ]


@pytest.mark.parametrize(
    ("column", "value"), [("actor", "'system'"), ("move", "'void'"), ("at", "'2026-06-01 00:00:00+00:00'")]
)
def test_changed_column_of_an_entry_is_named(
    case: Case, homed: Path, tamper: Callable[..., None], column: str, value: str
) -> None:
    if connection.vendor == "sqlite":
        value = value.replace("+00:00", "")
    tamper(f"UPDATE logbook_entry SET {column} = {value} WHERE stream = %s AND seq = 4", stream(case))
    assert named(homed) == [(case["number"], 4, "column")]


@pytest.mark.parametrize(
    ("change", "found"),
    [
        ("stage = 'filed'", "stage=filed"),
        ("returns = 3", "returns=3"),
        ("outcome = 'unfounded'", "outcome=unfounded"),
        ("unit = NULL", "unit=None"),
        ("turn = ''", "turn="),
        ("closed_at = NULL", "closed_at=None"),
        ("total_due_at = NULL", "total_due_at=None"),
        ("ended_at = NULL", "ended_at=None"),
    ],
)
def test_changed_derived_column_is_named(
    case: Case, homed: Path, tamper: Callable[..., None], change: str, found: str
) -> None:
    tamper(f"UPDATE cases_case SET {change} WHERE id = %s", key(case))
    (problem,) = verify_journals(home=homed)["problems"]
    assert (problem["case"], problem["seq"], problem["kind"], problem["found"]) == (
        case["number"],
        7,
        "fold",
        found,
    )


@pytest.mark.parametrize(
    "change",
    [
        "text = '无事'",
        "address = '别处'",
        "lon = lon + 0.01",
        "source = 'hotline'",
        "category = (SELECT id FROM cases_category WHERE code = 'other')",
        "maker = NULL",
        "area = NULL",
        "a2 = NULL, a3 = NULL, a4 = NULL",
        "number = '20260605-waste-9999'",
    ],
)
def test_changed_case_row_is_named(case: Case, homed: Path, tamper: Callable[..., None], change: str) -> None:
    """Columns that no move changes are compared with the first entry."""
    tamper(f"UPDATE cases_case SET {change} WHERE id = %s", key(case))
    found = named(homed)
    assert found[0] == (case["number"], 1, "row")
    assert {number for number, _, _ in found} == {case["number"]}


def cut_tail(case: Case, tamper: Callable[..., None], *, heads_too: bool, rows_too: bool) -> None:
    """Undo the closing: entry 7 goes, with the head and the row as they were before when wanted."""
    entries = logbook.entries(stream(case))
    tamper("DELETE FROM logbook_entry WHERE stream = %s AND seq = 7", stream(case))
    if heads_too:
        tamper("UPDATE logbook_head SET seq = 6, hash = %s WHERE stream = %s", entries[5].hash, stream(case))
    if rows_too:
        closed = "closed = %s, closed_at = NULL, ended_at = NULL, outcome = NULL, turn = 'cases:case:close', seq = 6"
        due = "next_due_at = total_due_at"
        tamper(f"UPDATE cases_case SET {closed}, {due} WHERE id = %s", False, key(case))


def test_cut_tail_is_named_by_the_head(case: Case, homed: Path, tamper: Callable[..., None]) -> None:
    cut_tail(case, tamper, heads_too=False, rows_too=False)
    found = named(homed)
    assert found[0] == (case["number"], 7, "cut_tail")
    assert {number for number, _, _ in found} == {case["number"]}


def test_cut_tail_with_the_head_moved_back_is_named_by_the_row(
    case: Case, homed: Path, tamper: Callable[..., None]
) -> None:
    cut_tail(case, tamper, heads_too=True, rows_too=False)
    assert {(number, seq, kind) for number, seq, kind in named(homed)} == {(case["number"], 6, "fold")}


def test_cut_tail_with_head_and_row_moved_back_is_named_by_the_checkpoint(
    case: Case, homed: Path, tamper: Callable[..., None]
) -> None:
    """Everything in the database agrees; only the signed list of heads remembers."""
    checkpoint(homed)
    cut_tail(case, tamper, heads_too=True, rows_too=True)
    assert (case["number"], 7, "cut_tail") in named(homed)
    assert {number for number, _, kind in named(homed) if kind == "cut_tail"} == {case["number"]}


def test_entry_taken_out_of_the_middle_is_named(case: Case, homed: Path, tamper: Callable[..., None]) -> None:
    tamper("DELETE FROM logbook_entry WHERE stream = %s AND seq = 4", stream(case))
    assert (case["number"], 4, "gap") in named(homed)


def test_case_row_removed_is_named(case: Case, homed: Path, tamper: Callable[..., None]) -> None:
    tamper("DELETE FROM cases_case WHERE id = %s", key(case))
    assert named(homed) == [(case["number"], 7, "missing_case"), (case["number"], 0, "missing_case")]


def test_journal_of_a_case_removed_is_named(case: Case, homed: Path, tamper: Callable[..., None]) -> None:
    tamper("DELETE FROM logbook_entry WHERE stream = %s", stream(case))
    assert named(homed)[0] == (case["number"], 7, "cut_tail")
    tamper("DELETE FROM logbook_head WHERE stream = %s", stream(case))
    assert named(homed) == [(case["number"], 0, "missing_journal")]


def erase(case: Case, tamper: Callable[..., None]) -> None:
    """Row, journal and head: as if the case had never been."""
    tamper("DELETE FROM cases_case WHERE id = %s", key(case))
    tamper("DELETE FROM logbook_entry WHERE stream = %s", stream(case))
    tamper("DELETE FROM logbook_head WHERE stream = %s", stream(case))


def test_case_removed_altogether_is_named_by_its_number(
    case: Case, homed: Path, tamper: Callable[..., None]
) -> None:
    """Numbers are gap-free: 0001 and 0003 are there, 0002 was given and is not."""
    erase(case, tamper)
    assert named(homed) == [(case["number"], 0, "missing_case")]


def test_last_case_removed_with_its_serial_is_named_by_the_checkpoint(
    play: Play, case: Case, homed: Path, tamper: Callable[..., None]
) -> None:
    last = play.live("close")
    checkpoint(homed)
    erase(last, tamper)
    tamper("UPDATE cases_serial SET last = 3")
    assert named(homed) == [(last["id"], 7, "missing_stream")]


def rewrite(case: Case, tamper: Callable[..., None], old: str, new: str) -> None:
    """Replace a word in the third entry and compute all hashes behind it anew, the head included."""
    prev = GENESIS
    for entry in logbook.entries(stream(case)):
        body = entry.body.replace(old, new) if entry.seq == 3 else entry.body
        hash_ = chain_hash(prev, body)
        tamper(
            "UPDATE logbook_entry SET body = %s, prev_hash = %s, hash = %s WHERE stream = %s AND seq = %s",
            body, prev, hash_, stream(case), entry.seq,
        )  # fmt: skip
        prev = hash_
    tamper("UPDATE logbook_head SET hash = %s WHERE stream = %s", prev, stream(case))


def test_chain_rewritten_with_right_hashes_is_named_by_the_checkpoint(
    case: Case, homed: Path, tamper: Callable[..., None]
) -> None:
    checkpoint(homed)
    rewrite(case, tamper, "清运", "不管")
    assert named(homed) == [(case["number"], 7, "rewritten")]


def test_chain_rewritten_before_any_checkpoint_is_not_seen(
    case: Case, homed: Path, tamper: Callable[..., None]
) -> None:
    """The limit, said out loud: what was rewritten before the first tick leaves nothing to compare with."""
    rewrite(case, tamper, "清运", "不管")
    assert named(homed) == []


def test_entries_after_the_checkpoint_are_no_problem(play: Play, case: Case, homed: Path) -> None:
    checkpoint(homed)
    play.move("Zhao", case, "evaluate", {"grade": "good"}, now=NOW + timedelta(hours=1))
    play.live("close")
    assert named(homed) == []
    checkpoint(homed, days=1)
    assert named(homed) == []


def edit_json(file: Path, **changes: Any) -> None:
    file.write_text(json.dumps(json.loads(file.read_text()) | changes))


def test_changed_checkpoint_files_are_named(case: Case, homed: Path) -> None:
    first, second = checkpoint(homed), (append_something(), checkpoint(homed, days=1))[1]
    folder = homed / "checkpoints"
    kept = {f: f.read_bytes() for f in folder.iterdir()}

    def planted() -> list[str]:
        report = verify_journals(home=homed)
        found = [p["found"] for p in report["problems"] if p["kind"] == "checkpoint"]
        for file, data in kept.items():
            file.write_bytes(data)
        assert not report["ok"]
        return found

    edit_json(folder / f"{first}.json", upto=1)
    assert planted() == [f"{first}.json: signature", f"{second}.json: previous"]
    heads = gzip.compress(b"case/x\t1\tabc")
    (folder / f"{first}.heads.gz").write_bytes(heads)
    assert planted() == [f"{first}.json: digest"]
    (folder / f"{first}.heads.gz").write_bytes(heads)
    edit_json(folder / f"{first}.json", digest=hashlib.sha256(b"case/x\t1\tabc").hexdigest())
    assert f"{first}.json: signature" in planted()
    (folder / f"{first}.heads.gz").write_bytes(b"no gzip")
    assert planted() == [f"{first}.json: unreadable (BadGzipFile)"]
    (folder / f"{first}.heads.gz").unlink()
    assert planted() == [f"{first}.json: unreadable (FileNotFoundError)"]
    (folder / f"{first}.json").write_text("{")
    assert planted()[0] == f"{first}.json: unreadable (JSONDecodeError)"
    (folder / f"{first}.json").unlink()
    assert planted() == [f"{second}.json: previous"]
    assert named(homed) == []


def append_something() -> None:
    from gridward.kernel.actor import SYSTEM

    append_to(stream="setting/x", move="change", actor=SYSTEM, now=NOW, payload={"after": "1"})


def test_stream_with_a_name_that_is_no_case_is_named_not_fatal(
    case: Case, homed: Path, tamper: Callable[..., None]
) -> None:
    """A planted stream case/… without a case: verification goes on and says which."""
    from gridward.kernel.actor import SYSTEM

    append_to(stream="case/none", move="report", actor=SYSTEM, now=NOW, payload={})
    assert named(homed) == [("none", 1, "missing_case")]


def test_other_streams_are_walked_too(case: Case, homed: Path, tamper: Callable[..., None]) -> None:
    append_something()
    tamper("UPDATE logbook_entry SET body = replace(body, '\"1\"', '\"2\"') WHERE stream = 'setting/x'")
    (problem,) = verify_journals(home=homed)["problems"]
    assert (problem["stream"], problem["seq"], problem["kind"], problem["case"]) == (
        "setting/x",
        1,
        "hash",
        None,
    )
    assert set(problem) == {"stream", "seq", "kind", "case", "found", "expected"}


def test_sealed_part_swapped_is_named(play: Play, homed: Path) -> None:
    """The chain covers the ciphertext: exchanging it in the row is a changed row."""
    sealed = play.report(contact={"phone": "13812345678"})
    remove_guards()
    with connection.cursor() as cursor:
        cursor.execute("UPDATE cases_case SET sealed = %s WHERE id = %s", [canonical({}), key(sealed)])
    assert named(homed) == [(sealed["number"], 1, "row")]
