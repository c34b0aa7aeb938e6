"""One subject: entered, changed, moved, ended; journal, scope, conflicts."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import orjson
import pytest

from gridward.kernel.actor import SYSTEM
from gridward.kernel.errors import BadInput, Conflict, Forbidden, ManyProblems, Missing
from gridward.ledger import actions, models, queries
from gridward.ledger.actions.subjects import write_change
from gridward.ledger.actions.writing import changed_file
from gridward.ledger.rules import Given, Home
from gridward.logbook import queries as logbook
from gridward.logbook.rules import check_chain
from tests.cast import NOW, Cast
from tests.ledger.conftest import define, enter, holder


def journal(subject: UUID) -> list[tuple[str, dict[str, Any]]]:
    return [(e.move, orjson.loads(e.body)["payload"]) for e in logbook.entries(f"subject/{subject}")]


def test_create_subject_finds_its_home_and_writes_one_entry(cast: Cast) -> None:
    """R-LED-01, R-LED-02; invariant 3: one home leaf."""
    subject = enter(cast, address="和平路1号")
    grid = cast.areas["3-2-1"]
    assert queries.home_of(subject) == Home("town", grid.id, grid.code, grid.name, grid.ancestors, False)
    lon, lat = cast.middle("3-2-1")
    assert journal(subject) == [
        (
            "create",
            {
                "ledger": "shops",
                "version": "1",
                "number": "SHOPS-000001",
                "key": "L1",
                "source": "desk",
                "name": "胡记面馆",
                "address": "和平路1号",
                "point": f"{lon:.6f} {lat:.6f}",
                "area": str(grid.id),
                "area_code": grid.code,
                "values": {"licence_no": "L1", "trade": "food"},
            },
        )
    ]
    assert queries.subject_card(subject) == {"id": str(subject), "number": "SHOPS-000001", "name": "胡记面馆"}


def test_home_of_unknown_subject_is_missing(cast: Cast) -> None:
    with pytest.raises(Missing):
        queries.home_of(UUID(int=7))
    with pytest.raises(Missing):
        queries.subject_card(UUID(int=7))


def test_create_subject_same_key_is_a_conflict_and_leaves_nothing(cast: Cast) -> None:
    enter(cast)
    before = (
        models.Subject.objects.count(),
        logbook.entry_counts(),
        models.Ledger.objects.get(code="shops").last_serial,
    )
    with pytest.raises(Conflict, match="GW-LEDGER-070"):
        enter(cast, "3-2-2")
    after = (
        models.Subject.objects.count(),
        logbook.entry_counts(),
        models.Ledger.objects.get(code="shops").last_serial,
    )
    assert after == before


def test_create_subject_reports_every_bad_value_at_once(cast: Cast) -> None:
    with pytest.raises(ManyProblems) as error:
        enter(cast, values={"trade": "旅馆", "area_m2": 9000, "nonsense": 1})
    assert sorted(p.code for p in error.value.problems) == ["GW-LEDGER-002", "GW-LEDGER-004", "GW-LEDGER-005"]


def test_create_subject_outside_the_own_grid_is_forbidden(cast: Cast) -> None:
    chen = holder(cast, "Chen", "3-2-1", "ledger:subject:create")
    assert enter(cast, "3-2-1", actor=chen)
    with pytest.raises(Forbidden):
        enter(cast, "3-2-2", licence="L2", actor=chen)


def test_change_subject_journals_changed_fields_only(cast: Cast) -> None:
    """R-LED-01: change history."""
    subject = enter(cast, values={"area_m2": 80})
    seq = actions.change_subject(
        subject=subject,
        expected_seq=1,
        name="胡记大酒楼",
        values={"area_m2": "120", "trade": "food", "licence_no": "L1"},
        actor=SYSTEM,
        now=NOW,
    )
    assert seq == 2
    assert journal(subject)[1] == (
        "change",
        {
            "before": {"area_m2": 80, "name": "胡记面馆"},
            "after": {"area_m2": 120, "name": "胡记大酒楼"},
        },
    )
    stream = f"subject/{subject}"
    assert list(check_chain(stream, logbook.entries(stream), logbook.head(stream))) == []


def test_change_subject_with_what_stands_already_writes_nothing(cast: Cast) -> None:
    subject = enter(cast, values={"phone": "13812345678"})
    values = {"trade": "餐饮", "phone": "138 1234 5678"}
    assert actions.change_subject(subject=subject, expected_seq=1, values=values, actor=SYSTEM, now=NOW) == 1
    assert len(journal(subject)) == 1


def test_change_subject_on_an_old_version_says_who_and_when(cast: Cast) -> None:
    subject = enter(cast)
    chen = holder(cast, "Chen", "3-2-1", "ledger:subject:change")
    actions.change_subject(subject=subject, expected_seq=1, values={"area_m2": 9}, actor=chen, now=NOW)
    with pytest.raises(Conflict) as error:
        actions.change_subject(subject=subject, expected_seq=1, values={"area_m2": 8}, actor=SYSTEM, now=NOW)
    assert error.value.current == {"stage": "living", "seq": 2, "by": "Chen", "at": "2026-06-05T07:00:00Z"}


def test_change_written_from_an_old_copy_is_refused_and_leaves_nothing(cast: Cast) -> None:
    """Compare-and-set: two people who read the same version, the second one loses (at once, not last wins)."""
    subject = enter(cast)
    copy, of = models.Subject.objects.get(id=subject), queries.definition("shops")
    late = changed_file(copy, of, Given(values={"area_m2": 8}), None, digests={}, now=NOW)
    assert late is not None
    actions.change_subject(subject=subject, expected_seq=1, values={"area_m2": 9}, actor=SYSTEM, now=NOW)
    before = list(models.Subject.objects.values())
    with pytest.raises(Conflict) as error:
        write_change(copy, of, late, move="change", actor=SYSTEM, now=NOW)
    assert (error.value.code, error.value.current["seq"]) == ("GW-LEDGER-072", 2)
    assert (list(models.Subject.objects.values()), len(journal(subject))) == (before, 2)


def test_change_subject_new_point_gives_a_new_home_and_a_required_field_cannot_be_emptied(cast: Cast) -> None:
    subject = enter(cast)
    lon, lat = cast.middle("1-1-2")
    actions.change_subject(subject=subject, expected_seq=1, lon=lon, lat=lat, actor=SYSTEM, now=NOW)
    assert queries.home_of(subject).code == cast.areas["1-1-2"].code
    with pytest.raises(BadInput, match="GW-LEDGER-001"):
        actions.change_subject(subject=subject, expected_seq=2, values={"trade": ""}, actor=SYSTEM, now=NOW)


def test_move_subject_needs_a_reason_and_both_ends(cast: Cast) -> None:
    """Invariant 3: moved only by a dated, reasoned change."""
    subject = enter(cast)
    wu = holder(cast, "Wu", "3-2", "ledger:subject:read", "ledger:subject:move")
    target = cast.areas["3-2-2"].code
    with pytest.raises(BadInput, match="GW-LEDGER-074"):
        actions.move_subject(subject=subject, area=target, reason=" ", actor=wu, now=NOW)
    with pytest.raises(Forbidden):
        actions.move_subject(subject=subject, area=cast.areas["1-1-1"].code, reason="就近", actor=wu, now=NOW)
    with pytest.raises(BadInput, match="GW-LEDGER-050"):
        actions.move_subject(subject=subject, area="99", reason="就近", actor=wu, now=NOW)
    assert actions.move_subject(subject=subject, area=target, reason="正门在对面", actor=wu, now=NOW) == 2
    home = queries.home_of(subject)
    assert (home.code, home.by_hand) == (target, True)
    move, payload = journal(subject)[1]
    assert (move, payload["reason"], payload["after"]["area"]) == ("move", "正门在对面", str(home.area))


def test_end_subject_keeps_the_file_and_takes_it_from_the_list(cast: Cast) -> None:
    subject = enter(cast)
    stamps = logbook.stamps()
    assert len(queries.subject_page("shops", actor=SYSTEM, stamps=stamps)["items"]) == 1
    actions.end_subject(subject=subject, reason="停业", actor=SYSTEM, now=NOW)
    assert queries.subject_page("shops", actor=SYSTEM, stamps=stamps)["items"] == []
    assert queries.subject_detail(subject, actor=SYSTEM, stamps=stamps)["ended_on"] == "2026-06-05"
    with pytest.raises(Conflict, match="GW-LEDGER-073"):
        actions.change_subject(subject=subject, expected_seq=2, values={"area_m2": 1}, actor=SYSTEM, now=NOW)
    stream = f"subject/{subject}"
    assert list(check_chain(stream, logbook.entries(stream), logbook.head(stream))) == []


def test_subjects_qian_reaches_nothing_of_the_next_district(cast: Cast) -> None:
    """Qian sees nothing: list, search, detail, counts, completeness, duplicates, export, change."""
    subject = enter(cast)
    enter(cast, "3-2-1", licence="L2")
    everything = (
        "ledger:subject:read", "ledger:subject:change", "ledger:subject:move", "ledger:subject:end",
        "ledger:subject:export", "ledger:personal:read",
    )  # fmt: skip
    stamps = logbook.stamps()
    seen: dict[str, Any] = {}
    for name, area in (("Zhao", "district 1"), ("Qian", "district 2")):
        actor = holder(cast, name, area, *everything)
        seen[name] = (
            len(queries.subject_page("shops", actor=actor, stamps=stamps)["items"]),
            len(queries.subject_page("shops", q="胡记", actor=actor, stamps=stamps)["items"]),
            [row["count"] for row in queries.ledgers(actor=actor, stamps=stamps)],
            len(queries.completeness_by_area("shops", rank=4, actor=actor, stamps=stamps)),
            len(queries.duplicates("shops", actor=actor, stamps=stamps)),
        )
    assert seen == {"Zhao": (2, 2, [2], 1, 1), "Qian": (0, 0, [0], 0, 0)}
    qian = holder(cast, "Qian", "district 2", *everything)
    for act in (
        lambda: queries.subject_detail(subject, actor=qian, stamps=stamps),
        lambda: actions.change_subject(subject=subject, expected_seq=1, name="x", actor=qian, now=NOW),
        lambda: actions.move_subject(subject=subject, area="01", reason="x", actor=qian, now=NOW),
        lambda: actions.end_subject(subject=subject, reason="x", actor=qian, now=NOW),
    ):
        with pytest.raises(Missing):
            act()


def test_define_ledger_again_changes_nothing_and_types_are_kept(cast: Cast) -> None:
    """Invariant 10: codes never change meaning."""
    assert define()["changed"] is False
    fields = [{"id": "trade", "label": "行业", "type": "integer"}]
    with pytest.raises(Conflict, match="GW-LEDGER-043"):
        define("2", fields=fields, key=[], completeness=[])
    with pytest.raises(Conflict, match="GW-LEDGER-042"):
        actions.define_ledger(
            definition={"id": "shops", "label": "x", "fields": fields},
            pack="other",
            version="1",
            actor=SYSTEM,
            now=NOW,
        )
    assert define("2")["changed"] is True
    assert sorted(models.LedgerVersion.objects.values_list("version", flat=True)) == ["1", "2"]


def test_define_ledger_personal_key_and_ninth_index_are_refused(cast: Cast) -> None:
    sealed = [{"id": "tel", "label": "电话", "type": "phone", "personal": "contact"}]
    with pytest.raises(BadInput, match="GW-LEDGER-040"):
        actions.define_ledger(
            definition={"id": "p", "label": "x", "key": ["tel"], "fields": sealed},
            pack="", version="1", actor=SYSTEM, now=NOW,
        )  # fmt: skip
    nine = [{"id": f"f{n}", "label": "x", "type": "text", "indexed": True} for n in range(9)]
    with pytest.raises(BadInput, match="GW-LEDGER-041"):
        actions.define_ledger(
            definition={"id": "p", "label": "x", "fields": nine}, pack="", version="1", actor=SYSTEM, now=NOW
        )
