"""Real premises: licences of Chicago, fuel stations of Shanghai, a hazard ledger with merged cells."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import orjson
import pytest

from gridward.kernel.actor import SYSTEM
from gridward.kernel.tables import Limits, open_table
from gridward.kernel.tables.mapping import read_mapping
from gridward.ledger import actions, models
from tests.cast import NOW

pytestmark = [pytest.mark.shared, pytest.mark.django_db]
MAPPINGS = Path(__file__).parents[2] / "docs" / "how-to" / "mappings"


def import_file(file: Path, ledger: str, mapping: str | None, rejects: Path | None = None) -> dict[str, Any]:
    wanted = read_mapping(mapping) if mapping else None
    return actions.import_ledger(
        table=open_table(file, file.name, wanted.file if wanted else None, limits=Limits.cli()),
        ledger=ledger,
        mapping=wanted,
        timezone="Asia/Shanghai",
        commit=True,
        rejects=rejects,
        actor=SYSTEM,
        now=NOW,
    )


def counts(report: dict[str, Any]) -> tuple[int, ...]:
    return tuple(report[name] for name in ("rows", "created", "updated", "unchanged", "rejected"))


def shipped(name: str) -> str:
    return (MAPPINGS / f"{name}.yaml").read_text("utf-8")


def test_chicago_licences_come_in_once_each_with_their_last_inspection(shared_data: Path) -> None:
    """R-LED-03, R-LED-23: 17,823 inspections of 10,746 licences; a second run changes nothing."""
    file = shared_data / "premises" / "us_chicago_food_inspections_2011_2013.parquet"
    assert counts(import_file(file, "food", shipped("chicago_food"))) == (17823, 10746, 0, 7077, 0)
    assert counts(import_file(file, "food", shipped("chicago_food"))) == (17823, 0, 0, 17823, 0)
    assert models.Subject.objects.filter(ledger="food").count() == 10746


@pytest.mark.parametrize(
    ("path", "mapping", "found"),
    [
        ("premises/cn_shanghai_fuel_stations.csv.gz", "shanghai_fuel", (1603, 1602, 0, 1, 0)),
        ("forms/ledgers_xlsx/hazard_ledger_merged_2019_06.xlsx", "hazard_ledger", (38, 38, 0, 0, 0)),
    ],
)
@pytest.mark.parametrize("suffix", [".xlsx", ".csv"])
def test_own_export_of_a_real_ledger_doubles_nothing(
    shared_data: Path, tmp_path: Path, path: str, mapping: str, found: tuple[int, ...], suffix: str
) -> None:
    """Re-import of an own export doubles nothing. One fuel station stands in its file twice, word for word."""
    assert counts(import_file(shared_data / path, "real", shipped(mapping))) == found
    before = list(models.Subject.objects.order_by("number").values())
    out = tmp_path / f"export{suffix}"
    assert actions.export_ledger(ledger="real", path=out, actor=SYSTEM, now=NOW)["rows"] == found[1]
    assert counts(import_file(out, "real", None)) == (found[1], 0, 0, found[1], 0)
    assert list(models.Subject.objects.order_by("number").values()) == before


def test_fuel_stations_are_brought_from_gcj02_to_wgs84(shared_data: Path) -> None:
    """In Shanghai GCJ-02 lies about 0.0045° east and 0.002° south of WGS 84."""
    import_file(
        shared_data / "premises" / "cn_shanghai_fuel_stations.csv.gz", "fuel", shipped("shanghai_fuel")
    )
    lon, lat = models.Subject.objects.filter(number="FUEL-000001").values_list("lon", "lat").get()
    assert (121.425166 - lon, 31.153994 - lat) == pytest.approx((0.00446, -0.00207), abs=3e-4)


def test_hazard_ledger_rows_with_several_kinds_are_returned_in_its_layout(
    shared_data: Path, tmp_path: Path
) -> None:
    """With one kind allowed for each hazard, the rows that name two come back with a reason, the rest is kept."""
    file = shared_data / "forms" / "ledgers_xlsx" / "hazard_ledger_merged_2019_06.xlsx"
    kinds = (
        *("高处坠落", "物体打击", "车辆伤害", "机械伤害", "起重伤害", "触电", "火灾"),
        *("灼烫", "坍塌", "淹溺", "爆炸", "中毒窒息", "环境损害"),
    )
    strict = shipped("hazard_ledger").replace(
        "{column: 隐患类型, personal: false}",
        f"{{column: 隐患类型, map: {{{', '.join(f'{k}: {k}' for k in kinds)}}}}}",
    )
    report = import_file(file, "hazards", strict, tmp_path / "r.xlsx")
    assert counts(report) == (38, 34, 0, 0, 4)
    source = open_table(file, file.name)
    back = open_table(Path(report["rejects_file"]).read_bytes(), "r.xlsx")
    assert (back.header_row, back.sheet, back.header) == (source.header_row, source.sheet, source.header)
    assert [row.values["序号"] for row in back.rows()] == [17, 18, 30, 36]
    first = models.Subject.objects.get(ledger="hazards", number="HAZARDS-000001")
    fields = orjson.loads(first.fields)
    assert (fields["found_on"], fields["due_on"], fields["state"]) == ("2019-05-26", "2019-05-28", "closed")
    assert ("responsible" in fields, sorted(orjson.loads(first.sealed))) == (
        False,
        ["checker", "responsible"],
    )
