"""Every move after the first: read, decide, compare-and-set, journal, fact, receipt in one transaction."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

import orjson
from django.db import IntegrityError, transaction

from gridward.cases import bulk
from gridward.cases.actions.report import current_of, stored_answer
from gridward.cases.facts import CaseClosed, CaseMoved
from gridward.cases.policy import PERMISSIONS
from gridward.cases.queries.answers import answer_of, area_label
from gridward.cases.queries.one import CaseRow, load_case
from gridward.cases.queries.rulebook import Rulebook, rulebook
from gridward.cases.rules import view
from gridward.cases.rules.moves import MOVES as MOVES_KNOWN
from gridward.cases.rules.moves import (
    PERMISSION,
    UNKNOWN,
    MoveRequest,
    decide,
    field_word,
    move_word,
    stage_words,
)
from gridward.cases.rules.rows import choose_row
from gridward.cases.rules.state import State, fold, step
from gridward.kernel.actor import Actor
from gridward.kernel.errors import BadInput, Both, Conflict, Forbidden, Message
from gridward.logbook import queries as logbook
from gridward.logbook.actions import append, is_taken, keep_receipt, record_fact
from gridward.logbook.rules import Entry, Head, unstamp
from gridward.people import queries as people

STALE = Message(
    "GW-CASES-050",
    "案件刚被 {by} 在 {at} 改动，现在处于“{stage}”；请查看后再操作，您填写的内容已保留。",
    "The case was changed by {by} at {at} and is now at {stage}; look at it and try again, what you typed is kept.",
)
MAY_NOT = Message(
    "GW-CASES-051",
    "您没有“{move}”此案件的权限（需要：{allowed}）。",
    "You may not take the move {move} on this case (needs: {allowed}).",
)
UNKNOWN_UNIT = Message(
    "GW-CASES-052",
    "没有单位“{found}”；请从单位列表中选择。",
    "There is no unit {found}; choose one from the list of units.",
)


def move_case(
    *,
    case: UUID,
    op: UUID,
    move: str,
    expected_seq: int,
    data: Mapping[str, Any],
    digest: str,
    actor: Actor,
    now: datetime,
    stamps: Mapping[str, int],
) -> tuple[int, bytes]:
    """Apply one move; returns (200, answer). The same op and body again gives the stored answer.

    Raises Missing (no such case for this actor), Forbidden, Conflict (409 with who and when), Refused, BadInput.
    """
    if move not in MOVES_KNOWN:
        raise BadInput(UNKNOWN, field="move", found=move[:40], allowed=", ".join(MOVES_KNOWN))
    book = rulebook(stamps)
    row, entries = load_case(case, actor)
    if row.seq != expected_seq or entries[-1].seq != expected_seq:
        return 200, _repeat_or_stale(case, op, digest, entries, book.timezone)
    actor = _may(actor, move, row)
    state = fold((e.data for e in entries), book.calendars)
    try:
        with transaction.atomic():
            answer = _write(row, state, entries[-1], move, data, actor, now, book, stamps, op, digest)
    except IntegrityError as error:
        if not is_taken(error):
            raise
        return 200, stored_answer(op, digest, case=case)
    except Conflict:
        if logbook.receipt(op) is None:
            raise
        return 200, stored_answer(op, digest, case=case)  # the same move, sent twice at once
    return 200, answer


def _may(actor: Actor, move: str, row: CaseRow) -> Actor:
    """The actor as it acts here (for whom, when only AB cover gives the power); Forbidden otherwise."""
    permission = PERMISSION[move]
    where: dict[str, Any] = {"ancestors": row.ancestors, "unit": row.unit, "maker": row.maker}
    if not people.allows(actor, permission, **where):
        raise Forbidden(MAY_NOT, move=move_word(move), allowed=Both(*PERMISSIONS[permission]))
    return people.acting(actor, permission, **where)


def _repeat_or_stale(case: UUID, op: UUID, digest: str, entries: list[Entry], zone: str) -> bytes:
    """A stale sequence number is either a repeat of an answered operation, or somebody was first."""
    if logbook.receipt(op) is not None:
        return stored_answer(op, digest, case=case)
    raise stale(entries[-1], zone)


def stale(last: Entry, zone: str) -> Conflict:
    """The 409 that says who moved the case, when (on the wall clock of `zone`), and where it stands."""
    current = current_of(last)
    at = unstamp(current["at"]).astimezone(ZoneInfo(zone))
    stage = stage_words((current["stage"],))
    return Conflict(STALE, current=current, by=current["by"], at=f"{at:%m-%d %H:%M}", stage=stage)


def _write(
    row: CaseRow,
    state: State,
    last: Entry,
    move: str,
    data: Mapping[str, Any],
    actor: Actor,
    now: datetime,
    book: Rulebook,
    stamps: Mapping[str, int],
    op: UUID,
    digest: str,
) -> bytes:
    category = book.by_id[row.category]
    request = MoveRequest(move, _resolve_unit(move, data, stamps), actor.key, now, book.timezone)
    chosen = choose_row(category, data.get("facts") or {}, data.get("row") or state.row)
    applied = decide(
        state,
        request,
        category=category,
        workflow=book.workflow(category),
        calendar=book.calendar.version,
        row=chosen,
    )
    stream = f"case/{row.id}"
    try:
        entry = append(
            stream=stream,
            move=move,
            actor=actor,
            at=now,
            received_at=now,
            payload=applied.payload,
            after=Head(stream, last.seq, last.hash),
            from_stage=applied.from_stage,
            to_stage=applied.to_stage,
        )
    except Conflict as error:
        raise stale(logbook.entries(stream)[-1], book.timezone) from error
    columns = view.cached(step(state.copy(), entry.data, book.calendars), book.calendars)
    fixed = row.fixed()
    if not bulk.update_case(fixed, columns, expected_seq=last.seq):
        raise stale(logbook.entries(stream)[-1], book.timezone)
    unit = UUID(columns.unit) if columns.unit else None
    record_fact(
        CaseMoved(
            case=row.id, move=move, from_stage=applied.from_stage, to_stage=applied.to_stage, unit=unit
        ),
        stream=stream,
        now=now,
    )
    if columns.closed and not state.closed:
        fact = CaseClosed(case=row.id, outcome=columns.outcome, late=columns.late, subject=row.subject)
        record_fact(fact, stream=stream, now=now)
    code, name = area_label(row.area, row.scheme, stamps)
    answer = orjson.dumps(answer_of(fixed, columns, category, code, name, people.unit_ref(unit, stamps), now))
    keep_receipt(op=op, digest=digest, status=200, answer=answer, now=now)
    return answer


def _resolve_unit(move: str, data: Mapping[str, Any], stamps: Mapping[str, int]) -> Mapping[str, Any]:
    """A unit may be named by id, code, name or alias; the journal holds its id."""
    named = data.get("unit")
    if move != "assign" or not named:
        return data
    unit = people.find_unit(str(named), stamps)
    if unit is None:
        raise BadInput(UNKNOWN_UNIT, field="unit", found=str(named)[:80], label=field_word("unit"))
    return {**data, "unit": str(unit.id)}
