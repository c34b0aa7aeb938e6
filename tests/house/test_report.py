"""The report at the end of a run: unknown reasons to skip fail it, known ones are counted."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.house.source import ROOT

RUN = """
import sys, pytest
sys.path.insert(0, {root!r})
from tests.report import Report

class Register:
    def pytest_addoption(self, parser):
        parser.addoption("--times", action="store_true")
    def pytest_configure(self, config):
        config.pluginmanager.register(Report(config))

sys.exit(pytest.main(["-q", "-p", "no:cacheprovider", *sys.argv[1:]], plugins=[Register()]))
"""


def run(folder: Path, text: str, *arguments: str) -> tuple[int, str, dict[str, object]]:
    """Run `text` as a test file of its own; exit code, output, figures."""
    (folder / "pytest.ini").write_text("[pytest]\n")
    (folder / "test_it.py").write_text(text)
    figures = folder / "figures.json"
    done = subprocess.run(
        [sys.executable, "-c", RUN.format(root=str(ROOT)), *arguments],
        cwd=folder,
        env={**os.environ, "GRIDWARD_TEST_REPORT": str(figures), "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"},
        capture_output=True,
        text=True,
        check=False,
    )
    return done.returncode, done.stdout, json.loads(figures.read_text())


def test_known_reason_to_skip_is_counted_and_passes(tmp_path: Path) -> None:
    text = 'import pytest\ndef test_a(): pytest.skip("only on SQLite: locks")\ndef test_b(): pass\n'
    code, output, figures = run(tmp_path, text, "--times")
    assert code == 0
    assert "skipped 1: only on SQLite: locks" in output
    assert "20 slowest tests" in output
    assert (figures["passed"], figures["skipped"], figures["unknown"]) == (
        1,
        {"only on SQLite: locks": 1},
        [],
    )


@pytest.mark.parametrize(
    "text",
    [
        'import pytest\ndef test_a(): pytest.skip("flaky today")\n',
        'import pytest\npytest.skip("flaky today", allow_module_level=True)\n',
        'import pytest\n@pytest.mark.skip(reason="flaky today")\ndef test_a(): pass\n',
        'import pytest\n@pytest.mark.xfail(reason="flaky today")\ndef test_a(): assert 0\n',
    ],
)
def test_unknown_reason_planted_fails_the_run(tmp_path: Path, text: str) -> None:
    code, output, figures = run(tmp_path, text)
    assert code == 1
    assert "UNKNOWN REASON TO SKIP" in output
    assert [str(reason) for reason in figures["unknown"]] == ["flaky today"]  # type: ignore[attr-defined]


def test_broken_test_file_is_counted_as_failed(tmp_path: Path) -> None:
    code, _, figures = run(tmp_path, "import nothing_of_this_name\n")
    assert (code, figures["passed"], figures["failed"]) == (2, 0, 1)
