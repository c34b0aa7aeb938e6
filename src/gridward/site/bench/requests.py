"""create-case: reports over HTTP against a floor with the same server, token check, body schema and case table."""

from __future__ import annotations

import json
import os
import random
import signal
import statistics
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from gridward.site.bench import result
from gridward.site.bench.load import Connection, Measured, drive
from gridward.site.bench.sample import CATEGORIES, ORIGIN, STEP, UNITS, load_territory

SIZE = 40
CLIENTS = 16
ROUNDS = 3
CREATE, FLOOR = "/api/v1/cases", "/api/v1/bench/floor"


def run(rows: int) -> list[dict[str, Any]]:
    """Results: requests per second and server CPU for reports and floor, at 1 and at 16 clients; moves; statements."""
    token = _prepare()
    statements = _statements(token)
    with _server() as (url, pid):
        for path in (CREATE, FLOOR):
            drive(
                url, token, _reports(path, 200), clients=CLIENTS, server_pid=pid
            )  # every worker fills its caches
        one = _pair(url, token, pid, max(rows // 5, 50), 1)
        many = _pair(url, token, pid, rows, CLIENTS)
        moves = _moves(url, token, max(rows // 10, 20))
    return [*_judge(one, many), *_rest(statements, moves, many)]


Pair = tuple[list[Measured], list[Measured]]


def _pair(url: str, token: str, pid: int, count: int, clients: int) -> Pair:
    """Reports and floor by turns, so that whatever else the machine does falls on both."""
    found: Pair = ([], [])
    for _ in range(ROUNDS):
        for kept, path in zip(found, (CREATE, FLOOR), strict=True):
            kept.append(drive(url, token, _reports(path, count // ROUNDS), clients=clients, server_pid=pid))
    return found


def _speed(runs: list[Measured]) -> float:
    return statistics.median(m.per_second for m in runs)


def _cpu(runs: list[Measured]) -> float:
    return sum(m.cpu_s for m in runs) * 1000 / sum(len(m.times_ms) for m in runs)


def _judge(one: Pair, many: Pair) -> list[dict[str, Any]]:
    quick, cheap = _speed(many[0]) >= 200, _cpu(many[0]) <= 6
    found = []
    for name, (ours, floor) in (("1 client", one), (f"{CLIENTS} clients", many)):
        speed, under = _speed(ours), _speed(floor)
        found.append(
            result(
                f"create, {name}",
                speed,
                "req/s",
                baseline=under,
                budget=">= 0.5 x floor",
                ok=speed >= 0.5 * under,
            )
        )
        found.append(
            result(
                f"create, {name}: server CPU", _cpu(ours), "ms/req", baseline=_cpu(floor), budget="printed"
            )
        )
    found.append(
        result(
            f"create, {CLIENTS} clients: speed or CPU",
            _speed(many[0]),
            "req/s",
            budget=">= 200/s or <= 6 CPU ms",
            ok=quick or cheap,
        )
    )
    return found


def _rest(statements: int, moves: list[float], many: Pair) -> list[dict[str, Any]]:
    bad = [b for runs in many for m in runs for b in m.bad]
    for status, answer in bad[:3]:
        sys.stderr.write(f"{status} {answer.decode(errors='replace')}\n")
    p95 = sorted(moves)[int(len(moves) * 0.95)]
    return [
        result(
            "create: SQL statements, BEGIN and COMMIT apart",
            statements,
            "statements",
            budget="<= 10",
            ok=statements <= 10,
        ),
        result("move, 1 client", p95, "ms p95", budget="<= 15 ms", ok=p95 <= 15),
        result("answers that were errors", len(bad), "requests", budget="0", ok=not bad),
    ]


def _prepare() -> str:
    """Territory of 1,600 grids, a dictionary as a pack would install it, units, and somebody who may do all."""
    from gridward.cases.actions import install_dictionary
    from gridward.kernel.actor import SYSTEM
    from gridward.people import actions as people
    from gridward.site.permissions import ALL_PERMISSIONS

    now = datetime.now(UTC)
    load_territory(SIZE)
    rows = [
        {
            "id": "now",
            "when": "can_fix_now == true",
            "limit": {"total": "2 working_hours", "unit": "1 working_hours"},
        },
        {"id": "later", "when": "true", "limit": {"total": "5 working_days", "unit": "3 working_days"}},
    ]
    install_dictionary(
        pack="bench",
        version="1",
        dictionary="bench",
        scheme="bench",
        categories=[{"code": c, "label": {"zh": c}, "workflow": "bench", "rows": rows} for c in CATEGORIES],
        workflows={"bench": {"filed": {"limit": "2 working_hours"}}},
        actor=SYSTEM,
        now=now,
    )
    for name in UNITS:
        people.find_or_create_unit(name=name, code=name, source="bench", actor=SYSTEM, now=now)
    people.add_user(login="bench", name="bench", permissions=tuple(ALL_PERMISSIONS), actor=SYSTEM, now=now)
    return people.add_token(login="bench", name="bench", actor=SYSTEM, now=now)


def _reports(path: str, count: int) -> list[tuple[str, bytes]]:
    chance = random.Random(uuid4().int)
    found = []
    for n in range(count):
        body = {
            "id": str(uuid4()),
            "category": chance.choice(CATEGORIES),
            "point": {
                "lon": ORIGIN[0] + chance.random() * SIZE * STEP,
                "lat": ORIGIN[1] + chance.random() * SIZE * STEP,
            },
            "text": f"占道经营影响通行，第 {n} 号来件",
            "source": "desk",
            "facts": {"can_fix_now": n % 3 == 0},
        }
        found.append((path, json.dumps(body).encode()))
    return found


def _statements(token: str) -> int:
    """Statements of one report through the whole stack in this process, caches warm."""
    client = Client(headers={"authorization": f"Bearer {token}"})
    for path, body in _reports(CREATE, 2):
        with CaptureQueriesContext(connection) as captured:
            answer = client.post(path, body, content_type="application/json")
        assert answer.status_code == 201, answer.content
    texts = [q["sql"].split(" ")[0].upper() for q in captured.captured_queries]
    return sum(text not in ("BEGIN", "COMMIT") for text in texts)


def _moves(url: str, token: str, count: int) -> list[float]:
    """Milliseconds of file, assign, sign and hand_in on fresh cases, one after another."""
    import time

    client = Connection(url, token)
    steps: list[tuple[str, dict[str, Any]]] = [
        ("file", {}), ("assign", {"unit": UNITS[3]}), ("sign", {}), ("hand_in", {"text": "已清理", "outcome": "fixed"}),
    ]  # fmt: skip
    times = []
    for path, report in _reports(CREATE, count):
        case = json.loads(client.post(path, report)[1])
        for seq, (move, data) in enumerate(steps, start=1):
            body = {"id": str(uuid4()), "move": move, "expected_seq": seq, "data": data}
            begin = time.perf_counter()
            status, answer = client.post(f"{CREATE}/{case['id']}/moves", json.dumps(body).encode())
            times.append((time.perf_counter() - begin) * 1000)
            assert status == 200, answer
    return times


@contextmanager
def _server() -> Iterator[tuple[str, int]]:
    """`gridward serve` on the scratch home, with the floor mounted; ended afterwards."""
    connection.close()
    command = [
        sys.executable,
        "-c",
        "from gridward.site.cli.main import main; main()",
        "serve",
        "--port",
        "0",
        "--json",
    ]
    environment = {**os.environ, "GRIDWARD_BENCH_FLOOR": "1"}
    server = subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, text=True)
    try:
        assert server.stdout is not None
        ready = json.loads(server.stdout.readline())
        yield ready["url"].rstrip("/"), server.pid
    finally:
        server.send_signal(signal.SIGTERM)
        server.wait(20)
