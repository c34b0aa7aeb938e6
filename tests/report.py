"""The end of a test run: what was skipped and why, where the time went, which tests were slowest.

A reason that is not in KNOWN_SKIPS fails the run: a test that quietly stops running is a hole nobody sees.
With GRIDWARD_TEST_REPORT=FILE the figures are also written as JSON; `make test` adds up the legs from it.
"""

from __future__ import annotations

import json
import os
import time
from collections import Counter, defaultdict
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

# Beginning of the reason → what it means for whoever reads the run.
KNOWN_SKIPS = {
    "real files not present": "GRIDWARD_SHARED points nowhere; every such test has a committed miniature",
    "Chromium not present": "no browser on this machine and not allowed to install one",
    "web app not built": "run `make setup`",
    "not a git checkout": "the tree was unpacked from an archive",
    "only on SQLite": "runs in the SQLite leg",
    "only on PostgreSQL": "runs in the PostgreSQL leg",
}
SLOWEST = 20


@dataclass
class Tally:
    """Figures of one run: counts, skips by reason, seconds by test and by folder."""

    passed: int = 0
    failed: int = 0
    skipped: Counter[str] = field(default_factory=Counter)
    seconds: dict[str, float] = field(default_factory=lambda: defaultdict(float))
    collected_s: float = 0.0
    total_s: float = 0.0

    def by_folder(self) -> dict[str, tuple[int, float]]:
        """Folder below tests/ → (tests, seconds)."""
        found: dict[str, tuple[int, float]] = {}
        for test, seconds in self.seconds.items():
            parts = test.split("::")[0].split("/")
            name = parts[1] if len(parts) > 2 else parts[0]
            count, before = found.get(name, (0, 0.0))
            found[name] = (count + 1, before + seconds)
        return found

    def slowest(self) -> list[tuple[str, float]]:
        return sorted(self.seconds.items(), key=lambda pair: -pair[1])[:SLOWEST]

    def as_json(self) -> dict[str, Any]:
        return {
            "passed": self.passed,
            "failed": self.failed,
            "skipped": dict(self.skipped),
            "unknown": unknown_reasons(self.skipped),
            "seconds": dict(self.seconds),
            "collected_s": self.collected_s,
            "total_s": self.total_s,
        }


def unknown_reasons(reasons: Counter[str] | dict[str, int]) -> list[str]:
    """The reasons that no line of KNOWN_SKIPS begins."""
    return sorted(r for r in reasons if not any(r.startswith(known) for known in KNOWN_SKIPS))


def time_table(folders: dict[str, tuple[int, float]]) -> list[str]:
    lines = [f"{'tests in':<16}{'tests':>7}{'seconds':>10}"]
    for name, (count, seconds) in sorted(folders.items(), key=lambda pair: -pair[1][1]):
        lines.append(f"{name:<16}{count:>7}{seconds:>10.1f}")
    return lines


def _reason(report: pytest.TestReport | pytest.CollectReport) -> str:
    if hasattr(report, "wasxfail"):
        return str(report.wasxfail)
    text = report.longrepr[2] if isinstance(report.longrepr, tuple) else str(report.longrepr)
    return text.removeprefix("Skipped: ").strip()


class Report:
    """The plugin: collects figures while tests run and judges the skips at the end."""

    def __init__(self, config: pytest.Config) -> None:
        self.config = config
        self.tally = Tally()
        self.began = time.perf_counter()

    def pytest_collection_finish(self) -> None:
        self.tally.collected_s = time.perf_counter() - self.began

    def pytest_collectreport(self, report: pytest.CollectReport) -> None:
        if report.skipped:
            self.tally.skipped[_reason(report)] += 1
        elif report.failed:
            self.tally.failed += 1

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        self.tally.seconds[report.nodeid] += report.duration
        if report.skipped:
            self.tally.skipped[_reason(report)] += 1
        elif report.failed:
            self.tally.failed += 1
        elif report.when == "call":
            self.tally.passed += 1

    @pytest.hookimpl(trylast=True)
    def pytest_sessionfinish(self, session: pytest.Session) -> None:
        self.tally.total_s = time.perf_counter() - self.began
        if unknown_reasons(self.tally.skipped) and session.exitstatus in (0, 5):
            session.exitstatus = pytest.ExitCode.TESTS_FAILED
        target = os.environ.get("GRIDWARD_TEST_REPORT")
        if target:
            Path(target).write_text(json.dumps(self.tally.as_json(), ensure_ascii=False))

    def pytest_terminal_summary(self, terminalreporter: pytest.TerminalReporter) -> None:
        for line in self._skip_lines():
            terminalreporter.write_line(line)
        if self.config.getoption("--times"):
            for line in time_table(self.tally.by_folder()):
                terminalreporter.write_line(line)
            terminalreporter.write_line(f"{SLOWEST} slowest tests")
            for test, seconds in self.tally.slowest():
                terminalreporter.write_line(f"{seconds:8.2f}  {test}")

    def _skip_lines(self) -> list[str]:
        lines = [f"skipped {count}: {reason}" for reason, count in sorted(self.tally.skipped.items())]
        lines += [
            f"UNKNOWN REASON TO SKIP (add it to KNOWN_SKIPS in tests/report.py or run the test): {reason}"
            for reason in unknown_reasons(self.tally.skipped)
        ]
        return lines
