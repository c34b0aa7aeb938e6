"""backup and restore: one tar.gz with a manifest; consistent while the platform runs; verified after restoring.

The database travels as its own snapshot: SQLite's online backup, PostgreSQL's rows read in one repeatable-read
transaction (COPY), so no client programs are needed. Keys are inside: keep the archive as safe as the home.
"""

from __future__ import annotations

import hashlib
import io
import json
import sqlite3
import tarfile
import tempfile
import zlib
from contextlib import closing
from datetime import datetime
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import connection, transaction

from gridward import __version__
from gridward.kernel.errors import BadInput, Message, Refused

NOT_EMPTY = Message(
    "GW-SITE-050",
    "恢复的目标不是空的（{found}）；请把 GRIDWARD_HOME 和 DATABASE_URL 指向空的位置。",
    "The place to restore into is not empty ({found}); point GRIDWARD_HOME and DATABASE_URL to an empty one.",
)
NOT_BACKUP = Message(
    "GW-SITE-051",
    "{found} 不是本程序的备份，或已损坏（{reason}）。",
    "{found} is not a backup of this program, or it is damaged ({reason}).",
)
OTHER_KIND = Message(
    "GW-SITE-052",
    "备份来自 {found} 数据库，不能恢复到 {allowed}；请设置相同种类的数据库。",
    "The backup comes from {found} and cannot be restored into {allowed}; use the same kind of database.",
)
FOLDERS = ("keys", "blobs", "rejects", "checkpoints")


def write_backup(file: Path, *, now: datetime) -> dict[str, Any]:
    """Write the archive; returns {"file", "bytes", "database", "counts"}."""
    file.parent.mkdir(parents=True, exist_ok=True)
    part = file.with_suffix(file.suffix + ".part")
    with tempfile.TemporaryDirectory(dir=settings.HOME) as folder:
        dump, keys = Path(folder), _keys()
        counts = _dump(dump)
        while keys != (
            now_keys := _keys()
        ):  # the ring turned meanwhile: the copy's keys need the ring of its instant
            keys, counts = now_keys, _dump(dump)
        files = sorted(dump.iterdir())
        manifest = {
            "format": 1,
            "version": __version__,
            "database": connection.vendor,
            "at": now.isoformat(),
            "counts": counts,
            "sha256": {f.name: hashlib.sha256(f.read_bytes()).hexdigest() for f in files},
        }
        with tarfile.open(part, "w:gz", compresslevel=3) as archive:
            _add_text(archive, "manifest.json", json.dumps(manifest, indent=1))
            for each in files:
                archive.add(each, f"database/{each.name}")
            for name, text in keys.items():
                _add_text(archive, f"keys/{name}", text)
            for name in FOLDERS:
                if name != "keys" and (settings.HOME / name).exists():
                    archive.add(settings.HOME / name, name)
    part.chmod(0o600)
    part.replace(file)
    return {
        "file": str(file),
        "bytes": file.stat().st_size,
        "database": connection.vendor,
        "counts": manifest["counts"],
    }


def _add_text(archive: tarfile.TarFile, name: str, text: str) -> None:
    data = text.encode()
    info = tarfile.TarInfo(name)
    info.size, info.mode = len(data), 0o600
    archive.addfile(info, io.BytesIO(data))


def _keys() -> dict[str, str]:
    """The files of keys/ as they are now."""
    return {f.name: f.read_text() for f in sorted((settings.HOME / "keys").iterdir()) if f.suffix != ".part"}


def _dump(folder: Path) -> dict[str, int]:
    """Write the database as of one instant into `folder`; rows of each table at that instant."""
    for old in folder.iterdir():
        old.unlink()
    return _dump_sqlite(folder) if connection.vendor == "sqlite" else _dump_postgresql(folder)


def _dump_sqlite(folder: Path) -> dict[str, int]:
    """SQLite's online backup: a consistent copy while others write."""
    name = connection.settings_dict["NAME"]
    live, snapshot = f"file:{name}?mode=ro", folder / "gridward.sqlite3"
    with closing(sqlite3.connect(live, uri=True)) as source, closing(sqlite3.connect(snapshot)) as copy:
        source.backup(copy)
        return {t: int(copy.execute(f'SELECT count(*) FROM "{t}"').fetchone()[0]) for t in _tables()}


def _tables() -> list[str]:
    with connection.cursor() as cursor:
        names = connection.introspection.table_names(cursor)
    return sorted(n for n in names if n.split("_")[0] in settings.ROOMS or n == "django_migrations")


def _dump_postgresql(folder: Path) -> dict[str, int]:
    """All tables by COPY inside one repeatable-read transaction: one instant for all of them."""
    counts = {}
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
        for table in _tables():
            with (
                (folder / f"{table}.copy").open("wb") as out,
                cursor.copy(f'COPY "{table}" TO STDOUT') as copy,
            ):
                for block in copy:
                    out.write(block)
            counts[table] = int(cursor.rowcount)
    return counts


def _counts() -> dict[str, int]:
    counts = {}
    with connection.cursor() as cursor:
        for table in _tables():
            cursor.execute(f'SELECT count(*) FROM "{table}"')
            counts[table] = int(cursor.fetchone()[0])
    return counts


def read_backup(file: Path, *, now: datetime) -> dict[str, Any]:
    """Restore into an empty home and database, then verify: counts, chain hashes, folds."""
    from gridward.site.home import check_version, refuse_newer, write_version
    from gridward.site.verify import verify_journals

    home: Path = settings.HOME
    _refuse_full(home)
    manifest = _manifest(file)
    refuse_newer(str(manifest["version"]))
    if manifest["database"] != connection.vendor:
        raise Refused(OTHER_KIND, found=manifest["database"], allowed=connection.vendor)
    home.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=home) as folder:
        _unpack(file, folder)
        _check_files(Path(folder) / "database", manifest, file)
        for name in FOLDERS:
            if (Path(folder) / name).exists():
                (Path(folder) / name).rename(home / name)
        (home / "keys").chmod(0o700)
        _load(Path(folder) / "database")
    check_version(home)
    write_version(home)
    counts = _counts()
    differing = {
        t: (manifest["counts"].get(t), n) for t, n in counts.items() if manifest["counts"].get(t) != n
    }
    journals = verify_journals(home=home)
    return {
        "ok": journals["ok"] and not differing,
        "counts": counts,
        "differing": differing,
        "journals": journals,
    }


DAMAGE = (tarfile.TarError, OSError, EOFError, zlib.error, KeyError, TypeError, ValueError)


def _unpack(file: Path, folder: str) -> None:
    try:
        with tarfile.open(file) as archive:
            archive.extractall(folder, filter="data")
    except DAMAGE as error:
        raise BadInput(NOT_BACKUP, found=file.name, reason=type(error).__name__) from error


def _refuse_full(home: Path) -> None:
    if home.exists() and any(home.iterdir()):
        raise Refused(NOT_EMPTY, found=str(home))
    if connection.vendor == "postgresql" and _tables():
        raise Refused(NOT_EMPTY, found=str(connection.settings_dict["NAME"]))


def _manifest(file: Path) -> dict[str, Any]:
    try:
        with tarfile.open(file) as archive:
            member = archive.extractfile("manifest.json")
            found: dict[str, Any] = json.loads(member.read() if member else b"")
        if not {"version", "database", "counts", "sha256"} <= set(found):
            raise KeyError("manifest")
    except DAMAGE as error:
        raise BadInput(NOT_BACKUP, found=file.name, reason=type(error).__name__) from error
    return found


def _check_files(folder: Path, manifest: dict[str, Any], file: Path) -> None:
    for name, digest in manifest["sha256"].items():
        found = folder / name
        if not found.exists() or hashlib.sha256(found.read_bytes()).hexdigest() != digest:
            raise BadInput(NOT_BACKUP, found=file.name, reason=name)


def _load(folder: Path) -> None:
    if connection.vendor == "sqlite":
        connection.close()
        target = Path(settings.DATABASES["default"]["NAME"])
        (folder / "gridward.sqlite3").rename(target)
        return
    _load_postgresql(folder)


def _load_postgresql(folder: Path) -> None:
    from django.core.management import call_command

    from gridward.logbook.actions import install_guards, remove_guards

    call_command("migrate", verbosity=0, interactive=False)
    remove_guards()
    with transaction.atomic(), connection.cursor() as cursor:
        names = [f.stem for f in sorted(folder.glob("*.copy"))]
        cursor.execute("SET CONSTRAINTS ALL DEFERRED")
        cursor.execute(f"TRUNCATE {', '.join(chr(34) + n + chr(34) for n in names)} RESTART IDENTITY CASCADE")
        for name in names:
            file = folder / f"{name}.copy"
            with cursor.copy(f'COPY "{name}" FROM STDIN') as copy, file.open("rb") as source:
                while block := source.read(1 << 16):
                    copy.write(block)
        _reset_sequences(cursor, names)
    install_guards()


_SEQUENCE = (
    "SELECT pg_get_serial_sequence(%s, 'id') WHERE EXISTS "
    "(SELECT 1 FROM information_schema.columns WHERE table_name = %s AND column_name = 'id')"
)


def _reset_sequences(cursor: Any, names: list[str]) -> None:
    """Let every sequence go on behind the rows that were copied in."""
    for name in names:
        cursor.execute(_SEQUENCE, [name, name])
        row = cursor.fetchone()
        if row and row[0]:
            text = f'SELECT setval(%s, coalesce((SELECT max(id) FROM "{name}"), 0) + 1, false)'
            cursor.execute(text, [row[0]])
