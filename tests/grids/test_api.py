"""The HTTP doors to places, asked without the rest of the site."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

import pytest
from django.test.utils import CaptureQueriesContext
from ninja import NinjaAPI
from ninja.testing import TestClient

from gridward.grids import queries
from gridward.grids.api import router
from gridward.grids.queries import staff
from gridward.grids.rules import AreaStaff
from gridward.kernel.errors import GridwardError, Missing
from tests.grids.makers import DAY, LATER, NOW, by_code, load, planner, square, town

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def client() -> TestClient:
    api = NinjaAPI(urls_namespace="grids-test")
    api.add_router("", router)
    return TestClient(api)


def get(client: TestClient, path: str, language: str = "zh") -> Any:
    answer = client.get(path, actor=planner(), now=NOW, language=language, stamps={"grids": queries.stamp()})
    assert answer.status_code == 200, answer.content
    return answer.json()


def test_schemes_are_listed_with_levels_in_the_reader_s_language(client: TestClient) -> None:
    town()
    assert get(client, "/schemes") == {
        "items": [
            {
                "code": "town",
                "label": "town",
                "levels": [
                    {"rank": 1, "code": "street", "label": "street"},
                    {"rank": 2, "code": "grid", "label": "grid"},
                ],
            }
        ]
    }


def test_empty_installation_has_no_areas(client: TestClient) -> None:
    assert get(client, "/schemes") == {"items": []}
    assert get(client, "/areas") == {"items": []}


def test_areas_are_listed_by_level_parent_and_day(client: TestClient) -> None:
    """R-GRID-02, R-GRID-11."""
    town()
    load(
        [("0201", square(2, 0, 2, 2))],
        level="grid",
        parent_level="street",
        parent_code_prefix=2,
        valid_from=LATER,
    )

    def codes(query: str) -> list[str]:
        return [item["code"] for item in get(client, f"/areas{query}")["items"]]

    assert codes("?level=street") == ["01", "02"]
    parent = by_code("02").id
    assert codes(f"?parent={parent}") == ["0201", "0202", "0203", "0204"]
    assert codes(f"?parent={parent}&at=2026-07-01") == ["0201"]
    assert len(codes("?scheme=town")) == 10
    item = get(client, "/areas?level=street")["items"][0]
    assert item == {
        "id": str(by_code("01").id), "code": "01", "name": "区01", "level": "street", "parent": None,
        "lead": [], "gap": False, "bbox": [114.0, 30.5, 114.02, 30.52],
    }  # fmt: skip


def test_list_asks_as_often_for_1_as_for_3_areas(client: TestClient) -> None:
    from django.db import connection

    numbers = []
    for scheme, count in (("one", 1), ("three", 3)):
        load([(f"0{n}", square(n, 0)) for n in range(count)], scheme=scheme)
        with CaptureQueriesContext(connection) as seen:
            assert len(get(client, f"/areas?scheme={scheme}")["items"]) == count
        numbers.append(len(seen))
    assert numbers[0] == numbers[1]


def test_map_is_geojson(client: TestClient) -> None:
    """R-GRID-03."""
    town()
    found = get(client, "/areas.geojson?level=grid")
    assert (found["type"], len(found["features"])) == ("FeatureCollection", 8)
    assert len(get(client, "/areas.geojson")["features"]) == 2


def test_area_shows_ancestors_staff_and_lineage(client: TestClient, monkeypatch: pytest.MonkeyPatch) -> None:
    town()
    merged = [("0101", square(0, 0, 2, 2))]
    load(merged, level="grid", parent_level="street", parent_code_prefix=2, valid_from=LATER)
    area, street = by_code("0101").id, by_code("01")
    label = {"zh": "网格员", "en": "grid officer"}
    posting = {
        "person": "陈",
        "post": "grid_officer",
        "label": label,
        "rank": "lead",
        "from": DAY,
        "to": None,
    }
    found = {area: AreaStaff(lead=("陈",), postings=(posting,))}
    monkeypatch.setattr(staff, "_provider", [lambda areas, now: found])
    assert get(client, f"/areas/{area}") == {
        "id": str(area),
        "code": "0101",
        "name": "区0101",
        "level": "grid",
        "scheme": "town",
        "kind": "",
        "boundary": "",
        "ancestors": [{"id": str(street.id), "code": "01", "name": "区01"}],
        "postings": [
            {
                "person": "陈",
                "post": "grid_officer",
                "label": label,
                "rank": "lead",
                "from": "2026-01-01",
                "to": None,
            }
        ],
        "lineage": [{"kind": "merge", "from": ["0102", "0103", "0104"], "to": ["0101"], "at": "2026-07-01"}],
    }
    (item,) = get(client, "/areas?level=grid&at=2026-07-01")["items"][:1]
    assert item["lead"] == ["陈"]


@pytest.mark.parametrize("path", ["/areas?scheme=nowhere", "/areas?level=block", f"/areas/{uuid4()}"])
def test_unknown_names_are_missing(client: TestClient, path: str) -> None:
    town()
    with pytest.raises(GridwardError) as caught:
        get(client, path)
    assert isinstance(caught.value, Missing)
