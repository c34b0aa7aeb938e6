"""`doctor`: what is wrong with this installation, each finding with what to do."""

from __future__ import annotations

import os
import shutil
from datetime import datetime
from typing import Any

from django.conf import settings
from django.db import connection

from gridward import __version__
from gridward.cases.queries.verify import load_rulebook
from gridward.logbook import queries as logbook
from gridward.people.queries.postings import administrators


def examine(*, now: datetime) -> dict[str, Any]:
    """{"ok", "database", "version", "findings": [{"what", "found", "do"}]}."""
    findings = [*_guards(), *_keys(), *_deliveries(), *_calendar(now), *_disk()]
    return {
        "ok": not findings,
        "database": connection.vendor,
        "version": __version__,
        "administrators": administrators(now),
        "findings": findings,
    }


def _finding(what: str, found: str, do: str) -> dict[str, str]:
    return {"what": what, "found": found, "do": do}


def _guards() -> list[dict[str, str]]:
    return [
        _finding(
            "journal_guard_missing",
            name,
            "Find out who removed it, run gridward verify journals, then gridward migrate.",
        )
        for name in logbook.guards_missing()
    ]


def _keys() -> list[dict[str, str]]:
    findings = []
    for name in ("secret", "ring.json"):
        file = settings.HOME / "keys" / name
        if not file.exists():
            findings.append(
                _finding("key_missing", f"keys/{name}", "Restore the folder keys/ from a backup.")
            )
        elif file.stat().st_mode & 0o077:
            findings.append(
                _finding("key_readable", f"keys/{name}", "chmod 600 the file; others could read it.")
            )
    return findings


def _deliveries() -> list[dict[str, str]]:
    waiting = logbook.deliveries_waiting()
    return [
        _finding(
            "handler_failing",
            f"{f['handler']}: {f['facts']} facts",
            "See the server log; tick tries again by itself.",
        )
        for f in waiting["failing"]
    ]


def _calendar(now: datetime) -> list[dict[str, str]]:
    calendar = load_rulebook().calendar
    beyond = [
        y for y in (now.year, now.year + 1) if not calendar.known(now.date().replace(year=y, month=6, day=1))
    ]
    if now.year not in beyond:
        return []
    return [
        _finding(
            "calendar_ends",
            str(beyond),
            "Holidays of this year are unknown (Monday to Friday is assumed): install a calendar.",
        )
    ]


def _disk() -> list[dict[str, str]]:
    free = shutil.disk_usage(settings.HOME).free
    if free > 500 * 1024 * 1024:
        return []
    return [
        _finding(
            "disk_full", f"{free // 1024 // 1024} MB free", "Make room before the database cannot be written."
        )
    ]


def unsafe_settings() -> list[str]:
    """What must not go into production, in sentences."""
    found = []
    if settings.DEBUG:
        found.append("GRIDWARD_DEBUG is on: tracebacks would reach users. Unset it.")
    if not settings.HTTPS:
        found.append(
            "GRIDWARD_HTTPS is off: cookies and tokens would travel in clear. "
            "Serve with --tls-cert or behind a proxy and set it to 1."
        )
    if os.environ.get("GRIDWARD_ALLOW_SIMULATED_TIME") == "1" or settings.SIMULATED_TIME:
        found.append(
            "Simulated time is allowed: anybody with a token could set the clock. Unset GRIDWARD_ALLOW_SIMULATED_TIME."
        )
    if os.environ.get("GRIDWARD_BENCH_FLOOR") == "1":
        found.append(
            "The benchmark's floor is mounted: it writes without a journal. Unset GRIDWARD_BENCH_FLOOR."
        )
    if not os.environ.get("GRIDWARD_HOSTS"):
        found.append("GRIDWARD_HOSTS is not set: name the host names that users type.")
    if not (settings.HOME / "keys" / "secret").exists():
        found.append("keys/secret is missing: sessions would end with each process. Run gridward init.")
    found += [f"{f['what']}: {f['found']}. {f['do']}" for f in [*_guards(), *_keys()]]
    return found
