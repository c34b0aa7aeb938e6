"""Cases through the actions on the cast's territory: repeats, races, scope, numbers, sealed contacts, caches."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.db import connection

from gridward.cases import bulk
from gridward.cases.queries.verify import case_totals, number_gaps, work_differences
from gridward.kernel.errors import Conflict, Forbidden, ManyProblems, Missing, Refused
from gridward.logbook import queries as logbook
from gridward.site.verify import verify_journals
from tests.cast import NOW
from tests.factories.cases import CATEGORIES, LIFE, Play, install_rules

STAGES = [
    "collected", "filed", "assigned", "handling", "reported_back", "checked", "checked", "evaluated",
]  # fmt: skip


def run_sql(text: str, *params: Any) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(text, params)
        return list(cursor.fetchall()) if cursor.description else []


def test_case_from_report_to_evaluation_passes_the_seven_stages(play: Play) -> None:
    """R-CASE-02: one loop; each move leaves one entry that says who, from where, to where."""
    case = play.live()
    entries = [e.data for e in logbook.entries(f"case/{case['id']}")]
    assert [e["to"] for e in entries] == STAGES
    assert [e["from"] for e in entries] == ["", *STAGES[:-1]]
    assert [e["move"] for e in entries] == ["report", *(move for move, _, _ in LIFE)]
    names = {str(key): name for name, key in play.cast.persons.items()}
    assert [names[e["actor"]] for e in entries] == ["Chen", *(who for _, who, _ in LIFE)]
    assert (case["stage"], case["seq"], case["unit"], case["area"]) == (
        "evaluated",
        8,
        "cleaning",
        "01030201",
    )


def test_clocks_of_a_new_and_a_filed_case_are_those_of_the_standard_row(play: Play) -> None:
    """Friday 15:00 + 4 working hours = Monday 09:00; + 3 working days = Wednesday 15:00 (design 05)."""
    case = play.report()
    assert case["next_due_at"] == "2026-06-08T01:00:00Z"
    filed = play.move("Wu", case, "file")
    assert filed["total_due_at"] == "2026-06-10T07:00:00Z"


def test_report_same_id_and_body_gives_the_stored_answer(play: Play) -> None:
    """R-CASE-01: a retry makes no second case, whatever happened to the first meanwhile."""
    first = play.report(id=(key := uuid4()), text="垃圾")
    play.move("Wu", first, "file")
    assert play.try_report("Chen", "3-2-1", id=key, text="垃圾") == (200, first)
    assert case_totals() == {"cases": 1, "open": 1}


def test_report_same_id_other_body_is_a_conflict_that_says_who_and_when(play: Play) -> None:
    first = play.report(id=(key := uuid4()), text="垃圾")
    with pytest.raises(Conflict) as refused:
        play.try_report("Wu", "3-2-1", id=key, text="别的")
    assert refused.value.code == "GW-CASES-040"
    assert refused.value.current == {
        "stage": "collected",
        "seq": 1,
        "by": "Chen",
        "at": "2026-06-05T07:00:00Z",
    }
    assert case_totals() == {"cases": 1, "open": 1}
    assert first["seq"] == 1


def test_move_repeated_gives_the_stored_answer(play: Play) -> None:
    case, op = play.report(), uuid4()
    filed = play.move("Wu", case, "file", op=op)
    play.move("Zhao", filed, "assign", {"unit": "cleaning"})
    assert play.move("Wu", case, "file", op=op) == filed
    assert len(logbook.entries(f"case/{case['id']}")) == 3


def test_move_same_id_other_body_is_a_conflict(play: Play) -> None:
    case, op = play.report(), uuid4()
    play.move("Wu", case, "file", op=op)
    with pytest.raises(Conflict) as refused:
        play.move("Wu", case, "decline", {"reason": "不属实"}, op=op)
    assert refused.value.code == "GW-CASES-040"
    assert refused.value.current["by"] == "Wu"


def test_move_same_id_and_body_on_another_case_is_a_conflict(play: Play) -> None:
    """The id of an operation belongs to one case: the other case must not get the first one's answer."""
    first, second, op = play.report(), play.report(), uuid4()
    play.move("Wu", first, "file", op=op)
    with pytest.raises(Conflict) as refused:
        play.move("Wu", second, "file", op=op)
    assert refused.value.code == "GW-CASES-040"
    assert len(logbook.entries(f"case/{second['id']}")) == 1


def test_move_with_a_stale_number_says_who_was_first_and_when(play: Play) -> None:
    """R-CASE-09: two clerks, one case."""
    case = play.report()
    play.move("Wu", case, "file", now=NOW + timedelta(minutes=1))
    with pytest.raises(Conflict) as refused:
        play.move("Zhao", case, "decline", {"reason": "不属实"}, now=NOW + timedelta(minutes=2))
    assert refused.value.code == "GW-CASES-050"
    assert refused.value.current == {"stage": "filed", "seq": 2, "by": "Wu", "at": "2026-06-05T07:01:00Z"}
    assert "Wu" in refused.value.sentence("zh") and "立案" in refused.value.sentence("zh")


@pytest.mark.parametrize(
    ("who", "grid"), [("Chen", "3-2-2"), ("Lin", "3-2-1"), ("Qian", "3-2-1"), ("Wu", "3-1-1")]
)
def test_report_outside_the_own_area_is_forbidden(play: Play, who: str, grid: str) -> None:
    """R-ADM-02: Lin is a B post and acts only while Chen is away."""
    with pytest.raises(Forbidden):
        play.try_report(who, grid)
    assert case_totals() == {"cases": 0, "open": 0}


def test_move_without_the_power_is_forbidden_and_of_a_hidden_case_missing(play: Play) -> None:
    case = play.report()
    with pytest.raises(Forbidden):
        play.move("Chen", case, "file")
    with pytest.raises(Missing):
        play.move("Qian", case, "file")
    assert len(logbook.entries(f"case/{case['id']}")) == 1


def test_report_with_several_mistakes_names_all_of_them(play: Play) -> None:
    """R-CASE-01: errors teach, all in one run."""
    with pytest.raises(ManyProblems) as refused:
        play.try_report("Chen", "3-2-1", category="wast", text="长" * 4001, lon=None, lat=None)
    assert [e.code for e in refused.value.problems] == ["GW-CASES-020", "GW-CASES-043", "GW-CASES-041"]
    assert "waste" in refused.value.problems[0].sentence()


def test_refused_move_leaves_nothing(play: Play) -> None:
    case = play.report()
    before = verify_journals(home=_nowhere())
    with pytest.raises(Refused):
        play.move("Zhao", case, "sign")
    assert verify_journals(home=_nowhere()) == before


def _nowhere() -> Any:
    from django.conf import settings

    return settings.HOME


def test_case_numbers_are_gap_free_also_after_refusals(play: Play) -> None:
    numbers = [play.report()["number"]]
    with pytest.raises(Forbidden):
        play.try_report("Qian", "3-2-1")
    taken = play.report(id=(key := uuid4()))
    numbers.append(taken["number"])
    play.try_report("Chen", "3-2-1", id=key)
    with pytest.raises(Conflict):
        play.try_report("Chen", "3-2-1", id=key, text="别的")
    numbers.append(play.report()["number"])
    assert numbers == [f"20260605-waste-{n:04d}" for n in (1, 2, 3)]
    assert list(number_gaps()) == []


def test_case_of_a_retired_category_is_still_read_and_moved(play: Play) -> None:
    """A new version of a pack without the category: no new reports, but running cases go on."""
    case = play.report()
    install_rules(NOW, CATEGORIES[1:], version="2")
    assert play.move("Wu", case, "file")["stage"] == "filed"
    with pytest.raises(Refused):
        play.report()


def test_cached_columns_equal_the_fold_of_every_journal(play: Play) -> None:
    """R-CASE-12: each cached column has one deriving function; rebuilt from the journals, nothing differs."""
    for move, _, _ in LIFE:
        play.live(move)
    play.report(category="other")
    report = verify_journals(home=_nowhere())
    assert (report["ok"], report["problems"], report["cases"]) == (True, [], 8)


def test_work_table_rebuilt_is_the_same(play: Play) -> None:
    """cases_work is derived: emptied and filled again it has the same rows."""
    for move, _, _ in LIFE:
        play.live(move)
    before = run_sql("SELECT * FROM cases_work ORDER BY id")
    assert len(before) == 5
    assert bulk.rebuild_work() == 5
    assert run_sql("SELECT * FROM cases_work ORDER BY id") == before
    assert work_differences() == {"missing": 0, "left_over": 0, "different": 0}


def test_work_table_faults_planted_are_counted(play: Play) -> None:
    cases = [play.report() for _ in range(3)]
    keys = [bulk.db(UUID(c["id"])) for c in cases]
    run_sql("DELETE FROM cases_work WHERE id = %s", keys[0])
    run_sql("UPDATE cases_work SET stage = 'filed' WHERE id = %s", keys[1])
    run_sql("UPDATE cases_case SET closed = %s WHERE id = %s", True, keys[2])
    assert work_differences() == {"missing": 1, "left_over": 1, "different": 1}


def test_number_gap_planted_is_found(play: Play) -> None:
    case = play.report()
    play.report()
    run_sql("DELETE FROM cases_case WHERE id = %s", bulk.db(UUID(case["id"])))
    assert list(number_gaps()) == [("20260605-waste", 2, ["20260605-waste-0001"])]
