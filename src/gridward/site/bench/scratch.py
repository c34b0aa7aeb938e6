"""A scratch home and database for a benchmark or a drill: made before Django starts, removed afterwards."""

from __future__ import annotations

import os
import secrets
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit


@contextmanager
def scratch() -> Iterator[Path]:
    """Point GRIDWARD_HOME and DATABASE_URL to fresh places; must run before the settings are loaded."""
    folder = Path(tempfile.mkdtemp(prefix="gridward-bench-"))
    url = os.environ.get("DATABASE_URL", "")
    os.environ["GRIDWARD_HOME"] = str(folder / "home")
    database = f"gridward_bench_{secrets.token_hex(4)}"
    if url:
        _run(url, f'CREATE DATABASE "{database}"')
        os.environ["DATABASE_URL"] = urlunsplit(urlsplit(url)._replace(path=f"/{database}"))
    try:
        yield folder
    finally:
        if url:
            from django.db import connections

            connections.close_all()
            os.environ["DATABASE_URL"] = url
            _run(url, f'DROP DATABASE IF EXISTS "{database}" WITH (FORCE)')
        shutil.rmtree(folder, ignore_errors=True)


def _run(url: str, text: str) -> None:
    import psycopg

    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(text)
