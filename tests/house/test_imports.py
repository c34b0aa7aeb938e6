"""The staircase and the private furniture, by import-linter; each contract is shown broken once."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.house.source import ROOT, SOURCE
from tools.staircase import STAIRCASE, furnished_rooms, private_modules, render

LINT = "import sys; from importlinter.cli import lint_imports; sys.exit(lint_imports(show_timings=False))"


def lint(folder: Path) -> tuple[int, str]:
    """Run import-linter on the tree in `folder`; exit code and output, colours removed."""
    done = subprocess.run(
        [sys.executable, "-c", LINT],
        cwd=folder,
        env=os.environ | {"PYTHONPATH": str(folder / "src"), "NO_COLOR": "1", "COLUMNS": "300"},
        capture_output=True,
        text=True,
        check=False,
    )
    return done.returncode, re.sub(r"\x1b\[[0-9;]*m", "", done.stdout + done.stderr)


def verdicts(output: str) -> dict[str, str]:
    """Contract name → KEPT or BROKEN."""
    return dict(re.findall(r"^(.+?) (KEPT|BROKEN)\b", output, re.MULTILINE))


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """A copy of the source tree that a test may spoil."""
    shutil.copytree(
        SOURCE, tmp_path / "src" / "gridward", ignore=shutil.ignore_patterns("static", "__pycache__")
    )
    return tmp_path


def spoil(folder: Path, module: str, line: str) -> None:
    """Append `line` to `module` (created when absent)."""
    target = folder / "src" / Path(*module.split("."))
    file = target / "__init__.py" if target.is_dir() else target.with_suffix(".py")
    before = file.read_text(encoding="utf-8") if file.exists() else ""
    file.write_text(f"{before}\n{line}\n", encoding="utf-8")


def settle(folder: Path) -> Path:
    """Write the contracts for the tree as it stands now."""
    (folder / ".importlinter").write_text(render(folder / "src" / "gridward"), encoding="utf-8")
    return folder


def test_contracts_file_is_what_the_rooms_on_disk_ask_for() -> None:
    """A new models.py, api.py … that no contract protects is found here: run `make docs`."""
    assert (ROOT / ".importlinter").read_text(encoding="utf-8") == render()


def test_every_room_with_private_furniture_has_its_contract() -> None:
    text = (ROOT / ".importlinter").read_text(encoding="utf-8")
    owed = [room for room in furnished_rooms() if private_modules(SOURCE, room)]
    assert re.findall(r"^\[importlinter:contract:private-(\w+)\]", text, re.MULTILINE) == owed


def test_every_folder_of_the_package_has_a_step() -> None:
    on_disk = sorted(p.parent.name for p in SOURCE.glob("*/__init__.py"))
    assert sorted(room for step in STAIRCASE for room in step) == on_disk


def test_imports_as_they_are_keep_every_contract() -> None:
    code, output = lint(ROOT)
    assert (code, set(verdicts(output).values())) == (0, {"KEPT"}), output


def test_imports_with_one_fault_per_contract_break_each_and_are_named(copy: Path) -> None:
    rooms = [room for room in furnished_rooms() if private_modules(SOURCE, room)]
    spoil(copy, "gridward.grids.planted", "import gridward.cases")
    spoil(copy, "gridward.assess.planted", "import gridward.points")
    spoil(copy, "gridward.kernel.planted", "import django.conf")
    spoil(copy, "gridward.duties.rules", "import django.db")
    spoil(copy, "gridward.duties.queries", "import ninja")
    inner = {room: f"gridward.{room}.{private_modules(SOURCE, room)[0]}" for room in rooms}
    for module in inner.values():
        spoil(copy, "gridward.reading.planted", f"import {module}")
    code, output = lint(settle(copy))
    assert code == 1
    assert set(verdicts(output).values()) == {"BROKEN"}, output
    assert "gridward.grids is not allowed to import gridward.cases" in output
    assert "gridward.assess is not allowed to import gridward.points" in output
    for importer, imported in [
        ("gridward.kernel.planted", "django"),
        ("gridward.duties.rules", "django"),
        ("gridward.duties.queries", "ninja"),
        *(("gridward.reading.planted", module) for module in inner.values()),
    ]:
        assert f"{importer} -> {imported}" in output, output


def test_imports_of_a_new_room_without_a_step_break_the_staircase(copy: Path) -> None:
    (copy / "src" / "gridward" / "attic").mkdir()
    spoil(copy, "gridward.attic", "")
    code, output = lint(settle(copy))
    assert (code, "attic" in output) == (1, True), output


def test_guests_are_let_in_where_the_house_says_so(copy: Path) -> None:
    """Only site/wiring.py reaches handlers, jobs and policies; any other module of site does not."""
    for name in ("handlers", "jobs", "policy", "api"):
        spoil(copy, f"gridward.duties.{name}", "")
        spoil(copy, "gridward.site.wiring", f"import gridward.duties.{name}")
    spoil(copy, "gridward.site.planted", "import gridward.duties.api")
    assert verdicts(lint(settle(copy))[1])["Private: duties keeps its furniture to itself"] == "KEPT"
    spoil(copy, "gridward.site.planted", "import gridward.duties.jobs")
    code, output = lint(copy)
    assert code == 1
    assert "gridward.site.planted -> gridward.duties.jobs" in output
