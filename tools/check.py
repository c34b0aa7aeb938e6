"""`make check`: everything that can be said about the tree without running the product.

python -m tools.check [step …]      all steps, or the named ones
"""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable

from tools import setup
from tools.steps import ROOT, call, print_table, timed, tool

AUDIT_SECONDS = 120


def web() -> str:
    """Types and house rules of the web sources."""
    if not (setup.WEB / "package.json").is_file():
        return "not run: no web sources"
    setup.install_web()
    command, env = setup.npm()
    return call([*command, "run", "--silent", "check"], setup.WEB, env)


def audit() -> str:
    """Known holes in the locked packages; asks the registry, so it never fails where none answers."""
    command = tool(
        "pip-audit", "--disable-pip", "--require-hashes", "--progress-spinner=off", "--format=json"
    )
    command += ["--requirement", str(ROOT / "requirements" / "run.lock"), "--timeout=15"]
    try:
        done = subprocess.run(command, capture_output=True, text=True, timeout=AUDIT_SECONDS, check=False)
        found = json.loads(done.stdout)["dependencies"]
    except (subprocess.TimeoutExpired, ValueError, KeyError):
        return "not run: no registry answered"
    if all("skip_reason" in package for package in found):
        return "not run: no registry answered"
    holes = [f"{p['name']} {p['version']}: {v['id']}" for p in found for v in p.get("vulns", [])]
    print("\n".join(holes) or "no known holes")
    return "failed" if holes else "ok"


STEPS: dict[str, Callable[[], str]] = {
    "style": lambda: call(tool("ruff", "check", "--quiet", ".")),
    "format": lambda: call(tool("ruff", "format", "--check", "--quiet", ".")),
    "types": lambda: call(tool("mypy")),
    "imports": lambda: call(tool("lint-imports", "--no-logo")),
    "requirements": lambda: call([sys.executable, "-m", "tools.requirements", "--check"]),
    "documents": lambda: call([sys.executable, "-m", "tools.docs", "--check"]),
    "web": web,
    "audit": audit,
}


def main(wanted: list[str]) -> int:
    outcomes = [timed(name, STEPS[name]) for name in wanted or STEPS]
    print_table(outcomes)
    return 1 if any(o.failed for o in outcomes) else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
