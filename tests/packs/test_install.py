"""R-ADM-03, R-GRID-01, R-STAFF-01, R-LED-01: a checked pack is published whole; what runs keeps its version."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from gridward.cases import models as cases
from gridward.grids import queries as grids
from gridward.kernel.actor import SYSTEM
from gridward.kernel.errors import BadInput, Conflict, Missing
from gridward.ledger import models as ledgers
from gridward.logbook import models as logbook
from gridward.logbook.queries import stamps
from gridward.packs import queries as packs
from gridward.people import models as people
from gridward.site.packing import changes, install
from gridward.site.vocabulary import permissions_of
from tests.cast import NOW
from tests.factories.cases import Play

Spoil = Callable[[str, str, str], Path]
pytestmark = pytest.mark.django_db
LATER = NOW + timedelta(days=1)


def publish(folder: Path, now: Any = NOW) -> dict[str, Any]:
    return install(folder, actor=SYSTEM, now=now)


def test_installed_pack_arrives_in_every_room(play: Play, pack: Path) -> None:
    before = stamps()
    assert publish(pack) == {"pack": "fire_safety", "version": "0.1.1", "installed": True}
    assert [level.code for level in grids.scheme("fire").levels] == [
        "district",
        "street",
        "community",
        "beat",
    ]
    post = people.Post.objects.get(pack="fire_safety", code="beat_head")
    words = ["report", "close_on_site", "pre_check", "keep_files"]
    assert sorted(post.permissions) == sorted(permissions_of(words))
    assert people.Post.objects.filter(pack="fire_safety", retired_at=None).count() == 6
    assert cases.Category.objects.filter(dictionary="fire", retired=False).count() == 8
    assert sorted(cases.Workflow.objects.filter(pack="fire_safety").values_list("id", flat=True)) == [
        "hazard",
        "plain",
    ]
    assert ledgers.Ledger.objects.get(code="premises").pack == "fire_safety"
    assert not logbook.Fact.objects.filter(kind="PackInstalled", done=False).exists()
    after = stamps()
    assert {n for n in ("packs", "cases", "ledgers") if after.get(n) == before.get(n)} == set()


def test_installing_again_changes_nothing(play: Play, pack: Path) -> None:
    publish(pack)
    counts = [model.objects.count() for model in (logbook.Entry, logbook.Fact, people.Post, cases.Category)]
    stood = stamps()
    assert publish(pack, LATER) == {"pack": "fire_safety", "version": "0.1.1", "installed": False}
    assert counts == [
        model.objects.count() for model in (logbook.Entry, logbook.Fact, people.Post, cases.Category)
    ]
    assert stamps() == stood


def test_same_version_with_other_content_is_a_conflict(play: Play, spoil: Spoil, pack: Path) -> None:
    publish(pack)
    with pytest.raises(Conflict) as caught:
        publish(spoil("categories.yaml", "unit: 3 working_days", "unit: 4 working_days"), LATER)
    assert caught.value.code == "GW-PACKS-061"
    assert len(packs.installed()) == 1


def test_pack_with_a_mistake_leaves_no_trace(play: Play, spoil: Spoil) -> None:
    entries = logbook.Entry.objects.count()
    with pytest.raises(BadInput) as caught:
        publish(spoil("posts.yaml", "level: beat", "level: beet"))
    assert caught.value.code == "GW-PACKS-062"
    assert (packs.installed(), logbook.Entry.objects.count()) == ([], entries)


def test_refusal_in_a_room_below_takes_everything_back(play: Play, spoil: Spoil, pack: Path) -> None:
    """One transaction: posts are refused after version and scheme were written; neither stays."""
    entries = logbook.Entry.objects.count()
    spoil("posts.yaml", "may: [handle]", "may: [cases:case:void@own]")
    scheme = "scheme: fire_two_and_much_more_than_a_code_of_a_scheme_may_have_in_this_house_" + "x" * 80
    spoil("levels.yaml", "scheme: fire", scheme)
    spoil("ledgers/premises.yaml", "scheme: fire", scheme)
    with pytest.raises(BadInput):
        publish(pack)
    assert (packs.installed(), logbook.Entry.objects.count()) == ([], entries)


@pytest.fixture
def town(pack: Path, spoil: Spoil) -> Path:
    """The pack on the territory of the cast."""
    spoil("levels.yaml", "scheme: fire", "scheme: town")
    spoil("levels.yaml", "id: beat", "id: grid")
    spoil("posts.yaml", "level: beat", "level: grid")
    spoil("posts.yaml", "[beat]", "[grid]")
    return spoil("ledgers/premises.yaml", "scheme: fire", "scheme: town")


def second(spoil: Spoil) -> Path:
    """Version 0.2.0: other limits for wiring, no extinguishers any more."""
    spoil("pack.yaml", "version: 0.1.1", "version: 0.2.0")
    spoil("categories.yaml", "code: fire.extinguisher", "code: fire.extinguisher_new")
    return spoil("categories.yaml", "- {id: usual, limit: {unit: 3 working_days, total: 5 working_days}",
                 "- {id: usual, limit: {unit: 1 working_day, total: 2 working_days}")  # fmt: skip


def test_codes_that_a_new_version_lacks_are_retired_and_stay_readable(
    play: Play, town: Path, spoil: Spoil
) -> None:
    publish(town)
    old = play.report(category="fire.extinguisher")
    publish(second(spoil), LATER)
    row = cases.Category.objects.get(code="fire.extinguisher")
    assert (row.retired, row.version) == (True, "0.1.1")
    assert [(v["version"], v["state"]) for v in packs.installed()] == [
        ("0.2.0", "published"),
        ("0.1.1", "retired"),
    ]
    kept = packs.document("fire_safety", "0.1.1")["categories"]["categories"][1]
    assert kept["code"] == "fire.extinguisher"
    with pytest.raises(BadInput):
        play.report(category="fire.extinguisher", now=LATER)
    assert play.move("Wu", old, "file", now=LATER)["stage"] == "filed"


def test_case_keeps_the_limits_it_was_filed_under(play: Play, town: Path, spoil: Spoil) -> None:
    """Report and file under 0.1.1, publish 0.2.0 with other limits, assign: the limits are those of 0.1.1."""
    publish(town)
    assign = ("Zhao", "assign", {"unit": "cleaning", "how": "整改"})
    twin, case = (play.move("Wu", play.report(category="fire.wiring"), "file") for _ in range(2))
    minute = NOW + timedelta(minutes=1)
    expected = play.move(assign[0], twin, assign[1], assign[2], now=minute)
    publish(second(spoil), NOW)
    found = play.move(assign[0], case, assign[1], assign[2], now=minute)
    assert (found["unit_due_at"], found["total_due_at"]) == (
        expected["unit_due_at"],
        expected["total_due_at"],
    )
    new = play.move("Wu", play.report(category="fire.wiring"), "file")
    new = play.move(assign[0], new, assign[1], assign[2], now=minute)
    assert new["unit_due_at"] < found["unit_due_at"]
    assert new["total_due_at"] < found["total_due_at"]


def test_differences_name_every_changed_place(play: Play, pack: Path, spoil: Spoil) -> None:
    publish(pack)
    installed = packs.document("fire_safety")
    assert changes(pack, installed) == []
    found = {(row["path"], row["change"]) for row in changes(second(spoil), installed)}
    assert found == {
        ("pack.version", "changed"),
        ("categories.categories.fire.extinguisher", "removed"),
        ("categories.categories.fire.extinguisher_new", "added"),
        ("categories.categories.fire.wiring.rows.usual.limit.unit", "changed"),
        ("categories.categories.fire.wiring.rows.usual.limit.total", "changed"),
    }


def test_document_of_a_pack_that_is_not_installed_names_those_that_are(play: Play, pack: Path) -> None:
    publish(pack)
    with pytest.raises(Missing) as caught:
        packs.document("water")
    assert "fire_safety" in caught.value.sentence("en")
