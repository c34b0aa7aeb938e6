"""Run named steps one after the other and print where the time went."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
BIN = Path(sys.executable).parent


@dataclass(frozen=True)
class Outcome:
    """How a step ended: "ok", "failed" or "not run: <why>", and how many seconds it took."""

    name: str
    state: str
    seconds: float

    @property
    def failed(self) -> bool:
        return self.state == "failed"


def tool(name: str, *arguments: str) -> list[str]:
    """The command line of a tool that lies in this environment."""
    return [str(BIN / name), *arguments]


def call(command: Sequence[str], cwd: Path = ROOT, env: Mapping[str, str] | None = None) -> str:
    """Run `command`, output passed through; its state."""
    done = subprocess.run(command, cwd=cwd, env={**os.environ, **(env or {})}, check=False)
    return "ok" if done.returncode == 0 else "failed"


def timed(name: str, step: Callable[[], str]) -> Outcome:
    print(f"── {name}", flush=True)
    began = time.monotonic()
    state = step()
    return Outcome(name, state, time.monotonic() - began)


def print_table(outcomes: Sequence[Outcome]) -> None:
    print(f"{'step':<16}{'seconds':>9}  state")
    for outcome in outcomes:
        print(f"{outcome.name:<16}{outcome.seconds:>9.1f}  {outcome.state}")
    print(f"{'together':<16}{sum(o.seconds for o in outcomes):>9.1f}", flush=True)
