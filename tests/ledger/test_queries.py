"""Reading ledgers: pages, search, details, figures; the statements they cost."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from gridward.kernel.actor import SYSTEM, Actor, Grant, Scope
from gridward.kernel.errors import BadInput, Missing
from gridward.ledger import actions, bulk, queries
from gridward.logbook import queries as logbook
from tests.cast import NOW, Cast
from tests.ledger.conftest import define, enter, holder


def names(**filters: Any) -> list[str]:
    filters.setdefault("actor", SYSTEM)
    page = queries.subject_page("shops", stamps=logbook.stamps(), **filters)
    return [item["name"] for item in page["items"]]


def test_subject_page_walks_all_rows_once_in_the_order_of_names(cast: Cast) -> None:
    for n in range(7):
        enter(cast, licence=f"L{n}", name="同名店" if n < 3 else f"店 {n}")
    seen, after, pages = [], "", 0
    while True:
        page = queries.subject_page("shops", limit=2, after=after, actor=SYSTEM, stamps=logbook.stamps())
        seen += [item["id"] for item in page["items"]]
        pages += 1
        if page["next"] is None:
            break
        after = page["next"]
    assert (len(seen), len(set(seen)), pages) == (7, 7, 4)
    with pytest.raises(BadInput, match="GW-LEDGER-011"):
        queries.subject_page("shops", after="nonsense", actor=SYSTEM, stamps=logbook.stamps())


def test_subject_page_two_scopes_show_a_row_once(cast: Cast) -> None:
    enter(cast)
    areas = [cast.areas[name] for name in ("3-2-1", "3-2", "3")]
    grants = tuple(Grant("ledger:subject:read", Scope("area", a.id, a.rank)) for a in areas)
    assert names(actor=Actor(cast.persons["Wu"], "Wu", grants=grants)) == ["胡记面馆"]


def test_subject_page_search_finds_parts_numbers_indexed_and_personal_values(cast: Cast) -> None:
    """R-LED-01; sealed values are found by fingerprint, whole and only whole."""
    enter(cast, licence="A-77", name="ＡＢＣ 便利店", values={"phone": "138-1234-5678"})
    enter(cast, licence="B-1", name="粮油店")
    wanted = {
        "abc便利": 1,
        "SHOPS-000001": 1,
        "A-77": 1,
        "13812345678": 1,
        "1381234567": 0,
        "店": 2,
        "A-7": 0,
    }
    assert {q: len(names(q=q)) for q in wanted} == wanted


def test_subject_page_area_narrows_and_an_unknown_one_is_refused(cast: Cast) -> None:
    enter(cast, "3-2-1", licence="A")
    enter(cast, "1-1-1", licence="B", name="别处")
    assert names(area=cast.areas["3-2"].code) == ["胡记面馆"]
    assert names(area=str(cast.areas["1"].id)) == ["别处"]
    with pytest.raises(BadInput, match="GW-LEDGER-012"):
        names(area="nowhere")
    with pytest.raises(Missing, match="GW-LEDGER-010"):
        queries.subject_page("none", actor=SYSTEM, stamps=logbook.stamps())


def test_subject_page_costs_the_same_with_one_and_with_three_rows(cast: Cast) -> None:
    counts = []
    for n in range(3):
        enter(cast, licence=f"L{n}")
        stamps = logbook.stamps()
        queries.subject_page("shops", actor=SYSTEM, stamps=stamps)
        with CaptureQueriesContext(connection) as caught:
            queries.subject_page("shops", actor=SYSTEM, stamps=stamps)
        counts.append(len(caught))
    assert counts == [1, 1, 1]


def test_subject_detail_says_what_is_missing_by_name(cast: Cast) -> None:
    """R-LED-18: completeness of a file, with the names of what is missing."""
    subject = enter(cast, values={"area_m2": 80})
    detail = queries.subject_detail(subject, actor=SYSTEM, stamps=logbook.stamps(), language="en")
    assert (detail["complete"], detail["missing"]) == ("3/4", [{"code": "phone", "label": "Phone"}])
    assert {f["code"]: f["value"] for f in detail["fields"] if f["value"] is not None} == {
        "licence_no": "L1",
        "trade": "Food",
        "area_m2": 80,
    }


def test_subject_detail_history_reads_as_sentences(cast: Cast) -> None:
    subject = enter(cast)
    chen = holder(cast, "Chen", "3-2-1", "ledger:subject:change")
    actions.change_subject(
        subject=subject, expected_seq=1, values={"area_m2": 9, "trade": "shop"}, actor=chen, now=NOW
    )
    target = cast.areas["3-2-2"]
    actions.move_subject(subject=subject, area=target.code, reason="正门在对面", actor=SYSTEM, now=NOW)
    history = queries.subject_detail(subject, actor=SYSTEM, stamps=logbook.stamps())["history"]
    assert [(h["actor_name"], h["sentence"]) for h in history] == [
        ("系统", "建档"),
        ("Chen", "修改：面积、行业"),
        ("系统", "调整所属网格：所属网格、网格由人工指定；正门在对面"),
    ]
    assert history[1]["changes"][1] == {"code": "trade", "label": "行业", "before": "餐饮", "after": "零售"}
    assert history[2]["changes"][0]["after"] == f"{target.name} ({target.code})"


def test_completeness_by_area_states_shares_of_filled_fields(cast: Cast) -> None:
    """R-LED-18: completeness per grid; share = fields filled / fields wanted."""
    enter(cast, "3-2-1", licence="A")
    enter(cast, "3-2-1", licence="B", values={"area_m2": 5, "phone": "13812345678"})
    enter(cast, "1-1-1", licence="C", values={"area_m2": 5})
    rows = queries.completeness_by_area("shops", rank=2, actor=SYSTEM, stamps=logbook.stamps())
    found = [
        (r["area"]["code"], r["subjects"], r["complete"], r["have"], r["wanted"], r["share"]) for r in rows
    ]
    assert found == [("0101", 1, 0, 3, 4, 0.75), ("0103", 2, 1, 6, 8, 0.75)]


def test_duplicates_name_pairs_and_reasons(cast: Cast) -> None:
    """R-LED-23."""
    enter(cast, licence="A", values={"uscc": "91350100M000100Y43"})
    enter(cast, "1-1-1", licence="B", name="另一家", values={"uscc": "91350100M000100Y43"})
    enter(cast, licence="C")
    pairs = queries.duplicates("shops", actor=SYSTEM, stamps=logbook.stamps())
    found = [(p["one"]["number"], p["other"]["number"], p["reason"]) for p in pairs]
    assert found == [
        ("SHOPS-000001", "SHOPS-000002", "uscc"),
        ("SHOPS-000001", "SHOPS-000003", "name_near"),
    ]


def plan(text: str, params: list[Any]) -> str:
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SET LOCAL enable_seqscan = off")
            cursor.execute(f"EXPLAIN {text}", params)
        else:
            cursor.execute(f"EXPLAIN QUERY PLAN {text}", params)
        return " ".join(str(row) for row in cursor.fetchall())


def test_indexed_field_is_found_through_its_expression_index(cast: Cast) -> None:
    """Storage rule: expression indexes on both databases; the index goes when the field is indexed no more."""
    name = bulk.index_name("shops", "licence_no")
    text = f"SELECT id FROM ledger_subject WHERE ledger = 'shops' AND {bulk.field_sql('licence_no')} = %s"
    assert name in plan(text, ["A"])
    fields = [{"id": "licence_no", "label": "执照编号", "type": "text"}]
    define("2", fields=fields, completeness=[])
    # Another text: SQLite keeps the plan of an EXPLAIN it has seen.
    assert name not in plan(f"{text} AND 1 = 1", ["A"])
