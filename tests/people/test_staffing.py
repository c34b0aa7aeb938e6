"""Counts per place, AB posts, pairs, crews, and the sets of five and six."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gridward.kernel.actor import SYSTEM
from gridward.people import actions, queries
from gridward.people.rules.posts import CrewSpec, PostSpec
from gridward.people.rules.staffing import (
    Given,
    PostRule,
    Staffed,
    allowed_text,
    check_staffing,
    compute_completeness,
    is_within,
)
from tests.cast import BEGIN, NOW, SCHEME, Cast

HERE, THERE = UUID(int=10), UUID(int=11)


def staffed(
    number: int, rank: str = "lead", *, post: str = "p", target: UUID = HERE, pair: int = 0
) -> Staffed:
    return Staffed(
        UUID(int=1000 + number), UUID(int=number), post, target, rank, UUID(int=pair) if pair else None
    )


def rule(**more: Any) -> PostRule:
    return PostRule(**({"code": "p", "zh": "岗", "en": "post", "scheme": "s", "rank": 4} | more))


@pytest.mark.parametrize(
    ("least", "most", "text", "fits", "fails"),
    [
        (1, 1, "1", [1], [0, 2]),
        (1, None, "≥1", [1, 9], [0]),
        (2, None, "≥2", [2, 3], [1]),
        (1, 2, "1–2", [1, 2], [0, 3]),
        (2, 3, "2–3", [2, 3], [1, 4]),
        (3, 4, "3–4", [3, 4], [2, 5]),
        (10, 30, "10–30", [10, 30], [9, 31]),
        (0, 2, "≤2", [0, 2], [3]),
    ],
)
def test_check_staffing_count_outside_the_rule_is_listed(
    least: int, most: int | None, text: str, fits: list[int], fails: list[int]
) -> None:
    """R-STAFF-03: exactly 1, at least 1 or 2, 1 to 2, 2 to 3, 3 to 4, 10 to 30; both ends included."""
    count = {"min": least} | ({"max": most} if most is not None else {})
    wanted = rule(counts={"lead": count})
    assert allowed_text(least, most) == text
    for n in fits:
        assert check_staffing([HERE], [wanted], [], [staffed(i) for i in range(n)]) == []
    for n in fails:
        found = check_staffing([HERE], [wanted], [], [staffed(i) for i in range(n)])
        assert [(s.target, s.post, s.rule, s.found, s.allowed) for s in found] == [
            (HERE, "p", "count:lead", n, text)
        ]
        assert text in found[0].zh and text in found[0].en


def test_check_staffing_one_inspector_and_at_least_one_assistant() -> None:
    """R-STAFF-03: a grid without assistant is listed."""
    wanted = rule(counts={"lead": {"min": 1, "max": 1}, "assist": {"min": 1}})
    held = [staffed(1), staffed(2, "assist"), staffed(3, target=THERE)]
    found = check_staffing([HERE, THERE], [wanted], [], held)
    assert [(s.target, s.rule, s.found) for s in found] == [(THERE, "count:assist", 0)]


def test_check_staffing_same_person_twice_counts_once() -> None:
    wanted = rule(counts={"lead": {"min": 2}})
    assert [s.found for s in check_staffing([HERE], [wanted], [], [staffed(1), staffed(1)])] == [1]


def test_check_staffing_deputy_required_and_mutual() -> None:
    """AB posts of neighbours: each stands in for the other."""
    wanted = rule(deputy={"required": True, "mutual": True})
    a, b = staffed(1), staffed(2, target=THERE)
    assert [s.rule for s in check_staffing([HERE], [wanted], [], [a, b])] == ["deputy"]
    one_way = [a, b, staffed(2, "deputy")]
    assert [(s.target, s.rule) for s in check_staffing([HERE, THERE], [wanted], [], one_way)] == [
        (HERE, "mutual"), (THERE, "deputy"),
    ]  # fmt: skip
    both = [*one_way, staffed(1, "deputy", target=THERE)]
    assert check_staffing([HERE, THERE], [wanted], [], both) == []
    assert check_staffing([HERE], [wanted], [], []) == []


def test_check_staffing_pair_without_partner() -> None:
    wanted = rule(paired=True)
    assert [s.found for s in check_staffing([HERE], [wanted], [], [staffed(1), staffed(2, "assist")])] == [2]
    pair = [staffed(1), staffed(2, "assist", pair=1001)]
    assert check_staffing([HERE], [wanted], [], pair) == []


def test_check_staffing_crew_of_four_kinds() -> None:
    """R-STAFF-03: 3 to 4 people of four kinds."""
    crew = CrewSpec("eight", "进格队伍", "crew", "s", 4, ("a", "b", "c", "d"), 3, 4)
    held = [staffed(n, post=post) for n, post in enumerate("abcd")]
    assert check_staffing([HERE], [], [crew], held) == []
    found = check_staffing([HERE], [], [crew], [*held[:2], staffed(9, "sponsor", post="c")])
    assert [(s.rule, s.found, s.allowed) for s in found] == [("crew:eight", 2, "3–4")]


@given(st.integers(0, 40), st.integers(0, 40), st.none() | st.integers(0, 40))
def test_is_within_agrees_with_its_text(n: int, least: int, most: int | None) -> None:
    assert is_within(n, least, most) is (least <= n <= (n if most is None else most))


FIVE = {"id": "five", "zh": "五定", "en": "five", "elements": ["place", "person", "duty", "task", "reward"]}
SIX = {
    "id": "six",
    "zh": "六定",
    "en": "six",
    "elements": ["person", "time", "post", "duty", "standard", "reward"],
}


def test_compute_completeness_names_what_is_missing() -> None:
    """R-STAFF-04: 五定 and 六定 as a check of each posting."""
    given_ = Given(has_place=True, has_person=True, duties="巡查", letter="", terms={"task": "每日一巡"})
    five, six = compute_completeness(given_, [FIVE, SIX])
    assert (five.have, five.of, five.missing_zh, five.missing_en) == (4, 5, "定奖惩", "rewards and penalties")
    assert (six.have, six.of, six.missing) == (3, 6, ("time", "standard", "reward"))


def test_compute_completeness_letter_stands_for_duties() -> None:
    bare = Given(has_place=True, has_person=True, duties="", letter="", terms={})
    signed = Given(has_place=True, has_person=True, duties="", letter="责任书", terms={})
    assert [compute_completeness(g, [FIVE])[0].have for g in (bare, signed)] == [2, 3]


def test_completeness_of_postings_in_force(cast: Cast) -> None:
    """R-STAFF-04, R-STAFF-01: duties, terms and qualifications belong to the post."""
    spec = PostSpec(
        code="warden", zh="网格员", en="warden", scheme=SCHEME, rank=4, duties="巡查上报",
        qualifications=("执法证",), terms={"task": "每日一巡", "reward": "季度考核"},
        completeness=(FIVE, SIX),
    )  # fmt: skip
    actions.define_posts([spec], pack="w", version="1", actor=SYSTEM, now=NOW)
    order = actions.Order(
        person=cast.persons["Chen"],
        post=queries.post_by_code("warden")[0],
        area=cast.areas["3-2-2"],
        valid_from=BEGIN,
    )
    key = actions.post_person(order, actor=SYSTEM, now=NOW)
    found = queries.completeness(NOW, scheme=SCHEME)
    assert [(c.posting, c.name, c.post) for c in found] == [(key, "Chen", "warden")]
    assert [(s.set, s.have, s.of) for s in found[0].sets] == [("five", 5, 5), ("six", 4, 6)]
    assert queries.completeness(NOW, posting=key) == found


def test_shortages_of_a_level(cast: Cast) -> None:
    """R-STAFF-02, R-STAFF-03: gaps and miscounts per grid."""
    spec = PostSpec(
        code="inspector", zh="监察员", en="inspector", scheme=SCHEME, rank=3,
        counts={"lead": {"min": 1, "max": 1}, "assist": {"min": 1}},
    )  # fmt: skip
    crew = CrewSpec("c", "队", "crew", SCHEME, 3, ("inspector",), 0, 1)
    actions.define_posts([spec], pack="i", version="1", crews=[crew], actor=SYSTEM, now=NOW)
    inspector = queries.post_by_code("inspector")[0]
    for name, rank in (("Chen", "lead"), ("Lin", "assist")):
        order = actions.Order(
            person=cast.persons[name], post=inspector, area=cast.areas["3-2"], rank=rank, valid_from=BEGIN
        )
        actions.post_person(order, actor=SYSTEM, now=NOW)
    found = queries.shortages(NOW, SCHEME, 3, pack="i")
    communities = {ref.id for ref in cast.areas.values() if ref.rank == 3}
    here = cast.areas["3-2"].id
    assert {(s.target, s.rule) for s in found} == {
        *((area, rule) for area in communities - {here} for rule in ("count:lead", "count:assist")),
        (here, "crew:c"),
    }


def test_target_shortages_of_subjects(cast: Cast) -> None:
    """One device one person."""
    spec = PostSpec(
        code="keeper", zh="专责", en="keeper", on="subject", counts={"lead": {"min": 1, "max": 1}}
    )
    actions.define_posts([spec], pack="k", version="1", actor=SYSTEM, now=NOW)
    keeper = queries.post_by_code("keeper")[0]
    order = actions.Order(person=cast.persons["Chen"], post=keeper, subject=HERE, valid_from=date(2026, 6, 1))
    actions.post_person(order, actor=SYSTEM, now=NOW)
    assert [s.target for s in queries.target_shortages(NOW, [HERE, THERE], post=keeper)] == [THERE]


def test_staff_for_grids_names_leads_gaps_and_postings(cast: Cast) -> None:
    areas = [cast.areas[name].id for name in ("3-2-1", "3-2-2", "3", "3-2")]
    found = queries.staff_for_grids(areas, NOW)
    assert [(found[a].lead, found[a].gap) for a in areas] == [
        (("Chen",), False), ((), True), ((), False), (("Wu",), False),
    ]  # fmt: skip
    keys = ("person", "post", "rank", "from", "to")
    assert [tuple(line[key] for key in keys) for line in found[areas[0]].postings] == [
        ("Lin", "grid_head", "deputy", BEGIN, None),
        ("Chen", "grid_head", "lead", BEGIN, None),
    ]
