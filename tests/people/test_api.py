"""The HTTP doors, through the whole site: tokens, scope, shapes."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

import pytest
from django.test import Client

from gridward.kernel.actor import SYSTEM
from gridward.people import actions
from gridward.people.actions import Note
from tests.cast import PEOPLE, Cast


def get(cast: Cast, name: str, path: str) -> tuple[int, Any]:
    """GET as somebody, with the real clock: postings of the cast are open-ended."""
    token = cast.token(name, datetime.now(UTC))
    answer = Client(HTTP_AUTHORIZATION=f"Bearer {token}").get(f"/api/v1{path}")
    return answer.status_code, answer.json() if answer.content else None


def post(cast: Cast, name: str, path: str) -> int:
    token = cast.token(name, datetime.now(UTC))
    return Client(HTTP_AUTHORIZATION=f"Bearer {token}").post(f"/api/v1{path}").status_code


def test_units_without_token_are_refused(db: None) -> None:
    assert Client().get("/api/v1/units").status_code == 401


def test_units_for_whoever_holds_a_post_and_nobody_else(cast: Cast) -> None:
    actions.add_person(name="Ann", login="ann", actor=SYSTEM, now=datetime.now(UTC))
    ids = {code: str(key) for code, key in cast.units.items()}
    listed = [
        {"id": ids["cleaning"], "code": "cleaning", "name": "环卫所"},
        {"id": ids["urban"], "code": "urban", "name": "城管中队"},
    ]
    assert get(cast, "Chen", "/units") == (200, {"items": listed})
    assert get(cast, "Ann", "/units") == (200, {"items": []})
    assert get(cast, "Lin", "/units") == (200, {"items": []})


@pytest.mark.parametrize("path", ["postings", "postings?history=true", "responsible"])
@pytest.mark.parametrize("name", PEOPLE)
def test_people_of_a_grid_for_each_member(cast: Cast, name: str, path: str) -> None:
    """R-ADM-02: Chen, Wu and Zhao read who works on 3-2-1; Lin (not covering) and Qian do not."""
    status, _ = get(cast, name, f"/areas/{cast.areas['3-2-1'].id}/{path}")
    assert status == (200 if name in ("Chen", "Wu", "Zhao") else 403)


def test_postings_of_an_area_have_their_shape(cast: Cast) -> None:
    _, body = get(cast, "Zhao", f"/areas/{cast.areas['3-2'].id}/postings")
    assert body == {
        "items": [
            {
                "id": str(cast.postings["Wu"]),
                "person": str(cast.persons["Wu"]),
                "name": "Wu",
                "post": "community_head",
                "label": {"zh": "社区书记", "en": "community head"},
                "on": "area",
                "target": str(cast.areas["3-2"].id),
                "rank": "lead",
                "responsibility": "",
                "from": "2026-01-01",
                "to": None,
            }
        ]
    }


def test_responsible_at_an_instant_of_the_past(cast: Cast) -> None:
    """Invariant 2: 倒查 over HTTP."""
    actions.end_posting(
        posting=cast.postings["Chen"], on=date(2026, 6, 10), why="", actor=SYSTEM, now=datetime.now(UTC)
    )
    place = f"/areas/{cast.areas['3-2-1'].id}/responsible"
    _, before = get(cast, "Zhao", f"{place}?at=2026-06-09T15:59:59Z")
    _, after = get(cast, "Zhao", f"{place}?at=2026-06-09T16:00:00Z")
    assert [p["name"] for p in before["items"]] == ["Chen"]
    assert [p["name"] for p in after["items"]] == ["Lin"]


def test_gaps_only_where_people_may_be_read(cast: Cast) -> None:
    """R-ADM-02: there are gaps in both districts; each desk sees its own."""
    found = {name: {g["name"] for g in get(cast, name, "/gaps?scheme=town")[1]["items"]} for name in PEOPLE}
    assert len(found["Zhao"]) == 11
    assert found["Qian"] == {"next 1-1-1", "next 1-1-2", "next 1-2-1", "next 1-2-2"}
    assert (found["Chen"], found["Lin"], found["Wu"]) == (set(), set(), {"3-2-2"})


def test_inbox_pages_and_is_ticked_off(cast: Cast) -> None:
    notes = [Note("move", f"case/{n}", "请处理", "Your move", person=cast.persons["Chen"]) for n in range(3)]
    actions.send(notes, now=datetime.now(UTC))
    _, first = get(cast, "Chen", "/inbox?limit=2")
    _, second = get(cast, "Chen", f"/inbox?limit=2&after={first['next']}")
    lines = first["items"] + second["items"]
    assert sorted(line["subject"] for line in lines) == ["case/0", "case/1", "case/2"]
    assert lines[0]["sentence"] == {"zh": "请处理", "en": "Your move"}
    assert second["next"] is None
    assert get(cast, "Qian", "/inbox")[1] == {"items": [], "next": None}
    assert post(cast, "Qian", f"/inbox/{lines[0]['id']}/done") == 404
    assert post(cast, "Chen", f"/inbox/{lines[0]['id']}/done") == 204
    assert len(get(cast, "Chen", "/inbox")[1]["items"]) == 2


def test_sign_handover_over_http(cast: Cast) -> None:
    handover = actions.end_posting(
        posting=cast.postings["Chen"], on=date(2026, 12, 31), why="", actor=SYSTEM, now=datetime.now(UTC)
    )
    assert post(cast, "Qian", f"/handovers/{handover}/sign") == 404
    assert post(cast, "Lin", f"/handovers/{handover}/sign") == 204
    assert post(cast, "Lin", f"/handovers/{handover}/sign") == 409
