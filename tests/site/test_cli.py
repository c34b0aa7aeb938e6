"""The command line keeps the contract of 12: one JSON document, exact keys, exit codes, one home for several processes."""

from __future__ import annotations

import csv
import json
import subprocess
from pathlib import Path
from typing import Any

import pytest
from shapely import box

from gridward import __version__
from gridward.kernel.geometry import write_features
from tests.site.running import GRIDWARD, gridward

MAPPING = """
version: 1
source: old
key: [key]
fields:
  category: {column: type, dictionary: old, create: true}
  opened_at: {column: opened}
  due_at: {column: due}
  closed_at: {column: closed}
recorded: {on_time: {column: on_time, yes: [ONTIME], no: [OVERDUE]}}
"""
ROWS = (
    ("key", "type", "opened", "due", "closed", "on_time"),
    ("1", "路灯", "2026-03-01 08:00", "2026-03-02 08:00", "2026-03-01 18:00", "ONTIME"),
    ("2", "路灯", "2026-03-01 09:00", "2026-03-02 08:00", "2026-03-03 18:00", "OVERDUE"),
    ("3", "垃圾", "2026-03-01 10:00", "", "", ""),
)


class Home:
    """An installation and its commands."""

    def __init__(self, environment: dict[str, str]) -> None:
        self.environment = environment

    def run(self, *words: str) -> subprocess.CompletedProcess[str]:
        return gridward(self.environment, *words)

    def told(self, *words: str, code: int = 0) -> dict[str, Any]:
        """The one document on stdout; everything else must be on stderr."""
        done = self.run(*words, "--json")
        assert done.returncode == code, (words, done.returncode, done.stderr)
        assert done.stdout.count("\n") == 1 and done.stdout.endswith("\n")
        found: dict[str, Any] = json.loads(done.stdout)
        return found

    def refused(self, *words: str) -> str:
        """Exit 2 before anything was done, nothing on stdout; the sentences on stderr."""
        done = self.run(*words)
        assert (done.returncode, done.stdout) == (2, ""), (words, done.returncode, done.stdout)
        return done.stderr


@pytest.fixture
def home(installation: dict[str, str]) -> Home:
    return Home(installation)


def areas_file(file: Path, codes: tuple[str, ...] = ("01", "02", "03")) -> Path:
    shapes = [
        ({"code": c, "name": f"区{c}"}, box(114 + n * 0.01, 30.5, 114.01 + n * 0.01, 30.51))
        for n, c in enumerate(codes)
    ]
    file.write_bytes(write_features(shapes))
    return file


def cases_file(file: Path, *more: tuple[str, ...]) -> Path:
    with file.open("w", newline="") as stream:
        csv.writer(stream).writerows([*ROWS, *more])
    return file


def test_init_user_and_token_have_exactly_the_keys_of_the_contract(
    home: Home, installation: dict[str, str]
) -> None:
    """An empty home is made ready by any command; a second init changes nothing."""
    first = home.told("init")
    assert first == {
        "home": installation["GRIDWARD_HOME"],
        "database": "postgresql" if installation["DATABASE_URL"] else "sqlite",
        "version": __version__,
    }
    assert home.told("init") == first
    folder = Path(installation["GRIDWARD_HOME"])
    assert {"blobs", "keys", "rejects", "checkpoints"} <= {f.name for f in folder.iterdir()}
    assert all(f.stat().st_mode & 0o077 == 0 for f in (folder / "keys").iterdir())
    assert {"id", "login", "name", "created"} <= set(
        home.told("user", "add", "--login", "ann", "--name", "Ann")
    )
    assert set(home.told("token", "add", "--login", "ann", "--name", "script")) == {"token"}
    assert "GW-PEOPLE" in home.refused("token", "add", "--login", "nobody", "--name", "x", "--json")


def test_import_areas_and_locate_follow_the_contract(home: Home, tmp_path: Path) -> None:
    """R-GRID-01: a preview unless --commit; scheme and level are made when absent."""
    file = areas_file(tmp_path / "areas.geojson")
    words = ("import", "areas", str(file), "--scheme", "s", "--level", "l", "--code-field", "code")
    words += ("--name-field", "name", "--valid-from", "2026-01-01", "--crs", "wgs84")
    keys = {"rows", "imported", "repaired", "outside_parent", "overlaps", "gaps"}
    preview = home.told(*words)
    assert keys <= set(preview)
    assert home.told("locate", "114.005", "30.505")["area_code"] is None
    done = home.told(*words, "--commit")
    assert (done["rows"], done["imported"], done["outside_parent"]) == (3, 3, [])
    assert (done["overlaps"], done["gaps"]) == ({"pairs": 0, "max_m2": 0}, {"count": 0, "max_m2": 0})
    assert home.told("locate", "114.005", "30.505", "--scheme", "s", "--level", "l")["area_code"] == "01"
    points, out = tmp_path / "points.csv", tmp_path / "out.csv"
    points.write_text("x,y\n114.015,30.505\n120,30\n")
    home.told(
        "locate",
        "--file",
        str(points),
        "--lon-field",
        "x",
        "--lat-field",
        "y",
        "--scheme",
        "s",
        "--level",
        "l",
        "--out",
        str(out),
    )
    assert list(csv.reader(out.open())) == [
        ["x", "y", "area_code"],
        ["114.015", "30.505", "02"],
        ["120", "30", ""],
    ]
    assert set(home.told("verify", "coverage")) >= {"ok"}


def test_import_cases_follows_the_contract_and_a_repeat_changes_nothing(home: Home, tmp_path: Path) -> None:
    """R-CASE-13: rejected rows give exit 1 and a file of their own; the rest is kept."""
    mapping = tmp_path / "map.yaml"
    mapping.write_text(MAPPING)
    file = cases_file(tmp_path / "cases.csv")
    words = ("import", "cases", str(file), "--mapping", str(mapping))
    wanted = {
        "rows": 3, "imported": 3, "duplicates": 0, "rejected": 0, "rejects_file": None, "open": 1, "closed": 2,
        "on_time": {"compared": 2, "equal": 2},
    }  # fmt: skip
    assert home.told(*words) == wanted
    assert home.told("verify", "journals")["cases"] == 0
    assert home.told(*words, "--commit") == wanted
    assert home.told(*words, "--commit") == wanted | {"imported": 0, "duplicates": 3}
    bad = cases_file(tmp_path / "bad.csv", ("4", "路灯", "gestern", "", "", ""))
    told = home.told("import", "cases", str(bad), "--mapping", str(mapping), "--commit", code=1)
    assert (told["rows"], told["imported"], told["duplicates"], told["rejected"]) == (4, 0, 3, 1)
    assert "gestern" in Path(told["rejects_file"]).read_text()
    report = home.told("verify", "journals")
    assert (set(report), report["cases"], report["ok"]) == ({"cases", "entries", "ok", "problems"}, 3, True)
    assert home.told("verify", "facts")["ok"] is True
    assert "GW-" in home.refused("import", "cases", str(mapping), "--mapping", str(mapping), "--json")


def test_tick_doctor_check_and_verify_answer_in_their_shapes(home: Home) -> None:
    """R-ADM-06: tick writes the checkpoint of the day once."""
    home.told("init")
    first = home.told("tick")
    assert first["checkpoint"] and home.told("tick")["checkpoint"] is None
    doctor = home.run("doctor", "--json")
    report = json.loads(doctor.stdout)
    assert {"ok", "database", "version", "findings"} <= set(report)
    assert doctor.returncode == (0 if report["ok"] else 1)
    assert all(set(f) == {"what", "found", "do"} for f in report["findings"])
    assert home.told("check") == {"ok": True, "problems": []}
    assert "GRIDWARD_ALLOW_SIMULATED_TIME" in home.refused("tick", "--simulated-time", "2026-06-05T00:00:00Z")


def test_check_deploy_names_every_unsafe_setting_and_passes_a_safe_one(home: Home) -> None:
    home.told("init")
    unsafe = Home(
        {
            **home.environment,
            "GRIDWARD_DEBUG": "1",
            "GRIDWARD_ALLOW_SIMULATED_TIME": "1",
            "GRIDWARD_HTTPS": "",
            "GRIDWARD_HOSTS": "",
        }
    )
    found = unsafe.told("check", "--deploy", code=1)["problems"]
    for name in ("GRIDWARD_DEBUG", "GRIDWARD_HTTPS", "GRIDWARD_ALLOW_SIMULATED_TIME", "GRIDWARD_HOSTS"):
        assert len([sentence for sentence in found if name in sentence]) == 1, found
    safe = {
        k: v for k, v in home.environment.items() if not k.startswith("GRIDWARD_") or k == "GRIDWARD_HOME"
    }
    safe |= {"GRIDWARD_HTTPS": "1", "GRIDWARD_HOSTS": "grid.example"}
    assert Home(safe).told("check", "--deploy") == {"ok": True, "problems": []}


def test_home_of_a_newer_version_is_refused_and_left_alone(home: Home) -> None:
    home.told("init")
    file = Path(home.environment["GRIDWARD_HOME"]) / "version.json"
    file.write_text('{"version": "99.0.0"}\n')
    for words in (
        ("init", "--json"),
        ("doctor", "--json"),
        ("serve", "--port", "0", "--json"),
        ("tick", "--json"),
    ):
        assert "GW-SITE-030" in home.refused(*words)
    assert file.read_text() == '{"version": "99.0.0"}\n'


def test_home_that_cannot_be_made_is_refused_with_a_sentence(home: Home, tmp_path: Path) -> None:
    blocked = tmp_path / "file"
    blocked.write_text("")
    told = Home({**home.environment, "GRIDWARD_HOME": str(blocked / "home")}).refused("init", "--json")
    assert "GW-SITE-031" in told


def test_wrong_database_url_is_refused_with_a_sentence(home: Home) -> None:
    told = Home({**home.environment, "DATABASE_URL": "mysql://x/y"}).refused("init", "--json")
    assert "postgresql://" in told and "Traceback" not in told


def test_two_processes_open_one_empty_home_at_once(home: Home) -> None:
    """Both migrate; one waits for the other; both answer the same."""
    started = [
        subprocess.Popen(
            [GRIDWARD, "init", "--json"],
            env=home.environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        for _ in range(3)
    ]
    answers = [process.communicate(timeout=120) for process in started]
    assert [process.returncode for process in started] == [0, 0, 0], answers
    assert len({out for out, _ in answers}) == 1
    assert home.told("verify", "journals")["ok"] is True


def test_unknown_command_and_missing_argument_end_with_two(home: Home) -> None:
    for words in (("nonsense",), ("import", "cases"), ("backup",), ("locate", "--file", "/nowhere.csv")):
        assert home.run(*words).returncode == 2


def test_demo_small_without_serving_has_users_who_can_log_in(home: Home) -> None:
    """The demo is made through the real actions: its journals verify; a second start finds it."""
    told = home.told("demo", "--size", "small", "--seed", "1", "--no-serve")
    assert set(told) == {"url", "users", "counts"}
    assert all(set(user) == {"cast", "login", "password", "token"} for user in told["users"])
    assert {"Chen", "Lin", "Wu", "Zhao", "Qian"} <= {user["cast"] for user in told["users"]}
    report = home.told("verify", "journals")
    assert (report["ok"], report["cases"]) == (True, told["counts"]["cases"])
    assert (
        home.told("demo", "--size", "small", "--seed", "1", "--no-serve")["counts"]["cases"]
        == report["cases"]
    )
    assert "GW-SITE-060" in home.refused("demo", "--size", "huge", "--no-serve", "--json")
