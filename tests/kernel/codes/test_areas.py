"""kernel/codes/areas.py: GB/T 2260, GB/T 10114 and the 15-digit grid id (R-GRID-02, R-GRID-14)."""

import csv
import gzip
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gridward.kernel.codes.areas import (
    PROVINCES,
    AreaCode,
    check_county,
    community_kind,
    county_kind,
    grid_code,
    number_children,
    street_kind,
)
from gridward.kernel.errors import BadInput

GRID = "440305001002003"

counties = st.builds(
    lambda p, c, d: f"{p}{c:02d}{d:02d}",
    st.sampled_from([p for p in PROVINCES if p not in ("71", "81", "82")]),
    st.integers(1, 70),
    st.integers(1, 99),
)
grids = st.builds(
    lambda county, s, c, n: f"{county}{s:03d}{c:03d}{n:03d}",
    counties,
    st.integers(1, 599),
    st.integers(1, 599) | st.integers(601, 999),
    st.integers(1, 999),
)


def refusal(code: str, **options: Any) -> BadInput:
    with pytest.raises(BadInput) as caught:
        AreaCode.parse(code, **options)
    assert caught.value.field == "code"
    return caught.value


@pytest.mark.parametrize(
    ("code", "level", "kind"),
    [
        ("440305", "county", "district"),
        ("440305001", "street", "subdistrict"),
        ("440305001002", "community", "residents"),
        (GRID, "grid", "grid"),
        ("433122", "county", "county"),
        ("430181", "county", "county_city"),
        ("441900", "county", "city"),
        ("441900101", "street", "town"),
        ("433122200", "street", "township"),
        ("110115403", "street", "zone"),
        ("433122200201", "community", "villagers"),
        ("110105020400", "community", "residents_like"),
        ("110108023500", "community", "villagers_like"),
        ("440305001601", "community", "merged"),
    ],
)
def test_code_tells_its_level_and_kind(code: str, level: str, kind: str) -> None:
    parsed = AreaCode.parse(code)
    assert (parsed.text, parsed.level, parsed.kind, parsed.county) == (code, level, kind, code[:6])


@pytest.mark.parametrize(
    ("number", "kind"),
    [(0, "direct"), (1, "subdistrict"), (99, "subdistrict"), (100, "town"), (199, "town"), (200, "township"),
     (399, "township"), (400, "zone"), (599, "zone")],
)  # fmt: skip
def test_street_ranges_of_gbt_10114(number: int, kind: str) -> None:
    assert street_kind(number) == street_kind(f"{number:03d}") == kind


@pytest.mark.parametrize(
    ("number", "kind"),
    [(1, "residents"), (199, "residents"), (200, "villagers"), (399, "villagers"), (400, "residents_like"),
     (499, "residents_like"), (500, "villagers_like"), (599, "villagers_like"), (601, "merged"),
     (999, "merged")],
)  # fmt: skip
def test_community_ranges(number: int, kind: str) -> None:
    assert community_kind(number) == kind


@pytest.mark.parametrize("number", [600, 999])
def test_street_numbers_out_of_range_have_no_kind(number: int) -> None:
    with pytest.raises(KeyError):
        street_kind(number)


@pytest.mark.parametrize("number", [0, 600])
def test_community_numbers_out_of_range_have_no_kind(number: int) -> None:
    with pytest.raises(KeyError):
        community_kind(number)


@pytest.mark.parametrize(
    ("code", "error"),
    [
        ("", "GW-CODE-001"),
        ("44030", "GW-CODE-001"),
        ("4403050010", "GW-CODE-001"),
        (GRID + "1", "GW-CODE-001"),
        ("44030A", "GW-CODE-002"),
        ("-40305", "GW-CODE-002"),
        ("44030²", "GW-CODE-002"),
        ("160305", "GW-CODE-003"),
        ("000000", "GW-CODE-003"),
        ("447105", "GW-CODE-004"),
        ("440005", "GW-CODE-004"),
        ("440000", "GW-CODE-005"),
        ("440300", "GW-CODE-005"),
        ("440305600", "GW-CODE-006"),
        ("440305999", "GW-CODE-006"),
        ("440305001600", "GW-CODE-007"),
        ("440305001000001", "GW-CODE-007"),
        ("440305001002000", "GW-CODE-008"),
    ],
)
def test_wrong_code_gets_the_sentence_for_its_mistake(code: str, error: str) -> None:
    refused = refusal(code)
    assert refused.code == error
    for language in ("zh", "en"):
        assert "{" not in refused.sentence(language)


def test_letter_is_named_with_its_place() -> None:
    error = refusal("4403O5001")
    assert (error.values["place"], error.values["character"]) == (5, "O")
    assert error.sentence("zh") == "编码“4403O5001”第 5 位是“O”，只能是数字 0-9。"


@pytest.mark.parametrize(
    ("padded", "short"),
    [
        ("440305000000", "440305"),
        ("440305001000", "440305001"),
        ("440305000", "440305"),
        ("440305001000000", "440305001"),
    ],
)
def test_code_padded_with_zeros_names_the_short_form_or_takes_it(padded: str, short: str) -> None:
    error = refusal(padded)
    assert (error.code, error.values["short"]) == ("GW-CODE-009", short)
    assert AreaCode.parse(padded, padded=True).text == short


def test_full_width_digits_and_blanks_are_understood() -> None:
    assert AreaCode.parse(" ４４０３０５ 001 002 ").text == "440305001002"


def test_parent_chain_goes_up_to_the_county() -> None:
    grid = AreaCode.parse(GRID)
    assert [str(a) for a in grid.ancestors()] == ["440305", "440305001", "440305001002"]
    assert AreaCode.parse("440305").parent() is None
    assert grid.province == "44"


def test_community_without_street_hangs_on_its_county() -> None:
    """Street 000: communities directly under a county or a city without districts."""
    community = AreaCode.parse("460400000001")
    assert [str(a) for a in community.ancestors()] == ["460400"]
    assert [str(a) for a in community.child(5).ancestors()] == ["460400", "460400000001"]


@given(grids)
def test_every_grid_is_the_child_of_its_parent(code: str) -> None:
    grid = AreaCode.parse(code)
    parent = grid.parent()
    assert parent is not None
    assert parent.child(int(code[-3:])) == grid == grid_code(parent, int(code[-3:]))
    assert [len(a.text) for a in grid.ancestors()] == [6, 9, 12]


@given(grids, grids)
def test_codes_sort_as_their_text(a: str, b: str) -> None:
    assert (AreaCode(a) < AreaCode(b)) == (a < b)


@pytest.mark.parametrize("code", ["710000", "810001", "820101"])
def test_provinces_without_public_structure_pass(code: str) -> None:
    assert check_county(code) == code


def test_county_check_wants_six_digits() -> None:
    with pytest.raises(BadInput) as caught:
        check_county("440305001")
    assert caught.value.code == "GW-CODE-001"
    assert county_kind("４４０３０５") == "district"


def test_grid_code_is_composed_from_a_community() -> None:
    assert grid_code("440305001002", 3).text == GRID
    for community, number, error in [
        ("440305001", 3, "GW-CODE-001"),
        ("440305001002", 0, "GW-CODE-008"),
        ("440305001002", 1000, "GW-CODE-001"),
        (GRID, 1, "GW-CODE-001"),
    ]:
        with pytest.raises(BadInput) as caught:
            grid_code(community, number)
        assert caught.value.code == error


def test_grid_has_no_child() -> None:
    for call in (AreaCode.parse(GRID).child, lambda n: number_children(AreaCode.parse(GRID), n)):
        with pytest.raises(BadInput) as caught:
            call(1)
        assert caught.value.code == "GW-CODE-011"


def test_children_are_numbered_upwards_and_never_twice() -> None:
    """A number once given keeps its meaning, even when the grid is gone."""
    community = AreaCode.parse("440305001002")
    used = ["440305001002001", "440305001002003"]
    assert [c.text[-3:] for c in number_children(community, 3, used)] == ["002", "004", "005"]
    assert [c.text[-3:] for c in number_children(community, 2, start=200)] == ["200", "201"]
    assert number_children(community, 0) == []


def test_children_of_street_and_county_skip_numbers_without_a_kind() -> None:
    street, county = AreaCode.parse("440305001"), AreaCode.parse("440305")
    assert [c.text[-3:] for c in number_children(street, 2, start=599)] == ["599", "601"]
    assert len(number_children(county, 599)) == 599
    with pytest.raises(BadInput):
        number_children(county, 600)


def test_full_community_refuses_with_what_is_left() -> None:
    community = AreaCode.parse("440305001002")
    used = [f"440305001002{n:03d}" for n in range(1, 998)]
    assert [c.text[-3:] for c in number_children(community, 2, used)] == ["998", "999"]
    with pytest.raises(BadInput) as caught:
        number_children(community, 3, used)
    assert (caught.value.code, caught.value.values) == (
        "GW-CODE-010",
        {"parent": "440305001002", "left": 2, "wanted": 3},
    )


@pytest.mark.shared
def test_every_published_county_and_street_code_is_accepted(shared_data: Path) -> None:
    """2,978 counties and 41,352 streets of 2023; the one street numbered 000 stands for Kinmen county."""
    for name, rows in (("3_areas", 2978), ("4_streets", 41352)):
        with gzip.open(shared_data / "admin" / f"cn_divisions_{name}.csv.gz", "rt", encoding="utf-8") as file:
            codes = [row["code"] for row in csv.DictReader(file)]
        parsed = [AreaCode.parse(code, padded=True) for code in codes]
        assert len(parsed) == rows
        assert [c for c, p in zip(codes, parsed, strict=True) if p.text != c] == (
            [] if name == "3_areas" else ["350527000"]
        )
        assert {p.kind for p in parsed} <= {
            "district", "county", "county_city", "city", "subdistrict", "town", "township", "zone",
        }  # fmt: skip


@pytest.mark.shared
def test_every_published_community_code_is_accepted(shared_data: Path) -> None:
    """One in fifty of 620,573, and all that hang on a county without a street."""
    import pyarrow.parquet as pq

    codes = pq.read_table(shared_data / "admin" / "cn_divisions_5_villages.parquet")["code"].to_pylist()
    assert len(codes) == 620_573
    sample = [c for i, c in enumerate(codes) if i % 50 == 0 or c[6:9] == "000"]
    assert [c for c in sample if AreaCode.parse(c, padded=True).text != c] == ["350527000000"]
