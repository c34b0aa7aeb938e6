"""Small files with telling names. A longer file becomes a folder of the same name."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from tests.house.source import ROOT, SOURCE, modules

LINES = 500
NAMELESS = {"utils", "util", "helpers", "helper", "common", "base", "manager", "managers", "misc"}
ROOM_FILES = {
    "facts", "rules", "models", "policy", "queries", "actions", "handlers", "api", "bulk", "jobs",
    "pack_schema", "migrations", "__init__",
}  # fmt: skip
# Rooms whose files are named freely: they hold no tables and no verbs of their own.
FREE_ROOMS = {"kernel", "reading", "planning", "insight", "site"}
SUFFIXES = {".py", ".ts", ".vue"}


def long_files(files: list[Path]) -> list[str]:
    """Files over 500 lines, with their length."""
    lengths = {file: len(file.read_text(encoding="utf-8").splitlines()) for file in files}
    return [f"{file.name}: {n} lines, at most {LINES}" for file, n in lengths.items() if n > LINES]


def nameless_files(files: list[Path]) -> list[str]:
    """Files and folders whose name says nothing."""
    return [
        f"{file}: say what it holds" for file in files if NAMELESS & {p.lower() for p in bare_parts(file)}
    ]


def bare_parts(file: Path) -> list[str]:
    return [*file.parts[:-1], file.stem]


def new_furniture(source: Path) -> list[str]:
    """Files of a room that are not in the table of furniture (a new word needs a decision record)."""
    return sorted(
        {
            f"{module.room}/{module.furniture}"
            for module in modules(source)
            if module.room and module.room not in FREE_ROOMS and module.furniture not in ROOM_FILES
        }
    )


def written_files() -> list[Path]:
    """The hand-written sources of the repository."""
    listed = subprocess.run(
        ["git", "ls-files", "-co", "--exclude-standard"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    if listed.returncode:
        pytest.skip("not a git checkout")
    found = [Path(line) for line in listed.stdout.splitlines() if Path(line).suffix in SUFFIXES]
    return [file for file in found if (ROOT / file).is_file() and not is_generated(file)]


def is_generated(file: Path) -> bool:
    """web/kit/api comes from OpenAPI, migrations from the models; neither is written by hand."""
    return file.as_posix().startswith("web/kit/api/") or "migrations" in file.parts


def test_files_are_at_most_500_lines() -> None:
    assert long_files([ROOT / file for file in written_files()]) == []


def test_long_file_planted_is_named(tmp_path: Path) -> None:
    (tmp_path / "long.py").write_text("x = 1\n" * 501)
    (tmp_path / "short.py").write_text("x = 1\n" * 500)
    assert long_files(sorted(tmp_path.iterdir())) == ["long.py: 501 lines, at most 500"]


def test_names_say_what_a_file_holds() -> None:
    assert nameless_files(written_files()) == []


def test_nameless_file_and_folder_planted_are_named() -> None:
    planted = [Path("cases/utils.py"), Path("cases/common/clock.py"), Path("cases/commonwealth.py")]
    assert [line.split(":")[0] for line in nameless_files(planted)] == [
        "cases/utils.py",
        "cases/common/clock.py",
    ]


def test_rooms_hold_only_the_furniture_of_the_house() -> None:
    assert new_furniture(SOURCE) == []


def test_new_furniture_planted_is_named(tmp_path: Path) -> None:
    for place in ("cases/services.py", "cases/actions/escalate.py", "kernel/geometry/index.py"):
        target = tmp_path / place
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text("")
    assert new_furniture(tmp_path) == ["cases/services"]
