"""A file of points in, the same file with the code of each point's area out; memory stays at one batch."""

from __future__ import annotations

import csv
from collections.abc import Iterator, Sequence
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from gridward.grids.queries.locating import NOWHERE, Locator, locator
from gridward.grids.queries.schemes import stamp as current_stamp
from gridward.kernel.geometry import to_wgs84

COLUMN = "area_code"
_BATCH = 50_000


def locate_file(
    *,
    source: Path | str,
    lon_field: str,
    lat_field: str,
    scheme: str,
    rank: int | None,
    on: date,
    out: Path | str,
    crs: str = "wgs84",
    stamp: int | None = None,
) -> dict[str, Any]:
    """Copy a table (csv, csv.gz, parquet, xlsx) to a UTF-8 csv with the column `area_code` at its end.

    The code is that of the area of level `rank` that holds the point (in two areas: the lower code), empty
    where none does or the point is missing; without a rank that of the lowest level that holds it. Returns
    {"rows", "located", "nowhere", "no_point", "rejected": [sentences]}; rejected rows could not be read at
    all and are not in the output. BadInput GW-TABLE-nnn for files and columns.
    """
    from gridward.kernel.tables import Limits, open_table

    known = current_stamp() if stamp is None else stamp
    where = locator(scheme, on=on, rank=rank, stamp=known)
    table = open_table(Path(source), Path(source).name, limits=Limits.cli())
    lon, lat = table.resolve(lon_field), table.resolve(lat_field)
    figures = {"rows": 0, "located": 0, "nowhere": 0, "no_point": 0}
    with Path(out).open("w", encoding="utf-8", newline="") as target:
        writer = csv.writer(target, lineterminator="\n")
        kept = [name for name in table.header if name != COLUMN]
        writer.writerow([*kept, COLUMN])
        for _, columns in table.batches(_BATCH):
            codes = _codes(where, columns[lon], columns[lat], crs, figures)
            writer.writerows(_rows([columns[name] for name in kept], codes))
    sentences = [problem.sentence() for bad in table.rejected for _, problem in bad.problems]
    return {**figures, "rejected": sentences}


def _codes(
    where: Locator, lons: Sequence[Any], lats: Sequence[Any], crs: str, figures: dict[str, int]
) -> list[str]:
    x, y = to_wgs84(_degrees(lons), _degrees(lats), crs)
    refs, found = where.locate_many(x, y)
    point = np.isfinite(x) & np.isfinite(y)
    located = int((found != NOWHERE).sum())
    figures["rows"] += len(found)
    figures["located"] += located
    figures["no_point"] += int((~point).sum())
    figures["nowhere"] += int(point.sum()) - located
    return ["" if i == NOWHERE else refs[i].code for i in found.tolist()]


def _degrees(values: Sequence[Any]) -> NDArray[np.float64]:
    """Numbers of a column; NaN for what is none."""
    try:
        return np.array([np.nan if v is None else v for v in values], dtype=np.float64)
    except (TypeError, ValueError):
        return np.array([_degree(v) for v in values], dtype=np.float64)


def _degree(value: Any) -> float:
    try:
        return float(value)
    except (TypeError, ValueError):
        return float("nan")


def _rows(columns: Sequence[Sequence[Any]], codes: Sequence[str]) -> Iterator[list[Any]]:
    from gridward.kernel.tables import escape_formula

    for values in zip(*columns, codes, strict=True):
        yield ["" if v is None else escape_formula(v) for v in values]
