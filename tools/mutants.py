"""`make mutants`: change 100 operators in the rules, one at a time; at least 85 must make a test fail.

    python -m tools.mutants [--count 100] [--seed 1] [--room cases]

First the fast tests run once and note which of them pass through which line of a rules file. Then each mutant
is tried in a copy of the tree against the tests that pass through its line, the quickest first.
"""

from __future__ import annotations

import argparse
import ast
import json
import os
import random
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from queue import SimpleQueue

ROOT = Path(__file__).resolve().parent.parent
SOURCE = Path("src") / "gridward"
NEEDED_SHARE = 0.85
WORKERS = min(2, os.cpu_count() or 1)
PATIENCE_S = 60
CHOSEN = "not browser and not shared and not kill"

SWAPS: dict[type[ast.AST], type[ast.AST]] = {
    ast.Lt: ast.LtE,
    ast.LtE: ast.Lt,
    ast.Gt: ast.GtE,
    ast.GtE: ast.Gt,
    ast.Eq: ast.NotEq,
    ast.NotEq: ast.Eq,
    ast.Is: ast.IsNot,
    ast.IsNot: ast.Is,
    ast.In: ast.NotIn,
    ast.NotIn: ast.In,
    ast.And: ast.Or,
    ast.Or: ast.And,
    ast.Add: ast.Sub,
    ast.Sub: ast.Add,
    ast.Mult: ast.FloorDiv,
    ast.FloorDiv: ast.Mult,
    ast.Div: ast.Mult,
    ast.Mod: ast.FloorDiv,
}

TRACE = """
import json, sys, coverage, pytest

class Tracer:
    def __init__(self): self.seconds, self.failed = {}, set()
    @pytest.hookimpl(tryfirst=True)
    def pytest_runtest_setup(self, item): cov.switch_context(item.nodeid)
    def pytest_runtest_logreport(self, report):
        self.seconds[report.nodeid] = self.seconds.get(report.nodeid, 0) + report.duration
        if not report.passed: self.failed.add(report.nodeid)

cov = coverage.Coverage(data_file=None, include=["*/rules.py", "*/rules/*.py"], config_file=False)
cov.start()
tracer = Tracer()
pytest.main(["-q", "-p", "no:cacheprovider", *sys.argv[2:]], plugins=[tracer])
cov.stop()
data = cov.get_data()
lines = {f: {str(n): c for n, c in data.contexts_by_lineno(f).items()} for f in data.measured_files()}
out = {"lines": lines, "seconds": tracer.seconds, "failed": sorted(tracer.failed)}
open(sys.argv[1], "w").write(json.dumps(out))
"""


@dataclass(frozen=True)
class Site:
    """One operator: the file (below the root), its place among the file's operators, line, and the change."""

    file: Path
    number: int
    line: int
    change: str


def operators(tree: ast.AST) -> Iterator[tuple[ast.AST, str, int | None, int]]:
    """(node, field, index, line) of every operator that has a counterpart."""
    for node in ast.walk(tree):
        line = getattr(node, "lineno", 0)
        if isinstance(node, ast.Compare):
            for index, op in enumerate(node.ops):
                if type(op) in SWAPS:
                    yield node, "ops", index, line
        elif isinstance(node, ast.BoolOp | ast.BinOp | ast.AugAssign) and type(node.op) in SWAPS:
            yield node, "op", None, line


def sites(file: Path, root: Path = ROOT) -> list[Site]:
    tree = ast.parse((root / file).read_text(encoding="utf-8"))
    return [
        Site(file, number, line, _change(_at(node, field, index)))
        for number, (node, field, index, line) in enumerate(operators(tree))
    ]


def _at(node: ast.AST, field: str, index: int | None) -> ast.AST:
    found = getattr(node, field)
    return found if index is None else found[index]  # type: ignore[no-any-return]


def _change(operator: ast.AST) -> str:
    return f"{type(operator).__name__} → {SWAPS[type(operator)].__name__}"


def mutated(text: str, number: int) -> str:
    """The source with its operator `number` replaced by the counterpart (comments are lost)."""
    tree = ast.parse(text)
    node, field, index, _ = list(operators(tree))[number]
    swap = SWAPS[type(_at(node, field, index))]()
    if index is None:
        setattr(node, field, swap)
    else:
        getattr(node, field)[index] = swap
    return ast.unparse(tree)


def rule_files(root: Path = ROOT, room: str = "*") -> list[Path]:
    found = [*(root / SOURCE).glob(f"{room}/rules.py"), *(root / SOURCE).glob(f"{room}/rules/**/*.py")]
    return sorted(path.relative_to(root) for path in found)


@dataclass(frozen=True)
class Trace:
    """What the first run showed: which tests pass through a line, and how long each takes."""

    lines: dict[str, dict[str, list[str]]]
    seconds: dict[str, float]
    failed: frozenset[str]

    def tests_through(self, site: Site) -> list[str]:
        """Tests (parameters cut off) that pass through the site's line, the quickest first."""
        through = self.lines.get(site.file.as_posix(), {}).get(str(site.line), [])
        usable = [test for test in through if test and test not in self.failed]
        quickest = sorted(usable, key=lambda test: self.seconds.get(test, 0.0))
        return list(dict.fromkeys(test.split("[")[0] for test in quickest))


def environment(copy: Path) -> dict[str, str]:
    paths = os.pathsep.join((str(copy / "src"), str(copy)))
    return os.environ | {"PYTHONPATH": paths, "GRIDWARD_TEST_DB": "sqlite", "PYTHONDONTWRITEBYTECODE": "1"}


def trace(copy: Path, room: str) -> Trace:
    """Run the fast tests once under coverage."""
    figures = copy / "trace.json"
    folder = "tests" if room == "*" else f"tests/{room}"
    arguments = [str(figures), folder, "--ignore=tests/house", "-m", CHOSEN]
    subprocess.run(
        [sys.executable, "-c", TRACE, *arguments],
        cwd=copy,
        env=environment(copy),
        stdout=subprocess.DEVNULL,
        check=False,
    )
    found = json.loads(figures.read_text())
    lines = {str(Path(name).relative_to(copy)): by_line for name, by_line in found["lines"].items()}
    return Trace(lines, found["seconds"], frozenset(found["failed"]))


def is_caught(copy: Path, site: Site, tests: list[str]) -> bool:
    """Whether one of `tests` fails with the site's operator changed."""
    if not tests:
        return False
    file = copy / site.file
    text = file.read_text(encoding="utf-8")
    file.write_text(mutated(text, site.number), encoding="utf-8")
    command = [sys.executable, "-m", "pytest", "-x", "-q", "-p", "no:cacheprovider", *tests]
    try:
        done = subprocess.run(
            command, cwd=copy, env=environment(copy), capture_output=True, timeout=PATIENCE_S, check=False
        )
        return done.returncode != 0
    except subprocess.TimeoutExpired:
        return True
    finally:
        file.write_text(text, encoding="utf-8")


def make_copy(folder: Path) -> Path:
    """A copy of what the tests need."""
    left_out = shutil.ignore_patterns(
        ".venv", ".git", "node_modules", "var", "__pycache__", "static", ".*_cache"
    )
    return shutil.copytree(ROOT, folder, ignore=left_out)


def try_all(copies: list[Path], chosen: list[Site], seen: Trace) -> list[Site]:
    """The sites that no test catches."""
    free: SimpleQueue[Path] = SimpleQueue()
    for copy in copies:
        free.put(copy)

    def attempt(site: Site) -> bool:
        copy = free.get()
        try:
            return is_caught(copy, site, seen.tests_through(site))
        finally:
            free.put(copy)

    with ThreadPoolExecutor(len(copies)) as pool:
        caught = list(pool.map(attempt, chosen))
    return [site for site, ok in zip(chosen, caught, strict=True) if not ok]


def choose(count: int, seed: int, room: str) -> list[Site]:
    every = [site for file in rule_files(room=room) for site in sites(file)]
    return random.Random(seed).sample(every, min(count, len(every)))


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--count", type=int, default=100)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--room", default="*")
    options = parser.parse_args()
    chosen = choose(options.count, options.seed, options.room)
    if not chosen:
        print("no operators in any rules file")
        return 1
    began = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="gridward-mutants-") as folder:
        copies = [make_copy(Path(folder) / str(n)) for n in range(WORKERS)]
        seen = trace(copies[0], options.room)
        missed = try_all(copies, chosen, seen)
    for site in missed:
        tests = len(seen.tests_through(site))
        print(f"not caught: {site.file}:{site.line} {site.change} ({tests} tests pass here)")
    share = 1 - len(missed) / len(chosen)
    seconds = time.monotonic() - began
    print(f"{len(chosen) - len(missed)} of {len(chosen)} caught ({share:.0%}), {seconds:.0f} s")
    return 0 if share >= NEEDED_SHARE else 1


if __name__ == "__main__":
    sys.exit(main())
