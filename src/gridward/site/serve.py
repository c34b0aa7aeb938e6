"""`gridward serve`: one command that supervises the web processes and the due work, and ends them cleanly."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from gridward.kernel.errors import Message, Refused

TAKEN = Message(
    "GW-SITE-040",
    "端口 {found} 已被占用；请换一个，或用 --port 0 自动选择。",
    "Port {found} is taken; choose another one or let --port 0 find a free one.",
)
NOT_ALLOWED = Message(
    "GW-SITE-041",
    "--simulated-time 只在设置 GRIDWARD_ALLOW_SIMULATED_TIME=1 时可用。",
    "--simulated-time works only with GRIDWARD_ALLOW_SIMULATED_TIME=1.",
)
STOP_SECONDS = 8.0
TICK_SECONDS = 30.0


@dataclass(frozen=True)
class Plan:
    """What to serve where."""

    host: str
    port: int
    workers: int
    threads: int
    tls_cert: Path | None
    tls_key: Path | None
    simulated_time: bool


def free_port(host: str, port: int) -> int:
    """The port asked for, or a free one for 0; Refused when it is taken."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            raise Refused(TAKEN, found=port) from error
        return int(probe.getsockname()[1])


def supervise(plan: Plan, *, on_ready: Callable[[dict[str, Any]], None]) -> int:
    """Run until SIGTERM or SIGINT; returns the exit code. `on_ready` gets {"url", "pid"} once /readyz says 200."""
    if plan.simulated_time and os.environ.get("GRIDWARD_ALLOW_SIMULATED_TIME") != "1":
        raise Refused(NOT_ALLOWED)
    port = free_port(plan.host, plan.port)
    web = subprocess.Popen(
        _command(plan, port), env=_environment(plan), stdout=sys.stderr, start_new_session=True
    )
    stopping = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stopping.set())
    scheme = "https" if plan.tls_cert else "http"
    url = f"{scheme}://{plan.host}:{port}/"
    try:
        if not _wait_ready(url, web, stopping):
            return 1
        on_ready({"url": url, "pid": os.getpid()})
        return _watch(web, stopping)
    finally:
        _end(web)


def _command(plan: Plan, port: int) -> list[str]:
    command = [
        sys.executable, "-m", "granian", "--interface", "wsgi", "--host", plan.host, "--port", str(port),
        "--workers", str(plan.workers), "--blocking-threads", str(plan.threads), "--no-ws",
        "--workers-kill-timeout", "5", "--log-level", "warning", "--respawn-failed-workers",
    ]  # fmt: skip
    if plan.tls_cert and plan.tls_key:
        command += ["--ssl-certificate", str(plan.tls_cert), "--ssl-keyfile", str(plan.tls_key)]
    return [*command, "gridward.site.wsgi:application"]


def _environment(plan: Plan) -> dict[str, str]:
    extra = {"GRIDWARD_SIMULATED_TIME": "1"} if plan.simulated_time else {}
    return {**os.environ, **extra, "DJANGO_SETTINGS_MODULE": "gridward.site.settings"}


def _wait_ready(url: str, web: subprocess.Popen[bytes], stopping: threading.Event) -> bool:
    import ssl

    context = ssl._create_unverified_context()
    # No proxy: a proxy of the environment must not see, or answer for, our own loopback port.
    opener = urllib.request.build_opener(
        urllib.request.ProxyHandler({}), urllib.request.HTTPSHandler(context=context)
    )
    last = ""
    for _ in range(600):
        if stopping.is_set() or web.poll() is not None:
            return False
        try:
            with opener.open(f"{url}readyz", timeout=5) as answer:
                if answer.status == 200:
                    return True
        except urllib.error.HTTPError as error:
            told = error.read().decode(errors="replace")
            if told != last:
                sys.stderr.write(f"not ready: {told}\n")
            last = told
        except (urllib.error.URLError, OSError):
            pass
        stopping.wait(0.1)
    return False


def _watch(web: subprocess.Popen[bytes], stopping: threading.Event) -> int:
    """Run due work every half minute until told to stop or the web process ends by itself."""
    next_tick = time.monotonic() + 5
    while not stopping.wait(0.25):
        if web.poll() is not None:
            return web.returncode or 1
        if time.monotonic() >= next_tick:
            _tick_once()
            next_tick = time.monotonic() + TICK_SECONDS
    return 0


def _tick_once() -> None:
    from gridward.site.tick import run_tick

    if os.environ.get("GRIDWARD_SIMULATED_TIME") == "1":
        return
    try:
        run_tick(now=datetime.now(UTC))
    except Exception:
        import logging

        logging.getLogger("gridward.tick").exception("tick failed; it is tried again")


def _end(web: subprocess.Popen[bytes]) -> None:
    """TERM the web processes, then KILL what is left of their group after 8 s."""
    if web.poll() is not None:
        return
    web.terminate()
    try:
        web.wait(STOP_SECONDS)
    except subprocess.TimeoutExpired:
        os.killpg(web.pid, signal.SIGKILL)
        web.wait()
