"""Rows of a list of people as somebody sends it: column names, words, dates."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from gridward.kernel.errors import BadInput, Message
from gridward.kernel.tables import read_date
from gridward.kernel.tables.names import fold
from gridward.people.rules.logins import clean_login
from gridward.people.rules.persons import check_name
from gridward.people.rules.postings import BAD_RANK, BAD_RESPONSIBILITY, WRONG_DATES

COLUMNS: dict[str, tuple[str, ...]] = {
    "name": ("name", "姓名"),
    "login": ("login", "用户名", "登录名", "账号"),
    "unit": ("unit", "单位", "部门", "工作单位"),
    "post": ("post", "岗位", "岗位代码"),
    "scheme": ("scheme", "网格体系", "体系"),
    "area_code": ("area_code", "网格编码", "网格代码", "区域编码"),
    "rank": ("rank", "岗别", "级别", "AB岗"),
    "responsibility": ("responsibility", "责任", "责任类别"),
    "pair": ("pair", "结对", "结对人"),
    "from": ("from", "valid_from", "起始日期", "任职日期"),
    "to": ("to", "valid_to", "截止日期", "结束日期"),
    "phone": ("phone", "电话", "办公电话", "工作电话", "联系电话"),
}
RANK_WORDS = {
    "lead": ("lead", "a", "a岗", "负责人", "主办"),
    "deputy": ("deputy", "b", "b岗"),
    "assist": ("assist", "协办", "协助"),
    "sponsor": ("sponsor", "分包", "挂点", "包保"),
}
RESPONSIBILITY_WORDS = {
    "first": ("first", "第一责任人", "第一责任"),
    "main": ("main", "主要责任人", "主要责任"),
    "direct": ("direct", "直接责任人", "直接责任"),
}

NO_NAME_COLUMN = Message(
    "GW-PEOPLE-080",
    "文件里没有姓名列；第一行须有“姓名”（name），另可有：{allowed}。现有列：{found}。",
    "There is no column with names; the header needs “name”, and may have: {allowed}. Found: {found}.",
)
POST_WITHOUT_PLACE = Message(
    "GW-PEOPLE-081",
    "写了网格编码却没有岗位；请填岗位代码。",
    "An area code without a post; fill in the post code.",
)


@dataclass(frozen=True)
class RosterRow:
    """One person in one post; empty text = not given."""

    number: int
    name: str
    login: str = ""
    unit: str = ""
    post: str = ""
    scheme: str = ""
    area_code: str = ""
    rank: str = "lead"
    responsibility: str = ""
    pair: str = ""
    valid_from: date | None = None
    valid_to: date | None = None
    phone: str = ""


def find_columns(header: Iterable[str]) -> dict[str, str]:
    """Our column → the file's. Raises BadInput when no column holds names; unknown columns are not read."""
    known = {fold(label): key for key, labels in COLUMNS.items() for label in labels}
    listed = list(header)
    found: dict[str, str] = {}
    for label in listed:
        key = known.get(fold(label))
        if key is not None:
            found.setdefault(key, label)
    if "name" not in found:
        allowed = "、".join(labels[-1] if key == "name" else key for key, labels in COLUMNS.items())
        raise BadInput(NO_NAME_COLUMN, field="name", allowed=allowed, found="、".join(listed)[:200])
    return found


def read_row(
    number: int,
    values: Mapping[str, Any],
    columns: Mapping[str, str],
    timezone: str,
    *,
    date1904: bool = False,
) -> tuple[RosterRow | None, list[tuple[str, BadInput]]]:
    """The row, or what is wrong with it as (the file's column, problem) pairs."""
    problems: list[tuple[str, BadInput]] = []
    cells = {key: values.get(label) for key, label in columns.items()}

    def take(key: str, read: Any) -> Any:
        try:
            return read()
        except BadInput as error:
            problems.append((columns.get(key, ""), error))
            return None

    def day(key: str) -> date | None:
        cell = cells.get(key)
        if cell is None:
            return None
        found: date | None = take(key, lambda: read_date(cell, timezone, date1904=date1904, field=key))
        return found

    text = {key: as_text(cell) for key, cell in cells.items()}
    row = RosterRow(
        number=number,
        name=take("name", lambda: check_name(text["name"])) or "",
        login=take("login", lambda: clean_login(text["login"]) if text.get("login") else "") or "",
        unit=text.get("unit", ""),
        post=text.get("post", ""),
        scheme=text.get("scheme", ""),
        area_code=text.get("area_code", ""),
        rank=take("rank", lambda: read_word(text.get("rank", ""), RANK_WORDS, "lead", BAD_RANK, "rank"))
        or "lead",
        responsibility=take(
            "responsibility",
            lambda: read_word(
                text.get("responsibility", ""), RESPONSIBILITY_WORDS, "", BAD_RESPONSIBILITY, "responsibility"
            ),
        )
        or "",
        pair=text.get("pair", ""),
        valid_from=day("from"),
        valid_to=day("to"),
        phone=text.get("phone", ""),
    )
    problems += [(columns.get(key, ""), error) for key, error in _contradictions(row)]
    return (None if problems else row), problems


def _contradictions(row: RosterRow) -> list[tuple[str, BadInput]]:
    found = []
    if row.area_code and not row.post:
        found.append(("post", BadInput(POST_WITHOUT_PLACE, field="post")))
    if row.valid_from and row.valid_to and row.valid_to <= row.valid_from:
        dates = {"start": str(row.valid_from), "end": str(row.valid_to)}
        found.append(("to", BadInput(WRONG_DATES, field="to", **dates)))
    return found


def as_text(value: Any) -> str:
    """A cell as text: codes that a workbook turned into numbers come back without `.0`."""
    if value is None:
        return ""
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value).strip()


def read_word(
    text: str, words: Mapping[str, tuple[str, ...]], empty: str, message: Message, field: str
) -> str:
    """The code for a word in either language; `empty` for an empty cell. Raises BadInput."""
    if not text:
        return empty
    wanted = fold(text)
    for code, spellings in words.items():
        if wanted in spellings:
            return code
    raise BadInput(message, field=field, found=text)
