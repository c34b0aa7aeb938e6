"""The mutants change exactly one operator each, and a weak test is shown not to catch its mutant."""

from __future__ import annotations

from pathlib import Path

import pytest

from tools.mutants import Site, Trace, choose, is_caught, mutated, sites

TEXT = "def rises(a, b):\n    return a < b and (a + 1) * 2 != b\n"
STRONG = "from gridward.x.rules import rises\ndef test_rises(): assert not rises(1, 1)\n"
WEAK = "from gridward.x.rules import rises\ndef test_rises(): assert rises(1, 2)\n"


def tree(folder: Path, test: str) -> Path:
    """A tree with one rule and one test of it."""
    rules = folder / "src" / "gridward" / "x" / "rules.py"
    rules.parent.mkdir(parents=True)
    for package in (rules.parent, rules.parent.parent):
        (package / "__init__.py").write_text("")
    rules.write_text("def rises(a, b):\n    return a < b\n")
    (folder / "pytest.ini").write_text("[pytest]\npythonpath = src\n")
    (folder / "test_x.py").write_text(test)
    return folder


def test_every_operator_is_a_site(tmp_path: Path) -> None:
    (tmp_path / "rules.py").write_text(TEXT)
    changes = {site.change for site in sites(Path("rules.py"), tmp_path)}
    assert changes == {"And → Or", "Lt → LtE", "NotEq → Eq", "Mult → FloorDiv", "Add → Sub"}


def test_mutant_differs_in_one_operator() -> None:
    assert mutated("x = a < b < c\n", 1) == "x = a < b <= c"


def test_strong_test_catches_and_weak_test_does_not(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PYTEST_DISABLE_PLUGIN_AUTOLOAD", "1")
    site = Site(Path("src/gridward/x/rules.py"), 0, 2, "Lt → LtE")
    assert is_caught(tree(tmp_path / "a", STRONG), site, ["test_x.py::test_rises"]) is True
    assert is_caught(tree(tmp_path / "b", WEAK), site, ["test_x.py::test_rises"]) is False
    assert is_caught(tmp_path / "b", site, []) is False
    assert (tmp_path / "b" / site.file).read_text() == "def rises(a, b):\n    return a < b\n"


def test_quickest_tests_come_first_and_failed_ones_are_left_out() -> None:
    lines = {"r.py": {"2": ["t.py::slow", "t.py::quick[1]", "t.py::quick[2]", "t.py::broken", ""]}}
    seconds = {"t.py::slow": 2.0, "t.py::quick[1]": 0.1, "t.py::quick[2]": 0.2}
    seen = Trace(lines, seconds, frozenset({"t.py::broken"}))
    assert seen.tests_through(Site(Path("r.py"), 0, 2, "")) == ["t.py::quick", "t.py::slow"]


def test_choice_is_the_same_for_the_same_seed() -> None:
    assert choose(5, 1, "*") == choose(5, 1, "*")
