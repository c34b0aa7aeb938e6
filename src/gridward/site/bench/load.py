"""A small load generator: keep-alive HTTP/1.1 over plain sockets, so that the clients cost little on a shared machine."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit


class Connection:
    """One keep-alive connection; `post` returns (status, body)."""

    def __init__(self, url: str, token: str) -> None:
        parts = urlsplit(url)
        assert parts.hostname and parts.port
        self.head = (
            f"Host: {parts.netloc}\r\nAuthorization: Bearer {token}\r\nContent-Type: application/json\r\n"
        )
        self.socket = socket.create_connection((parts.hostname, parts.port), timeout=30)
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.left = b""

    def post(self, path: str, body: bytes) -> tuple[int, bytes]:
        text = f"POST {path} HTTP/1.1\r\n{self.head}Content-Length: {len(body)}\r\n\r\n"
        self.socket.sendall(text.encode() + body)
        lines = self._until(b"\r\n\r\n").split(b"\r\n")
        sizes = [int(x.split(b":")[1]) for x in lines if x.lower().startswith(b"content-length:")]
        return int(lines[0].split(b" ")[1]), self._exactly(sizes[0]) if sizes else self._chunks()

    def _chunks(self) -> bytes:
        found = b""
        while size := int(self._until(b"\r\n"), 16):
            found += self._exactly(size + 2)[:-2]
        self._until(b"\r\n")
        return found

    def _until(self, mark: bytes) -> bytes:
        while mark not in self.left:
            self.left += self._more()
        head, _, self.left = self.left.partition(mark)
        return head

    def _exactly(self, size: int) -> bytes:
        while len(self.left) < size:
            self.left += self._more()
        answer, self.left = self.left[:size], self.left[size:]
        return answer

    def _more(self) -> bytes:
        found = self.socket.recv(65536)
        if not found:
            raise ConnectionError("the server closed the connection")
        return found


@dataclass
class Measured:
    """What a load did: wall seconds, milliseconds of each request, server CPU seconds, statuses other than wanted."""

    seconds: float
    times_ms: list[float]
    cpu_s: float
    bad: list[tuple[int, bytes]] = field(default_factory=list)

    @property
    def per_second(self) -> float:
        return len(self.times_ms) / self.seconds

    @property
    def cpu_ms(self) -> float:
        return self.cpu_s * 1000 / max(len(self.times_ms), 1)

    def p95_ms(self) -> float:
        return sorted(self.times_ms)[int(len(self.times_ms) * 0.95)]


def drive(
    url: str, token: str, requests: Sequence[tuple[str, bytes]], *, clients: int, server_pid: int
) -> Measured:
    """Send all requests from `clients` threads, each with a connection of its own; order within a client is kept."""
    times: list[float] = []
    bad: list[tuple[int, bytes]] = []

    def client(n: int) -> None:
        try:
            work(Connection(url, token), requests[n::clients])
        except (OSError, ValueError) as error:
            bad.append((0, repr(error).encode()))

    def work(connection: Connection, mine: Sequence[tuple[str, bytes]]) -> None:
        for path, body in mine:
            begin = time.perf_counter()
            status, answer = connection.post(path, body)
            times.append((time.perf_counter() - begin) * 1000)
            if status not in (200, 201):
                bad.append((status, answer[:300]))

    threads = [threading.Thread(target=client, args=(n,)) for n in range(clients)]
    before, begin = cpu_seconds(server_pid), time.perf_counter()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return Measured(time.perf_counter() - begin, times, cpu_seconds(server_pid) - before, bad)


def cpu_seconds(pid: int) -> float:
    """User and system seconds of a process and all its descendants (their ended children included)."""
    stats = _stats()
    wanted, total = {pid}, 0.0
    grew = True
    while grew:
        found = {p for p, (parent, _) in stats.items() if parent in wanted} - wanted
        wanted |= found
        grew = bool(found)
    for p in wanted & stats.keys():
        total += stats[p][1]
    return total


def _stats() -> dict[int, tuple[int, float]]:
    """pid -> (parent, CPU seconds) of every process that can be read (Linux)."""
    import os

    tick = os.sysconf("SC_CLK_TCK")
    found: dict[int, tuple[int, float]] = {}
    for folder in Path("/proc").iterdir():
        if not folder.name.isdigit():
            continue
        try:
            fields = (folder / "stat").read_text().rpartition(")")[2].split()
        except OSError:
            continue
        found[int(folder.name)] = (int(fields[1]), sum(int(fields[k]) for k in (11, 12, 13, 14)) / tick)
    return found
