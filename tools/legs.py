"""`make test`: every leg of the tests, then one time table and one line of totals.

    python -m tools.legs [leg …] [-- pytest arguments]

    fast         what a developer runs all the time: SQLite, no real files, no killed processes, no browser
    sqlite       everything but the browser, on SQLite
    postgresql   the same on PostgreSQL, without the rooms that know no database
    web          the unit tests of the web sources
    browser      journeys in Chromium

Without names: sqlite, postgresql, web, browser.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tools import setup
from tools.steps import ROOT, Outcome, call, print_table, timed

CHROMIUM = ("chromium", "chromium-browser", "google-chrome")
FONT = Path("/usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc")
NO_DATABASE = ("house", "kernel", "reading", "planning")
NO_TESTS_COLLECTED = 5
PLAN_S = 55 * 60


@dataclass
class Totals:
    """Figures over all legs."""

    passed: int = 0
    failed: int = 0
    skipped: Counter[str] = field(default_factory=Counter)
    unknown: set[str] = field(default_factory=set)
    seconds: Counter[str] = field(default_factory=Counter)

    def add(self, leg: str, report: dict[str, Any]) -> None:
        self.passed += report["passed"]
        self.failed += report["failed"]
        self.skipped.update(report["skipped"])
        self.unknown.update(report["unknown"])
        self.seconds.update({f"{leg:<11}{test}": seconds for test, seconds in report["seconds"].items()})

    def line(self) -> str:
        return f"{self.passed} passed, {self.failed} failed, {self.skipped.total()} skipped"


TOTALS = Totals()


def pytest_leg(name: str, database: str, chosen: list[str], arguments: list[str]) -> str:
    """One run of pytest; its figures are added to the totals. Nothing to run is a failure."""
    with tempfile.TemporaryDirectory() as folder:
        figures = Path(folder) / "report.json"
        command = [sys.executable, "-m", "pytest", "-q", *chosen, *arguments]
        env = {"GRIDWARD_TEST_DB": database, "GRIDWARD_TEST_REPORT": str(figures)}
        code = subprocess.run(command, cwd=ROOT, env=os.environ | env, check=False).returncode
        if figures.is_file():
            TOTALS.add(name, json.loads(figures.read_text()))
        elif code:
            TOTALS.failed += 1
    if code == NO_TESTS_COLLECTED and arguments:
        return "not run: nothing selected"
    return "failed" if code else "ok"


def fast(arguments: list[str]) -> str:
    return pytest_leg("fast", "sqlite", ["-m", "not browser and not shared and not kill"], arguments)


def sqlite(arguments: list[str]) -> str:
    return pytest_leg("sqlite", "sqlite", ["-m", "not browser"], arguments)


def postgresql(arguments: list[str]) -> str:
    without = [f"--ignore=tests/{room}" for room in NO_DATABASE]
    return pytest_leg("postgresql", "postgresql", ["-m", "not browser", *without], arguments)


def web(_arguments: list[str]) -> str:
    """vitest over web/; counted like the others."""
    if not (setup.WEB / "package.json").is_file():
        return "not run: no web sources"
    setup.install_web()
    command, env = setup.npm()
    with tempfile.TemporaryDirectory() as folder:
        figures = Path(folder) / "vitest.json"
        reporters = ["--reporter=default", "--reporter=json", f"--outputFile={figures}"]
        plain = {} if sys.stdout.isatty() else {"NO_COLOR": "1"}
        state = call([*command, "run", "--silent", "test", "--", *reporters], setup.WEB, env | plain)
        report = json.loads(figures.read_text()) if figures.is_file() else {}
    TOTALS.passed += report.get("numPassedTests", 0)
    TOTALS.failed += report.get("numFailedTests", 0 if state == "ok" else 1)
    TOTALS.skipped["web: marked as skipped"] += report.get("numPendingTests", 0)
    return state


def chromium() -> str | None:
    return next((found for name in CHROMIUM if (found := shutil.which(name))), None)


def install_browser() -> str:
    """Install Debian's Chromium and a Chinese font when this is allowed; why not, or the empty string."""
    if chromium() and FONT.exists():
        return ""
    if os.geteuid() != 0 or not shutil.which("apt-get"):
        return "" if chromium() else "Chromium not present; `apt-get install chromium fonts-noto-cjk` as root"
    apt = ["apt-get", "-qq", "-o", "DPkg::Lock::Timeout=600"]
    quiet = {"DEBIAN_FRONTEND": "noninteractive"}
    subprocess.run([*apt, "update"], env=os.environ | quiet, check=False, stdout=subprocess.DEVNULL)
    wanted = ["install", "-y", "--no-install-recommends", "chromium", "fonts-noto-cjk"]
    subprocess.run([*apt, *wanted], env=os.environ | quiet, check=False, stdout=subprocess.DEVNULL)
    return "" if chromium() else "Chromium not present and the package manager could not fetch it"


def browser(arguments: list[str]) -> str:
    missing = install_browser()
    if missing:
        return f"not run: {missing}"
    return pytest_leg("browser", "sqlite", ["-m", "browser"], arguments)


LEGS = {"fast": fast, "sqlite": sqlite, "postgresql": postgresql, "web": web, "browser": browser}
ALL = ("sqlite", "postgresql", "web", "browser")


def print_end(outcomes: list[Outcome]) -> None:
    """Time table, slowest tests, skips, what was not run, totals: in this order, totals last."""
    print_table(outcomes)
    if sum(o.seconds for o in outcomes) > PLAN_S:
        print(f"over the plan of {PLAN_S // 60} minutes: look at the slowest tests")
    print("20 slowest tests")
    for test, seconds in TOTALS.seconds.most_common(20):
        print(f"{seconds:8.2f}  {test}")
    for reason, count in sorted((+TOTALS.skipped).items()):
        print(f"skipped {count}: {reason}{' (UNKNOWN REASON)' if reason in TOTALS.unknown else ''}")
    for outcome in outcomes:
        if outcome.state.startswith("not run"):
            print(f"{outcome.name} tests {outcome.state}")
    print(TOTALS.line(), flush=True)


def main(arguments: list[str]) -> int:
    cut = arguments.index("--") if "--" in arguments else len(arguments)
    names, extra = arguments[:cut], arguments[cut + 1 :]
    unknown = [name for name in names if name not in LEGS]
    if unknown:
        print(f"no such leg: {', '.join(unknown)}; there are {', '.join(LEGS)}", file=sys.stderr)
        return 2
    outcomes = [timed(name, lambda name=name: LEGS[name](extra)) for name in names or ALL]  # type: ignore[misc]
    print_end(outcomes)
    return 1 if TOTALS.failed or any(o.failed for o in outcomes) else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
