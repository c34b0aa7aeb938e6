"""The restore drill: a backup taken while others write, restored into an empty place, verified (R-ADM-06)."""

from __future__ import annotations

import io
import json
import tarfile
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection

from tests.site.running import Server, gridward, serving, settle

POSTGRESQL = connection.vendor == "postgresql"


@pytest.fixture(scope="module")
def source(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, Any]]:
    """A served installation with the cast, twelve cases, a sealed contact, a paper and a checkpoint."""
    from tests.conftest import installation

    made = installation.__wrapped__(tmp_path_factory.mktemp("source"))  # type: ignore[attr-defined]
    environment = next(made)
    facts = settle(environment)
    with serving(environment) as server:
        for _ in range(12):
            report(server, facts)
        assert gridward(environment, "tick", "--json").returncode == 0
        yield {"environment": environment, "facts": facts, "server": server}
    next(made, None)


def report(server: Server, facts: dict[str, Any]) -> int:
    lon, lat = facts["points"]["3-2-1"]
    body = {
        "id": str(uuid4()),
        "category": "waste",
        "point": {"lon": lon, "lat": lat},
        "text": "垃圾",
        "contact": {"phone": "13812345678"},
    }
    return server.client(facts["tokens"]["Zhao"]).post("/api/v1/cases", body)[0]


@pytest.fixture(scope="module")
def archive(source: dict[str, Any], tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, dict[str, Any]]:
    """A backup taken while a clerk keeps reporting; the file and what the command printed."""
    file = tmp_path_factory.mktemp("archive") / "a.tar.gz"
    stop, written = threading.Event(), []

    def clerk() -> None:
        while not stop.is_set():
            written.append(report(source["server"], source["facts"]))

    thread = threading.Thread(target=clerk)
    thread.start()
    done = gridward(source["environment"], "backup", str(file), "--json")
    stop.set()
    thread.join()
    assert done.returncode == 0, done.stderr
    assert set(written) == {201}, "nobody was writing, or was disturbed"
    return file, json.loads(done.stdout)


def members(file: Path) -> dict[str, bytes]:
    with tarfile.open(file) as opened:
        return {m.name: opened.extractfile(m).read() for m in opened.getmembers() if m.isfile()}  # type: ignore[union-attr]


def repack(file: Path, target: Path, changed: dict[str, bytes]) -> Path:
    """The same archive with some members replaced."""
    with tarfile.open(target, "w:gz") as out:
        for name, data in {**members(file), **changed}.items():
            info = tarfile.TarInfo(name)
            info.size = len(data)
            out.addfile(info, io.BytesIO(data))
    return target


def test_backup_says_what_is_in_it_and_is_for_its_owner_only(archive: tuple[Path, dict[str, Any]]) -> None:
    file, told = archive
    assert set(told) == {"file", "bytes", "database", "counts"}
    assert told["database"] == connection.vendor and told["counts"]["cases_case"] >= 12
    assert file.stat().st_mode & 0o077 == 0
    assert not list(file.parent.glob("*.part"))


def test_restore_into_an_empty_place_verifies_and_serves(
    archive: tuple[Path, dict[str, Any]], source: dict[str, Any], installation: dict[str, str]
) -> None:
    """The drill: same counts, whole chains, old tokens still work, the next case gets the next number."""
    file, told = archive
    done = gridward(installation, "restore", str(file), "--json")
    assert done.returncode == 0, done.stderr + done.stdout
    restored = json.loads(done.stdout)
    assert (restored["ok"], restored["differing"], restored["counts"]) == (True, {}, told["counts"])
    assert (restored["journals"]["ok"], restored["journals"]["cases"]) == (True, told["counts"]["cases_case"])
    doctor = json.loads(gridward(installation, "doctor", "--json").stdout)
    assert [f for f in doctor["findings"] if f["what"].startswith(("journal", "key"))] == []
    with serving(installation) as server:
        caller = server.client(source["facts"]["tokens"]["Zhao"])
        assert caller.get("/api/v1/cases")[2]["total"] == str(told["counts"]["cases_case"])
        assert report(server, source["facts"]) == 201
        newest = caller.get("/api/v1/cases?order=-created")[2]["items"][0]
        assert int(newest["number"].rsplit("-", 1)[1]) == told["counts"]["cases_case"] + 1
    home = Path(installation["GRIDWARD_HOME"])
    assert (home / "keys" / "ring.json").stat().st_mode & 0o077 == 0
    assert list((home / "checkpoints").glob("*.json"))
    assert gridward(installation, "verify", "journals", "--json").returncode == 0


def test_restore_into_a_place_that_is_in_use_is_refused(
    archive: tuple[Path, dict[str, Any]], source: dict[str, Any]
) -> None:
    before = gridward(source["environment"], "verify", "journals", "--json").stdout
    done = gridward(source["environment"], "restore", str(archive[0]), "--json")
    assert (done.returncode, done.stdout) == (2, "")
    assert "GW-SITE-050" in done.stderr
    assert gridward(source["environment"], "verify", "journals", "--json").stdout == before


def test_restore_into_a_database_in_use_is_refused_though_the_home_is_empty(
    archive: tuple[Path, dict[str, Any]], source: dict[str, Any], tmp_path: Path
) -> None:
    if not POSTGRESQL:
        pytest.skip("only on PostgreSQL: on SQLite the database lies in the home")
    done = gridward(
        {**source["environment"], "GRIDWARD_HOME": str(tmp_path / "new")}, "restore", str(archive[0])
    )
    assert done.returncode == 2
    assert "GW-SITE-050" in done.stderr


def flipped(data: bytes) -> bytes:
    middle = len(data) // 2
    return data[:middle] + bytes([data[middle] ^ 1]) + data[middle + 1 :]


@pytest.mark.parametrize("damage", ["cut", "bit", "no manifest", "not an archive", "member missing"])
def test_damaged_archive_is_refused_and_leaves_nothing(
    archive: tuple[Path, dict[str, Any]], installation: dict[str, str], tmp_path: Path, damage: str
) -> None:
    """R-ADM-06: one flipped bit in the database is enough; the place stays empty for the next try."""
    file, bad = archive[0], tmp_path / "bad.tar.gz"
    database = next(n for n in members(file) if n.startswith("database/") and ("entry" in n or "sqlite" in n))
    if damage == "cut":
        bad.write_bytes(file.read_bytes()[: file.stat().st_size // 2])
    elif damage == "bit":
        repack(file, bad, {database: flipped(members(file)[database])})
    elif damage == "no manifest":
        repack(file, bad, {"manifest.json": b"{"})
    elif damage == "not an archive":
        bad.write_text("hello")
    else:
        manifest = json.loads(members(file)["manifest.json"])
        manifest["sha256"]["gone.copy"] = "0" * 64
        repack(file, bad, {"manifest.json": json.dumps(manifest).encode()})
    done = gridward(installation, "restore", str(bad), "--json")
    assert (done.returncode, done.stdout) == (2, ""), done.stdout
    assert "GW-SITE-051" in done.stderr
    assert gridward(installation, "restore", str(file), "--json").returncode == 0


def test_archive_of_another_kind_of_database_is_refused(
    archive: tuple[Path, dict[str, Any]], installation: dict[str, str], tmp_path: Path
) -> None:
    other = {"sqlite": "postgresql", "postgresql": "sqlite"}[connection.vendor]
    manifest = json.loads(members(archive[0])["manifest.json"]) | {"database": other}
    bad = repack(archive[0], tmp_path / "other.tar.gz", {"manifest.json": json.dumps(manifest).encode()})
    done = gridward(installation, "restore", str(bad), "--json")
    assert (done.returncode, done.stdout) == (2, "")
    assert "GW-SITE-052" in done.stderr and other in done.stderr


def test_archive_of_a_newer_version_is_refused(
    archive: tuple[Path, dict[str, Any]], installation: dict[str, str], tmp_path: Path
) -> None:
    manifest = json.loads(members(archive[0])["manifest.json"]) | {"version": "99.0.0"}
    bad = repack(archive[0], tmp_path / "newer.tar.gz", {"manifest.json": json.dumps(manifest).encode()})
    done = gridward(installation, "restore", str(bad), "--json")
    assert (done.returncode, done.stdout) == (2, "")
    assert "GW-SITE-030" in done.stderr


def test_restored_rows_that_are_missing_are_named(
    archive: tuple[Path, dict[str, Any]], installation: dict[str, str], tmp_path: Path
) -> None:
    """The guard shown failing: the manifest promises one case more than the archive holds."""
    manifest = json.loads(members(archive[0])["manifest.json"])
    manifest["counts"]["cases_case"] += 1
    bad = repack(archive[0], tmp_path / "less.tar.gz", {"manifest.json": json.dumps(manifest).encode()})
    done = gridward(installation, "restore", str(bad), "--json")
    assert done.returncode == 1
    told = json.loads(done.stdout)
    assert (told["ok"], list(told["differing"])) == (False, ["cases_case"])


def test_ring_of_keys_travels_with_the_database(
    archive: tuple[Path, dict[str, Any]], installation: dict[str, str]
) -> None:
    """Sealed contacts need the ring of the same instant."""
    assert gridward(installation, "restore", str(archive[0]), "--json").returncode == 0
    home = Path(installation["GRIDWARD_HOME"])
    assert (home / "keys" / "ring.json").read_bytes() == members(archive[0])["keys/ring.json"]
