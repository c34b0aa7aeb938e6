"""Made-up territory and cases for benchmarks: a seeded 3-level scheme of squares and cases scattered over it."""

from __future__ import annotations

import random
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

ORIGIN = (114.0, 30.5)
STEP = 0.002
START = datetime(2025, 6, 1, tzinfo=UTC)
CATEGORIES = [f"matter{n:02d}" for n in range(40)]
UNITS = [f"unit{n:02d}" for n in range(25)]


def squares(columns: int, rows: int) -> list[Any]:
    """columns × rows squares of STEP degrees side by side."""
    from shapely import box

    x0, y0 = ORIGIN
    return [
        box(x0 + i * STEP, y0 + j * STEP, x0 + (i + 1) * STEP, y0 + (j + 1) * STEP)
        for j in range(rows)
        for i in range(columns)
    ]


def load_territory(size: int = 40) -> str:
    """Commit a scheme `bench`: 1 district, 16 streets, size² grids; returns the scheme's code."""
    from shapely import box

    from gridward.grids import actions
    from gridward.kernel.actor import SYSTEM
    from gridward.kernel.geometry import write_features
    from gridward.logbook.actions.deliver import drain

    side = size // 4
    x0, y0 = ORIGIN
    whole = box(x0, y0, x0 + size * STEP, y0 + size * STEP)
    streets = [
        (
            {"code": f"01{i:01d}{j:01d}"},
            box(
                x0 + i * side * STEP,
                y0 + j * side * STEP,
                x0 + (i + 1) * side * STEP,
                y0 + (j + 1) * side * STEP,
            ),
        )
        for j in range(4)
        for i in range(4)
    ]
    grids = [
        ({"code": f"01{n % size // side:01d}{n // size // side:01d}{n:05d}"}, shape)
        for n, shape in enumerate(squares(size, size))
    ]
    levels = [
        ("district", [({"code": "01"}, whole)], None, None),
        ("street", streets, "district", 2),
        ("grid", grids, "street", 4),
    ]
    for level, features, parent, prefix in levels:
        actions.import_areas(
            source=write_features(features),
            scheme="bench",
            level=level,
            parent_level=parent,
            parent_code_prefix=prefix,
            parent_by=None,
            code_field="code",
            code_format=None,
            name_field=None,
            valid_from=START.date(),
            crs="wgs84",
            repair=False,
            accept_slivers_m2=10.0,
            commit=True,
            actor=SYSTEM,
            now=START,
        )
    drain(now=START)
    return "bench"


def case_rows(count: int, seed: int, size: int = 40, open_share: float = 0.15) -> Iterator[dict[str, Any]]:
    """Rows in the shape of a foreign case file."""
    chance = random.Random(seed)
    x0, y0 = ORIGIN
    for n in range(count):
        opened = START + timedelta(seconds=chance.randrange(500 * 86400))
        due = opened + timedelta(hours=chance.choice((24, 72, 120, 240)))
        closed = (
            None if chance.random() < open_share else opened + timedelta(hours=chance.expovariate(1 / 60))
        )
        yield {
            "key": f"B{seed}-{n:08d}",
            "opened": opened,
            "due": due,
            "closed": closed,
            "type": chance.choice(CATEGORIES),
            "unit": chance.choice(UNITS),
            "lon": x0 + chance.random() * size * STEP,
            "lat": y0 + chance.random() * size * STEP,
            "title": f"占道经营影响通行，第 {n} 号来件",
        }


MAPPING = """
version: 1
source: bench
key: [key]
timezone: UTC
fields:
  category: {column: type, dictionary: bench, create: true}
  opened_at: {column: opened}
  due_at: {column: due}
  closed_at: {column: closed}
  unit: {column: unit, create: true}
  point: {lon: lon, lat: lat}
  text: {column: title, personal: false}
"""


def write_parquet(path: Path, count: int, seed: int = 1, open_share: float = 0.15) -> None:
    """A parquet file of `count` case rows, written in groups so that memory stays small."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    schema = pa.schema(
        [
            ("key", pa.string()), ("opened", pa.timestamp("us", "UTC")), ("due", pa.timestamp("us", "UTC")),
            ("closed", pa.timestamp("us", "UTC")), ("type", pa.string()), ("unit", pa.string()),
            ("lon", pa.float64()), ("lat", pa.float64()), ("title", pa.string()),
        ]
    )  # fmt: skip
    with pq.ParquetWriter(path, schema) as writer:
        group: list[dict[str, Any]] = []
        for row in case_rows(count, seed, open_share=open_share):
            group.append(row)
            if len(group) == 20_000:
                writer.write_table(pa.Table.from_pylist(group, schema=schema))
                group = []
        if group:
            writer.write_table(pa.Table.from_pylist(group, schema=schema))


def import_file(path: Path) -> dict[str, Any]:
    """Import a benchmark file through the real action."""
    from gridward.cases.actions.adopt import import_cases
    from gridward.kernel.actor import SYSTEM
    from gridward.kernel.tables import Limits, open_table
    from gridward.kernel.tables.mapping import read_mapping

    mapping = read_mapping(MAPPING)
    table = open_table(path, path.name, mapping.file, limits=Limits.cli())
    return import_cases(
        table=table,
        mapping=mapping,
        timezone="UTC",
        commit=True,
        rejects=None,
        actor=SYSTEM,
        now=datetime.now(UTC),
    )
