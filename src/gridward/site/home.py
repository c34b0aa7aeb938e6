"""The home folder of a jurisdiction: created, migrated and refused when it comes from a newer version."""

from __future__ import annotations

import json
import os
import secrets
from datetime import datetime
from pathlib import Path
from typing import Any

from gridward import __version__
from gridward.kernel.errors import Message, Refused

NEWER = Message(
    "GW-SITE-030",
    "这个目录由更新的版本 {found} 写成，本程序是 {allowed}；请升级程序后再打开。",
    "This home was written by the newer version {found}, this program is {allowed}; upgrade the program first.",
)
NO_ROOM = Message(
    "GW-SITE-031",
    "无法在 {found} 建立数据目录：{reason}。请用 GRIDWARD_HOME 指定一个可写的目录。",
    "The home {found} cannot be created: {reason}. Name a writable folder in GRIDWARD_HOME.",
)
FOLDERS = ("blobs", "keys", "rejects", "checkpoints")


def prepare(home: Path) -> None:
    """Create the folders, the signing key and the key ring where they are missing (0700 / 0600)."""
    from gridward.logbook.actions.keys import create_ring, write_private

    try:
        home.mkdir(parents=True, exist_ok=True)
        for name in FOLDERS:
            (home / name).mkdir(mode=0o700, exist_ok=True)
    except OSError as error:
        raise Refused(NO_ROOM, found=str(home), reason=error.strerror) from error
    if not (home / "keys" / "secret").exists():
        write_private(home / "keys" / "secret", secrets.token_urlsafe(48))
    create_ring(home / "keys" / "ring.json")


def _numbers(version: str) -> tuple[int, ...]:
    return tuple(int(part) for part in version.split(".") if part.isdigit())


def check_version(home: Path) -> None:
    """Refuse a home that a newer program wrote."""
    file = home / "version.json"
    if not file.exists():
        return
    refuse_newer(str(json.loads(file.read_text()).get("version", "0")))


def refuse_newer(found: str) -> None:
    """Refuse what a newer program wrote."""
    if _numbers(found) > _numbers(__version__):
        raise Refused(NEWER, found=found, allowed=__version__)


def write_version(home: Path) -> None:
    """Note which program wrote this home last."""
    (home / "version.json").write_text(json.dumps({"version": __version__}) + "\n")


def open_home(*, now: datetime) -> dict[str, Any]:
    """Make the home usable: folders, keys, tables, guards, calendar. Safe to run twice and by two processes."""
    from django.conf import settings
    from django.core.management import call_command
    from django.db import connection

    from gridward.site.health import is_behind

    home: Path = settings.HOME
    check_version(home)
    prepare(home)
    if is_behind():
        with _lock(home):
            call_command("migrate", verbosity=0, interactive=False)
    _first_settings(now)
    write_version(home)
    return {"home": str(home), "database": connection.vendor, "version": __version__}


def _first_settings(now: datetime) -> None:
    from gridward.cases.actions import install_calendar
    from gridward.kernel.actor import SYSTEM
    from gridward.kernel.worktime import default_calendar
    from gridward.logbook import queries as logbook
    from gridward.logbook.actions import change_setting

    known = logbook.settings()
    if "timezone" not in known:
        change_setting(name="timezone", value="Asia/Shanghai", actor=SYSTEM, now=now)
    if "calendar" not in known:
        install_calendar(calendar=default_calendar("Asia/Shanghai"), actor=SYSTEM, now=now)


class _lock:  # noqa: N801 - used as a statement
    """One process migrates at a time; the file lock goes with the process."""

    def __init__(self, home: Path) -> None:
        self.file = home / ".migrate.lock"

    def __enter__(self) -> None:
        import fcntl

        self.handle = os.open(self.file, os.O_RDWR | os.O_CREAT, 0o600)
        fcntl.flock(self.handle, fcntl.LOCK_EX)

    def __exit__(self, *_: object) -> None:
        os.close(self.handle)
