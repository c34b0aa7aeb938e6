"""Personal fields: ciphertext everywhere, masked in every reading, gone when the key is destroyed."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import orjson
import pytest
from django.db import connection

from gridward.kernel.actor import SYSTEM
from gridward.kernel.tables import open_table
from gridward.ledger import actions, models, queries
from gridward.logbook import queries as logbook
from gridward.logbook.actions.keys import destroy_key
from gridward.logbook.rules import check_chain
from tests.cast import NOW, Cast
from tests.ledger.conftest import enter, holder
from tests.tables import own_tables

PHONE = "13812345678"
READ = ("ledger:subject:read",)


def phone_of(subject: Any, actor: Any) -> Any:
    detail = queries.subject_detail(subject, actor=actor, stamps=logbook.stamps())
    return next(f["value"] for f in detail["fields"] if f["code"] == "phone")


def tables_holding(text: str) -> list[str]:
    """Every table with a row in which `text` can be read."""
    found = []
    with connection.cursor() as cursor:
        for table in own_tables(connection):
            cursor.execute(f'SELECT * FROM "{table}"')
            if any(text in str(row) for row in cursor.fetchall()):
                found.append(table)
    return found


def test_personal_value_stands_nowhere_in_clear(cast: Cast) -> None:
    """Storage rule: stored and journaled only as ciphertext, from the first commit."""
    subject = enter(cast, values={"phone": PHONE, "remark": "明文"})
    actions.change_subject(
        subject=subject, expected_seq=1, values={"phone": "13900001111"}, actor=SYSTEM, now=NOW
    )
    assert tables_holding("明文") == ["ledger_subject", "logbook_entry"]  # the search itself finds
    assert (tables_holding(PHONE), tables_holding("13900001111")) == ([], [])


def test_personal_value_is_masked_unless_the_permission_reaches_the_subject(cast: Cast) -> None:
    """Invariant 9."""
    subject = enter(cast, values={"phone": PHONE})
    reader = holder(cast, "Chen", "3-2-1", *READ)
    elsewhere = holder(cast, "Wu", "3-2", *READ)
    full = holder(cast, "Zhao", "district 1", *READ, "ledger:personal:read")
    assert [phone_of(subject, a) for a in (reader, elsewhere, full)] == ["138****5678", "138****5678", PHONE]
    stamps = logbook.stamps()
    assert queries.subject_detail(subject, actor=full, stamps=stamps)["unmasked"] == ["phone"]
    assert queries.subject_detail(subject, actor=reader, stamps=stamps)["unmasked"] == []


def test_history_masks_both_sides_of_a_changed_personal_value(cast: Cast) -> None:
    subject = enter(cast, values={"phone": PHONE})
    actions.change_subject(
        subject=subject, expected_seq=1, values={"phone": "13900001111"}, actor=SYSTEM, now=NOW
    )
    actions.change_subject(subject=subject, expected_seq=2, values={"phone": None}, actor=SYSTEM, now=NOW)
    reader = holder(cast, "Chen", "3-2-1", *READ)
    history = queries.subject_detail(subject, actor=reader, stamps=logbook.stamps())["history"]
    changes = [(c["before"], c["after"]) for line in history for c in line["changes"]]
    assert changes == [("138****5678", "139****1111"), ("139****1111", None)]
    assert phone_of(subject, SYSTEM) is None
    assert models.BlindIndex.objects.count() == 0


def test_destroyed_key_takes_the_value_from_everywhere_and_the_chain_stays_valid(cast: Cast) -> None:
    subject = enter(cast, values={"phone": PHONE})
    actions.change_subject(
        subject=subject, expected_seq=1, values={"phone": "13900001111"}, actor=SYSTEM, now=NOW
    )
    destroy_key(owner=f"subject/{subject}", reason="保存期满", actor=SYSTEM, now=NOW)
    assert phone_of(subject, SYSTEM) is None
    history = queries.subject_detail(subject, actor=SYSTEM, stamps=logbook.stamps())["history"]
    assert history[1]["changes"] == [{"code": "phone", "label": "联系电话", "before": None, "after": None}]
    stream = f"subject/{subject}"
    assert list(check_chain(stream, logbook.entries(stream), logbook.head(stream))) == []


def test_personal_name_field_never_becomes_the_open_name(cast: Cast) -> None:
    fields = [
        {"id": "name", "label": "姓名", "type": "text", "personal": "sensitive"},
        {"id": "address", "label": "住址", "type": "text", "personal": "sensitive"},
    ]
    definition = {"id": "people", "label": "人员", "scheme": "town", "fields": fields}
    actions.define_ledger(definition=definition, pack="", version="1", actor=SYSTEM, now=NOW)
    subject = actions.create_subject(
        ledger="people", name="王小明", address="和平路1号", actor=SYSTEM, now=NOW
    )
    assert queries.subject_card(subject)["name"] == "PEOPLE-000001"
    assert tables_holding("王小明") == [] == tables_holding("和平路1号")


def test_export_hides_personal_values_and_reading_it_back_keeps_them(cast: Cast, tmp_path: Path) -> None:
    subject = enter(cast, values={"phone": PHONE})
    actions.export_ledger(ledger="shops", path=tmp_path / "s.csv", actor=SYSTEM, now=NOW)
    text = (tmp_path / "s.csv").read_text("utf-8-sig")
    assert ("***" in text, PHONE in text) == (True, False)
    table = open_table((tmp_path / "s.csv").read_bytes(), "s.csv")
    report = actions.import_ledger(
        table=table,
        ledger="shops",
        mapping=None,
        timezone="Asia/Shanghai",
        commit=True,
        rejects=None,
        actor=SYSTEM,
        now=NOW,
    )
    assert (report["unchanged"], report["rows"]) == (1, 1)
    assert phone_of(subject, SYSTEM) == PHONE


def test_import_seals_personal_columns_and_masks_undeclared_text(cast: Cast) -> None:
    """05-import: free text is masked unless marked not personal."""
    from tests.ledger.test_import import run_import

    text = "no,who,tel,open,shut\n1,王小明,13912345678,打13800138000,打13800138000\n"
    mapping = """
version: 1
source: m
key: [no]
fields:
  name: {column: no}
  who: {column: who, personal: sensitive}
  tel: {column: tel, personal: contact, format: phone}
  open: {column: open, personal: false}
  shut: {column: shut}
"""
    assert run_import(text, mapping, ledger="local")["created"] == 1
    fields = orjson.loads(models.Subject.objects.get(ledger="local").fields)
    assert fields == {"open": "打13800138000", "shut": "打138****8000"}
    assert tables_holding("王小明") == [] == tables_holding("13912345678")
    assert run_import(text, mapping, ledger="local")["unchanged"] == 1


def test_preview_of_personal_values_makes_no_keys(cast: Cast) -> None:
    from gridward.logbook.models import SealKey
    from tests.ledger.test_import import run_import

    subject = enter(cast)
    text = "编号,联系电话\nSHOPS-000001,13812345678\n"
    assert run_import(text, None, commit=False)["updated"] == 1
    assert SealKey.objects.filter(owner__startswith="subject/").count() == 0
    assert run_import(text, None)["updated"] == 1
    assert (SealKey.objects.filter(owner__startswith="subject/").count(), phone_of(subject, SYSTEM)) == (
        1,
        PHONE,
    )


@pytest.mark.parametrize("language", ["zh", "en"])
def test_unmasking_is_journaled(cast: Cast, language: str) -> None:
    subject = enter(cast, values={"phone": PHONE})
    actions.record_unmasking(subject=subject, fields=("phone",), actor=SYSTEM, now=NOW)
    entries = logbook.entries(f"unmask/{subject}")
    assert [orjson.loads(e.body)["payload"] for e in entries] == [
        {"fields": ["phone"], "subject": str(subject)}
    ]
