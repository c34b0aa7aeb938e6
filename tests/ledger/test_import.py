"""Files in: counts, repeats, rejects in the layout they came in, own exports, dirt of every kind."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import orjson
import pytest
import xlsxwriter

from gridward.kernel.actor import SYSTEM
from gridward.kernel.errors import BadInput, Forbidden
from gridward.kernel.tables import ERROR_HEADER, open_table
from gridward.kernel.tables.mapping import read_mapping
from gridward.ledger import actions, models, queries
from gridward.logbook import queries as logbook
from gridward.logbook.rules import check_chain
from tests.cast import NOW, Cast, middle
from tests.ledger.conftest import enter, holder

MAPPING = """
version: 1
source: licences
key: [licence]
scheme: town
nulls: ["", "-"]
fields:
  licence_no: {column: licence}
  name: {column: name, personal: false}
  address: {column: address, personal: false}
  point: {lon: lon, lat: lat, ignore: [[1, 1]]}
  inspected_on: {column: day, format: date}
  score: {column: score, format: integer}
"""
LON, LAT = middle("01030201")
FILE = f"""licence,name,address,lon,lat,day,score
A,福来超市,和平路1号,{LON},{LAT},2026-01-02,5
B,永兴面馆,,1,1,2026-01-03,-
A,福来超市,和平路1号,{LON},{LAT},2026-03-04,7
"""


def run_import(
    text: str | bytes,
    mapping: str | None = MAPPING,
    *,
    ledger: str = "shops",
    commit: bool = True,
    rejects: Path | None = None,
    name: str = "file.csv",
    actor: Any = SYSTEM,
) -> dict[str, Any]:
    wanted = read_mapping(mapping) if mapping else None
    data = text.encode() if isinstance(text, str) else text
    return actions.import_ledger(
        table=open_table(data, name, wanted.file if wanted else None),
        ledger=ledger,
        mapping=wanted,
        timezone="Asia/Shanghai",
        commit=commit,
        rejects=rejects,
        actor=actor,
        now=NOW,
    )


def counts(report: dict[str, Any]) -> tuple[int, ...]:
    return tuple(report[name] for name in ("rows", "created", "updated", "unchanged", "rejected"))


def state(ledger: str) -> list[Any]:
    rows = models.Subject.objects.filter(ledger=ledger).order_by("number")
    return list(
        rows.values_list("id", "number", "key", "name", "area", "lon", "lat", "address", "fields", "seq")
    )


def chains_are_valid() -> bool:
    return all(not list(check_chain(*one)) for one in logbook.streams(prefix="subject/"))


def test_import_the_last_row_of_a_key_wins_and_a_second_run_changes_nothing(cast: Cast) -> None:
    """R-LED-23: 17,823 inspections of 10,746 licences, in small."""
    assert counts(run_import(FILE, ledger="local")) == (3, 2, 0, 1, 0)
    before, entries = state("local"), logbook.entry_counts()
    a = models.Subject.objects.get(ledger="local", key="A")
    assert orjson.loads(a.fields) == {"inspected_on": "2026-03-04", "licence_no": "A", "score": 7}
    assert (a.number, a.seq, a.area) == ("LOCAL-000002", 1, cast.areas["3-2-1"].id)
    b = models.Subject.objects.get(ledger="local", key="B")
    assert (b.lon, b.area, orjson.loads(b.fields)) == (
        None,
        None,
        {"inspected_on": "2026-01-03", "licence_no": "B"},
    )
    assert counts(run_import(FILE, ledger="local")) == (3, 0, 0, 3, 0)
    assert (state("local"), logbook.entry_counts()) == (before, entries)
    assert chains_are_valid()


def test_import_preview_writes_nothing_and_counts_like_the_commit(cast: Cast) -> None:
    before = (models.Ledger.objects.count(), logbook.entry_counts())
    preview = run_import(FILE, ledger="local", commit=False)
    assert (models.Ledger.objects.count(), logbook.entry_counts()) == before
    assert counts(preview) == counts(run_import(FILE, ledger="local"))


def test_import_changed_rows_update_with_before_and_after(cast: Cast) -> None:
    run_import(FILE, ledger="local")
    assert counts(run_import(FILE.replace("2026-03-04,7", "2026-05-05,9"), ledger="local")) == (3, 0, 1, 2, 0)
    subject = models.Subject.objects.get(ledger="local", key="A")
    last = logbook.entries(f"subject/{subject.id}")[-1]
    assert (last.move, orjson.loads(last.body)["payload"]) == (
        "import",
        {
            "before": {"inspected_on": "2026-03-04", "score": 7},
            "after": {"inspected_on": "2026-05-05", "score": 9},
        },
    )


def test_import_empty_cells_take_nothing_away_and_hand_moves_stay(cast: Cast) -> None:
    """Invariant 3: an import does not move what a person placed."""
    run_import(FILE, ledger="local")
    subject = models.Subject.objects.get(ledger="local", key="A").id
    actions.move_subject(subject=subject, area=cast.areas["1-1-1"].code, reason="就近", actor=SYSTEM, now=NOW)
    assert counts(run_import(FILE.replace("2026-03-04,7", "-,-"), ledger="local")) == (3, 0, 0, 3, 0)
    assert queries.home_of(subject).code == cast.areas["1-1-1"].code


def test_import_local_ledger_gets_the_fields_of_a_new_mapping(cast: Cast) -> None:
    run_import(FILE, ledger="local")
    more = MAPPING.replace(
        "  score: {column: score, format: integer}",
        "  score: {column: score, format: integer}\n  grade: {column: grade}",
    )
    text = "licence,name,address,lon,lat,day,score,grade\nA,福来超市,,,,,,甲\n"
    assert counts(run_import(text, more, ledger="local")) == (1, 0, 1, 0, 0)
    ledger = models.Ledger.objects.get(code="local")
    assert (ledger.version, [f["id"] for f in orjson.loads(ledger.body)["fields"]]) == (
        "2",
        ["licence_no", "inspected_on", "score", "grade"],
    )


SHOP_MAPPING = """
version: 1
source: licences
key: [licence]
fields:
  licence_no: {column: licence}
  name: {column: name, personal: false}
  trade: {column: trade}
  area_m2: {column: m2}
"""


def test_import_into_a_pack_ledger_rejects_bad_rows_in_their_layout(cast: Cast, tmp_path: Path) -> None:
    """Bad input: a sentence with row and column, what is allowed; the rest is kept."""
    text = "商户登记,,,\nlicence,name,trade,m2\nA,甲店,餐饮,80\nB,乙店,旅馆,9000\n,丙店,零售,5\nD,丁店,,1.5\n"
    mapping = SHOP_MAPPING.replace("key:", "file: {header_row: 2}\nkey:")
    report = run_import(text, mapping, rejects=tmp_path / "r.csv")
    assert counts(report) == (4, 1, 0, 0, 3)
    table = open_table(Path(report["rejects_file"]).read_bytes(), "r.csv", read_mapping(mapping).file)
    assert (table.header, table.header_row) == (["licence", "name", "trade", "m2"], 2)
    lines = Path(report["rejects_file"]).read_text("utf-8").splitlines()
    assert lines[0] == "商户登记,,,"
    assert lines[1] == f"licence,name,trade,m2,{ERROR_HEADER}"
    body = "\n".join(lines[2:])
    assert [
        code in body
        for code in ("GW-LEDGER-004", "GW-LEDGER-005", "GW-LEDGER-080", "GW-LEDGER-001", "GW-LEDGER-003")
    ] == [True] * 5
    assert "餐饮、零售" in body
    fixed = (
        "\n".join(lines)
        .replace("旅馆,9000", "零售,90")
        .replace("丁店,,1.5", "丁店,零售,15")
        .replace("\n,丙", "\nC,丙")
    )
    assert counts(run_import(fixed, mapping)) == (3, 3, 0, 0, 0)


def test_import_a_bad_last_row_does_not_hide_an_earlier_good_one(cast: Cast) -> None:
    text = "licence,name,trade,m2\nA,甲店,餐饮,80\nA,甲店,旅馆,90\n"
    assert counts(run_import(text, SHOP_MAPPING)) == (2, 1, 0, 0, 1)
    assert orjson.loads(models.Subject.objects.get(key="A").fields)["area_m2"] == 80


def test_import_finds_what_was_entered_by_hand_under_the_same_key(cast: Cast) -> None:
    subject = enter(cast, licence="A", name="甲店")
    assert counts(run_import("licence,name,trade,m2\nA,甲店,餐饮,80\n", SHOP_MAPPING)) == (1, 0, 1, 0, 0)
    assert orjson.loads(models.Subject.objects.get(id=subject).fields)["area_m2"] == 80


def test_import_unknown_fields_columns_and_areas_are_refused(cast: Cast) -> None:
    with pytest.raises(BadInput, match="GW-LEDGER-081"):
        run_import(
            "licence,x\nA,1\n", SHOP_MAPPING.split("  name", maxsplit=1)[0] + "  nonsense: {column: x}\n"
        )
    with pytest.raises(BadInput, match="GW-LEDGER-082"):
        run_import("编号,执照编号,陌生列\n,A,1\n", None)
    report = run_import("执照编号,行业,所属网格\nA,餐饮,月球\nB,餐饮,01030201\n", None)
    assert counts(report) == (2, 1, 0, 0, 1)


def test_import_ended_subject_is_not_revived(cast: Cast) -> None:
    subject = enter(cast, licence="A", name="甲店")
    actions.end_subject(subject=subject, reason="停业", actor=SYSTEM, now=NOW)
    assert counts(run_import("licence,name,trade,m2\nA,甲店,餐饮,80\n", SHOP_MAPPING)) == (1, 0, 0, 0, 1)
    assert counts(run_import("licence,name,trade,m2\nA,甲店,餐饮,\n", SHOP_MAPPING)) == (1, 0, 0, 1, 0)


def test_import_needs_the_power_everywhere(cast: Cast) -> None:
    zhao = holder(cast, "Zhao", "district 1", "ledger:subject:import")
    with pytest.raises(Forbidden):
        run_import(FILE, ledger="local", actor=zhao)


def test_import_own_export_doubles_nothing_and_edited_cells_update(cast: Cast, tmp_path: Path) -> None:
    """Re-import of an own export doubles nothing; choices, dates, money, formulas and hand moves come back alike."""
    values = {
        "opened_on": "2020-02-03",
        "rent": "1234.50",
        "area_m2": 80,
        "remark": "=SUM(A1)\n第二行",
        "phone": "13812345678",
    }
    moved = enter(cast, licence="007", values=values, name="=老店")
    enter(cast, "1-1-1", licence="B")
    actions.move_subject(subject=moved, area=cast.areas["3-2-2"].code, reason="就近", actor=SYSTEM, now=NOW)
    for name in ("e.xlsx", "e.csv"):
        before = state("shops")
        report = actions.export_ledger(ledger="shops", path=tmp_path / name, actor=SYSTEM, now=NOW)
        assert report == {"file": str(tmp_path / name), "rows": 2}
        assert counts(run_import((tmp_path / name).read_bytes(), None, name=name)) == (2, 0, 0, 2, 0)
        assert state("shops") == before
    text = (tmp_path / "e.csv").read_text("utf-8-sig").replace(",80,", ",81,").replace("1234.50", "1234.56")
    assert counts(run_import(text, None)) == (2, 0, 1, 1, 0)
    fields = orjson.loads(models.Subject.objects.get(id=moved).fields)
    assert (fields["area_m2"], fields["rent"], fields["remark"]) == (81, 123456, "=SUM(A1)\n第二行")


def test_export_writes_only_the_own_area_and_is_journaled(cast: Cast, tmp_path: Path) -> None:
    enter(cast, "3-2-1", licence="A", name="甲店")
    enter(cast, "1-1-1", licence="B", name="乙店")
    wu = holder(cast, "Wu", "3-2", "ledger:subject:export")
    assert actions.export_ledger(ledger="shops", path=tmp_path / "e.csv", actor=wu, now=NOW)["rows"] == 1
    text = (tmp_path / "e.csv").read_text("utf-8-sig")
    assert ("甲店" in text, "乙店" in text) == (True, False)
    last = logbook.entries("ledger/shops")[-1]
    assert (last.move, orjson.loads(last.body)["payload"]["rows"]) == ("export", 1)
    with pytest.raises(Forbidden):
        actions.export_ledger(
            ledger="shops", path=tmp_path / "x.csv", actor=holder(cast, "Wu", "3-2"), now=NOW
        )


def test_import_template_rows_without_number_and_key_double_nothing(cast: Cast) -> None:
    definition = {"id": "plain", "label": "普通", "fields": [{"id": "note", "label": "说明", "type": "text"}]}
    actions.define_ledger(definition=definition, pack="", version="1", actor=SYSTEM, now=NOW)
    text = "名称,说明\n甲,一\n乙,二\n"
    assert counts(run_import(text, None, ledger="plain")) == (2, 2, 0, 0, 0)
    assert counts(run_import(text, None, ledger="plain")) == (2, 0, 0, 2, 0)


def test_import_map_refuses_words_that_it_lacks(cast: Cast) -> None:
    mapping = (
        "version: 1\nsource: m\nkey: [no]\nfields:\n  state: {column: s, map: {关闭: closed, 开放: open}}\n"
    )
    report = run_import("no,s\n1,关闭\n2,半开\n", mapping, ledger="local")
    assert counts(report) == (2, 1, 0, 0, 1)


def hazards(path: Path) -> None:
    """A hazard ledger as people keep it: title rows, a merged header, merged cells below, serial-number dates."""
    with xlsxwriter.Workbook(str(path)) as book:
        page, style = book.add_worksheet("隐患台账"), book.add_format({"border": 1})
        page.merge_range("A1:E1", "项目现场隐患排查与治理统计表", style)
        page.merge_range("A2:E2", "2019年6月", style)
        for column, label in enumerate(("序号", "隐患内容", "排查日期", "隐患类型", "责任人")):
            page.write(2, column, label)
        rows = [
            (1, "临边无防护", 43611, "坠落", "人员01"),
            (2, "脚手架缺连墙件", "2019-06-01", "坍塌", "人员02"),
            (3, "电缆无套管", "六月初", "触电", "人员02"),
            (4, "气瓶混放", 43620, "爆炸、火灾", "人员02"),
        ]
        for n, row in enumerate(rows, start=3):
            for column, value in enumerate(row):
                page.write(n, column, value)
        page.merge_range("E5:E7", "人员02", style)


HAZARDS = """
version: 1
source: hazards
key: [序号]
fields:
  name: {column: 隐患内容}
  found_on: {column: 排查日期, format: date}
  kind: {column: 隐患类型, map: {坠落: fall, 坍塌: collapse, 触电: shock, 爆炸: blast}}
  responsible: {column: 责任人, personal: contact}
"""


def test_import_merged_cell_hazard_ledger_returns_rejects_in_its_layout(cast: Cast, tmp_path: Path) -> None:
    """The merged-cell hazard ledger: rejected rows come back in the same layout with a reason."""
    hazards(tmp_path / "h.xlsx")
    report = run_import(
        (tmp_path / "h.xlsx").read_bytes(),
        HAZARDS,
        ledger="hazards",
        name="h.xlsx",
        rejects=tmp_path / "r.xlsx",
    )
    assert counts(report) == (4, 2, 0, 0, 2)
    back = open_table(Path(report["rejects_file"]).read_bytes(), "r.xlsx")
    assert (back.header_row, back.sheet, back.header) == (
        3,
        "隐患台账",
        ["序号", "隐患内容", "排查日期", "隐患类型", "责任人"],
    )
    assert [row.values["序号"] for row in back.rows()] == [3, 4]
    first = (
        models.Subject.objects.filter(ledger="hazards")
        .order_by("number")
        .values_list("name", "fields")
        .first()
    )
    assert first == ("临边无防护", '{"found_on":"2019-05-26","kind":"fall"}')
    again = run_import(Path(report["rejects_file"]).read_bytes(), HAZARDS, ledger="hazards", name="r.xlsx")
    assert counts(again) == (2, 0, 0, 0, 2)


def test_import_slices_give_the_same_as_one_piece(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    """Slices are a matter of memory: ids, numbers and files do not depend on them."""
    from gridward.ledger.actions.importing import run

    rows = [f"{n % 17},店{n},餐饮,{n + 1}" for n in range(60)]
    text = "licence,name,trade,m2\n" + "\n".join(rows) + "\n"
    whole = counts(run_import(text, SHOP_MAPPING))
    first = state("shops")
    models.Subject.objects.all().delete()
    from gridward.logbook.actions import install_guards, remove_guards
    from gridward.logbook.models import Entry, Head

    remove_guards()
    Entry.objects.filter(stream__startswith="subject/").delete()
    Head.objects.filter(stream__startswith="subject/").delete()
    install_guards()
    models.Ledger.objects.filter(code="shops").update(last_serial=0)
    monkeypatch.setattr(run, "SLICE_ROWS", 7)
    assert counts(run_import(text, SHOP_MAPPING)) == whole == (60, 17, 0, 43, 0)
    assert state("shops") == first
