"""Nothing of one machine in git: no paths of a machine, no addresses of registries, no generated files."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

import pytest

from tests.house.source import ROOT

# Written in pieces, so that this file does not find itself.
MACHINE_PATH = re.compile(
    r"(?<![\w.~-])/(?:" + "|".join(("root", "work", "home", "Users", "opt", "farm")) + r")/\w"
)
REGISTRY = re.compile(
    "|".join(
        re.escape(host)
        for host in (
            "pypi" + ".org",
            "pythonhosted" + ".org",
            "registry.npmjs" + ".org",
            "deb.debian" + ".org",
            "registry.npmmirror" + ".com",
            "pypi.tuna" + ".tsinghua",
        )
    )
)
GENERATED = re.compile(r"(^|/)(node_modules|__pycache__|\.venv|dist|site/static)/|\.(pyc|sqlite3|egg-info)$")
SMALL = 2_000_000


def tracked() -> list[Path]:
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=False)
    if listed.returncode:
        pytest.skip("not a git checkout")
    return [Path(name) for name in listed.stdout.split("\0") if name and (ROOT / name).is_file()]


def texts() -> list[tuple[Path, str]]:
    """Every tracked text file; pictures and other binary files are passed over."""
    found = []
    for file in tracked():
        content = (ROOT / file).read_bytes()
        if b"\0" not in content[:8000]:
            found.append((file, content.decode("utf-8", errors="replace")))
    return found


def traces(file: Path, text: str) -> list[str]:
    """Machine paths and registry addresses in one file, with their lines."""
    found = []
    for number, line in enumerate(text.splitlines(), 1):
        for pattern in (MACHINE_PATH, REGISTRY):
            hit = pattern.search(line)
            if hit:
                found.append(f"{file}:{number}: {hit.group()}")
    return found


def test_tracked_files_hold_no_machine_paths_and_no_registry_addresses() -> None:
    assert [trace for file, text in texts() for trace in traces(file, text)] == []


def test_traces_planted_are_named() -> None:
    text = "ok /usr/bin/env\nsee /" + "root/project\nfrom https://pypi" + ".org/simple\nbeside ./work/list\n"
    assert traces(Path("a.md"), text) == ["a.md:2: /" + "root/p", "a.md:3: pypi" + ".org"]


def generated(files: list[Path]) -> list[str]:
    return [file.as_posix() for file in files if GENERATED.search(file.as_posix())]


def test_no_generated_files_are_tracked() -> None:
    assert generated(tracked()) == []


def test_generated_files_planted_are_named() -> None:
    planted = [
        Path("src/gridward/site/static/desk/index.html"),
        Path("web/node_modules/vue/index.js"),
        Path("var/gridward.sqlite3"),
        Path("web/desk/index.html"),
    ]
    assert generated(planted) == [file.as_posix() for file in planted[:3]]


def test_tracked_files_are_small() -> None:
    """Nothing over 2 MB: data of that size lives outside the repository."""
    assert [str(file) for file in tracked() if (ROOT / file).stat().st_size > SMALL] == []


def lock_problems(text: str) -> list[str]:
    """Option lines (they would name an index) and packages without a hash."""
    lines = [line for line in text.splitlines() if not line.lstrip().startswith("#")]
    after = [*lines[1:], ""]
    options = [line for line in lines if line.startswith("-")]
    bare = [line for line, then in zip(lines, after, strict=True) if "==" in line and "--hash=" not in then]
    return options + bare


def test_lock_files_hold_hashes_and_no_index_lines() -> None:
    locks = sorted((ROOT / "requirements").glob("*.lock"))
    assert [lock.name for lock in locks] == ["dev.lock", "node.lock", "run.lock"]
    assert [problem for lock in locks for problem in lock_problems(lock.read_text(encoding="utf-8"))] == []


def test_loose_lock_planted_is_named() -> None:
    text = "--index-url x\na==1 \\\n    --hash=sha256:0\n    # via b\nb==2\n"
    assert lock_problems(text) == ["--index-url x", "b==2"]
