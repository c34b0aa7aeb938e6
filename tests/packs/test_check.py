"""R-ADM-03: a pack is configured without programming, so every mistake gets one teaching sentence with its place."""

from __future__ import annotations

import copy
import re
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gridward.kernel.document import Flaw
from gridward.kernel.errors import Fault
from gridward.packs.rules import Parts, Source, check_pack, read_pack, sound
from gridward.site.packing import PARTS, check

FIRE = Path(__file__).resolve().parents[2] / "packs" / "fire_safety"
Spoil = Callable[[str, str, str], Path]
Place = tuple[str, str, int]

CAT, POSTS, LEVELS, FLOWS, PACK, LEDGER = (
    "categories.yaml", "posts.yaml", "levels.yaml", "workflows.yaml", "pack.yaml", "ledgers/premises.yaml",
)  # fmt: skip
SIXTH = "\n".join(f"  - {{id: extra_{n}, label: 多{n}}}" for n in range(3)) + "\ncoverage:"

# file, what stands there, what is written instead, code, text of the line that the error must name
MISTAKES: tuple[tuple[str, str, str, str, str], ...] = (
    (CAT, "workflow: hazard", "workflow: hazzard", "GW-PACKS-031", "workflow: hazzard"),
    (CAT, "major: fire", "major: fier", "GW-PACKS-031", "major: fier"),
    (CAT, "code: fire.extinguisher", "code: fire.exit_blocked", "GW-PACKS-016", "#2 code: fire.exit_blocked"),
    (CAT, "code: city.stall", "code: 占道", "GW-PACKS-011", "code: 占道"),
    (CAT, "unit: 3 working_days", "unit: 3 workdays", "GW-PACKS-040", "3 workdays"),
    (CAT, "total: 7 working_days", "total: soon", "GW-PACKS-040", "total: soon"),
    (CAT, "total: 7 working_days", "total: 0 working_days", "GW-PACKS-040", "total: 0 working_days"),
    (CAT, "total: 7 working_days", "total: [7]", "GW-PACKS-010", "total: [7]"),
    (CAT, "total: 7 working_days", "totel: 7 working_days", "GW-PACKS-018", "totel"),
    (CAT, "when: can_fix_now", "when: can_fix_it", "GW-EXPR-*", "can_fix_it"),
    (CAT, "when: can_fix_now", "when: severity", "GW-EXPR-*", "when: severity"),
    (CAT, "when: can_fix_now", 'when: "can_fix_now &&"', "GW-EXPR-*", "can_fix_now &&"),
    (CAT, "when: can_fix_now", 'when: "severity > 3"', "GW-EXPR-*", "severity > 3"),
    (CAT, "when: can_fix_now", 'when: "true"', "GW-PACKS-041", 'id: usual, when: "true"'),
    (CAT, 'when: "true"', "when: can_fix_now", "GW-PACKS-041", "id: usual, when: can_fix_now"),
    (CAT, "id: usual", "id: at_once", "GW-PACKS-016", "- {id: at_once, when: \"true\""),
    (CAT, "confidence: example", "confidence: guessed", "GW-PACKS-014", "confidence: guessed"),
    (CAT, "source: {doc: 000-8}", "source: 000-8", "GW-PACKS-010", "source: 000-8"),
    (CAT, "source: {doc: 000-8}", "source: {quote: 片区}", "GW-PACKS-017", "source: {quote"),
    (CAT, "label: {zh: 垃圾堆放, en: Litter}", "label: {zh: 垃圾堆放, fr: Ordures}", "GW-PACKS-012", "fr: Ordures"),
    (CAT, "    label: {zh: 垃圾堆放, en: Litter}\n", "", "GW-PACKS-017", "code: city.litter"),
    (CAT, "majors:", "major:", "GW-PACKS-018*", "major:"),
    (POSTS, "level: beat", "level: beet", "GW-PACKS-031", "level: beet"),
    (POSTS, "count: {min: 1, max: 1}", "count: {min: 2, max: 1}", "GW-PACKS-032", "min: 2"),
    (POSTS, "count: {min: 1, max: 1}", "count: {min: -1, max: 1}", "GW-PACKS-013", "min: -1"),
    (POSTS, "count: {min: 1, max: 1}", "count: {min: one, max: 1}", "GW-PACKS-010", "min: one"),
    (POSTS, "lead: true", "lead: yes", "GW-PACKS-010", "lead: yes"),
    (POSTS, "may: [handle]", "may: [fly]", "GW-PACKS-035", "may: [fly]"),
    (POSTS, "deputy: required", "deputy: wanted", "GW-PACKS-014", "deputy: wanted"),
    (POSTS, "deputy: required", "deputi: required", "GW-PACKS-018", "deputi"),
    (POSTS, "to: street", "to: strait", "GW-PACKS-031", "to: strait"),
    (POSTS, "from: street", "from: strait", "GW-PACKS-031", "from: strait"),
    (POSTS, "to: [beat]", "to: [beat, roof]", "GW-PACKS-031", "to: [beat, roof]"),
    (POSTS, "elements: [person,", "elements: [persona,", "GW-PACKS-014", "persona"),
    (POSTS, "{id: unit_handler, on: unit,", "{id: unit_handler, on: area,", "GW-PACKS-017", "on: area"),
    (POSTS, "label: {zh: 核查员, en: Inspector}, ", "", "GW-PACKS-017", "id: inspector"),
    (POSTS, "{id: unit_handler,", "{id: debt_collector,", "GW-PACKS-LAW-006", "debt_collector"),
    (LEVELS, "scheme: fire\n", "", "GW-PACKS-017*", "label: {zh: 消防安全网格"),
    (LEVELS, "gaps: forbidden", "gaps: many", "GW-PACKS-014", "gaps: many"),
    (LEVELS, "coverage:", SIXTH, "GW-PACKS-030", "id: extra_1"),
    (LEVELS, "label: {zh: 责任片区（四级网格）, en: Beat}, ", "", "GW-PACKS-017", "id: beat"),
    (LEVELS, "unit: beat", "unit: [beat, Room 2]", "GW-PACKS-011", "Room 2"),
    (FLOWS, "by: [inspector, district_desk]", "by: [inspektor, district_desk]", "GW-PACKS-031", "inspektor"),
    (FLOWS, "approve: [district_desk]", "approve: [desk]", "GW-PACKS-031", "approve: [desk]"),
    (FLOWS, "limit: 2 working_hours", "limit: 2 hours", "GW-PACKS-040", "2 hours"),
    (FLOWS, "extension: {max: 2", "extension: {max: two", "GW-PACKS-010", "max: two"),
    (FLOWS, "forbidden_when: overdue", "forbidden_when: late", "GW-PACKS-014", "forbidden_when: late"),
    (FLOWS, "checked: {by", "checked: {distinct: true, by", "GW-PACKS-042", "checked:"),
    (FLOWS, "escalate_at: 3", "escalate_at: 0", "GW-PACKS-013", "escalate_at: 0"),
    (FLOWS, "on_site:", "onsite:", "GW-PACKS-018", "onsite:"),
    (PACK, "version: 0.1.1", "version: 0.1", "GW-PACKS-010", "version: 0.1"),
    (PACK, "version: 0.1.1", "version: v1", "GW-PACKS-011", "version: v1"),
    (PACK, "id: fire_safety\n", "", "GW-PACKS-017", "version:"),
    (PACK, "legal_basis: [中华人民共和国消防法]", "legal_basis: 消防法", "GW-PACKS-010", "legal_basis:"),
    (LEDGER, "key: [licence_no]", "key: [licence]", "GW-PACKS-031", "key: [licence]"),
    (LEDGER, "completeness: [licence_no, trade", "completeness: [licence_no, trades", "GW-PACKS-031", "completeness:"),
    (LEDGER, "type: date", "type: day", "GW-PACKS-014", "type: day"),
    (LEDGER, "scheme: fire", "scheme: fires", "GW-PACKS-031", "scheme: fires"),
    (LEDGER, "min: 1, max: 120", "min: 130, max: 120", "GW-PACKS-032", "min: 130"),
    (LEDGER, "type: bool", 'type: bool, show_when: "floors > 2"', "GW-EXPR-*", "floors > 2"),
    (LEDGER, "type: bool", "type: choice", "GW-PACKS-034", "id: three_in_one"),
    (LEDGER, "type: bool", 'type: text, pattern: "[0-9"', "GW-PACKS-044", "[0-9"),
    (LEDGER, "id: retail", "id: catering", "GW-PACKS-016", "id: trade"),
    (LEDGER, "{id: checked_on", "{id: exits", "GW-PACKS-016", "#2 {id: exits"),
    (LEDGER, "type: bool", "type: bool, personal: contact, purpose: 查, retention_days: 9", "GW-PACKS-LAW-001", "contact"),
    (LEDGER, "id: three_in_one", "id: face_id", "GW-PACKS-LAW-002", "face_id"),
    ("strings/en.yaml", "pack.hint: ", "# pack.hint: ", "GW-PACKS-050", "pack.title"),
)  # fmt: skip


def places(folder: Path) -> list[Place]:
    return [(e["code"], e["file"], e["line"]) for e in check(folder)["errors"]]


def line_of(folder: Path, file: str, text: str) -> int:
    """The number of the first line that holds a text; `#2 text` the second."""
    nth, _, rest = text.partition(" ") if text.startswith("#") else ("#1", "", text)
    lines = (folder / file).read_text(encoding="utf-8").splitlines()
    return [n for n, line in enumerate(lines, start=1) if rest in line][int(nth[1:]) - 1]


def test_shipped_pack_has_no_mistake() -> None:
    assert check(FIRE) == {"ok": True, "errors": []}


@pytest.mark.parametrize("mistake", MISTAKES, ids=lambda m: f"{m[0]}:{m[2][:40]}")
def test_seeded_mistake_gives_one_error_in_its_line(spoil: Spoil, mistake: tuple[str, ...]) -> None:
    file, old, new, code, line = mistake
    folder = spoil(file, old, new)
    errors = check(folder)["errors"]
    # A * after a code: the mistake takes a definition away, so what refers to it is told too.
    first = [e for e in errors if re.fullmatch(code.replace("*", ".*"), e["code"])]
    assert [(e["file"], e["line"]) for e in first] == [(file, line_of(folder, file, line))]
    assert len(errors) == 1 or code.endswith("*")
    assert all(errors[0][part] for part in ("found", "allowed", "sample"))


def test_many_mistakes_are_all_told_in_one_run(spoil: Spoil, pack: Path) -> None:
    seeded = [
        m
        for m in MISTAKES
        if m[3] in ("GW-PACKS-031", "GW-PACKS-040", "GW-PACKS-013") and m[2] != "total: 0 working_days"
    ]
    told = []
    for file, old, new, code, _ in seeded:
        if old in (pack / file).read_text(encoding="utf-8"):
            spoil(file, old, new)
            told.append((file, code))
    assert sorted((e["file"], e["code"]) for e in check(pack)["errors"]) == sorted(told)
    assert len(told) >= 14


def test_errors_come_in_the_order_of_files_and_lines(spoil: Spoil) -> None:
    spoil(POSTS, "level: beat", "level: beet")
    spoil(CAT, "total: 7 working_days", "total: soon")
    found = places(spoil(CAT, "major: fire", "major: fier"))
    assert found == sorted(found, key=lambda p: (p[1], p[2]))
    assert [p[0] for p in found] == ["GW-PACKS-031", "GW-PACKS-040", "GW-PACKS-031"]


def test_nine_indexed_fields_are_one_too_many(pack: Path) -> None:
    file = pack / LEDGER
    more = "".join(f"  - {{id: more_{n}, label: 更多, type: text, indexed: true}}\n" for n in range(8))
    text = file.read_text(encoding="utf-8")
    file.write_text(text.replace("completeness:", f"{more}completeness:"), encoding="utf-8")
    assert places(pack) == [("GW-PACKS-033", LEDGER, line_of(pack, LEDGER, "more_7"))]


def test_level_in_two_schemes_needs_the_scheme_named(tmp_path: Path) -> None:
    """R-GRID-01: several schemes in one pack."""
    level = "levels: [{id: area, label: 片}]"
    (tmp_path / "pack.yaml").write_text("id: two\nversion: 1.0.0\ntitle: 两张网\n", encoding="utf-8")
    (tmp_path / "levels.yaml").write_text(
        f"schemes:\n  - {{scheme: a, {level}}}\n  - {{scheme: b, {level}}}\n"
    )
    (tmp_path / "posts.yaml").write_text(
        "posts:\n  - {id: x, label: 甲, level: area}\n  - {id: y, label: 乙, level: area, scheme: b}\n"
    )
    assert places(tmp_path) == [("GW-PACKS-036", "posts.yaml", 2)]


def test_personal_key_is_refused_before_install(spoil: Spoil) -> None:
    old = "type: text, indexed: true"
    folder = spoil(LEDGER, old, f"{old}, personal: contact, purpose: 联系, retention_days: 30")
    review = "privacy_review: {purpose: 联系, basis: 法, fields: [licence_no], period: 一年, viewers: 片区}\n"
    with (folder / PACK).open("a", encoding="utf-8") as file:
        file.write(review)
    assert places(folder) == [("GW-PACKS-037", LEDGER, line_of(folder, LEDGER, "id: licence_no"))]


def test_class_rows_are_checked(pack: Path) -> None:
    """R-CLS facets: unknown field, unreachable row, row without condition, wrong key, unknown class."""
    (pack / "classes.yaml").write_text(
        "- ledger: premises\n"
        "  facets:\n"
        "    size:\n"
        "      - {when: area_m2 > 500, is: 1}\n"
        "      - {when: rooms > 3, is: 2}\n"
        "      - {is: 3}\n"
        "      - {else: 4}\n"
        "      - {when: storeys > 3, is: 5}\n"
        '  table: {"1": key, "1,2": key, "2": ghost}\n'
        "  classes: [{id: key, label: 重点}]\n"
        "- {ledger: shops, classes: [{id: a, label: 甲}]}\n",
        encoding="utf-8",
    )
    found = [(code.split("-")[1], code[-3:], line) for code, file, line in places(pack)]
    assert [(a, c) for a, _, c in found] == [
        ("EXPR", 5), ("PACKS", 6), ("PACKS", 8), ("PACKS", 9), ("PACKS", 9), ("PACKS", 11),
    ]  # fmt: skip
    assert [b for a, b, _ in found if a == "PACKS"] == ["017", "041", "031", "043", "031"]


def test_planted_exception_in_a_check_surfaces_as_a_fault() -> None:
    def broken(doc: Mapping[str, Any]) -> Iterator[Flaw]:
        yield doc["nowhere"]

    parts = Parts(sections=PARTS.sections, cross_checks=(broken,))
    with pytest.raises(Fault) as caught:
        check_pack(read_pack(FIRE), parts)
    assert caught.value.code == "GW-PACKS-069"


def _nodes(value: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    yield path
    inner = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, item in inner:
        yield from _nodes(item, (*path, key))


RICH: dict[str, Any] = {
    **read_pack(FIRE).doc,
    "classes": [{
        "ledger": "premises",
        "facets": {"size": [{"when": "area_m2 > 500", "is": 1}, {"else": 2}]},
        "table": {"1": "key", "else": "key"},
        "classes": [{"id": "key", "label": "重点"}],
    }],
}  # fmt: skip
RICH["ledgers"][0].update(
    children=["premises"], rollups={"late": {"of": "case"}}, retention_days=30, marks=["x"]
)
RICH["ledgers"][0]["fields"][0].update(show_when="exits > 1", pattern="[0-9]+", personal="none")
RICH["pack"].update(privacy_review={}, emergency={"order": "令", "until": "2026-12-31"})
RICH["posts"]["teams"] = [{"id": "t", "posts": ["beat_head"], "count": {"min": 1}}]
RICH["posts"]["posts"][0].update(
    terms={"task": "巡查"},
    qualifications=["持证"],
    completeness=["six"],
    per_person={"max_areas": 2},
    assist={"max": 2},
)
RICH["levels"].update(
    map_layers=[{"id": "cams"}], schemes=[{"scheme": "b", "levels": [{"id": "q", "label": "区"}]}]
)
PATHS = list(_nodes(RICH))[1:]
ODD = st.sampled_from(
    [None, True, 0, -1, 1.5, "", "x", "催收", [], [None], [[]], [{}], {}, {"x": None}, {"id": {}}, {"id": []}, ["a", 1, {}]]
)  # fmt: skip


def _put(doc: dict[str, Any], path: tuple[Any, ...], value: Any) -> None:
    """Replace a node where it still stands; an earlier change may have taken it away."""
    node: Any = doc
    for step in path[:-1]:
        try:
            node = node[step]
        except (KeyError, IndexError, TypeError):
            return
    if isinstance(node, dict) or (
        isinstance(node, list) and isinstance(path[-1], int) and path[-1] < len(node)
    ):
        node[path[-1]] = value


@given(st.lists(st.tuples(st.sampled_from(PATHS), ODD), min_size=1, max_size=4))
def test_any_node_replaced_by_another_kind_is_checked_without_exception(
    changes: list[tuple[tuple[Any, ...], Any]],
) -> None:
    """No cross-check raises, and what is sound then passes the shapes of its own accord."""
    doc = copy.deepcopy(RICH)
    for path, value in changes:
        _put(doc, path, copy.deepcopy(value))
    errors = check_pack(Source(doc=doc), PARTS)
    assert all(re.fullmatch(r"GW-[A-Z]+(-LAW)?-\d{3}", e["code"]) for e in errors)
    again = sound(sound(doc, PARTS), PARTS)
    assert again == sound(doc, PARTS)


def test_every_single_node_replaced_is_checked_without_exception() -> None:
    """Each node once, the strangers in turn."""
    strangers = (1.5, [{}], None, "x", {"x": []})
    for n, path in enumerate(PATHS):
        doc = copy.deepcopy(RICH)
        _put(doc, path, strangers[n % len(strangers)])
        check_pack(Source(doc=doc), PARTS)
    assert len(PATHS) > 250
