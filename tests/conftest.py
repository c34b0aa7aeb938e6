"""What every test may use: the databases, the real files, and the report at the end of a run.

Transactional tests (`@pytest.mark.django_db(transaction=True)`) are emptied by `clear_tables`, because the
journal's triggers forbid the plain DELETE with which Django flushes.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.conf import settings as django_settings
from django.db import connection
from django.test import TransactionTestCase
from hypothesis import HealthCheck, settings

from tests.report import Report
from tests.tables import empty_tables

settings.register_profile(
    "ci", derandomize=True, max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow]
)
settings.register_profile(
    "soak", max_examples=2000, deadline=None, suppress_health_check=[HealthCheck.too_slow], print_blob=True
)
settings.load_profile(os.environ.get("GRIDWARD_TEST_PROFILE", "ci"))

# Django's flush deletes row by row past the guards; ours takes the guards off and puts them back.
TransactionTestCase._fixture_teardown = lambda self: empty_tables(connection)


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--times", action="store_true", help="print the time table and the 20 slowest tests")


def pytest_configure(config: pytest.Config) -> None:
    config.pluginmanager.register(Report(config), "gridward-report")


@pytest.fixture
def clear_tables(transactional_db: None) -> Callable[[], None]:
    """A function that empties all tables in the middle of a transactional test (its end does so anyway)."""
    return lambda: empty_tables(connection)


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """The folder of real files outside the repository; tests that need it skip where it is absent."""
    root = Path(django_settings.PACKAGE).parents[1]
    folder = Path(os.environ.get("GRIDWARD_SHARED") or root.parent / "shared") / "data"
    if not folder.is_dir():
        pytest.skip("real files not present: set GRIDWARD_SHARED to the folder that holds data/")
    return folder


@pytest.fixture
def home(tmp_path: Path, settings: Any, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A home folder of this test's own: blobs, keys, rejects and checkpoints go there."""
    settings.HOME = tmp_path
    monkeypatch.setenv("GRIDWARD_HOME", str(tmp_path))
    yield tmp_path


@pytest.fixture
def installation(tmp_path: Path) -> Iterator[dict[str, str]]:
    """The environment of a fresh, empty installation for child processes (`gridward serve` and the like).

    It has a home of its own and, in the PostgreSQL leg, a database of its own, dropped at the end.
    """
    own = {**os.environ, "GRIDWARD_HOME": str(tmp_path / "home"), "DATABASE_URL": ""}
    server = os.environ["DATABASE_URL"]
    if not server:
        yield own
        return
    import psycopg

    name = f"gridward_{os.getpid()}_{tmp_path.name}".lower().replace("-", "_")[:60]
    with psycopg.connect(server, autocommit=True) as admin:
        admin.execute(f'CREATE DATABASE "{name}"')
    yield own | {"DATABASE_URL": urlsplit(server)._replace(path=f"/{name}").geturl()}
    with psycopg.connect(server, autocommit=True) as admin:
        admin.execute(f'DROP DATABASE "{name}" WITH (FORCE)')
