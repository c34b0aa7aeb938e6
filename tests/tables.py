"""Empty all tables between transactional tests, guards included."""

from __future__ import annotations

from django.db.backends.base.base import BaseDatabaseWrapper


def own_tables(connection: BaseDatabaseWrapper) -> list[str]:
    """All tables but Django's own, in the order of their names."""
    return sorted(t for t in connection.introspection.table_names() if not t.startswith("django_"))


def empty_tables(connection: BaseDatabaseWrapper) -> None:
    """Delete every row of every own table and begin all sequences anew; the guards stand again afterwards."""
    from gridward.logbook.actions import install_guards, remove_guards

    tables = own_tables(connection)
    remove_guards()
    if connection.vendor == "postgresql":
        _truncate(connection, tables)
    else:
        _delete(connection, tables)
    install_guards()


def _truncate(connection: BaseDatabaseWrapper, tables: list[str]) -> None:
    with connection.cursor() as cursor:
        if tables:
            names = ", ".join(f'"{t}"' for t in tables)
            cursor.execute(f"TRUNCATE {names} RESTART IDENTITY CASCADE")


def _delete(connection: BaseDatabaseWrapper, tables: list[str]) -> None:
    with connection.constraint_checks_disabled(), connection.cursor() as cursor:
        for table in tables:
            cursor.execute(f'DELETE FROM "{table}"')
        cursor.execute("SELECT name FROM sqlite_master WHERE name = 'sqlite_sequence'")
        if cursor.fetchone():
            cursor.execute("DELETE FROM sqlite_sequence")
