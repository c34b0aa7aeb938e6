"""The HTTP doors of the ledgers, through the whole site."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client

from gridward.kernel.actor import SYSTEM
from gridward.ledger import models
from gridward.logbook import queries as logbook
from gridward.logbook.models import Receipt
from gridward.people import queries as people
from gridward.people.actions.posts import define_posts
from gridward.people.rules.posts import PostSpec
from tests.cast import Cast, middle
from tests.ledger.conftest import enter

PHONE = "13812345678"
KEEPS = ("ledger:subject:read", "ledger:subject:create", "ledger:subject:change")


@pytest.fixture
def doors(cast: Cast) -> Cast:
    """Heads of grids keep files; the desks read them with personal values."""
    now = datetime.now(UTC)
    powers = {"grid_head": KEEPS, "district_desk": ("ledger:subject:read", "ledger:personal:read")}
    ranks = {"grid_head": 4, "district_desk": 1}
    specs = [
        PostSpec(
            code=code,
            zh=code,
            en=code,
            scheme="town",
            rank=ranks[code],
            lead=code == "grid_head",
            permissions=given,
        )
        for code, given in powers.items()
    ]
    define_posts(specs, pack="cast", version="2", actor=SYSTEM, now=now)
    return cast


def call(cast: Cast, name: str, method: str, path: str, body: Any = None) -> tuple[int, Any]:
    token = cast.token(name, datetime.now(UTC))
    client = Client(HTTP_AUTHORIZATION=f"Bearer {token}")
    more = {} if body is None else {"data": body, "content_type": "application/json"}
    answer = getattr(client, method)(f"/api/v1{path}", **more)
    return answer.status_code, answer.json() if answer.content else None


def shop(**more: Any) -> dict[str, Any]:
    lon, lat = middle("01030201")
    values = {"licence_no": "L1", "trade": "food", "phone": PHONE}
    return {
        "id": str(uuid4()),
        "name": "胡记面馆",
        "point": {"lon": lon, "lat": lat},
        "values": values,
        **more,
    }


def test_subjects_are_entered_once_read_and_changed(doors: Cast) -> None:
    """R-LED-01; invariant 6: applying an operation twice equals applying it once."""
    body = shop()
    status, made = call(doors, "Chen", "post", "/ledgers/shops/subjects", body)
    assert (status, made["area"]["code"], made["completeness"], made["seq"]) == (201, "01030201", [3, 4], 1)
    assert call(doors, "Chen", "post", "/ledgers/shops/subjects", body) == (200, made)
    status, problem = call(doors, "Chen", "post", "/ledgers/shops/subjects", {**body, "name": "另一家"})
    assert (status, problem["code"]) == (409, "GW-LEDGER-014")
    assert models.Subject.objects.count() == 1
    path = f"/subjects/{made['id']}"
    status, changed = call(doors, "Chen", "patch", path, {"expected_seq": 1, "values": {"area_m2": 80}})
    assert (status, changed["completeness"], changed["seq"]) == (200, [4, 4], 2)
    status, problem = call(doors, "Chen", "patch", path, {"expected_seq": 1, "values": {"area_m2": 81}})
    assert (status, problem["code"], problem["current"]["by"]) == (409, "GW-LEDGER-072", "Chen")
    status, detail = call(doors, "Chen", "get", path)
    assert (status, [h["sentence"] for h in detail["history"]]) == (200, ["建档", "修改：面积"])
    status, page = call(doors, "Chen", "get", "/ledgers/shops/subjects?q=胡记")
    row = {n: detail[n] for n in ("id", "number", "name", "area", "class", "completeness")}
    assert (status, page) == (200, {"items": [row], "next": None})
    assert call(doors, "Chen", "get", "/ledgers") == (
        200,
        {"items": [{"code": "shops", "label": "商户", "count": 1}]},
    )


def test_subjects_personal_values_are_masked_and_each_unmasking_is_journaled(doors: Cast) -> None:
    """Invariant 9; the stored answer holds nothing personal."""
    subject = enter(doors, values={"phone": PHONE})

    def phone(name: str) -> Any:
        status, detail = call(doors, name, "get", f"/subjects/{subject}")
        return status if status != 200 else next(f["value"] for f in detail["fields"] if f["code"] == "phone")

    assert [phone(name) for name in ("Chen", "Zhao", "Qian", "Lin")] == ["138****5678", PHONE, 404, 404]
    seen = logbook.entries(f"unmask/{subject}")
    assert [people.name_of(e.actor) for e in seen] == ["Zhao"]
    call(
        doors,
        "Chen",
        "post",
        "/ledgers/shops/subjects",
        shop(values={"trade": "food", "licence_no": "L2", "phone": PHONE}),
    )
    assert [("5678" in r.answer) for r in Receipt.objects.all()] == [False]


def test_subjects_bad_values_are_told_by_field(doors: Cast) -> None:
    body = shop(values={"trade": "旅馆", "area_m2": 0})
    status, problem = call(doors, "Chen", "post", "/ledgers/shops/subjects", body)
    assert status == 422
    assert sorted(e["field"] for e in problem["errors"]) == ["area_m2", "trade"]


def test_subjects_of_others_are_not_entered_and_unknown_ledgers_are_missing(doors: Cast) -> None:
    lon, lat = middle("01030202")
    body = shop(point={"lon": lon, "lat": lat})
    assert call(doors, "Chen", "post", "/ledgers/shops/subjects", body)[0] == 403
    assert call(doors, "Qian", "post", "/ledgers/shops/subjects", shop())[0] == 403
    assert call(doors, "Chen", "get", "/ledgers/none/subjects")[0] == 404
    assert Client().get("/api/v1/ledgers").status_code == 401
    assert models.Subject.objects.count() == 0
