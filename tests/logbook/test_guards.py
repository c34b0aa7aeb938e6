"""The journal is append-only on both databases: every trigger refuses, and doctor names one that is missing."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
from django.core.management import call_command
from django.db import DatabaseError, connection, transaction

from gridward.kernel.actor import SYSTEM
from gridward.logbook import queries as logbook
from gridward.logbook.actions import append_to, install_guards, remove_guards
from gridward.logbook.bulk import GUARDS, PG_GUARDS
from gridward.site.doctor import examine
from gridward.site.health import not_ready
from tests.cast import NOW

POSTGRESQL = connection.vendor == "postgresql"
WANTED = PG_GUARDS if POSTGRESQL else GUARDS
TABLE = {name: "logbook_head" if "head" in name else "logbook_entry" for name in WANTED}
COLUMNS = "id, stream, seq, move, actor, at, prev_hash, hash, body"
FIRST = "(SELECT min(id) FROM logbook_entry)"
REFUSED = {
    "logbook_entry_no_update": [
        "UPDATE logbook_entry SET body = '{}'",
        "UPDATE logbook_entry SET actor = 'x'",
    ],
    "logbook_entry_no_delete": ["DELETE FROM logbook_entry", f"DELETE FROM logbook_entry WHERE id = {FIRST}"],
    "logbook_entry_no_replace": [
        # the same id under another name, and another id for the same place in a stream
        f"INSERT INTO logbook_entry ({COLUMNS}) SELECT id, 'other', 1, move, actor, at, prev_hash, hash, '{{}}' "
        f"FROM logbook_entry WHERE id = {FIRST}",
        f"INSERT INTO logbook_entry ({COLUMNS}) SELECT id + 1000, stream, seq, move, actor, at, prev_hash, hash, "
        f"'{{}}' FROM logbook_entry WHERE id = {FIRST}",
    ],
    "logbook_head_no_delete": ["DELETE FROM logbook_head"],
    "logbook_head_no_rewind": [
        "UPDATE logbook_head SET seq = 1 WHERE stream = 'setting/x'",
        "UPDATE logbook_head SET seq = seq WHERE stream = 'setting/x'",
        "UPDATE logbook_head SET stream = 'setting/y', seq = seq + 1 WHERE stream = 'setting/x'",
    ],
    "logbook_entry_no_truncate": ["TRUNCATE logbook_entry"],
    "logbook_head_no_truncate": ["TRUNCATE logbook_head"],
}
if not POSTGRESQL:
    REFUSED["logbook_entry_no_replace"] += [
        REFUSED["logbook_entry_no_replace"][n].replace("INSERT INTO", "INSERT OR REPLACE INTO")
        for n in (0, 1)
    ]
    REFUSED["logbook_entry_no_replace"].append(
        f"REPLACE INTO logbook_entry ({COLUMNS}) SELECT {COLUMNS} FROM logbook_entry"
    )
    REFUSED["logbook_entry_no_update"].append("UPDATE OR REPLACE logbook_entry SET seq = 1")
CASES = [(name, text) for name in WANTED for text in REFUSED[name]]


@pytest.fixture
def journal(db: None) -> Iterator[list[tuple[object, ...]]]:
    """A stream of two entries."""
    with transaction.atomic():
        for value in ("1", "2"):
            append_to(stream="setting/x", move="change", actor=SYSTEM, now=NOW, payload={"after": value})
    yield everything()
    with transaction.atomic():
        install_guards()


def everything() -> list[tuple[object, ...]]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM logbook_entry ORDER BY id")
        entries = cursor.fetchall()
        cursor.execute("SELECT * FROM logbook_head ORDER BY stream")
        return [*entries, *cursor.fetchall()]


def execute(text: str) -> None:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(text)


def take_away(guard: str) -> None:
    execute(f"DROP TRIGGER {guard}" + (f" ON {TABLE[guard]}" if POSTGRESQL else ""))


@pytest.mark.parametrize(("guard", "text"), CASES)
def test_statement_against_the_journal_is_refused(
    journal: list[tuple[object, ...]], guard: str, text: str
) -> None:
    """Invariant of design 05: UPDATE, DELETE, REPLACE, TRUNCATE and a rewound head never go through."""
    with pytest.raises(DatabaseError) as refused:
        execute(text)
    assert "GW-LOGBOOK-00" in str(refused.value)
    assert everything() == journal


@pytest.mark.parametrize(("guard", "text"), [(name, REFUSED[name][0]) for name in WANTED])
def test_statement_goes_through_without_its_guard(
    journal: list[tuple[object, ...]], guard: str, text: str
) -> None:
    """The fault planted: it is this trigger that refuses, not another one."""
    take_away(guard)
    try:
        execute(text)
    except DatabaseError as error:
        assert "GW-LOGBOOK" not in str(error)  # the unique constraint still stands behind the trigger
    else:
        assert everything() != journal


def findings() -> list[tuple[str, str]]:
    report = examine(now=datetime.now(UTC))
    return [(f["what"], f["found"]) for f in report["findings"] if "guard" in f["what"]]


@pytest.mark.parametrize("guard", WANTED)
def test_doctor_names_a_dropped_trigger(journal: object, guard: str) -> None:
    """Issue A: a dropped trigger is found and named; the server does not call itself ready."""
    assert findings() == []
    take_away(guard)
    assert findings() == [("journal_guard_missing", guard)]
    assert any(guard in reason for reason in not_ready())
    with transaction.atomic():
        install_guards()
    assert findings() == []


@pytest.mark.parametrize("guard", WANTED)
def test_doctor_names_a_disabled_trigger(journal: object, guard: str) -> None:
    """PostgreSQL lets an owner switch a trigger off without dropping it, also for replicas only."""
    if not POSTGRESQL:
        pytest.skip("only on PostgreSQL: SQLite cannot switch a trigger off")
    for switch in ("DISABLE", "ENABLE REPLICA"):
        execute(f"ALTER TABLE {TABLE[guard]} {switch} TRIGGER {guard}")
        assert findings() == [("journal_guard_missing", guard)]


def test_disabled_trigger_stands_again_after_install(journal: object) -> None:
    """What doctor advises (gridward migrate) must help against a switched-off trigger too."""
    if not POSTGRESQL:
        pytest.skip("only on PostgreSQL: SQLite cannot switch a trigger off")
    execute("ALTER TABLE logbook_entry DISABLE TRIGGER logbook_entry_no_update")
    install_guards()
    assert findings() == []


def test_migrate_puts_missing_triggers_back(journal: object) -> None:
    """Altering a table on SQLite drops its triggers silently; post_migrate installs them anew."""
    remove_guards()
    assert {found for _, found in findings()} == set(WANTED)
    call_command("migrate", verbosity=0, interactive=False)
    assert logbook.guards_missing() == []
