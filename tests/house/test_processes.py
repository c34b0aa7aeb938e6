"""The web process stays small: what only the worker and the command line need is never imported by it."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from tests.house.source import SOURCE

HEAVY = ("duckdb", "pyarrow", "pandas", "polars", "jieba", "scipy", "numba", "openpyxl", "matplotlib")

PROBE = """
import sys
from gridward.site.wsgi import application
from django.urls import get_resolver
get_resolver().url_patterns
print(" ".join(sorted({name.split(".")[0] for name in sys.modules})))
"""


def loaded_by_web(*first: Path) -> set[str]:
    """Top-level packages in memory after the server's entry and all its addresses are loaded."""
    path = os.pathsep.join(map(str, (*first, SOURCE.parent)))
    done = subprocess.run(
        [sys.executable, "-c", PROBE],
        env=os.environ | {"PYTHONPATH": path},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return set(done.stdout.split())


def test_web_process_imports_nothing_heavy() -> None:
    loaded = loaded_by_web()
    assert "django" in loaded
    assert loaded & set(HEAVY) == set()


def test_heavy_import_planted_is_seen(tmp_path: Path) -> None:
    """Python runs sitecustomize at its start: a heavy import there must show in the same probe."""
    (tmp_path / "sitecustomize.py").write_text("import pyarrow\n")
    assert loaded_by_web(tmp_path) & set(HEAVY) == {"pyarrow"}
