"""Posting people, ending postings, who was responsible, gaps and handovers."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from hypothesis import given
from hypothesis import strategies as st

from gridward.kernel.actor import SYSTEM
from gridward.kernel.errors import Conflict, Forbidden, Missing, Refused
from gridward.logbook import queries as logbook
from gridward.people import actions, queries
from gridward.people.models import Gap, Posting
from gridward.people.rules.places import do_overlap
from gridward.people.rules.posts import PostSpec
from tests.cast import BEGIN, NOW, SCHEME, Cast

JUNE_10 = date(2026, 6, 10)


def at(text: str) -> datetime:
    return datetime.fromisoformat(f"{text}+08:00")


def person(name: str) -> UUID:
    return actions.add_person(name=name, actor=SYSTEM, now=NOW)


def order(cast: Cast, who: UUID, area: str = "3-2-1", **more: Any) -> actions.Order:
    given = {"post": cast.posts["grid_head"], "valid_from": BEGIN, "area": cast.areas[area]} | more
    return actions.Order(person=who, **given)


def post(cast: Cast, who: UUID, area: str = "3-2-1", **more: Any) -> UUID:
    return actions.post_person(order(cast, who, area, **more), actor=SYSTEM, now=NOW)


def refused(cast: Cast, who: UUID, area: str = "3-2-1", **more: Any) -> str:
    with pytest.raises(Refused) as caught:
        post(cast, who, area, **more)
    return caught.value.code


def names(refs: list[queries.PersonRef]) -> list[str]:
    return [ref.name for ref in refs]


def test_post_person_second_lead_of_a_grid_is_refused_with_the_name(cast: Cast) -> None:
    """Invariant 2: exactly one lead."""
    ann = person("Ann")
    with pytest.raises(Conflict) as caught:
        post(cast, ann)
    assert caught.value.code == "GW-PEOPLE-026"
    assert "Chen" in caught.value.sentence("zh") and "Chen" in caught.value.sentence("en")
    assert post(cast, ann, rank="assist") is not None


def test_post_person_second_lead_behind_the_back_is_refused_by_the_database(cast: Cast) -> None:
    """The guard in the database itself, shown failing once."""
    row = Posting.objects.get(id=cast.postings["Chen"])
    row.pk, row.person_id = UUID(int=5), person("Ann")
    with pytest.raises(IntegrityError), transaction.atomic():
        row.save(force_insert=True)


def test_post_person_same_posting_twice_is_refused(cast: Cast) -> None:
    assert refused(cast, cast.persons["Chen"], rank="assist") == "GW-PEOPLE-025"
    assert refused(cast, cast.persons["Lin"], rank="deputy") == "GW-PEOPLE-025"


def test_post_person_after_the_end_of_the_former_is_allowed(cast: Cast) -> None:
    actions.end_posting(posting=cast.postings["Chen"], on=JUNE_10, why="", actor=SYSTEM, now=NOW)
    ann = person("Ann")
    assert refused(cast, ann, valid_from=JUNE_10 - timedelta(days=1)) == "GW-PEOPLE-026"
    assert post(cast, ann, valid_from=JUNE_10) is not None


@pytest.mark.parametrize(
    ("more", "code"),
    [
        ({"rank": "boss"}, "GW-PEOPLE-020"),
        ({"responsibility": "total"}, "GW-PEOPLE-021"),
        ({"area": None}, "GW-PEOPLE-022"),
        ({"area": None, "subject": UUID(int=3)}, "GW-PEOPLE-022"),
        ({"valid_to": BEGIN}, "GW-PEOPLE-024"),
        ({"rank": "deputy", "pair_of": UUID(int=3)}, "GW-PEOPLE-032"),
        ({"post": UUID(int=3)}, "GW-PEOPLE-062"),
        ({"person": UUID(int=3)}, "GW-PEOPLE-062"),
        ({"unit": UUID(int=3), "rank": "assist"}, "GW-PEOPLE-062"),
    ],
)
def test_post_person_wrong_input_is_refused_with_a_sentence(
    cast: Cast, more: dict[str, Any], code: str
) -> None:
    given = {"person": person("Ann"), "post": cast.posts["grid_head"], "valid_from": BEGIN,
             "area": cast.areas["3-2-2"]} | more  # fmt: skip
    with pytest.raises(Refused) as caught:
        actions.post_person(actions.Order(**given), actor=SYSTEM, now=NOW)
    assert caught.value.code == code
    assert "{" not in caught.value.sentence("zh") + caught.value.sentence("en")


def test_post_person_area_of_another_level_or_scheme_is_refused(cast: Cast) -> None:
    ann = person("Ann")
    assert refused(cast, ann, "3-2") == "GW-PEOPLE-023"
    assert refused(cast, ann, "3-2", rank="sponsor") == "GW-PEOPLE-023"


def test_post_person_gone_or_post_retired_is_refused(cast: Cast) -> None:
    ann = person("Ann")
    actions.deactivate_person(person=ann, actor=SYSTEM, now=NOW)
    assert refused(cast, ann, "3-2-2") == "GW-PEOPLE-028"
    actions.define_posts([], pack="cast", version="2", actor=SYSTEM, now=NOW)
    assert refused(cast, person("Bo"), "3-2-2") == "GW-PEOPLE-029"


def test_post_person_one_grid_one_person_refuses_the_second_grid(cast: Cast) -> None:
    """R-STAFF-03: one grid one person."""
    spec = PostSpec(code="watch", zh="看护员", en="watch", scheme=SCHEME, rank=4, max_areas=1)
    actions.define_posts([spec], pack="one", version="1", actor=SYSTEM, now=NOW)
    watch, ann = queries.post_by_code("watch")[0], person("Ann")
    post(cast, ann, post=watch)
    assert refused(cast, ann, "3-2-2", post=watch) == "GW-PEOPLE-027"
    assert post(cast, ann, "3-2-2", post=watch, rank="deputy") is not None


def test_post_person_sponsors_go_to_the_levels_of_the_pack(cast: Cast) -> None:
    """R-STAFF-07: level-by-level contracting, here street leader → communities and grids."""
    spec = PostSpec(code="street_leader", zh="街道领导", en="leader", scheme=SCHEME, rank=2, sponsors=(3, 4))
    actions.define_posts([spec], pack="sp", version="1", actor=SYSTEM, now=NOW)
    leader, ann = queries.post_by_code("street_leader")[0], person("Ann")
    for area in ("3-2", "3-2-1"):
        post(cast, ann, area, post=leader, rank="sponsor")
    assert refused(cast, ann, "district 1", post=leader, rank="sponsor") == "GW-PEOPLE-023"
    line = [p for p in queries.postings_on(cast.areas["3-2"].id, at=NOW) if p.rank == "sponsor"]
    assert [(p.name, p.post) for p in line] == [("Ann", "street_leader")]


def test_post_person_several_departments_in_one_grid(cast: Cast) -> None:
    """R-STAFF-08: people of several departments enter one grid, each with the department that sends them."""
    spec = PostSpec(code="entrant", zh="进格人员", en="entrant", scheme=SCHEME, rank=4, department="any")
    actions.define_posts([spec], pack="eight", version="1", actor=SYSTEM, now=NOW)
    entrant = queries.post_by_code("entrant")[0]
    for name, unit in (("Ann", "cleaning"), ("Bo", "urban")):
        post(cast, person(name), post=entrant, unit=cast.units[unit])
    found = [(p.name, p.unit) for p in queries.postings_on(cast.areas["3-2-1"].id) if p.post == "entrant"]
    assert found == [("Ann", cast.units["cleaning"]), ("Bo", cast.units["urban"])]


def test_post_person_pair_of_old_and_new(cast: Cast) -> None:
    ann, bo = person("Ann"), person("Bo")
    first = post(cast, ann, rank="assist")
    second = post(cast, bo, rank="assist", pair_of=first)
    assert queries.postings_of(bo)[0].pair_of == first
    actions.pair_up(posting=first, partner=second, actor=SYSTEM, now=NOW)
    assert queries.postings_of(ann)[0].pair_of == second
    elsewhere = post(cast, person("Cy"), "3-2-2")
    with pytest.raises(Refused) as caught:
        actions.pair_up(posting=first, partner=elsewhere, actor=SYSTEM, now=NOW)
    assert caught.value.code == "GW-PEOPLE-032"


def test_post_person_needs_the_permission_at_that_place(cast: Cast) -> None:
    """R-ADM-02: Zhao may post in the own district, Qian not here, Wu nowhere, and nobody hands out
    everything."""
    ann = person("Ann")
    for name in ("Qian", "Wu"):
        with pytest.raises(Forbidden):
            actions.post_person(order(cast, ann, "3-2-2"), actor=cast.actor(name), now=NOW)
    chief = PostSpec(code="chief", zh="总值班", en="chief", on="unit", everywhere=True)
    actions.define_posts([chief], pack="all", version="1", actor=SYSTEM, now=NOW)
    everything = actions.Order(
        person=ann, post=queries.post_by_code("chief")[0], unit=cast.units["urban"], valid_from=BEGIN
    )
    with pytest.raises(Forbidden):
        actions.post_person(everything, actor=cast.actor("Zhao"), now=NOW)
    key = actions.post_person(order(cast, ann, "3-2-2"), actor=cast.actor("Zhao"), now=NOW)
    entry = logbook.entries(f"posting/{key}")[0]
    assert (entry.move, entry.actor) == ("post", str(cast.persons["Zhao"]))


def test_responsible_at_any_instant_of_the_past(cast: Cast) -> None:
    """Invariant 2, R-STAFF-02: 倒查, B posts included."""
    chain = cast.areas["3-2-1"].ancestors
    actions.record_absence(
        person=cast.persons["Chen"], started_at=at("2026-03-02T00:00"), ended_at=at("2026-03-03T12:00"),
        actor=SYSTEM, now=NOW,
    )  # fmt: skip
    actions.end_posting(posting=cast.postings["Chen"], on=JUNE_10, why="调动", actor=SYSTEM, now=NOW)
    post(cast, person("Ann"), valid_from=date(2026, 6, 20))

    def who(instant: str) -> list[tuple[str, UUID | None]]:
        return [(r.name, r.on_behalf_of) for r in queries.responsible_at(chain, at(instant))]

    chen = cast.persons["Chen"]
    assert who("2025-12-31T23:59") == []
    assert who("2026-01-01T00:00") == [("Chen", None)]
    assert who("2026-03-02T00:00") == [("Lin", chen)]
    assert who("2026-03-03T12:00") == [("Chen", None)]
    assert who("2026-06-09T23:59") == [("Chen", None)]
    assert who("2026-06-10T00:00") == [("Lin", None)]
    assert who("2026-06-20T00:00") == [("Ann", None)]


def test_responsible_at_levels_and_posts(cast: Cast) -> None:
    chain = cast.areas["3-2-1"].ancestors
    assert names(queries.responsible_at(chain, NOW)) == ["Chen"]
    assert names(queries.responsible_at(chain, NOW, level=3)) == ["Wu"]
    assert names(queries.responsible_at(chain, NOW, level=2)) == []
    assert names(queries.responsible_at(chain, NOW, level=5)) == []
    assert names(queries.responsible_at(chain, NOW, post="community_head")) == ["Wu"]
    assert names(queries.responsible_at(chain, NOW, post="district_desk")) == ["Zhao"]
    assert names(queries.responsible_at(chain, NOW, post="nobody")) == []
    assert names(queries.responsible_at((None,) * 5, NOW)) == []


@pytest.mark.parametrize("rows", [1, 3])
def test_leads_of_a_page_is_one_statement(cast: Cast, rows: int) -> None:
    for name in ("3-2-2", "3-1-1")[: rows - 1]:
        post(cast, person(f"lead {name}"), name)
    areas = [cast.areas[name].id for name in ("3-2-1", "3-2-2", "3-1-1", "3-1-2")]
    stamps = logbook.stamps()
    queries.leads_of(areas, NOW, stamps=stamps)
    with CaptureQueriesContext(connection) as captured:
        found = queries.leads_of(areas, NOW, stamps=stamps)
    assert len(captured) == 1
    assert {k: names(v) for k, v in found.items()} == {
        key: [name] for key, name in zip(areas, ["Chen", "lead 3-2-2", "lead 3-1-1"][:rows], strict=False)
    }
    assert queries.leads_of([], NOW) == {}


def test_gap_list_and_leads_cover_every_leaf(cast: Cast) -> None:
    """Invariant 2: every leaf in force has a lead or stands on the gap list; R-STAFF-02: show gaps."""
    leaves = {ref.id for ref in cast.areas.values() if ref.rank == 4}

    def parts(when: datetime) -> tuple[set[UUID], set[UUID]]:
        return set(queries.leads_in(SCHEME, 4, when)), {line.area for line in queries.gap_list(when, SCHEME)}

    led, gaps = parts(NOW)
    assert led == {cast.areas["3-2-1"].id}
    assert (led | gaps, led & gaps) == (leaves, set())
    actions.end_posting(posting=cast.postings["Chen"], on=JUNE_10, why="退休", actor=SYSTEM, now=NOW)
    actions.end_posting(posting=cast.postings["Lin"], on=JUNE_10, why="", actor=SYSTEM, now=NOW)
    led, gaps = parts(at("2026-06-11T09:00"))
    assert (led, gaps) == (set(), leaves)
    line = next(g for g in queries.gap_list(at("2026-06-11T09:00"), SCHEME) if g.name == "3-2-1")
    assert (line.code, line.since, line.why) == ("01030201", NOW, "退休")


def test_gap_is_closed_by_the_next_posting_and_explained_by_hand(cast: Cast) -> None:
    actions.end_posting(posting=cast.postings["Chen"], on=date(2026, 6, 1), why="", actor=SYSTEM, now=NOW)
    actions.explain_gap(area=cast.areas["3-2-1"], why="招聘中", actor=cast.actor("Zhao"), now=NOW)
    assert [(g.area, g.why) for g in Gap.objects.filter(closed_at=None)] == [
        (cast.areas["3-2-1"].id, "招聘中")
    ]
    post(cast, person("Ann"), valid_from=date(2026, 6, 5))
    assert Gap.objects.filter(closed_at=None).count() == 0


def test_gap_ends_on_the_day_a_planned_posting_begins(cast: Cast) -> None:
    area = cast.areas["3-2-1"]
    for name in ("Chen", "Lin"):
        actions.end_posting(
            posting=cast.postings[name], on=date(2026, 6, 5), why="退休", actor=SYSTEM, now=NOW
        )
    planned = post(cast, person("Ann"), valid_from=JUNE_10)
    lines = {g.area: g.why for g in queries.gap_list(at("2026-06-09T23:59"), SCHEME)}
    assert lines[area.id] == "退休"
    assert area.id not in {g.area for g in queries.gap_list(at("2026-06-10T00:00"), SCHEME)}
    actions.end_posting(posting=planned, on=date(2026, 6, 20), why="辞职", actor=SYSTEM, now=NOW)
    lines = {g.area: g.why for g in queries.gap_list(at("2026-06-21T00:00"), SCHEME)}
    assert lines[area.id] == "辞职"


def test_department_that_sends_people_has_no_power_over_their_grid(cast: Cast) -> None:
    """R-ADM-02: naming the own unit as sender opens no foreign area."""
    unit = cast.units["urban"]
    actions.join_unit(person=cast.persons["Qian"], unit=unit, valid_from=BEGIN, actor=SYSTEM, now=NOW)
    qian = cast.actor("Qian")
    assert queries.allows(qian, "people:posting:manage", unit=unit) is True
    with pytest.raises(Forbidden):
        actions.post_person(order(cast, person("Ann"), "3-2-2", unit=unit), actor=qian, now=NOW)
    sent = post(cast, person("Bo"), "3-2-2", unit=unit)
    with pytest.raises(Forbidden):
        actions.end_posting(posting=sent, on=JUNE_10, why="", actor=qian, now=NOW)


def test_gap_is_not_opened_when_somebody_follows(cast: Cast) -> None:
    actions.end_posting(posting=cast.postings["Chen"], on=JUNE_10, why="", actor=SYSTEM, now=NOW)
    ann = post(cast, person("Ann"), valid_from=JUNE_10, valid_to=date(2026, 7, 1))
    post(cast, person("Bo"), valid_from=date(2026, 6, 20 + 1), area="3-2-2")
    Gap.objects.all().delete()
    post(cast, person("Cy"), valid_from=date(2026, 7, 1))
    actions.end_posting(posting=ann, on=date(2026, 6, 30), why="", actor=SYSTEM, now=NOW)
    assert [g.area for g in Gap.objects.all()] == [cast.areas["3-2-1"].id]
    Gap.objects.all().delete()
    bo = Posting.objects.get(person__name="Bo")
    assert bo.valid_to is None and Gap.objects.count() == 0


def test_end_posting_tells_and_lists_what_is_open(cast: Cast) -> None:
    items = [{"ref": "case/1", "text": "井盖"}, {"ref": "case/2", "text": "路灯"}]
    handover = actions.end_posting(
        posting=cast.postings["Chen"], on=JUNE_10, why="轮岗", actor=SYSTEM, now=NOW, open_items=items
    )
    more = [{"ref": "case/2", "text": "路灯"}, {"ref": "case/3", "text": "垃圾"}]
    assert actions.add_open_items(handover=handover, open_items=more, actor=SYSTEM, now=NOW) == 1
    line = queries.handovers(posting=cast.postings["Chen"])[0]
    assert [item["ref"] for item in line.open_items] == ["case/1", "case/2", "case/3"]
    assert (line.giver, line.receiver, line.signed_at) == ("Chen", None, None)
    stream = f"posting/{cast.postings['Chen']}"
    assert [e.move for e in logbook.entries(stream)] == ["post", "end", "add_open_items"]


def test_sign_handover_by_the_successor_once(cast: Cast) -> None:
    handover = actions.end_posting(
        posting=cast.postings["Chen"], on=JUNE_10, why="", actor=SYSTEM, now=NOW, receiver=cast.persons["Lin"]
    )
    for name, code in (("Chen", "GW-PEOPLE-033"), ("Zhao", "GW-PEOPLE-034")):
        with pytest.raises(Conflict) as caught:
            actions.sign_handover(handover=handover, actor=cast.actor(name), now=NOW)
        assert caught.value.code == code
    actions.sign_handover(handover=handover, actor=cast.actor("Lin"), now=NOW)
    with pytest.raises(Conflict) as again:
        actions.sign_handover(handover=handover, actor=cast.actor("Lin"), now=NOW)
    assert again.value.code == "GW-PEOPLE-035"
    with pytest.raises(Conflict):
        actions.add_open_items(handover=handover, open_items=[{"ref": "x"}], actor=SYSTEM, now=NOW)
    assert queries.handovers(unsigned=True) == []


def test_sign_handover_without_named_receiver_only_by_people_of_the_place(cast: Cast) -> None:
    handover = actions.end_posting(posting=cast.postings["Chen"], on=JUNE_10, why="", actor=SYSTEM, now=NOW)
    for name in ("Qian", "Wu"):
        with pytest.raises(Missing):
            actions.sign_handover(handover=handover, actor=cast.actor(name), now=NOW)
    actions.sign_handover(handover=handover, actor=cast.actor("Lin"), now=NOW)
    assert queries.handovers()[0].receiver == "Lin"


def test_posting_by_a_deputy_names_for_whom(cast: Cast) -> None:
    """R-ADM-02: the journal says that B acted for A."""
    bo = person("Bo")
    post(cast, bo, "district 1", post=cast.posts["district_desk"], rank="deputy")
    actions.record_absence(person=cast.persons["Zhao"], started_at=NOW, actor=SYSTEM, now=NOW)
    deputy = queries.actor_of(bo, NOW)
    assert deputy is not None
    key = actions.post_person(order(cast, person("Ann"), "3-2-2"), actor=deputy, now=NOW)
    actions.end_posting(posting=key, on=JUNE_10, why="", actor=deputy, now=NOW)
    data = [e.data for e in logbook.entries(f"posting/{key}")]
    zhao = str(cast.persons["Zhao"])
    assert [(d["actor"], d["on_behalf_of"]) for d in data] == [(str(bo), zhao), (str(bo), zhao)]


@pytest.mark.parametrize(
    ("on", "code"),
    [
        (date(2025, 12, 31), "GW-PEOPLE-031"),
        (date(2026, 7, 1), "GW-PEOPLE-030"),
        (date(2026, 7, 2), "GW-PEOPLE-030"),
    ],
)
def test_end_posting_before_its_begin_or_after_its_end_is_refused(cast: Cast, on: date, code: str) -> None:
    key = post(cast, person("Ann"), "3-2-2", valid_to=date(2026, 7, 1))
    with pytest.raises(Refused) as caught:
        actions.end_posting(posting=key, on=on, why="", actor=SYSTEM, now=NOW)
    assert caught.value.code == code


def test_record_absence_own_leave_or_by_a_manager(cast: Cast) -> None:
    chen = cast.persons["Chen"]
    actions.record_absence(person=chen, started_at=NOW, actor=cast.actor("Chen"), now=NOW)
    absence = actions.record_absence(person=chen, started_at=NOW, actor=cast.actor("Zhao"), now=NOW)
    for name in ("Lin", "Wu", "Qian"):
        with pytest.raises(Forbidden):
            actions.record_absence(person=chen, started_at=NOW, actor=cast.actor(name), now=NOW)
    with pytest.raises(Forbidden):
        actions.record_absence(
            person=chen, posting=cast.postings["Chen"], started_at=NOW, actor=cast.actor("Chen"), now=NOW
        )
    actions.end_absence(absence=absence, ended_at=NOW - timedelta(days=1), actor=SYSTEM, now=NOW)
    with pytest.raises(Refused):
        actions.record_absence(person=chen, started_at=NOW, ended_at=NOW, actor=SYSTEM, now=NOW)


def test_posting_matrix_shows_area_by_post(cast: Cast) -> None:
    """R-STAFF-02."""
    matrix = queries.posting_matrix(SCHEME, 4, NOW, parent=cast.areas["3-2"].id)
    refs = matrix[cast.areas["3-2-1"].id]["grid_head"]
    assert [(r.name, r.rank) for r in refs] == [("Chen", "lead"), ("Lin", "deputy")]
    assert set(matrix) == {cast.areas["3-2-1"].id}
    assert queries.posting_matrix(SCHEME, 4, NOW, parent=cast.areas["3-1"].id) == {}
    assert set(queries.posting_matrix(SCHEME, 3, NOW)) == {cast.areas["3-2"].id}


def test_who_may_names_holders_up_the_chain(cast: Cast) -> None:
    chain = cast.areas["3-2-1"].ancestors
    assert sorted(names(queries.who_may("cases:case:read", NOW, ancestors=chain))) == ["Chen", "Wu", "Zhao"]
    assert names(queries.who_may("cases:case:assign", NOW, ancestors=chain)) == ["Zhao"]
    assert queries.who_may("cases:case:assign", NOW) == []
    assert queries.who_may("no:such:power", NOW, ancestors=chain) == []


def test_holders_of_a_unit(cast: Cast) -> None:
    spec = PostSpec(code="chief", zh="所长", en="chief", on="unit", lead=True)
    actions.define_posts([spec], pack="u", version="1", actor=SYSTEM, now=NOW)
    chief = queries.post_by_code("chief")[0]
    key = actions.Order(person=person("Ann"), post=chief, unit=cast.units["cleaning"], valid_from=BEGIN)
    actions.post_person(key, actor=SYSTEM, now=NOW)
    assert names(queries.holders_of(cast.units["cleaning"], NOW)) == ["Ann"]
    assert names(queries.holders_of(cast.units["cleaning"], NOW, post="other")) == []


def test_board_shows_work_data_only(cast: Cast) -> None:
    """R-STAFF-17: person, post, telephone, photo where given; nothing else exists to show."""
    actions.change_person(person=cast.persons["Chen"], work_phone="027-8888", actor=SYSTEM, now=NOW)
    lines = queries.board([cast.areas["3-2-1"].id], NOW)
    assert [(b.name, b.zh, b.rank, b.work_phone, b.photo) for b in lines] == [
        ("Lin", "网格长", "deputy", "", ""),
        ("Chen", "网格长", "lead", "027-8888", ""),
    ]


DAYS = st.dates(date(2026, 1, 1), date(2026, 1, 12))


@given(DAYS, st.none() | DAYS, DAYS, st.none() | DAYS)
def test_do_overlap_equals_sharing_a_day(f1: date, t1: date | None, f2: date, t2: date | None) -> None:
    def days(start: date, end: date | None) -> set[int]:
        last = end or date(2026, 2, 1)
        return set(range(start.toordinal(), last.toordinal()))

    if (t1 is None or t1 >= f1) and (t2 is None or t2 >= f2):
        assert do_overlap(f1, t1, f2, t2) is bool(days(f1, t1) & days(f2, t2))
