"""Requests that break naive servers: NUL, half characters, NaN, huge numbers, impossible times, too much of it."""

from __future__ import annotations

import base64
import json
from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client

from tests.factories.cases import Play

GOOD: dict[str, Any] = {"category": "waste", "point": {"lon": 114.105, "lat": 30.505}, "text": "垃圾"}


@pytest.fixture
def client(play: Play) -> Client:
    token = play.cast.token("Zhao", datetime.now(UTC))
    return Client(HTTP_AUTHORIZATION=f"Bearer {token}", raise_request_exception=False)


def body(**more: Any) -> bytes:
    return json.dumps({"id": str(uuid4()), **GOOD, **more}).encode()


def mark(*parts: Any) -> str:
    return base64.urlsafe_b64encode(json.dumps(parts).encode()).decode().rstrip("=")


REPORTS = {
    "NUL in the text": (body(text="a\x00b"), 400),
    "NUL in the category": (body(category="\x00"), 400),
    "NUL in the contact": (body(contact={"phone": "1\x00"}), 400),
    "half a character": (body(text="\ud800"), 400),
    "half a character in a key": (body(facts={"\ud800": 1}), 400),
    "not a number": (body(point={"lon": float("nan"), "lat": 1}), 400),
    "infinite": (body(point={"lon": float("inf"), "lat": 1}), 400),
    "a huge whole number": (body(facts={"n": 10**30}), 422),
    "a time without its zone": (body(observed_at="2026-06-05T10:00:00"), 422),
    "the year one": (body(observed_at="0001-01-01T00:00:00+14:00"), 422),
    "the end of time": (body(observed_at="9999-12-31T23:59:59-14:00"), 422),
    "no object": (b"[]", 422),
    "nothing": (b"", 422),
    "not UTF-8": (b'{"id": "\xff"}', 400),
    "deep nesting": (b"[" * 100_000, 400),
}


@pytest.mark.parametrize("what", REPORTS)
def test_report_with_a_hostile_value_is_refused_with_a_sentence(client: Client, what: str) -> None:
    """Bad input gets a sentence, never a 500; and nothing is written."""
    data, status = REPORTS[what]
    answer = client.post("/api/v1/cases", data, content_type="application/json")
    assert (answer.status_code, answer["Content-Type"]) == (status, "application/problem+json"), (
        answer.content
    )
    assert client.get("/api/v1/cases").json()["items"] == []


MOVES = {
    "NUL in the reason": ({"reason": "a\x00b"}, 422),
    "a decimal": ({"reason": "x", "text": 1.5}, 422),
    "a huge whole number": ({"reason": 10**30}, 422),
    "an object for a reason": ({"reason": {"a": 1}}, 200),
    "facts that are none": ({"reason": "x", "facts": [1]}, 422),
    "a photo that is none": ({"reason": "x", "blobs": {"a": 1}}, 422),
}


@pytest.mark.parametrize("what", MOVES)
def test_move_with_a_hostile_value_is_no_server_error(client: Client, play: Play, what: str) -> None:
    data, _ = MOVES[what]
    case = play.report()
    move = {"id": str(uuid4()), "move": "decline", "expected_seq": 1, "data": data}
    answer = client.post(
        f"/api/v1/cases/{case['id']}/moves", json.dumps(move), content_type="application/json"
    )
    assert answer.status_code in (200, 400, 422), answer.content
    assert client.get(f"/api/v1/cases/{case['id']}").status_code == 200
    assert client.get(f"/api/v1/cases/{case['id']}/journal").status_code == 200


LISTS = (
    "stage=%00", "category=%00", "area=%00", "unit=%00", "q=%00", "after=%00", "after=x", "after=é",
    f"after={mark(1, 2, 3)}", f"after={mark('2026-01-01', str(uuid4()), False)}", f"after={mark(None)}",
    "due_before=0001-01-01", "open=false&closed_to=0001-01-01", "open=false&closed_from=9999-12-31",
    "open=false&closed_from=2026-06-05&closed_to=2026-06-01", "limit=0", "limit=201", "limit=1e9",
    "order=number", "open=maybe", "q=" + "x" * 5000,
)  # fmt: skip


@pytest.mark.parametrize("query", LISTS)
@pytest.mark.parametrize("path", ["/cases", "/cases.geojson", "/cases/counts"])
def test_list_with_a_hostile_filter_is_no_server_error(client: Client, path: str, query: str) -> None:
    answer = client.get(f"/api/v1{path}?{query}")
    assert answer.status_code in (200, 422), answer.content


def test_body_beyond_the_limit_is_413(client: Client, settings: Any) -> None:
    settings.DATA_UPLOAD_MAX_MEMORY_SIZE = 1000
    answer = client.post("/api/v1/cases", body(text="x" * 2000), content_type="application/json")
    assert (answer.status_code, answer.json()["code"]) == (413, "GW-SITE-015")
