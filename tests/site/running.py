"""A real installation with the cast in it, `gridward serve` as a child process, and a small HTTP client."""

from __future__ import annotations

import http.client
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

ROOT = Path(__file__).resolve().parents[2]
GRIDWARD = str(Path(sys.executable).with_name("gridward"))
SETTLE = """
import json
from gridward.site.cli.opening import open_home
open_home()
from django.conf import settings
from tests import cast
from tests.factories.cases import install_rules
made = cast.build()
install_rules()
for name in cast.PEOPLE:
    cast.give_password(made, name)
print(json.dumps({"tokens": {n: made.token(n) for n in cast.PEOPLE}, "points": {a: made.middle(a) for a in
    ("3-2-1", "3-2-2", "next 1-1-1")}}))
"""
Answer = tuple[int, dict[str, str], Any]


def gridward(
    environment: Mapping[str, str], *words: str, timeout: float = 120
) -> subprocess.CompletedProcess[str]:
    """Run one command to its end."""
    return subprocess.run(
        [GRIDWARD, *words],
        env=dict(environment),
        capture_output=True,
        text=True,
        check=False,
        timeout=timeout,
    )


def settle(environment: Mapping[str, str]) -> dict[str, Any]:
    """Put the cast and a dictionary into an installation; {"tokens": {name: …}, "points": {grid: (lon, lat)}}."""
    own = {**environment, "DJANGO_SETTINGS_MODULE": "gridward.site.settings", "PYTHONPATH": str(ROOT)}
    done = subprocess.run(
        [sys.executable, "-c", SETTLE], env=own, cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    found: dict[str, Any] = json.loads(done.stdout)
    return found


@dataclass
class Server:
    """A running `gridward serve`."""

    url: str
    process: subprocess.Popen[str]
    ready: dict[str, Any]

    def client(self, token: str = "", **headers: str) -> Caller:
        return Caller(self.url, {**({"Authorization": f"Bearer {token}"} if token else {}), **headers})

    def stop(self, number: int = signal.SIGTERM) -> float:
        """End it; how many seconds that took."""
        began = time.monotonic()
        self.process.send_signal(number)
        self.process.wait(timeout=15)
        return time.monotonic() - began


class Caller:
    """One connection, kept alive; never through a proxy."""

    def __init__(self, url: str, headers: Mapping[str, str]) -> None:
        self.connection = http.client.HTTPConnection(urlsplit(url).netloc, timeout=60)
        self.headers = dict(headers)

    def call(self, method: str, path: str, body: Any = None, **headers: str) -> Answer:
        data = body if isinstance(body, bytes | None) else json.dumps(body).encode()
        kind = {"Content-Type": "application/json"} if data is not None else {}
        sent = {**self.headers, **kind, **{k.replace("_", "-"): v for k, v in headers.items()}}
        self.connection.request(method, path, data, sent)
        answer = self.connection.getresponse()
        text = answer.read()
        found = {name.lower(): value for name, value in answer.getheaders() if name.lower() != "set-cookie"}
        found["set-cookie"] = "\n".join(answer.headers.get_all("Set-Cookie") or [])
        is_json = "json" in found.get("content-type", "")
        return answer.status, found, json.loads(text) if text and is_json else text.decode()

    def get(self, path: str, **headers: str) -> Answer:
        return self.call("GET", path, None, **headers)

    def post(self, path: str, body: Any, **headers: str) -> Answer:
        return self.call("POST", path, body, **headers)


@contextmanager
def serving(environment: Mapping[str, str], *words: str) -> Iterator[Server]:
    """Serve on a free port until the block ends; what it says goes to serve.log in the home."""
    log = Path(environment["GRIDWARD_HOME"]).parent / "serve.log"
    with log.open("w") as err:
        process = subprocess.Popen(
            [GRIDWARD, "serve", "--port", "0", "--json", *words],
            env=dict(environment),
            stdout=subprocess.PIPE,
            stderr=err,
            text=True,
        )
        assert process.stdout is not None
        line = process.stdout.readline()
        assert line, log.read_text()
        ready = json.loads(line)
        try:
            yield Server(ready["url"], process, ready)
        finally:
            if process.poll() is None:
                process.send_signal(signal.SIGTERM)
                process.wait(timeout=15)


def alive(pid: int) -> bool:
    """Whether a process with this number exists."""
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True
