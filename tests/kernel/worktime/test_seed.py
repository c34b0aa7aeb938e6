"""The shipped statutory table is what the package says, and a stale one is noticed."""

import json

from gridward.kernel.worktime import seed


def test_main_check_shipped_table_is_current():
    assert seed.main(["--check"]) == 0


def test_main_check_one_day_removed_is_noticed(tmp_path):
    """The guard shown failing once."""
    stale = tmp_path / "statutory.json"
    stale.write_text(seed.TABLE.read_text(encoding="utf-8").replace('"10-01", ', "", 1), encoding="utf-8")
    assert seed.main(["--check"], stale) == 1


def test_main_without_arguments_writes_the_table(tmp_path):
    written = tmp_path / "statutory.json"
    assert seed.main([], written) == 0
    assert json.loads(written.read_text(encoding="utf-8")) == seed.build_table()
    assert len(written.read_text(encoding="utf-8").splitlines()) == 23 + 5
