"""Lawful design: one failing pack per row of the table in requirements.md; each gives its code and nothing else.

R-ADM-04 in part: personal fields are not taken without a privacy review.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from gridward.packs.rules.law import ROWS
from gridward.site.packing import check
from tests.packs.folders import write

LAW = Path(__file__).parent / "law"
TABLE = {
    "banks, population data, debt collectors": ("006", "008"),
    "moral points and black lists": ("005", "007"),
    "whole-population collection": ("008",),
    "epidemic module": ("009",),
    "ideology and opinion": ("003",),
    "video": ("002",),
    "staff tracking": ("010",),
    "reporters of hazards": ("011",),
    "publication of names": ("012",),
    "age and sex limits": ("013",),
    "fines on employees": ("014",),
    "consequences": ("015",),
    "minors": ("004",),
    "balances and loans": ("016",),
}
"""Row of the lawful-design table → codes that hold it up; 001 (privacy review) stands behind all of them."""
LEDGER = "id: places\nlabel: 场所\nfields:\n  - {{id: name, label: 名称, type: text}}\n  - {}\n"
BODY = "{id: body_temperature, label: 体温, type: number}"


@pytest.mark.parametrize("folder", sorted(LAW.iterdir()), ids=lambda folder: folder.name)
def test_unlawful_pack_gives_the_code_of_its_row(folder: Path) -> None:
    errors = check(folder)["errors"]
    assert [e["code"] for e in errors] == [f"GW-PACKS-LAW-{folder.name[:3]}"]
    words = (folder / errors[0]["file"]).read_text(encoding="utf-8").splitlines()[errors[0]["line"] - 1]
    assert words.strip()


def test_every_code_has_an_example_and_every_row_a_code() -> None:
    assert sorted(folder.name[:3] for folder in LAW.iterdir()) == sorted(ROWS)
    assert sorted({code for codes in TABLE.values() for code in codes} | {"001"}) == sorted(ROWS)
    assert len(TABLE) == 14


@pytest.mark.parametrize(
    "field",
    [
        "{id: surface_m2, label: 建筑面积, type: number}",
        "{id: camera_count, label: 摄像头数量, type: integer}",
        "{id: children_count, label: 幼儿人数, type: integer}",
        "{id: household_count, label: 户数, type: integer}",
        "{id: agent_name, label: 管理人, type: text}",
        "{id: racetrack, label: 跑道, type: bool}",
        "{id: refined_oil, label: 成品油, type: bool}",
    ],
)
def test_lawful_field_with_a_like_word_is_taken(tmp_path: Path, field: str) -> None:
    assert check(write(tmp_path, ledgers__places=LEDGER.format(field)))["errors"] == []


def test_health_field_needs_an_order_with_an_end(tmp_path: Path) -> None:
    head = (
        "id: emergency\nversion: 1.0.0\ntitle: 应急\nemergency: {order: 省政府令 12 号, until: 2026-12-31}\n"
    )
    folder = write(tmp_path, pack=head, ledgers__places=LEDGER.format(BODY))
    assert check(folder)["errors"] == []
    write(tmp_path, pack=head.replace(", until: 2026-12-31", ""))
    assert sorted(e["code"] for e in check(folder)["errors"]) == ["GW-PACKS-017", "GW-PACKS-LAW-009"]


def test_personal_field_with_a_review_needs_purpose_and_period(tmp_path: Path) -> None:
    head = (
        "id: x\nversion: 1.0.0\ntitle: 甲\n"
        "privacy_review: {purpose: 联系, basis: 消防法, fields: [phone], period: 一年, viewers: 片区网格长}\n"
    )
    phone = "{id: phone, label: 电话, type: phone, personal: contact, purpose: 联系, retention_days: 365}"
    folder = write(tmp_path, pack=head, ledgers__places=LEDGER.format(phone))
    assert check(folder)["errors"] == []
    write(tmp_path, ledgers__places=LEDGER.format(phone.replace("purpose: 联系, ", "")), pack=head)
    assert [(e["code"], e["line"]) for e in check(folder)["errors"]] == [("GW-PACKS-LAW-001", 5)]


def test_points_in_a_standard_row_are_refused(tmp_path: Path) -> None:
    rows = "categories:\n  - code: a\n    label: 甲\n    rows: [{when: moral_points > 3, limit: {unit: 1 working_day}}]\n"
    codes = [e["code"] for e in check(write(tmp_path, categories=rows))["errors"]]
    assert [code for code in codes if "LAW" in code] == ["GW-PACKS-LAW-007"]
