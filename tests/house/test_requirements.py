"""docs/reference/requirements.csv is sound; each kind of fault in it is shown named once."""

from __future__ import annotations

from pathlib import Path

import pytest

from tools.requirements import HEADER, Row, cited, filled, problems, read_table

SOUND = Row("R-GRID-01", "A", "tests/house/test_requirements.py", "")


def test_table_is_sound_and_knows_every_cited_id() -> None:
    assert problems(read_table(), cited()) == []


@pytest.mark.parametrize(
    ("row", "sentence"),
    [
        (Row("GRID-1", "A", "", "x"), "GRID-1: not an id like R-GRID-04"),
        (Row("R-GRID-01", "E", "", "x"), "R-GRID-01: issue 'E'; allowed are A, B, C, D, later"),
        (Row("R-GRID-01", "A", "tests/gone.py", ""), "R-GRID-01: the test tests/gone.py does not exist"),
        (Row("R-GRID-01", "A", "", ""), "R-GRID-01: neither a test nor a reason why there is none"),
    ],
)
def test_faulty_row_planted_is_named(row: Row, sentence: str) -> None:
    assert problems([row], {}, count=1) == [sentence]


def test_repeated_missing_and_unknown_ids_planted_are_named() -> None:
    assert problems([SOUND, SOUND], {"R-GRID-99": ["tests/x.py"]}, count=2) == [
        "R-GRID-01: stands 2 times",
        "R-GRID-99: cited in tests/x.py but not in the table",
        "1 requirements, there are 2",
    ]


def test_other_header_planted_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "requirements.csv"
    file.write_text("id,test\n")
    with pytest.raises(ValueError, match="the header must be id,issue,test,reason, found id,test"):
        read_table(file)
    assert HEADER == ("id", "issue", "test", "reason")


def test_citation_is_entered_and_ends_the_work_in_progress(tmp_path: Path) -> None:
    folder = tmp_path / "tests" / "grids"
    folder.mkdir(parents=True)
    (folder / "test_a.py").write_text('"""R-GRID-02, R-GRID-03."""\n')
    rows = [Row("R-GRID-02", "A", "", "in work"), Row("R-GRID-03", "C", "", "issue C"), SOUND]
    assert filled(rows, cited(tmp_path / "tests", tmp_path)) == [
        Row("R-GRID-02", "A", "tests/grids/test_a.py", ""),
        Row("R-GRID-03", "C", "tests/grids/test_a.py", "issue C"),
        SOUND,
    ]
