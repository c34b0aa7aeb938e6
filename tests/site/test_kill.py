"""An import killed at any statement and run again ends as one run would (issue A, Must hold)."""

from __future__ import annotations

import csv
import json
import os
import shutil
import signal
import sqlite3
import subprocess
import traceback
from collections.abc import Iterator
from contextlib import closing
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit
from uuid import uuid4

import pytest
from django.db import connection, connections

from gridward.cases.actions.adopt import run
from gridward.kernel.actor import SYSTEM
from gridward.kernel.tables import Limits, open_table
from gridward.kernel.tables.mapping import read_mapping
from gridward.logbook.actions.keys import use_ring
from gridward.site.verify import verify_journals
from tests.cast import NOW
from tests.site.running import GRIDWARD, gridward, settle

pytestmark = pytest.mark.kill
POSTGRESQL = connection.vendor == "postgresql"
MOST = 60
MAPPING = """
version: 1
source: old
key: [key]
timezone: Asia/Shanghai
fields:
  category: {column: type, dictionary: old, create: true}
  opened_at: {column: opened}
  due_at: {column: due}
  closed_at: {column: closed}
  unit: {column: unit, create: true}
  point: {lon: lon, lat: lat}
  text: {column: title, personal: false}
"""
HEADER = ("key", "type", "opened", "due", "closed", "unit", "lon", "lat", "title")
DONE, CUT, BROKEN, UNSOUND = 0, 9, 3, 4
# What no two runs can have in common: row numbers, random keys, hashes over random keys (verify checks those).
LEFT_OUT = {"logbook_entry": {"id", "hash", "prev_hash"}, "logbook_head": {"hash"}, "logbook_fact": {"id"}}
TABLES = (
    "logbook_entry", "logbook_head", "logbook_fact", "cases_case", "cases_work", "cases_serial", "cases_category",
    "people_unit",
)  # fmt: skip


def write_csv(file: Path, rows: int) -> Path:
    """Cases of three kinds and two units, open and closed, with a repeated key and a row without a time."""
    with file.open("w", newline="") as stream:
        out = csv.writer(stream)
        out.writerow(HEADER)
        for n in range(rows):
            opened = datetime(2026, 3, 1, 8, 0) + timedelta(hours=n)  # noqa: DTZ001 - wall times of a foreign file
            closed = opened + timedelta(hours=5) if n % 3 else ""
            key = f"K{n - 1 if n == 7 else n}"
            kind, unit = ("路灯", "垃圾", "road")[n % 3], ("绿化队", "路灯所")[n % 2]
            lon = 114.0 + n % 12 * 0.01 + 0.005
            out.writerow((key, kind, "" if n == 11 else opened, "", closed, unit, lon, 30.505, f"案件 {n}"))
    return file


class Shelf:
    """Copies of one settled database, each for one attempt."""

    def __init__(self, environment: dict[str, str], folder: Path, blocker: Any) -> None:
        self.environment, self.folder, self.blocker = environment, folder, blocker
        self.home = Path(environment["GRIDWARD_HOME"])
        self.made: list[str] = []

    def copy(self) -> str:
        """A fresh copy; its name as Django wants it."""
        if not POSTGRESQL:
            target = self.folder / f"{uuid4().hex}.sqlite3"
            shutil.copy(self.home / "gridward.sqlite3", target)
            return str(target)
        name = f"gridward_kill_{uuid4().hex}"
        template = urlsplit(self.environment["DATABASE_URL"]).path[1:]
        self.admin(f'CREATE DATABASE "{name}" TEMPLATE "{template}"')
        self.made.append(name)
        return name

    def admin(self, text: str) -> None:
        import psycopg

        with psycopg.connect(os.environ["DATABASE_URL"], autocommit=True) as admin:
            admin.execute(text)

    def drop(self) -> None:
        for name in self.made:
            self.admin(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
        self.made.clear()

    def read(self, name: str) -> dict[str, list[str]]:
        """All rows, keys of units replaced by their codes and row numbers of categories by theirs."""
        with closing(self.connect(name)) as db:
            found = {table: self.rows(db, table) for table in TABLES}
        codes = {row["id"]: row["code"] for row in found["people_unit"]}
        kinds = {row["id"]: row["code"] for row in found["cases_category"]}
        told: dict[str, list[str]] = {}
        for table, rows in found.items():
            lines = []
            for row in rows:
                kept = {k: v for k, v in row.items() if k not in LEFT_OUT.get(table, ())}
                if table in ("cases_category", "people_unit"):
                    kept.pop("id")
                if isinstance(kept.get("category"), int):
                    kept["category"] = kinds[kept["category"]]
                if str(row.get("stream", "")).startswith("unit/"):
                    kept.pop("body", None)  # the name is sealed with a random nonce
                lines.append(self.spell(str(kept), codes, kinds))
            told[table] = sorted(lines)
        return told

    @staticmethod
    def spell(text: str, codes: dict[Any, str], kinds: dict[int, str]) -> str:
        for key, code in codes.items():
            hexed = str(key).replace("-", "")
            dashed = f"{hexed[:8]}-{hexed[8:12]}-{hexed[12:16]}-{hexed[16:20]}-{hexed[20:]}"
            text = text.replace(dashed, code).replace(hexed, code)
        for number, code in kinds.items():
            text = text.replace(f"-C{number}-", f"-{code}-").replace(f"-C{number}'", f"-{code}'")
        return text

    def connect(self, name: str) -> Any:
        if not POSTGRESQL:
            return sqlite3.connect(name)
        import psycopg

        return psycopg.connect(urlsplit(os.environ["DATABASE_URL"])._replace(path=f"/{name}").geturl())

    @staticmethod
    def rows(db: Any, table: str) -> list[dict[str, Any]]:
        cursor = db.cursor()
        cursor.execute(f"SELECT * FROM {table}")
        names = [column[0] for column in cursor.description]
        return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]


@pytest.fixture(scope="module")
def shelf(tmp_path_factory: pytest.TempPathFactory, django_db_blocker: Any) -> Iterator[Shelf]:
    from tests.conftest import installation

    folder = tmp_path_factory.mktemp("killed")
    made = installation.__wrapped__(folder)  # type: ignore[attr-defined]
    environment = next(made)
    settle(environment)
    found = Shelf(environment, folder, django_db_blocker)
    yield found
    found.drop()
    next(made, None)


def open_database(name: str) -> None:
    """In a forked child: leave the parent's connection alone and open another database."""
    connections.settings["default"]["NAME"] = name
    connections["default"] = connections.create_connection("default")


def attempt(shelf: Shelf, name: str, file: Path, cut_after: int | None) -> tuple[int, int]:
    """Run the import in a forked child that exits right after statement `cut_after`; (exit code, statements)."""
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        code = BROKEN
        try:
            code = _work(shelf, name, file, cut_after, writing)
        except BaseException:
            traceback.print_exc()
        os._exit(code)
    os.close(writing)
    _, status = os.waitpid(child, 0)
    with os.fdopen(reading) as stream:
        told = stream.read()
    return os.waitstatus_to_exitcode(status), int(told or 0)


def _work(shelf: Shelf, name: str, file: Path, cut_after: int | None, told: int) -> int:
    count = 0

    def counting(execute: Any, text: str, params: Any, many: bool, context: Any) -> Any:
        nonlocal count
        answer = execute(text, params, many, context)
        count += 1
        if count == cut_after:
            os._exit(CUT)
        return answer

    open_database(name)
    use_ring(shelf.home / "keys" / "ring.json")
    run.SLICE_ROWS = 10
    with shelf.blocker.unblock():
        with connection.execute_wrapper(counting):
            import_file(file)
        os.write(told, str(count).encode())
        return DONE if verify_journals(home=shelf.home)["ok"] else UNSOUND


def import_file(file: Path) -> dict[str, Any]:
    mapping = read_mapping(MAPPING)
    table = open_table(file, file.name, mapping.file, limits=Limits.cli())
    return run.import_cases(
        table=table,
        mapping=mapping,
        timezone="Asia/Shanghai",
        commit=True,
        rejects=None,
        actor=SYSTEM,
        now=NOW,
    )


@pytest.fixture(scope="module")
def file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_csv(tmp_path_factory.mktemp("csv") / "old.csv", 45)


@pytest.fixture(scope="module")
def one_run(shelf: Shelf, file: Path) -> tuple[dict[str, list[str]], int]:
    """What an import that nobody disturbs leaves, and its number of statements."""
    name = shelf.copy()
    code, statements = attempt(shelf, name, file, None)
    assert code == DONE
    return shelf.read(name), statements


def test_import_undisturbed_has_all_rows_and_many_statements(
    one_run: tuple[dict[str, list[str]], int],
) -> None:
    """45 rows: one repeated key, one without a time; several slices, categories and units made on the way."""
    rows, statements = one_run
    assert (len(rows["cases_case"]), len(rows["people_unit"]), len(rows["cases_category"])) == (43, 4, 5)
    assert statements > (30 if POSTGRESQL else 60)


def test_import_killed_after_every_statement_and_run_again_equals_one_run(
    shelf: Shelf, file: Path, one_run: tuple[dict[str, list[str]], int]
) -> None:
    """Issue A: a child exits at statement k, for k over the whole import; the second run finishes the work."""
    wanted, statements = one_run
    step = max(1, -(-statements // MOST))
    halves = set()
    for k in range(1, statements + 1, step):
        name = shelf.copy()
        assert attempt(shelf, name, file, k) == (CUT, 0)
        halves.add(len(shelf.read(name)["cases_case"]))
        assert attempt(shelf, name, file, None)[0] == DONE, f"killed after statement {k}"
        assert shelf.read(name) == wanted, f"killed after statement {k}"
        shelf.drop()
    assert min(halves) == 0 and len(halves) >= 4, halves  # it was really cut between the slices


def test_import_run_a_third_time_changes_nothing(
    shelf: Shelf, file: Path, one_run: tuple[dict[str, list[str]], int]
) -> None:
    name = shelf.copy()
    for _ in range(3):
        assert attempt(shelf, name, file, None)[0] == DONE
    assert shelf.read(name) == one_run[0]


def test_slice_written_without_its_transaction_planted_is_found(
    shelf: Shelf, file: Path, one_run: tuple[dict[str, list[str]], int], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The fault planted: slices are not atomic. Some cut then leaves a half slice, and the comparison sees it."""
    from contextlib import nullcontext

    class Loose:
        atomic = staticmethod(nullcontext)

    monkeypatch.setattr(run, "transaction", Loose)
    _, statements = one_run
    whole = True
    for k in range(statements, 1, -1):  # the last slice first: its rows are written just before the end
        name = shelf.copy()
        attempt(shelf, name, file, k)
        again, _ = attempt(shelf, name, file, None)
        whole = again == DONE and shelf.read(name) == one_run[0]
        shelf.drop()
        if not whole:
            break
    assert whole is False


def test_import_by_command_line_killed_for_real_and_run_again_is_whole(
    installation: dict[str, str], tmp_path: Path
) -> None:
    """kill -9 in the middle of a large file; the second run imports the rest, a third one nothing."""
    settle(installation)
    rows = 24_000
    file, mapping = write_csv(tmp_path / "large.csv", rows), tmp_path / "map.yaml"
    mapping.write_text(MAPPING)
    words = ("import", "cases", str(file), "--mapping", str(mapping), "--commit", "--json")
    process = subprocess.Popen(
        [GRIDWARD, *words], env=installation, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE
    )
    before = wait_for_rows(installation, process)
    process.send_signal(signal.SIGKILL)
    process.wait()
    assert process.returncode == -signal.SIGKILL, "it ended before it was killed: give it a larger file"
    second, third = (json.loads(gridward(installation, *words).stdout) for _ in range(2))
    assert (second["rows"], second["rejected"]) == (rows, 1)
    assert second["imported"] + second["duplicates"] == rows - 1
    assert second["imported"] <= rows - 2 - before
    assert (third["imported"], third["duplicates"]) == (0, rows - 1)
    report = json.loads(gridward(installation, "verify", "journals", "--json").stdout)
    assert (report["ok"], report["problems"], report["cases"]) == (True, [], rows - 2)


def wait_for_rows(environment: dict[str, str], process: subprocess.Popen[bytes]) -> int:
    """Look at the database until the first slices are in; how many cases were seen."""
    while process.poll() is None:
        found = count_cases(environment)
        if found:
            return found
    raise AssertionError(process.stderr.read() if process.stderr else "")


def count_cases(environment: dict[str, str]) -> int:
    if environment["DATABASE_URL"]:
        import psycopg

        with psycopg.connect(environment["DATABASE_URL"]) as db:
            row = db.execute("SELECT count(*) FROM cases_case").fetchone()
            return int(row[0]) if row else 0
    file = Path(environment["GRIDWARD_HOME"]) / "gridward.sqlite3"
    with closing(sqlite3.connect(file, timeout=20)) as db:
        return int(db.execute("SELECT count(*) FROM cases_case").fetchone()[0])
