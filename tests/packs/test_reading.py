"""R-ADM-03: what stands in the files is read as written; every broken file has its sentence and keeps the others."""

from __future__ import annotations

from pathlib import Path

import pytest

from gridward.packs.rules import read_pack, read_yaml
from gridward.site.packing import check
from tests.packs.folders import write


def found(folder: Path) -> list[tuple[str, str, int, str]]:
    return [(e["code"], e["file"], e["line"], e["found"]) for e in check(folder)["errors"]]


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("yes", "yes"),
        ("no", "no"),
        ("on", "on"),
        ("off", "off"),
        ("True", "True"),
        ("true", True),
        ("0101", "0101"),
        ("12:30", "12:30"),
        ("1_000", "1_000"),
        ("2026-01-01", "2026-01-01"),
        ("1e3", "1e3"),
        (".inf", ".inf"),
        ("=", "="),
        ("000-8", "000-8"),
        ("91440300123456789012345", "91440300123456789012345"),
        ("12", 12),
        ("-3", -3),
        ("1.5", 1.5),
        ("~", None),
        ('"1.10"', "1.10"),
    ],
)
def test_word_of_a_pack_is_read_as_written(text: str, value: object) -> None:
    """Codes keep their zeros, words stay words: nothing becomes a number or an answer by accident."""
    assert read_yaml(f"a: {text}") == {"a": value}


@pytest.mark.parametrize(
    ("text", "line", "said"),
    [
        ("label: [a\nid: x\n", 2, "expected ',' or ']', but got ':'"),
        ("a: 1\n\tb: 2\n", 2, "found character '\\t' that cannot start any token"),
        ("a: &x [1]\nb: *x\n", 2, "alias *x"),
        ("a: !!python/object:os.system x\n", 1, "tag tag:yaml.org,2002:python/object:os.system"),
        ("a: !!int ten\n", 1, "tag tag:yaml.org,2002:int"),
        ("a: !!timestamp x\n", 1, "tag tag:yaml.org,2002:timestamp"),
        ("? [a]\n: 1\n", 1, "a key that is no text"),
        ("a: 1\n---\nb: 2\n", 2, "but found another document"),
        ("a: 1\nb: \x07\n", 2, "special characters are not allowed"),
        ("a: " + "[" * 3000 + "]" * 3000, 1, "nested deeper than 40"),
    ],
    ids=lambda value: str(value)[:20],
)
def test_broken_file_is_named_with_its_line_and_the_rest_is_kept(
    tmp_path: Path, text: str, line: int, said: str
) -> None:
    folder = write(tmp_path, categories=text)
    assert found(folder) == [("GW-PACKS-003", "categories.yaml", line, said)]
    assert read_pack(folder).doc["pack"]["id"] == "tiny"


def test_file_in_another_encoding_is_named_with_its_line(tmp_path: Path) -> None:
    folder = write(tmp_path)
    (folder / "posts.yaml").write_bytes("posts:\n  - {id: a, label: 网格长}\n".encode("gb18030"))
    assert found(folder) == [("GW-PACKS-002", "posts.yaml", 2, "byte 0xcd")]


def test_byte_order_mark_and_windows_line_ends_are_no_mistake(tmp_path: Path) -> None:
    folder = write(tmp_path)
    (folder / "posts.yaml").write_bytes("\ufeffposts:\r\n  - {id: a, label: 网格长}\r\n".encode())
    assert found(folder) == []


def test_broken_ledger_is_named_and_its_neighbours_keep_their_numbers(tmp_path: Path) -> None:
    good = "id: {0}\nlabel: 台账\nkey: [nothing]\nfields: [{{id: name, label: 名称, type: text}}]\n"
    folder = write(
        tmp_path, ledgers__a=good.format("a"), ledgers__b="id: [b\nlabel: x", ledgers__c=good.format("c")
    )
    errors = [e for e in found(folder) if e[0] != "GW-PACKS-017"]
    assert [(code, file, line) for code, file, line, _ in errors] == [
        ("GW-PACKS-031", "ledgers/a.yaml", 3),
        ("GW-PACKS-003", "ledgers/b.yaml", 2),
        ("GW-PACKS-031", "ledgers/c.yaml", 3),
    ]


def test_key_that_stands_twice_is_named_at_its_second_place(tmp_path: Path) -> None:
    folder = write(tmp_path, posts="posts:\n  - id: a\n    label: 甲\n    id: b\n")
    assert found(folder) == [("GW-PACKS-004", "posts.yaml", 4, "id twice")]


@pytest.mark.parametrize("name", ["categories", "posts", "workflows", "strings__en", "ledgers__a"])
def test_empty_file_is_one_mistake(tmp_path: Path, name: str) -> None:
    folder = write(tmp_path, **{name: ""})
    errors = check(folder)["errors"]
    assert [(e["code"], e["file"], e["line"]) for e in errors] == [
        ("GW-PACKS-010", f"{name.replace('__', '/')}.yaml", 1)
    ]


def test_empty_pack_file_is_a_mistake(tmp_path: Path) -> None:
    assert [(e[0], e[1]) for e in found(write(tmp_path, pack=""))] == [("GW-PACKS-010", "pack.yaml")]


def test_unknown_section_names_the_closest(tmp_path: Path) -> None:
    errors = check(write(tmp_path, categorys="a: 1\n"))["errors"]
    assert [(e["code"], e["file"], e["line"], e["sample"]) for e in errors] == [
        ("GW-PACKS-005", "categorys.yaml", 1, "categories")
    ]


def test_section_of_a_later_room_is_kept_as_it_is(tmp_path: Path) -> None:
    folder = write(tmp_path, duties="- {id: monthly, times: 1.5}\n")
    assert (found(folder), read_pack(folder).doc["duties"]) == ([], [{"id": "monthly", "times": 1.5}])


def test_folder_without_pack_file_is_one_mistake(tmp_path: Path) -> None:
    assert found(tmp_path) == [("GW-PACKS-001", "pack.yaml", 1, "no pack.yaml")]


def test_folder_named_like_a_file_is_passed_over(tmp_path: Path) -> None:
    folder = write(tmp_path)
    (folder / "posts.yaml").mkdir()
    assert found(folder) == []
