"""R-ADM-03: coverage, stories and schemas of a pack."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import jsonschema_rs
import pytest
import typer
from typer.testing import CliRunner

from gridward.packs.rules import coverage, read_pack, schemas
from gridward.site.cli import packs
from gridward.site.packing import PARTS, cover
from gridward.site.stories import run_stories

FIRE = Path(__file__).resolve().parents[2] / "packs" / "fire_safety"
Spoil = Callable[[str, str, str], Path]
app = typer.Typer()
packs.register(app)


def test_shipped_pack_is_covered() -> None:
    report = cover(FIRE)
    assert report["ok"] is True
    assert {row["section"]: (row["items"], row["source"] + row["example"]) for row in report["sections"]} == {
        "categories": (20, 20), "levels": (4, 4), "posts": (10, 10), "workflows": (2, 2), "ledgers": (9, 9),
    }  # fmt: skip
    assert all(row["languages"] == row["items"] for row in report["sections"])


@pytest.mark.parametrize(
    ("old", "new"),
    [(", source: {doc: 000-8}", ""), (", en: Fire hazards", ""), ("confidence: example", "confidence: stated")]
)  # fmt: skip
def test_missing_source_language_or_a_stated_limit_without_source_is_not_covered(
    spoil: Spoil, old: str, new: str
) -> None:
    assert cover(spoil("categories.yaml", old, new))["ok"] is False


def test_english_of_the_strings_counts_as_a_language() -> None:
    doc = {
        "levels": {"levels": [{"id": "beat", "label": "片区"}]},
        "strings": {"en": {"levels.beat": "Beat"}},
    }
    assert coverage(doc)[0]["languages"] == 1


def test_stories_of_the_shipped_pack_hold() -> None:
    assert run_stories(FIRE) == {"ok": True, "stories": 3, "failures": []}


def test_failing_story_names_found_and_expected(spoil: Spoil) -> None:
    folder = spoil("categories.yaml", "limit: {total: 2 natural_hours", "limit: {total: 3 natural_hours")
    answer = CliRunner().invoke(app, ["pack", "test", str(folder), "--json"])
    assert answer.exit_code == 1
    assert json.loads(answer.stdout) == {
        "ok": False,
        "stories": 3,
        "failures": [
            {
                "story": "an exit that can be cleared at once has two hours",
                "file": "stories/limits.yaml",
                "line": 1,
                "found": {
                    "row": "at_once",
                    "limits": {"total": "3 natural_hours", "unit": "2 natural_hours"},
                },
                "expected": {
                    "row": "at_once",
                    "limits": {"total": "2 natural_hours", "unit": "2 natural_hours"},
                },
            }
        ],
    }


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("expected:", "expects:"),
        ("can_fix_now: true", "can_fix_now: 3"),
        ("can_fix_now: true", "can_mend: true"),
        ("category: fire.exit_blocked", "category: fire.exit"),
        ("- name:", "- name: ["),
    ],
)
def test_malformed_story_is_a_failure(spoil: Spoil, old: str, new: str) -> None:
    report = run_stories(spoil("stories/limits.yaml", old, new))
    assert report["ok"] is False
    assert all(f["found"] and f["expected"] for f in report["failures"])


def test_schemas_are_valid_and_the_shipped_pack_fits_them() -> None:
    doc = read_pack(FIRE).doc
    for name, schema in schemas(PARTS).items():
        jsonschema_rs.meta.validate(schema)
        if name in doc:
            jsonschema_rs.validate(schema, doc[name])


def test_schema_refuses_what_the_check_refuses() -> None:
    schema = schemas(PARTS)["workflows"]
    assert not jsonschema_rs.is_valid(schema, {"plain": {"onsite": {"allowed": True}}})


def test_check_prints_the_contract_and_exit_codes(spoil: Spoil) -> None:
    sound = CliRunner().invoke(app, ["pack", "check", str(FIRE), "--json"])
    assert (sound.exit_code, json.loads(sound.stdout)) == (0, {"ok": True, "errors": []})
    folder = spoil("posts.yaml", "level: beat", "level: beet")
    broken = CliRunner().invoke(app, ["pack", "check", str(folder), "--json"])
    assert broken.exit_code == 1
    assert json.loads(broken.stdout)["errors"] == [
        {
            "code": "GW-PACKS-031",
            "file": "posts.yaml",
            "line": 5,
            "found": "posts.3.level: beet",
            "allowed": "district, street, community, beat",
            "sample": "beat",
        }
    ]
    assert CliRunner().invoke(app, ["pack", "check", str(folder / "gone"), "--json"]).exit_code == 2
