"""A ledger import killed at any statement and run again ends as one run would (issue A, Must hold)."""

from __future__ import annotations

import os
import traceback
from pathlib import Path
from typing import Any

import orjson
import pytest
from django.db import connection, connections

from gridward.ledger import models
from gridward.ledger.actions.importing import run
from gridward.logbook import queries as logbook
from gridward.logbook.actions.keys import unseal
from gridward.logbook.rules import check_chain
from tests import cast as house
from tests.cast import middle
from tests.ledger.test_import import run_import

pytestmark = pytest.mark.kill
LON, LAT = middle("01030201")
MAPPING = """
version: 1
source: m
key: [no]
scheme: town
fields:
  no: {column: no, format: text}
  name: {column: name, personal: false}
  point: {lon: lon, lat: lat}
  score: {column: score, format: integer}
  tel: {column: tel, personal: contact, format: phone}
"""
DONE, CUT, BROKEN = 0, 9, 3
CUTS = 8


def text(first: int, last: int, score: int) -> str:
    """Rows with 11 keys that repeat, so that the last one has to win across slices."""
    rows = [f"{n % 11},店{n % 11},{LON},{LAT},{score + n},1381234{n:04d}" for n in range(first, last)]
    return "no,name,lon,lat,score,tel\n" + "\n".join(rows) + "\n"


OLD, NEW = text(0, 6, 1), text(0, 25, 2)


def state(ledger: str) -> list[Any]:
    """All that a reader can see of a ledger, without what names the ledger itself."""
    found = []
    for row in models.Subject.objects.filter(ledger=ledger).order_by("number"):
        entries = logbook.entries(f"subject/{row.id}")
        assert list(check_chain(f"subject/{row.id}", entries, logbook.head(f"subject/{row.id}"))) == []
        bodies = [orjson.loads(e.body)["payload"] for e in entries]
        seen = [
            (e.move, b.get("values"), b.get("before"), b.get("after"))
            for e, b in zip(entries, bodies, strict=True)
        ]
        digests = models.BlindIndex.objects.filter(subject=row.id).count()
        serial, sealed = row.number.rpartition("-")[2], unseal(orjson.loads(row.sealed))
        found.append(
            (serial, row.key, row.name, row.area, row.fields, row.seq, row.have, sealed, digests, seen)
        )
    return found


def killed(ledger: str, cut_after: int | None) -> tuple[int, int]:
    """Import NEW in a forked child that exits right after a statement; (exit code, statements)."""
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        code = BROKEN
        try:
            connections["default"] = connections.create_connection("default")
            os.write(writing, str(counted(ledger, cut_after)).encode())
            code = DONE
        except BaseException:
            traceback.print_exc()
        os._exit(code)
    os.close(writing)
    _, status = os.waitpid(child, 0)
    with os.fdopen(reading) as stream:
        told = stream.read()
    return os.waitstatus_to_exitcode(status), int(told or 0)


def counted(ledger: str, cut_after: int | None) -> int:
    count = 0

    def counting(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        nonlocal count
        answer = execute(sql, params, many, context)
        count += 1
        if count == cut_after:
            os._exit(CUT)
        return answer

    with connection.execute_wrapper(counting):
        run_import(NEW, MAPPING, ledger=ledger)
    return count


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("known", [False, True], ids=["into-nothing", "over-older-rows"])
def test_import_killed_at_any_statement_and_run_again_ends_as_one_run(
    known: bool, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(run, "SLICE_ROWS", 4)
    house.build()

    def begin(ledger: str) -> str:
        if known:
            run_import(OLD, MAPPING, ledger=ledger)
        return ledger

    run_import(NEW, MAPPING, ledger="warm")  # what a process caches costs statements only once
    code, statements = killed(begin("whole"), None)
    whole = state("whole")
    assert (code, len(whole)) == (DONE, 11)
    assert statements > 30
    for cut in sorted({1, 2, 3, statements - 1, *range(4, statements, max(1, statements // CUTS))}):
        ledger = begin(f"cut{cut}")
        assert killed(ledger, cut)[0] == CUT, cut
        run_import(NEW, MAPPING, ledger=ledger)
        assert state(ledger) == whole, cut
