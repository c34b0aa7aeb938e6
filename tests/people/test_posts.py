"""Posts of packs: published, changed, retired; codes never change meaning."""

from __future__ import annotations

from typing import Any

import pytest

from gridward.kernel.actor import SYSTEM
from gridward.kernel.errors import Conflict, Forbidden, ManyProblems
from gridward.logbook import queries as logbook
from gridward.people import actions, queries
from gridward.people.models import Crew, Post
from gridward.people.rules.posts import CrewSpec, PostSpec, check_posts, is_count
from tests.cast import NOW, SCHEME, Cast


def spec(code: str = "head", **more: Any) -> PostSpec:
    return PostSpec(**({"code": code, "zh": "网格长", "en": "head", "scheme": "s", "rank": 4} | more))


def define(*specs: PostSpec, version: str = "1", **more: Any) -> dict[str, int]:
    return actions.define_posts(specs, pack="p", version=version, actor=SYSTEM, now=NOW, **more)


@pytest.mark.django_db
def test_define_posts_twice_changes_nothing() -> None:
    """R-STAFF-01: posts are kept apart from persons."""
    assert define(spec(), spec("aide")) == {"created": 2, "changed": 0, "unchanged": 0, "retired": 0}
    entries = len(logbook.entries("post/p/head"))
    assert define(spec(), spec("aide")) == {"created": 0, "changed": 0, "unchanged": 2, "retired": 0}
    assert len(logbook.entries("post/p/head")) == entries == 1


@pytest.mark.django_db
def test_define_posts_changed_permission_is_journaled() -> None:
    """R-ADM-01: permission changes stand in the hash-chained logbook."""
    define(spec(permissions=("cases:case:read",)))
    assert define(spec(permissions=("cases:case:close", "cases:case:read")), version="2")["changed"] == 1
    entry = logbook.entries("post/p/head")[-1]
    assert (entry.move, entry.data["payload"]) == (
        "change", {"version": "2", "permissions": ["cases:case:close", "cases:case:read"]},
    )  # fmt: skip


@pytest.mark.django_db
def test_define_posts_left_out_is_retired_and_comes_back() -> None:
    define(spec(), spec("aide"), crews=[CrewSpec("c", "队", "crew", "s", 4, ("head",), 1)])
    assert define(spec(), version="2")["retired"] == 1
    assert queries.post_by_code("aide") == []
    assert Crew.objects.count() == 0
    assert define(spec(), version="3")["retired"] == 0
    assert define(spec(), spec("aide"), version="4")["changed"] == 1
    assert len(queries.post_by_code("aide", pack="p")) == 1
    assert Post.objects.get(code="head").pack_version == "4"


def test_define_posts_held_by_people_keep_their_meaning(cast: Cast) -> None:
    moved = PostSpec(code="grid_head", zh="网格长", en="grid head", scheme=SCHEME, rank=3, lead=True)
    with pytest.raises(Conflict) as caught:
        actions.define_posts([moved], pack="cast", version="2", actor=SYSTEM, now=NOW)
    assert caught.value.code == "GW-PEOPLE-006"


def test_define_posts_needs_the_permission(cast: Cast) -> None:
    with pytest.raises(Forbidden):
        actions.define_posts([spec()], pack="p", version="1", actor=cast.actor("Zhao"), now=NOW)


@pytest.mark.parametrize(
    ("more", "code"),
    [
        ({"on": "moon"}, "GW-PEOPLE-001"),
        ({"permissions": ("read everything",)}, "GW-PEOPLE-002"),
        ({"permissions": ("cases:case:fly",)}, "GW-PEOPLE-002"),
        ({"counts": {"lead": {"min": 3, "max": 2}}}, "GW-PEOPLE-003"),
        ({"counts": {"lead": {"exactly": 2}}}, "GW-PEOPLE-003"),
        ({"completeness": ({"id": "x", "zh": "", "en": "", "elements": ["mood"]},)}, "GW-PEOPLE-004"),
        ({"rank": 0}, "GW-PEOPLE-005"),
        ({"scheme": ""}, "GW-PEOPLE-005"),
    ],
)
def test_check_posts_wrong_is_named(more: dict[str, Any], code: str) -> None:
    found = check_posts("p", [spec(**more)], frozenset({"cases:case:read"}))
    assert [problem.code for problem in found] == [code]
    for language in ("zh", "en"):
        assert "head" in found[0].sentence(language)


def test_check_posts_double_code_and_good_ones() -> None:
    assert [p.code for p in check_posts("p", [spec(), spec()], None)] == ["GW-PEOPLE-007"]
    good = spec(permissions=("cases:case:read@own", "cases:case:read"), counts={"lead": {"min": 2}})
    assert check_posts("p", [good], frozenset({"cases:case:read"})) == []


@pytest.mark.django_db
def test_define_posts_with_problems_writes_nothing_and_tells_all() -> None:
    with pytest.raises(ManyProblems) as caught:
        define(spec(on="moon"), spec("aide", rank=9), permissions=["cases:case:read"])
    assert [p.code for p in caught.value.problems] == ["GW-PEOPLE-001", "GW-PEOPLE-005"]
    assert Post.objects.filter(pack="p").count() == 0


@pytest.mark.parametrize(
    "count", [{}, {"min": 0}, {"min": 2}, {"max": 0}, {"min": 2, "max": 2}, {"min": 1, "max": 3}]
)
def test_is_count_either_end_or_both(count: dict[str, int]) -> None:
    assert is_count(count) is True


@pytest.mark.parametrize(
    "count", [{"min": -1}, {"max": -1}, {"min": 3, "max": 2}, {"exactly": 1}, {"min": 1, "than": 2}]
)
def test_is_count_wrong_ends_or_words(count: dict[str, int]) -> None:
    assert is_count(count) is False
