"""Cases of real cities through the command line, as a user would (R-LED-23, R-CASE-01), and a miniature with known dirt."""

from __future__ import annotations

import csv
import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parents[2]
MAPPINGS = ROOT / "docs" / "how-to" / "mappings"


def gridward(env: dict[str, str], *words: str, code: int = 0) -> dict[str, Any]:
    """Run one command with --json and return its document."""
    command = [sys.executable, "-c", "from gridward.site.cli import main; main()", *words, "--json"]
    done = subprocess.run(command, env=env, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == code, done.stderr[-2000:]
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def import_cases(env: dict[str, str], file: Path, mapping: str, code: int = 0) -> dict[str, Any]:
    return gridward(
        env, "import", "cases", str(file), "--mapping", str(MAPPINGS / mapping), "--commit", code=code
    )


@pytest.mark.shared
def test_boston_imports_whole_and_a_second_run_changes_nothing(
    installation: dict[str, str], shared_data: Path
) -> None:
    """58,250 rows; precinct 0115 alone lies outside its ward; our verdict equals the file's on >= 99.6 %."""
    areas = [
        "--scheme",
        "boston",
        "--valid-from",
        "2010-01-01",
        "--repair",
        "--accept-slivers",
        "1000",
        "--commit",
    ]
    wards = [
        str(shared_data / "geo/us_boston_wards.geojson.gz"),
        "--level",
        "ward",
        "--code-field",
        "WARD",
        "--code-format",
        "02d",
    ]
    precincts = [
        str(shared_data / "geo/us_boston_precincts.geojson.gz"), "--level", "precinct", "--parent-level", "ward",
        "--parent-code-prefix", "2", "--code-field", "WARD_PRECINCT",
    ]  # fmt: skip
    assert gridward(installation, "import", "areas", *wards, *areas)["imported"] == 22
    assert gridward(installation, "import", "areas", *precincts, *areas)["outside_parent"] == ["0115"]
    file = shared_data / "cases/us_boston_311_2011H2.parquet"
    first = import_cases(installation, file, "boston_311.yaml")
    assert (first["rows"], first["imported"], first["rejected"]) == (58250, 58250, 0)
    assert (first["open"], first["closed"]) == (3681, 54569)
    assert first["on_time"] == {"compared": 43820, "equal": 43663}
    second = import_cases(installation, file, "boston_311.yaml")
    assert (second["imported"], second["duplicates"]) == (0, 58250)
    report = gridward(installation, "verify", "journals")
    assert (report["cases"], report["ok"]) == (58250, True)


@pytest.mark.shared
def test_pingshan_imports_in_three_shapes_of_the_same_file(
    installation: dict[str, str], shared_data: Path
) -> None:
    """csv.gz in UTF-8, the head as GB18030 and a workbook with a cover sheet and two header rows: one set of cases."""
    whole = import_cases(
        installation, shared_data / "cases/cn_pingshan_2018_02_10_cases.csv.gz", "pingshan.yaml"
    )
    assert (whole["rows"], whole["imported"], whole["closed"]) == (6952, 6952, 6952)
    head = import_cases(
        installation, shared_data / "cases/cn_pingshan_raw_gb18030_head500.csv", "pingshan.yaml"
    )
    assert (head["rows"], head["imported"], head["duplicates"]) == (500, 0, 500)
    book = import_cases(installation, shared_data / "cases/cn_pingshan_two_header_rows.xlsx", "pingshan.yaml")
    assert (book["rows"], book["rejected"]) == (2000, 0)


@pytest.mark.shared
def test_gb18030_head_imports_in_a_home_of_its_own(installation: dict[str, str], shared_data: Path) -> None:
    """The encoding is found, not declared."""
    head = import_cases(
        installation, shared_data / "cases/cn_pingshan_raw_gb18030_head500.csv", "pingshan.yaml"
    )
    assert (head["rows"], head["imported"], head["rejected"]) == (500, 500, 0)


MAPPING = """
version: 1
source: mini
key: [id]
timezone: America/New_York
nulls: ["", "-"]
fields:
  category:  {column: type, dictionary: mini, create: true}
  opened_at: {column: opened}
  due_at:    {column: due}
  closed_at: {column: closed}
  unit:      {column: dept, create: true}
  point:     {lon: x, lat: y, ignore: [[-71.0587, 42.3594]]}
  text:      {column: title}
recorded: {on_time: {column: verdict, yes: [ONTIME], no: [OVERDUE]}}
keep: [note]
"""
HEADER = ["id", "type", "opened", "due", "closed", "dept", "x", "y", "title", "verdict", "note"]
ROWS = [
    [
        "1",
        "Pothole",
        "2011-07-01 01:32:33",
        "2011-07-15",
        "2011-07-02",
        "PWD",
        "-71.07",
        "42.27",
        "hole",
        "ONTIME",
        "call 13812345678",
    ],
    [
        "2",
        "Pothole",
        "2011-07-01 02:00:00",
        "2011-07-02",
        "2011-07-09",
        "PWD",
        "-71.0587",
        "42.3594",
        "",
        "OVERDUE",
        "-",
    ],
    ["3", "Graffiti", "2011-07-01 03:00:00", "2011-07-02", "2011-07-09", "", "", "", "wall", "ONTIME", ""],
    ["4", "Graffiti", "2011-07-03 10:00:00", "", "", "PWD", "x", "y", "wall", "", ""],
    ["1", "Pothole", "2011-07-01 01:32:33", "", "", "PWD", "", "", "twice", "", ""],
    ["5", "Graffiti", "yesterday", "", "", "", "", "", "", "", ""],
    ["6", "Graffiti", "2011-07-05 10:00:00", "", "2011-07-04 10:00:00", "", "", "", "", "", ""],
    ["7", "-", "2011-07-05 10:00:00", "", "", "", "", "", "", "", ""],
]


def write_mini(folder: Path) -> tuple[Path, Path]:
    with (folder / "mini.csv").open("w", encoding="utf-8", newline="") as out:
        csv.writer(out).writerows([HEADER, *ROWS])
    (folder / "mini.yaml").write_text(MAPPING)
    return folder / "mini.csv", folder / "mini.yaml"


def test_miniature_keeps_good_rows_and_returns_bad_ones_with_their_reasons(
    installation: dict[str, str], tmp_path: Path
) -> None:
    """Default point, missing target, wrong verdict, a repeat, no date, closed before opened, no category."""
    file, mapping = write_mini(tmp_path)
    words = ["import", "cases", str(file), "--mapping", str(mapping)]
    preview = gridward(installation, *words, code=1)
    found = gridward(installation, *words, "--commit", code=1)
    assert {k: v for k, v in preview.items() if k != "rejects_file"} == {
        k: v for k, v in found.items() if k != "rejects_file"
    }
    assert (found["rows"], found["imported"], found["duplicates"], found["rejected"]) == (8, 4, 1, 3)
    assert (found["open"], found["closed"]) == (1, 3)
    assert found["on_time"] == {"compared": 3, "equal": 2}
    with Path(found["rejects_file"]).open(encoding="utf-8-sig", newline="") as rejects:
        header, *rows = list(csv.reader(rejects))
    assert (header[:-1], [row[0] for row in rows]) == (HEADER, ["5", "6", "7"])
    assert [row[-1].split("：")[0] for row in rows] == ["opened", "closed", "type"]
    again = gridward(installation, *words, "--commit", code=1)
    assert (again["imported"], again["duplicates"]) == (0, 5)
    assert gridward(installation, "verify", "journals")["cases"] == 4
