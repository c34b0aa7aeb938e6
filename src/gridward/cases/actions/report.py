"""report: the first entry of a case. Everything is in one transaction: row, work, journal, fact, receipt."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

import orjson
from django.db import IntegrityError, transaction

from gridward.cases import bulk
from gridward.cases.facts import CaseReported
from gridward.cases.queries.answers import answer_of
from gridward.cases.queries.place import Place, find_place
from gridward.cases.queries.rulebook import Rulebook, rulebook
from gridward.cases.rules.moves import opening_limits
from gridward.cases.rules.numbers import case_number, number_prefix
from gridward.cases.rules.rows import choose_row
from gridward.cases.rules.state import State, step
from gridward.cases.rules.view import Cached, cached
from gridward.cases.rules.workflow import Category
from gridward.kernel.actor import Actor
from gridward.kernel.clock import local_date
from gridward.kernel.errors import BadInput, Conflict, Forbidden, ManyProblems, Message
from gridward.logbook import queries as logbook
from gridward.logbook.actions import append, is_taken, keep_receipt, record_fact
from gridward.logbook.actions.keys import seal
from gridward.logbook.rules import Entry, canonical
from gridward.people import queries as people

TEXT_LIMIT = 4000
OTHER_BODY = Message(
    "GW-CASES-040",
    "编号 {found} 已用于另一份内容不同的上报；请换一个新的编号再提交。",
    "The id {found} was used for another report with different content; send with a new id.",
)
NO_PLACE = Message(
    "GW-CASES-041",
    "缺少位置：请给出坐标（经度、纬度）、地址或台账对象之一。",
    "A place is missing: give a point (lon, lat), an address or a subject.",
)
NOT_HERE = Message(
    "GW-CASES-042",
    "您没有在此位置上报的权限；请选择自己网格内的位置，或请该网格的人员上报。",
    "You may not report at this place; choose a place in your own grid, or ask the people of that grid.",
)
LONG_TEXT = Message(
    "GW-CASES-043",
    "说明有 {found} 个字，最多 {allowed} 个字；请缩短，或把其余内容作为附件。",
    "The text has {found} characters, at most {allowed} are allowed; shorten it or attach the rest.",
)
FUTURE = Message(
    "GW-CASES-044",
    "发现时间 {found} 晚于现在 {allowed} 超过 1 天；请检查时间。",
    "The time of observation {found} is more than a day after now {allowed}; check it.",
)

EARLY = Message(
    "GW-CASES-045",
    "发现时间 {found} 早于 {allowed} 年；请检查时间。",
    "The time of observation {found} lies before the year {allowed}; check it.",
)
EARLIEST = 1970


@dataclass(frozen=True)
class Report:
    """A report as it came through a door. `id` is made by whoever reports; it makes repeats harmless."""

    id: UUID
    category: str
    text: str = ""
    lon: float | None = None
    lat: float | None = None
    address: str = ""
    subject: UUID | None = None
    observed_at: datetime | None = None
    source: str = "desk"
    contact: Mapping[str, str] = field(default_factory=dict)
    blobs: tuple[str, ...] = ()
    facts: Mapping[str, Any] = field(default_factory=dict)


def report_case(
    *,
    report: Report,
    actor: Actor,
    now: datetime,
    stamps: Mapping[str, int],
    digest: str,
    public: bool = False,
) -> tuple[int, bytes]:
    """Make a case; returns (HTTP status, stored answer as JSON bytes): 201 new, 200 the same id and body again.

    Raises Conflict for the same id with another body, Forbidden outside the actor's areas, BadInput otherwise.
    """
    book = rulebook(stamps)
    category, place = _check(report, book, actor, now, stamps, public)
    try:
        with transaction.atomic():
            answer = _write(report, category, place, book, actor, now)
            keep_receipt(op=report.id, digest=digest, status=200, answer=answer, now=now)
    except IntegrityError as error:
        if not is_taken(error):
            raise
        return 200, stored_answer(report.id, digest, case=report.id)
    return 201, answer


def stored_answer(op: UUID, digest: str, *, case: UUID) -> bytes:
    """The answer given to this id before; Conflict when its body or its case was another one."""
    receipt = logbook.receipt(op)
    if receipt is not None:
        known: str = orjson.loads(receipt.answer)["id"]
        if receipt.digest == digest and known == str(case):
            return receipt.answer.encode()
        case = UUID(known)
    last = logbook.entries(f"case/{case}")[-1:]
    raise Conflict(OTHER_BODY, current=current_of(last[0]) if last else {}, found=str(op), field="id")


def current_of(last: Entry) -> dict[str, Any]:
    """What a 409 says about a case: stage, seq, who moved it last and when."""
    data = last.data
    return {"stage": data["to"], "seq": last.seq, "by": people.name_of(data["actor"]), "at": data["at"]}


def _check(
    report: Report, book: Rulebook, actor: Actor, now: datetime, stamps: Mapping[str, int], public: bool
) -> tuple[Category, Place]:
    problems: list[BadInput] = []
    category = None
    try:
        category = book.category(report.category)
    except BadInput as error:
        problems.append(error)
    if len(report.text) > TEXT_LIMIT:
        problems.append(BadInput(LONG_TEXT, field="text", found=len(report.text), allowed=TEXT_LIMIT))
    if report.lon is None and not report.address and report.subject is None:
        problems.append(BadInput(NO_PLACE, field="point"))
    if report.observed_at and report.observed_at.year < EARLIEST:
        found = report.observed_at.isoformat()
        problems.append(BadInput(EARLY, field="observed_at", found=found, allowed=EARLIEST))
    elif report.observed_at and (report.observed_at - now).days >= 1:
        found, allowed = report.observed_at.isoformat(), now.isoformat()
        problems.append(BadInput(FUTURE, field="observed_at", found=found, allowed=allowed))
    if problems:
        raise (
            problems[0]
            if len(problems) == 1
            else ManyProblems(problems[0].message, problems, **problems[0].values)
        )
    assert category is not None
    scheme = book.schemes.get(category.id, "")
    place = find_place(
        report.lon,
        report.lat,
        report.subject,
        scheme=scheme,
        on=local_date(now, book.timezone),
        stamps=stamps,
    )
    if not public and not people.allows(
        actor, "cases:case:report", ancestors=place.ancestors, unit=None, maker=actor.id
    ):
        raise Forbidden(NOT_HERE, field="point")
    return category, place


def _write(
    report: Report, category: Category, place: Place, book: Rulebook, actor: Actor, now: datetime
) -> bytes:
    stream = f"case/{report.id}"
    sealed = seal(owner=stream, values=report.contact, now=now) if report.contact else {}
    row = choose_row(category, report.facts)
    prefix = number_prefix(local_date(now, book.timezone), category.code, category.id)
    number = case_number(prefix, bulk.next_serial(prefix))
    payload = {
        "number": number,
        "category": category.code,
        "dictionary": category.dictionary,
        "source": report.source,
        "text": report.text,
        "observed_at": report.observed_at or now,
        **place.payload(),
        **({"address": report.address} if report.address else {}),
        **({"blobs": list(report.blobs)} if report.blobs else {}),
        **({"facts": canonical_facts(report.facts)} if report.facts else {}),
        **({"sealed": sealed} if sealed else {}),
        **opening_limits(book.workflow(category), row, book.calendar.version),
    }
    entry = append(
        stream=stream,
        move="report",
        actor=actor,
        at=now,
        received_at=now,
        payload=payload,
        after=None,
        to_stage="collected",
    )
    columns = _columns(entry, book)
    fixed = {
        "id": report.id, "number": number, "category": category.id, "source": report.source,
        "scheme": place.scheme, "area": place.area, "subject": report.subject, "lon": report.lon, "lat": report.lat,
        "address": report.address, "text": report.text, "sealed": canonical(sealed) if sealed else "",
        "recorded": "", "maker": actor.id, **place.columns(),
    }  # fmt: skip
    bulk.insert_case(fixed, columns)
    fact = CaseReported(case=report.id, category=category.code, area=place.area, subject=report.subject)
    record_fact(fact, stream=stream, now=now)
    return orjson.dumps(answer_of(fixed, columns, category, place.code, place.name, None, now))


def canonical_facts(facts: Mapping[str, Any]) -> dict[str, Any]:
    """Facts on which standard rows decide, with decimals as text (journal bodies hold no floats)."""
    return {k: (repr(v) if isinstance(v, float) else v) for k, v in facts.items()}


def _columns(entry: Entry, book: Rulebook) -> Cached:
    state = step(State(), entry.data, book.calendars)
    return cached(state, book.calendars)
