"""Sealed values: in no file in clear, masked on the page, gone everywhere when their key is destroyed."""

from __future__ import annotations

import shutil
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.conf import settings
from django.db import connection, transaction
from django.test import Client

from gridward.kernel.actor import SYSTEM
from gridward.kernel.errors import Fault
from gridward.logbook import queries as logbook
from gridward.logbook.actions.keys import (
    destroy_key,
    finish_destruction,
    ring,
    seal,
    turn_ring,
    unseal,
    use_ring,
)
from gridward.logbook.models import SealKey
from gridward.site.verify import verify_journals
from tests.cast import NOW
from tests.factories.cases import Play

pytestmark = pytest.mark.django_db(transaction=True)
PHONE, NAME = "13812345678", "胡记小卖部"
CONTACT = {"phone": PHONE, "name": NAME}


def database_bytes() -> dict[str, bytes]:
    """What a thief of the disk would read: the SQLite file with its write-ahead log, or all rows as text."""
    if connection.vendor == "sqlite":
        file = Path(str(connection.settings_dict["NAME"]))
        files = [file, file.with_name(file.name + "-wal")]
        return {f.name: f.read_bytes() for f in files if f.exists()}
    with connection.cursor() as cursor:
        tables = connection.introspection.table_names(cursor)
        found = {}
        for table in tables:
            cursor.execute(f'SELECT t::text FROM "{table}" t')
            found[table] = "\n".join(row[0] for row in cursor.fetchall()).encode()
        return found


def files_with(secret: str, home: Path) -> list[str]:
    """Names of files and tables in which a text stands in clear."""
    sought = (secret.encode(), secret.encode("utf-16-le"), secret.encode().hex().encode())
    folders = {str(f): f.read_bytes() for f in home.rglob("*") if f.is_file()}
    return [name for name, data in {**database_bytes(), **folders}.items() if any(s in data for s in sought)]


def sealed_part(case: dict[str, Any]) -> dict[str, Any]:
    part: dict[str, Any] = logbook.entries(f"case/{case['id']}")[0].data["payload"]["sealed"]
    return part


def contact_seen(play: Play, who: str, case: dict[str, Any]) -> dict[str, str | None]:
    token = play.cast.token(who, datetime.now(UTC))
    answer = Client(HTTP_AUTHORIZATION=f"Bearer {token}").get(f"/api/v1/cases/{case['id']}")
    assert answer.status_code == 200
    found: dict[str, str | None] = answer.json()["contact"]
    return found


def test_contact_stands_nowhere_in_clear(open_play: Play, home: Path) -> None:
    """Design 08: database, write-ahead log, receipts, facts, journal and home hold ciphertext only."""
    case = open_play.report(contact=CONTACT, text="门口垃圾")
    open_play.move("Wu", case, "file")
    assert [files_with(secret, home) for secret in (PHONE, NAME)] == [[], []]
    assert unseal(sealed_part(case)) == CONTACT


def test_contact_in_clear_planted_is_found(open_play: Play, home: Path) -> None:
    """The guard above sees a value that slipped into the text of a case."""
    open_play.report(contact=CONTACT, text=f"请联系 {PHONE}")
    assert files_with(PHONE, home) != []


def test_contact_is_masked_on_the_page_and_absent_from_the_journal(open_play: Play) -> None:
    """Nobody of the cast holds cases:contact:read: a sign, not the value, says that a contact is known."""
    case = open_play.report(contact=CONTACT)
    assert contact_seen(open_play, "Zhao", case) == {"phone": "＊", "name": "＊"}
    token = open_play.cast.token("Zhao", datetime.now(UTC))
    body = (
        Client(HTTP_AUTHORIZATION=f"Bearer {token}")
        .get(f"/api/v1/cases/{case['id']}/journal")
        .content.decode()
    )
    assert PHONE not in body and NAME not in body


def test_contact_reported_by_the_public_stands_nowhere_in_clear(open_play: Play, home: Path) -> None:
    lon, lat = open_play.point("3-2-1")
    body = {"id": str(uuid4()), "point": {"lon": lon, "lat": lat}, "text": "垃圾", "contact": CONTACT}
    answer = Client().post("/api/v1/public/reports", body, content_type="application/json")
    assert answer.status_code == 201
    assert [files_with(secret, home) for secret in (PHONE, NAME)] == [[], []]


def test_destroyed_key_takes_the_value_away_and_leaves_the_chain_valid(open_play: Play, home: Path) -> None:
    """Issue A: destroying a key removes the value everywhere; the other case keeps its own."""
    gone, kept = open_play.report(contact=CONTACT), open_play.report(contact=CONTACT)
    part, other = sealed_part(gone), sealed_part(kept)
    assert destroy_key(owner=f"case/{gone['id']}", reason="到期", actor=SYSTEM, now=NOW) == 1
    assert unseal(part) == {"phone": None, "name": None}
    assert unseal(other) == CONTACT
    assert sealed_part(gone) == part
    assert SealKey.objects.get(owner=f"case/{gone['id']}").wrapped is None
    report = verify_journals(home=home)
    assert (report["ok"], report["problems"]) == (True, [])
    (entry,) = logbook.entries(f"key/case/{gone['id']}")
    assert (entry.move, entry.data["payload"]) == ("destroy", {"reason": "到期"})
    assert set(contact_seen(open_play, "Zhao", gone)) == {"phone", "name"}


def test_destroying_twice_or_an_unknown_owner_destroys_nothing(open_play: Play) -> None:
    case = open_play.report(contact=CONTACT)
    owner = f"case/{case['id']}"
    counts = [destroy_key(owner=o, reason="x", actor=SYSTEM, now=NOW) for o in (owner, owner, "case/none")]
    assert counts == [1, 0, 0]


def test_key_of_an_owner_is_not_destroyed_with_one_whose_name_it_begins(open_play: Play) -> None:
    values = {owner: seal(owner=owner, values={"a": owner}, now=NOW) for owner in ("case/1", "case/12")}
    destroy_key(owner="case/1", reason="x", actor=SYSTEM, now=NOW)
    assert unseal(values["case/1"]) == {"a": None}
    assert unseal(values["case/12"]) == {"a": "case/12"}


def test_value_sealed_after_a_destruction_has_a_key_of_its_own(open_play: Play) -> None:
    before = seal(owner="case/1", values={"a": "old"}, now=NOW)
    destroy_key(owner="case/1", reason="x", actor=SYSTEM, now=NOW)
    after = seal(owner="case/1", values={"a": "new"}, now=NOW)
    assert (unseal(before), unseal(after)) == ({"a": None}, {"a": "new"})
    assert destroy_key(owner="case/1", reason="x", actor=SYSTEM, now=NOW) == 1
    assert unseal(after) == {"a": None}


def test_old_key_row_and_new_ring_do_not_open_a_destroyed_value(open_play: Play) -> None:
    """A page of the old write-ahead log, or a dead row, brings the wrapped key back: the ring has turned."""
    case = open_play.report(contact=CONTACT)
    owner, part = f"case/{case['id']}", sealed_part(case)
    old = SealKey.objects.filter(owner=owner).values().get()
    destroy_key(owner=owner, reason="到期", actor=SYSTEM, now=NOW)
    SealKey.objects.filter(owner=owner).update(wrapped=old["wrapped"], generation=old["generation"])
    with pytest.raises(Fault) as fault:
        unseal(part)
    assert fault.value.code == "GW-LOGBOOK-010"


def test_old_ring_copied_back_does_not_open_a_destroyed_value(
    open_play: Play, home: Path, tmp_path: Path
) -> None:
    """An old copy of the ring alone opens nothing: the database holds no wrapped key. (An old ring together
    with an old copy of the database, a whole backup from before, does open it: backups must expire.)"""
    ring = home / "keys" / "ring.json"
    copy = tmp_path / "old-ring.json"
    shutil.copy(ring, copy)
    case = open_play.report(contact=CONTACT)
    part = sealed_part(case)
    destroy_key(owner=f"case/{case['id']}", reason="到期", actor=SYSTEM, now=NOW)
    shutil.copy(copy, ring)
    use_ring(ring)
    assert unseal(part) == {"phone": None, "name": None}


def test_wrapped_key_is_cut_from_the_files_with_its_destruction(open_play: Play, home: Path) -> None:
    """SQLite: after the destruction neither the file nor the write-ahead log holds the wrapped key."""
    if connection.vendor != "sqlite":
        pytest.skip("only on SQLite: on PostgreSQL the turned ring makes old row versions worthless")
    case = open_play.report(contact=CONTACT)
    wrapped = SealKey.objects.get(owner=f"case/{case['id']}").wrapped
    assert wrapped is not None and files_with(wrapped, home) != []
    destroy_key(owner=f"case/{case['id']}", reason="到期", actor=SYSTEM, now=NOW)
    assert files_with(wrapped, home) == []


def test_turned_ring_opens_what_was_sealed_before(open_play: Play, home: Path) -> None:
    case = open_play.report(contact=CONTACT)
    assert turn_ring(now=NOW) >= 1
    assert unseal(sealed_part(case)) == CONTACT
    assert (home / "keys" / "ring.json").stat().st_mode & 0o077 == 0


def test_sealed_value_moved_to_another_case_does_not_open(open_play: Play) -> None:
    """The ciphertext is bound to its owner and field: swapping parts between cases is noticed."""
    one, two = (seal(owner=f"case/{n}", values={"phone": PHONE}, now=NOW) for n in (1, 2))
    moved = {"phone": {**one["phone"], "o": two["phone"]["o"]}}
    with pytest.raises(Fault) as fault:
        unseal(moved)
    assert fault.value.code == "GW-LOGBOOK-011"


def test_rolled_back_destruction_destroys_nothing(open_play: Play) -> None:
    case = open_play.report(contact=CONTACT)
    part = sealed_part(case)
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        SealKey.objects.filter(owner=f"case/{UUID(case['id'])}").update(wrapped=None)
        raise ZeroDivisionError
    assert unseal(part) == CONTACT
    assert settings.HOME.exists()


def test_destruction_cut_short_before_the_turn_is_finished_by_tick(open_play: Play) -> None:
    """A crash between emptying the row and turning the ring: the next tick turns it, once."""
    seal(owner="case/x", values={"phone": "13812345678"}, now=NOW)
    before = ring().current
    SealKey.objects.filter(owner="case/x").update(wrapped=None, destroyed_at=NOW)
    finish_destruction(now=NOW)
    assert ring().current == before + 1
    assert finish_destruction(now=NOW) == 0
    assert ring().current == before + 1
