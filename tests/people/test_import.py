"""Lists of people from tables: preview, commit, again, rejected rows in the layout they came in."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest
from django.db import transaction

from gridward.kernel.actor import SYSTEM
from gridward.kernel.errors import BadInput, Forbidden
from gridward.kernel.tables import open_table
from gridward.logbook import queries as logbook
from gridward.people import actions, queries
from gridward.people.actions import importing
from gridward.people.models import Membership, Person, Posting
from gridward.people.rules.posts import PostSpec
from gridward.people.rules.roster import find_columns, read_row
from tests.cast import NOW, Cast

HEADER = "姓名,用户名,单位,岗位,网格编码,岗别,责任,结对,起始日期,截止日期,办公电话"
GOOD = f"""{HEADER}
安一,an1,环卫所,grid_head,01030202,A岗,主要责任人,,2026-02-01,,027-1
安二,,环卫所,grid_head,01030202,B岗,,,2026-02-01,,
安三,,新成立的科,,,,,,,,
"""


def run(
    text: str, *, commit: bool = True, rejects: Path | None = None, name: str = "people.csv"
) -> dict[str, Any]:
    table = open_table(text.encode(), name)
    return actions.import_people(table, commit=commit, actor=SYSTEM, now=NOW, rejects=rejects)


def counts(answer: dict[str, Any]) -> tuple[int, int, int, int, int]:
    return tuple(answer[k] for k in ("rows", "created", "updated", "unchanged", "rejected"))  # type: ignore[return-value]


def state() -> tuple[Any, ...]:
    people = Person.objects.order_by("name").values_list("name", "login", "work_phone")
    postings = Posting.objects.order_by("person__name", "target").values_list(
        "person__name",
        "post__code",
        "target",
        "rank",
        "responsibility",
        "valid_from",
        "valid_to",
        "pair_of__person__name",
    )
    return tuple(people), tuple(postings), Membership.objects.count(), len(queries.units())


def test_import_people_preview_writes_nothing_and_counts_like_the_commit(cast: Cast) -> None:
    before, entries = state(), logbook.entry_counts()
    preview = run(GOOD, commit=False)
    assert (state(), logbook.entry_counts()) == (before, entries)
    assert preview == run(GOOD)
    assert counts(preview) == (3, 3, 0, 0, 0)


def test_import_people_posts_with_rank_responsibility_and_department(cast: Cast) -> None:
    """R-STAFF-02, R-STAFF-08."""
    run(GOOD)
    grid = cast.areas["3-2-2"].id
    found = [(p.name, p.rank, p.responsibility, p.unit, p.valid_from) for p in queries.postings_on(grid)]
    start = date(2026, 2, 1)
    assert found == [
        ("安二", "deputy", "", cast.units["cleaning"], start),
        ("安一", "lead", "main", cast.units["cleaning"], start),
    ]
    assert [r.name for r in queries.leads_of([grid], NOW)[grid]] == ["安一"]
    assert queries.find_unit("新成立的科") is not None


def test_import_people_again_changes_nothing(cast: Cast) -> None:
    run(GOOD)
    before, entries = state(), logbook.entry_counts()
    assert counts(run(GOOD)) == (3, 0, 0, 3, 0)
    assert (state(), logbook.entry_counts()) == (before, entries)


def test_import_people_changed_rows_are_updated(cast: Cast) -> None:
    run(GOOD)
    changed = GOOD.replace("027-1", "027-2").replace("2026-02-01,,\n", "2026-02-01,2026-09-01,\n")
    assert counts(run(changed)) == (3, 0, 2, 1, 0)
    assert Person.objects.get(login="an1").work_phone == "027-2"
    assert Posting.objects.get(person__name="安二").valid_to == date(2026, 9, 1)
    assert counts(run(changed)) == (3, 0, 0, 3, 0)


def test_import_people_pairs_within_the_file_and_with_the_house(cast: Cast) -> None:
    text = f"""{HEADER}
安一,,,grid_head,01030202,协办,,安二,2026-02-01,,
安二,,,grid_head,01030202,协办,,安一,2026-02-01,,
安四,,,grid_head,01030201,协办,,Chen,2026-02-01,,
安五,,,grid_head,01030201,协办,,没有此人,2026-02-01,,
"""
    assert counts(run(text)) == (4, 3, 0, 0, 1)
    pairs = Posting.objects.exclude(pair_of=None).order_by("person__name")
    assert list(pairs.values_list("person__name", "pair_of__person__name")) == [
        ("安一", "安二"), ("安二", "安一"), ("安四", "Chen"),
    ]  # fmt: skip
    assert Person.objects.filter(name="安五").count() == 0
    assert counts(run(text)) == (4, 0, 0, 3, 1)


BAD = f"""{HEADER}
,x1,,,,,,,,,
安一,a b,,,,,,,,,
安二,,,no_such_post,01030202,,,,,,
安三,,,grid_head,99999999,,,,,,
安四,,,grid_head,01030201,A岗,,,,,
安五,,,grid_head,01030202,班长,,,,,
安六,,,grid_head,01030202,,全责,,,,
安七,,,,01030202,,,,,,
安八,,,grid_head,01030202,,,,2026-05-01,2026-04-01,
安九,,,grid_head,,,,,,,
安十,,,grid_head,01030202,,,,昨天,,
好人,,,grid_head,01030202,,,,,,
"""


def test_import_people_bad_rows_come_back_with_reasons_and_the_rest_is_kept(
    cast: Cast, tmp_path: Path
) -> None:
    answer = run(BAD, rejects=tmp_path / "rejects" / "people")
    assert counts(answer) == (12, 1, 0, 0, 11)
    lines = Path(answer["rejects_file"]).read_text(encoding="utf-8-sig").splitlines()
    assert lines[0].startswith(HEADER)
    reasons = "\n".join(lines[1:])
    for word in (
        "姓名为空",
        "用户名",
        "no_such_post",
        "99999999",
        "Chen",
        "班长",
        "全责",
        "没有岗位",
        "昨天",
    ):
        assert word in reasons, word
    assert len(lines) == 12
    assert Person.objects.filter(name__startswith="安").count() == 0
    assert queries.leads_of([cast.areas["3-2-2"].id], NOW)[cast.areas["3-2-2"].id][0].name == "好人"


def test_import_people_corrected_rejects_come_in(cast: Cast, tmp_path: Path) -> None:
    answer = run(BAD, rejects=tmp_path / "rejects")
    text = Path(answer["rejects_file"]).read_text(encoding="utf-8-sig")
    fixed = text.replace("班长", "B岗")
    again = run(fixed)
    assert (again["rows"], again["created"], again["rejected"]) == (11, 1, 10)


def test_import_people_namesakes_need_a_login(cast: Cast) -> None:
    for _ in range(2):
        actions.add_person(name="王伟", actor=SYSTEM, now=NOW)
    assert counts(run("姓名\n王伟\n")) == (1, 0, 0, 0, 1)
    assert counts(run("姓名,用户名\n王伟,ww\n")) == (1, 0, 0, 0, 1)


def test_import_people_login_is_given_to_the_person_of_that_name(cast: Cast) -> None:
    key = actions.add_person(name="王伟", actor=SYSTEM, now=NOW)
    assert counts(run("姓名,用户名\n王伟,WW\n")) == (1, 0, 1, 0, 0)
    assert Person.objects.get(login="ww").id == key


def test_import_people_on_a_unit(cast: Cast) -> None:
    spec = PostSpec(code="clerk", zh="科员", en="clerk", on="unit")
    actions.define_posts([spec], pack="u", version="1", actor=SYSTEM, now=NOW)
    text = "name,unit,post\nAnn,cleaning,clerk\n"
    assert counts(run(text)) == (1, 1, 0, 0, 0)
    assert counts(run(text)) == (1, 0, 0, 1, 0)
    assert [p.name for p in queries.postings_on(cast.units["cleaning"])] == ["Ann"]


def test_import_people_never_reads_sex_or_birth_date(cast: Cast) -> None:
    """A staff profile has neither; a file that has them is taken without."""
    assert counts(run("姓名,性别,出生日期\n安一,女,1990-01-01\n")) == (1, 1, 0, 0, 0)
    person = Person.objects.get(name="安一")
    assert person.profile == {}
    assert "1990" not in str([e.body for e in logbook.entries(f"person/{person.id}")])


def test_import_people_names_are_sealed_in_the_journal(cast: Cast) -> None:
    run(GOOD)
    person = Person.objects.get(login="an1")
    body = logbook.entries(f"person/{person.id}")[0].body
    assert "安一" not in body and "027-1" not in body


def test_import_people_needs_the_permission(cast: Cast) -> None:
    with pytest.raises(Forbidden):
        actions.import_people(
            open_table(GOOD.encode(), "p.csv"), commit=True, actor=cast.actor("Zhao"), now=NOW
        )


@pytest.mark.parametrize("stop", range(1, 6))
def test_import_people_stopped_between_slices_and_run_again_ends_the_same(
    cast: Cast, stop: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Killing an import and running it again ends as one run would: slices of two rows, stopped after
    some."""
    text = "姓名,岗位,网格编码,岗别\n" + "".join(
        f"人{n},grid_head,0101010{1 + n % 2},协办\n" for n in range(10)
    )
    monkeypatch.setattr(importing, "SLICE", 2)
    with transaction.atomic():
        run(text)
        whole = state()
        transaction.set_rollback(True)
    lines = text.splitlines(keepends=True)
    run("".join(lines[: 1 + 2 * stop]))
    answer = run(text)
    assert state() == whole
    assert counts(answer) == (10, 10 - 2 * stop, 0, 2 * stop, 0)


def test_find_columns_without_names_lists_what_is_there() -> None:
    with pytest.raises(BadInput) as caught:
        find_columns(["工号", "单位"])
    assert caught.value.code == "GW-PEOPLE-080"
    assert "工号" in caught.value.sentence("zh")


def test_read_row_numbers_of_workbooks_become_codes() -> None:
    row, problems = read_row(
        2,
        {"name": "安", "post": "p", "area_code": 1030202.0},
        {k: k for k in ("name", "post", "area_code")},
        "UTC",
    )
    assert problems == []
    assert row is not None and row.area_code == "1030202"
