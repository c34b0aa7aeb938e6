"""The machinery of `make`: what was done once is not done again, and the totals add up."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path

import pytest

from tests.house.source import ROOT
from tools import check, legs, setup
from tools.steps import Outcome, print_table


@pytest.fixture
def tree(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A tree of its own for the set-up: nothing of the real one is touched."""
    monkeypatch.setattr(setup, "VENV", tmp_path / ".venv")
    monkeypatch.setattr(setup, "WEB", tmp_path / "web")
    (tmp_path / "web").mkdir()
    return tmp_path


def test_step_with_the_same_key_is_done_once(tree: Path) -> None:
    done: list[str] = []
    for key in ("a", "a", "b"):
        setup.once("step", key, lambda key=key: done.append(key))  # type: ignore[misc]
    assert done == ["a", "b"]


def test_step_that_fails_is_not_remembered(tree: Path) -> None:
    with pytest.raises(SystemExit, match=r"break failed \(exit 3\)"):
        setup.once("step", "a", lambda: setup.run("break", ["sh", "-c", "echo why; exit 3"], tree))
    assert setup.done_before("step", "a") is False


def test_web_key_changes_with_a_source_and_not_with_packages_or_tests(tree: Path) -> None:
    web = tree / "web"
    for name in ("desk/main.ts", "node_modules/vue/index.js", "engine/test/a.test.ts"):
        (web / name).parent.mkdir(parents=True, exist_ok=True)
        (web / name).write_text("1")
    before = setup.web_key()
    (web / "node_modules" / "vue" / "index.js").write_text("2")
    (web / "engine" / "test" / "a.test.ts").write_text("2")
    assert setup.web_key() == before
    (web / "desk" / "main.ts").rename(web / "desk" / "start.ts")
    assert setup.web_key() != before


def test_installed_packages_that_differ_from_the_lock_do_not_fit(tree: Path) -> None:
    """Optional packages of other platforms and links to own workspaces may be missing."""
    web = tree / "web"
    lock = {
        "": {"name": "web"},
        "node_modules/vue": {"version": "3.5.45"},
        "node_modules/other-platform": {"version": "1.0.0", "optional": True},
        "node_modules/@gridward/engine": {"resolved": "engine", "link": True},
    }
    (web / "package-lock.json").write_text(json.dumps({"packages": lock}))
    assert setup.node_modules_fit() is False
    (web / "node_modules").mkdir()
    present = web / "node_modules" / ".package-lock.json"
    present.write_text(json.dumps({"packages": {"node_modules/vue": {"version": "3.5.45"}}}))
    assert setup.node_modules_fit() is True
    present.write_text(json.dumps({"packages": {"node_modules/vue": {"version": "3.5.44"}}}))
    assert setup.node_modules_fit() is False


def test_totals_of_two_legs_add_up() -> None:
    totals = legs.Totals()
    report = {
        "passed": 3,
        "failed": 1,
        "skipped": {"only on SQLite": 2},
        "unknown": [],
        "seconds": {"t": 1.5},
    }
    totals.add("sqlite", report)
    totals.add("postgresql", report)
    assert totals.line() == "6 passed, 2 failed, 4 skipped"
    assert totals.seconds == Counter({"sqlite     t": 1.5, "postgresql t": 1.5})


def test_table_of_steps_shows_seconds_and_states(capsys: pytest.CaptureFixture[str]) -> None:
    print_table([Outcome("style", "ok", 1.24), Outcome("web", "not run: no web sources", 0.0)])
    assert capsys.readouterr().out.splitlines() == [
        "step              seconds  state",
        "style                 1.2  ok",
        "web                   0.0  not run: no web sources",
        "together              1.2",
    ]


def test_unknown_leg_is_refused_with_the_ones_that_exist(capsys: pytest.CaptureFixture[str]) -> None:
    assert legs.main(["windows"]) == 2
    assert capsys.readouterr().err == (
        "no such leg: windows; there are fast, sqlite, postgresql, web, browser\n"
    )


def test_ci_runs_check_and_test_and_fails_when_one_fails() -> None:
    text = (ROOT / ".ci" / "run").read_text(encoding="utf-8")
    assert [line for line in text.splitlines() if line.startswith(("make", "set", "exit"))] == [
        "set -euo pipefail",
        "make check || state=$?",
        "make test || state=$?",
        'exit "$state"',
    ]
    assert list(check.STEPS) == [
        "style", "format", "types", "imports", "requirements", "documents", "web", "audit",
    ]  # fmt: skip
