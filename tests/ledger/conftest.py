"""The cast, one for each module, with one ledger that has a field of every kind."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from uuid import UUID

import pytest
from django.conf import settings

from gridward.kernel.actor import SYSTEM, Actor, Grant, Scope
from gridward.ledger import actions
from gridward.logbook.actions.keys import create_ring, use_ring
from tests import cast as house
from tests.cast import NOW, Cast

SHOPS: dict[str, Any] = {
    "id": "shops",
    "label": {"zh": "商户", "en": "Shops"},
    "scheme": "town",
    "key": ["licence_no"],
    "fields": [
        {"id": "licence_no", "label": {"zh": "执照编号", "en": "Licence"}, "type": "text", "indexed": True},
        {
            "id": "trade",
            "label": {"zh": "行业", "en": "Trade"},
            "type": "choice",
            "required": True,
            "choices": [
                {"id": "food", "label": {"zh": "餐饮", "en": "Food"}},
                {"id": "shop", "label": {"zh": "零售", "en": "Retail"}},
            ],
        },
        {
            "id": "area_m2",
            "label": {"zh": "面积", "en": "Floor area"},
            "type": "integer",
            "min": 1,
            "max": 5000,
        },
        {"id": "opened_on", "label": {"zh": "开业日期", "en": "Opened"}, "type": "date"},
        {"id": "uscc", "label": {"zh": "信用代码", "en": "Credit code"}, "type": "uscc"},
        {"id": "rent", "label": {"zh": "租金", "en": "Rent"}, "type": "money"},
        {"id": "phone", "label": {"zh": "联系电话", "en": "Phone"}, "type": "phone", "personal": "contact"},
        {"id": "remark", "label": {"zh": "备注", "en": "Remark"}, "type": "text"},
    ],
    "completeness": ["licence_no", "trade", "area_m2", "phone"],
}


@pytest.fixture(autouse=True)
def ring() -> None:
    """Personal values are sealed: a ring of keys in the throw-away home."""
    file = settings.HOME / "keys" / "ring.json"
    create_ring(file)
    use_ring(file)


def define(version: str = "1", **changes: Any) -> dict[str, Any]:
    return actions.define_ledger(
        definition={**SHOPS, **changes}, pack="cast", version=version, actor=SYSTEM, now=NOW
    )


@pytest.fixture(scope="module")
def standing_cast(django_db_setup: None, django_db_blocker: Any) -> Iterator[Cast]:
    with house.standing(django_db_blocker) as cast:
        with django_db_blocker.unblock():
            define()
        yield cast


@pytest.fixture
def cast(standing_cast: Cast, db: None) -> Cast:
    """The cast with the ledger "shops"; what a test changes is taken back."""
    return standing_cast


def holder(cast: Cast, person: str, area: str, *permissions: str) -> Actor:
    """A person of the cast with these powers in one area."""
    ref = cast.areas[area]
    grants = tuple(Grant(p, Scope("area", ref.id, ref.rank)) for p in permissions)
    return Actor(cast.persons[person], person, grants=grants)


def enter(
    cast: Cast, grid: str = "3-2-1", licence: str | None = "L1", actor: Actor = SYSTEM, **given: Any
) -> UUID:
    """A shop in the middle of a grid."""
    lon, lat = cast.middle(grid)
    values = {"licence_no": licence, "trade": "food", **given.pop("values", {})}
    return actions.create_subject(
        ledger="shops",
        name=given.pop("name", "胡记面馆"),
        lon=lon,
        lat=lat,
        values=values,
        actor=actor,
        now=NOW,
        **given,
    )
