"""How many statements a request costs, log-in by token included (budgets of design 10)."""

from __future__ import annotations

from datetime import UTC, datetime
from uuid import uuid4

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from tests.factories.cases import Play


def create_by_http(play: Play, count: int) -> list[list[str]]:
    """Statements of `count` creates with warm caches, log-in by token included."""
    now = datetime.now(UTC)
    client = Client(HTTP_AUTHORIZATION=f"Bearer {play.cast.token('Chen', now)}")
    lon, lat = play.point("3-2-1")
    found = []
    for _ in range(count + 2):
        body = {"id": str(uuid4()), "category": "waste", "point": {"lon": lon, "lat": lat}, "text": "垃圾"}
        with CaptureQueriesContext(connection) as captured:
            answer = client.post("/api/v1/cases", body, content_type="application/json")
        assert answer.status_code == 201, answer.content
        found.append([q["sql"] for q in captured.captured_queries])
    return found[2:]


def test_create_by_http_costs_at_most_ten_statements(open_play: Play) -> None:
    """Budget of design 10: locate, standard row, clocks, journal, fact and receipt included."""
    for statements in create_by_http(open_play, 3):
        own = [text for text in statements if text.split()[0] not in ("BEGIN", "COMMIT")]
        print("\n".join(text[:100] for text in own))
        assert len(own) <= 10, "\n".join(own)
        assert [text.split()[0] for text in own].count("INSERT") >= 5


@pytest.mark.parametrize("rows", [1, 3])
def test_list_costs_the_same_with_one_and_three_rows(open_play: Play, rows: int) -> None:
    for _ in range(rows):
        open_play.report()
    client = Client(HTTP_AUTHORIZATION=f"Bearer {open_play.cast.token('Wu', datetime.now(UTC))}")
    client.get("/api/v1/cases")
    with CaptureQueriesContext(connection) as captured:
        answer = client.get("/api/v1/cases")
    assert len(answer.json()["items"]) == rows
    assert len(captured) <= 6, [q["sql"][:200] for q in captured.captured_queries]
