"""One case as a person sees it: facts, clocks, possible moves with what each needs, journal in sentences."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

import orjson

from gridward.cases.queries.answers import answer_of, area_label, instant_text
from gridward.cases.queries.one import CaseRow, load_case
from gridward.cases.queries.rulebook import Rulebook, rulebook
from gridward.cases.rules import clocks, moves, stages, view
from gridward.cases.rules.state import State, fold
from gridward.cases.rules.workflow import Category
from gridward.kernel.actor import Actor
from gridward.kernel.errors import BadInput
from gridward.logbook.actions.keys import unseal
from gridward.logbook.rules import Entry
from gridward.people import queries as people
from gridward.people.queries.movers import movers


def case_detail(
    case: UUID, *, actor: Actor, now: datetime, stamps: Mapping[str, int], language: str
) -> dict[str, Any]:
    """The whole case page. Missing when the actor may not read it."""
    book = rulebook(stamps)
    row, entries = load_case(case, actor)
    state = fold((e.data for e in entries), book.calendars)
    columns = view.cached(state, book.calendars)
    category = book.by_id[row.category]
    code, name = area_label(row.area, row.scheme, stamps)
    unit = people.unit_ref(row.unit, stamps)
    fixed = row.fixed()
    detail = answer_of(fixed, columns, category, code, name, unit, now)
    first = entries[0].data["payload"]
    lon, lat = row.values["lon"], row.values["lat"]
    detail |= {
        "category_label": category.label_in(language),
        "text": row.values["text"],
        "address": row.values["address"],
        "source": row.values["source"],
        "returns": state.returns,
        "reworks": state.reworks,
        "turn": columns.turn,
        "rail": view.rail(state, now),
        "responsible": _responsible(row, columns.turn, unit, name, columns.next_due_at, now),
        "point": {"lon": lon, "lat": lat} if lon is not None else None,
        "subject": _subject(row),
        "recorded": orjson.loads(row.values["recorded"] or "{}"),
        "clocks": [_clock(c, now, book) for c in state.clocks.values()],
        "moves": possible_moves(state, row, category, book, actor, now, language),
        "blobs": _blobs(entries),
        "contact": _contact(first.get("sealed") or {}, row, actor),
        "signatures": state.signatures,
        "how": state.how,
        "by_when": state.by_when,
    }
    return detail


def _subject(row: CaseRow) -> dict[str, str] | None:
    if row.subject is None:
        return None
    from gridward.ledger import queries as ledger

    return ledger.subject_card(row.subject)


def _responsible(
    row: CaseRow,
    turn: str,
    unit: people.UnitRef | None,
    area: str | None,
    until: datetime | None,
    now: datetime,
) -> dict[str, Any]:
    who: list[str] = []
    if unit and turn == "cases:case:handle":
        who = [unit.name]
    elif turn:
        who = [p.name for p in movers([(turn, row.ancestors)], now)[0]]
    return {"who": who, "where": area, "until": instant_text(until)}


def _clock(c: clocks.Clock, now: datetime, book: Rulebook) -> dict[str, Any]:
    yellow = clocks.yellow_at(c, book.calendars)
    return {
        "kind": c.kind,
        "started_at": instant_text(c.started_at),
        "due_at": instant_text(c.due_at),
        "stopped_at": instant_text(c.stopped_at),
        "paused": bool(c.pauses),
        "limit": c.limit,
        "seconds": c.seconds,
        "used_s": clocks.used(c, now, book.calendars),
        "colour": view.colour(c.due_at if c.running else None, yellow, c.late(now), now),
    }


def possible_moves(
    state: State,
    row: CaseRow,
    category: Category,
    book: Rulebook,
    actor: Actor,
    now: datetime,
    language: str,
) -> list[dict[str, Any]]:
    """Every move with whether it may be made now by this actor, why not, and what its form needs."""
    flow = book.workflow(category)
    found = []
    for move in moves.MOVES:
        permission = moves.PERMISSION[move]
        may = people.allows(actor, permission, ancestors=row.ancestors, unit=row.unit, maker=row.maker)
        refusal = moves.check_stage(state, move, now, flow)
        reason = refusal.sentence(language) if refusal else None
        if not may:
            reason = _lacks(permission, language)
        elif move == "post_handling_check" and state.handler == actor.key and not refusal:
            reason = BadInput(moves.SAME_HAND).sentence(language)
        found.append(
            {
                "move": move,
                "label": moves.move_label(move, language),
                "allowed": reason is None,
                "reason": reason,
                "needs": [_need(n, category, language) for n in moves.needs(move, flow)],
            }
        )
    return found


def _lacks(permission: str, language: str) -> str:
    from gridward.cases.policy import PERMISSIONS

    zh, en = PERMISSIONS[permission]
    return f"Your posts do not include: {en}" if language.startswith("en") else f"您的岗位没有此权限：{zh}"


def _need(need: tuple[str, str, bool], category: Category, language: str) -> dict[str, Any]:
    name, kind, required = need
    choices: list[dict[str, str]] = []
    if kind == "row":
        choices = [
            {"id": r.id, "label": r.label.get(language) or r.label.get("zh") or r.opening or r.id}
            for r in category.rows
        ]
    elif name in moves.CHOICES:
        choices = [{"id": str(c), "label": _choice_label(name, c, language)} for c in moves.CHOICES[name]]
    return {
        "field": name,
        "label": moves.field_label(name, language),
        "type": kind,
        "required": required,
        "choices": choices,
    }


CHOICE_LABELS = {
    "fixed": ("已解决", "fixed"),
    "cannot_fix": ("无法解决", "cannot be fixed"),
    "not_ours": ("不属本单位", "not ours"),
    "unfounded": ("不属实", "unfounded"),
    "duplicate": ("重复", "duplicate"),
    "withdrawn": ("撤回", "withdrawn"),
    "transferred": ("已移交", "transferred"),
    "good": ("好", "good"),
    "fairly_good": ("较好", "fairly good"),
    "average": ("一般", "average"),
    "poor": ("较差", "poor"),
    "ask": ("发起核实", "ask"),
    "answer": ("答复核实", "answer"),
}


def _choice_label(name: str, value: Any, language: str) -> str:
    zh, en = CHOICE_LABELS.get(str(value), (str(value), str(value)))
    return en if language.startswith("en") else zh


def _blobs(entries: list[Entry]) -> list[str]:
    return [blob for e in entries for blob in e.data["payload"].get("blobs") or []]


def _contact(sealed: Mapping[str, Any], row: CaseRow, actor: Actor) -> dict[str, str | None]:
    """The reporter's contact: masked for everybody here; the whole value has a logged door of its own."""
    from gridward.kernel.codes import mask_text

    if not sealed:
        return {}
    if not people.allows(
        actor, "cases:contact:read", ancestors=row.ancestors, unit=row.unit, maker=row.maker
    ):
        return dict.fromkeys(sealed, "＊")
    return {name: mask_text(value) if value else None for name, value in unseal(sealed).items()}


def journal_items(
    case: UUID, *, actor: Actor, stamps: Mapping[str, int], language: str
) -> list[dict[str, Any]]:
    """The journal, oldest first, with the hashes and a sentence for each entry."""
    _, entries = load_case(case, actor)
    names = people.names_of([e.actor for e in entries])
    return [_item(e, names, stamps, language) for e in entries]


def _item(e: Entry, names: Mapping[str, str], stamps: Mapping[str, int], language: str) -> dict[str, Any]:
    body = e.data
    name = names.get(e.actor, e.actor)
    return {
        "seq": e.seq,
        "move": e.move,
        "actor": e.actor,
        "actor_name": name,
        "at": body["at"],
        "received_at": body["received_at"],
        "from": body["from"],
        "to": body["to"],
        "data": body["payload"],
        "prev_hash": e.prev_hash,
        "hash": e.hash,
        "sentence": sentence(e.move, name, body, stamps, language),
    }


def sentence(move: str, name: str, body: Mapping[str, Any], stamps: Mapping[str, int], language: str) -> str:
    """One entry as a clerk would say it: who, what, to whom, why."""
    p = body["payload"]
    english = language.startswith("en")
    text = f"{name} {moves.move_label(move, language)}"
    unit = people.unit_ref(UUID(p["unit"]), stamps) if p.get("unit") else None
    if unit:
        text += f" → {unit.name}"
    if move == "post_handling_check":
        text += {True: (" · 通过", " · passed"), False: (" · 不通过，返工", " · not passed, rework")}[
            p["passed"]
        ][english]
    detail = p.get("reason") or p.get("text") or ""
    if detail:
        text += f": {detail}" if english else f"：{detail}"
    return text


__all__ = ["case_detail", "journal_items", "possible_moves", "stages"]
