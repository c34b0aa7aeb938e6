"""Enter, change, move and end one subject. Each is one transaction: row, journal, fingerprints, fact."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction

from gridward.kernel.actor import Actor
from gridward.kernel.clock import local_date
from gridward.kernel.errors import BadInput, Conflict, Message, Missing
from gridward.kernel.ids import uuid7
from gridward.ledger import bulk, models
from gridward.ledger.actions.giving import check_given, require_good
from gridward.ledger.actions.homes import Homes
from gridward.ledger.actions.writing import Written, changed_file, new_file, owner_of
from gridward.ledger.facts import SubjectChanged, SubjectEnded, SubjectEntered, SubjectMoved
from gridward.ledger.queries.definitions import definition
from gridward.ledger.queries.home import NO_SUBJECT
from gridward.ledger.rules import Definition, Given, Home
from gridward.logbook import queries as logbook
from gridward.logbook.actions import append, is_taken, record_fact
from gridward.people import queries as people

TAKEN = Message(
    "GW-LEDGER-070",
    "台账“{ledger}”里已有相同主键“{found}”的对象；请打开它修改，或更正主键。",
    "Ledger {ledger} has a subject with the key {found}; open that one, or correct the key.",
)
CHANGED = Message(
    "GW-LEDGER-072",
    "{by} 已于 {at} 改过“{name}”（第 {seq} 版）；请刷新后在新版上修改，您填写的内容不会丢失。",
    "{by} changed {name} at {at} (version {seq}); reload and change the new version, what you typed is kept.",
)
ENDED = Message(
    "GW-LEDGER-073", "“{name}”已于 {on} 注销，不能再改。", "{name} was ended on {on} and cannot be changed."
)
NO_REASON = Message(
    "GW-LEDGER-074", "缺少原因：请写明为什么{what}。", "A reason is missing: say why ({what})."
)


def create_subject(
    *,
    ledger: str,
    name: str | None = None,
    address: str | None = None,
    lon: float | None = None,
    lat: float | None = None,
    area: str | None = None,
    values: Mapping[str, Any] | None = None,
    id: UUID | None = None,
    source: str = "desk",
    timezone: str = "Asia/Shanghai",
    actor: Actor,
    now: datetime,
) -> UUID:
    """Enter a subject; `lon, lat` WGS 84 degrees, `area` a code or name that wins over the point.

    BadInput or ManyProblems for values, Forbidden outside the actor's scope, Conflict when id or key is taken.
    """
    of = definition(ledger)
    given, problems = check_given(of, Given(name, address, lon, lat, area, values or {}), timezone=timezone)
    require_good(problems)
    home = Homes(of, local_date(now, timezone)).choose(lon, lat, area)
    people.require(actor, "ledger:subject:create", ancestors=home.ancestors)
    subject = id or uuid7(now)
    with transaction.atomic():
        number = of.number(bulk.take_serials(ledger, 1))
        written = new_file(of, subject, number, given, home, key=None, source=source, now=now)
        try:
            with transaction.atomic():
                bulk.insert_subject(written.columns)
        except IntegrityError as error:
            if is_taken(error):
                raise Conflict(
                    TAKEN, ledger=of.label_in("zh"), found=written.columns["key"] or str(subject)
                ) from error
            raise
        bulk.put_digests(ledger, subject, written.digests)
        append(
            stream=owner_of(subject),
            move="create",
            actor=actor,
            at=now,
            received_at=now,
            payload=written.payload,
            after=None,
        )
        record_fact(SubjectEntered(subject, ledger), stream=owner_of(subject), now=now)
    return subject


def change_subject(
    *,
    subject: UUID,
    expected_seq: int,
    name: str | None = None,
    address: str | None = None,
    lon: float | None = None,
    lat: float | None = None,
    values: Mapping[str, Any] | None = None,
    timezone: str = "Asia/Shanghai",
    actor: Actor,
    now: datetime,
) -> int:
    """Change what is given (None in `values` empties a field); returns the seq that stands now.

    A new point gives a new home unless a person named it. Conflict (who, when) when `expected_seq` is old.
    """
    row, of = load(subject, actor, "ledger:subject:change")
    check_seq(row, expected_seq)
    given, problems = check_given(
        of, Given(name, address, lon, lat, None, values or {}), timezone=timezone, partial=True
    )
    require_good(problems)
    home = None
    if lon is not None and not row.by_hand:
        home = Homes(of, local_date(now, timezone)).at(lon, lat)
        people.require(actor, "ledger:subject:change", ancestors=home.ancestors)
    written = changed_file(row, of, given, home, digests=digests_of(subject), now=now)
    if written is None:
        return row.seq
    with transaction.atomic():
        write_change(row, of, written, move="change", actor=actor, now=now)
        _facts(row, written, home, now)
    return row.seq + 1


def _facts(row: models.Subject, written: Written, home: Home | None, now: datetime) -> None:
    stream = owner_of(row.id)
    record_fact(SubjectChanged(row.id, row.ledger, written.fields), stream=stream, now=now)
    if home is not None and home.area != row.area:
        record_fact(SubjectMoved(row.id, row.ledger, home.area), stream=stream, now=now)


def move_subject(
    *, subject: UUID, area: str, reason: str, expected_seq: int | None = None, actor: Actor, now: datetime
) -> int:
    """Give a subject another home (code, id or name of an area in force), with a reason; returns the new seq.

    The mover needs the power at both ends: where the subject leaves and where it arrives.
    """
    row, of = load(subject, actor, "ledger:subject:move")
    check_seq(row, expected_seq)
    reason = _reason(reason, "调整所属网格 / moving it")
    home = Homes(of, now.date()).called(area)
    people.require(actor, "ledger:subject:move", ancestors=home.ancestors)
    return rehome(row, of, home, move="move", reason=reason, actor=actor, now=now)


def rehome(
    row: models.Subject, of: Definition, home: Home, *, move: str, reason: str, actor: Actor, now: datetime
) -> int:
    """Write another home with its reason; returns the seq that stands now."""
    written = changed_file(row, of, Given(), home, digests={}, now=now)
    if written is None:
        return row.seq
    written.payload["reason"] = reason
    with transaction.atomic():
        write_change(row, of, written, move=move, actor=actor, now=now)
        record_fact(SubjectMoved(row.id, row.ledger, home.area), stream=owner_of(row.id), now=now)
    return row.seq + 1


def end_subject(
    *,
    subject: UUID,
    reason: str,
    on: date | None = None,
    expected_seq: int | None = None,
    actor: Actor,
    now: datetime,
) -> int:
    """Close a file with a reason; it stays readable and is counted no more. Returns the new seq."""
    row, _ = load(subject, actor, "ledger:subject:end")
    check_seq(row, expected_seq)
    reason, day = _reason(reason, "注销 / ending it"), on or now.date()
    with transaction.atomic():
        append_change(row, "end", {"reason": reason, "on": day.isoformat()}, actor=actor, now=now)
        models.Subject.objects.filter(id=row.id, seq=row.seq).update(
            ended_on=day, seq=row.seq + 1, updated_at=now
        )
        record_fact(SubjectEnded(row.id, row.ledger, reason), stream=owner_of(row.id), now=now)
    return row.seq + 1


def record_unmasking(*, subject: UUID, fields: tuple[str, ...], actor: Actor, now: datetime) -> None:
    """Journal that somebody saw personal values in full (invariant 9)."""
    from gridward.logbook.actions import append_to

    payload = {"subject": str(subject), "fields": list(fields)}
    with transaction.atomic():
        append_to(stream=f"unmask/{subject}", move="unmask", actor=actor, now=now, payload=payload)


def _reason(text: str, what: str) -> str:
    if not text.strip():
        raise BadInput(NO_REASON, field="reason", what=what)
    return text.strip()


def load(subject: UUID, actor: Actor, permission: str) -> tuple[models.Subject, Definition]:
    """A subject that the actor may read, its ledger, after checking `permission`. Missing, then Forbidden."""
    row = models.Subject.objects.filter(id=subject).first()
    scope: dict[str, Any] = (
        {"ancestors": (row.a1, row.a2, row.a3, row.a4, row.a5), "subject": row.id} if row else {}
    )
    if row is None or not (
        people.allows(actor, "ledger:subject:read", **scope) or people.allows(actor, permission, **scope)
    ):
        raise Missing(NO_SUBJECT, field="subject")
    people.require(actor, permission, **scope)
    if row.ended_on is not None:
        raise Conflict(ENDED, current=_current(row), name=row.name, on=row.ended_on.isoformat())
    return row, definition(row.ledger)


def check_seq(row: models.Subject, expected: int | None) -> None:
    """Conflict with who and when unless `expected` is the version that stands."""
    if expected is None or expected == row.seq:
        return
    current = _current(row)
    raise Conflict(CHANGED, current=current, name=row.name, **{n: current[n] for n in ("by", "at", "seq")})


def _current(row: models.Subject) -> dict[str, Any]:
    last = logbook.entries(owner_of(row.id), after=row.seq - 1, limit=1)
    by = people.names_of([last[0].actor]).get(last[0].actor) or last[0].actor if last else None
    at = last[0].at.isoformat().replace("+00:00", "Z") if last else None
    return {"stage": "ended" if row.ended_on else "living", "seq": row.seq, "by": by, "at": at}


def digests_of(subject: UUID) -> dict[str, str]:
    """Field → fingerprint of the personal values that stand now."""
    return dict(models.BlindIndex.objects.filter(subject=subject).values_list("field", "digest"))


def write_change(
    row: models.Subject, of: Definition, written: Written, *, move: str, actor: Actor, now: datetime
) -> None:
    """Row, fingerprints and journal entry of one change; Conflict when somebody was first."""
    try:
        with transaction.atomic():
            first = bulk.update_subject(written.columns, expected_seq=row.seq)
    except IntegrityError as error:
        if is_taken(error):
            raise Conflict(TAKEN, ledger=of.label_in("zh"), found=written.columns["key"]) from error
        raise
    if not first:
        fresh = models.Subject.objects.get(id=row.id)
        current = _current(fresh)
        raise Conflict(
            CHANGED, current=current, name=row.name, **{n: current[n] for n in ("by", "at", "seq")}
        )
    bulk.put_digests(row.ledger, row.id, written.digests)
    append_change(row, move, written.payload, actor=actor, now=now)


def append_change(
    row: models.Subject, move: str, payload: Mapping[str, Any], *, actor: Actor, now: datetime
) -> None:
    """Append to the subject's stream after the version that `row` shows."""
    stream = owner_of(row.id)
    head = logbook.head(stream)
    if head is None or head.seq != row.seq:
        current = _current(models.Subject.objects.get(id=row.id))
        raise Conflict(
            CHANGED, current=current, name=row.name, **{n: current[n] for n in ("by", "at", "seq")}
        )
    append(stream=stream, move=move, actor=actor, at=now, received_at=now, payload=payload, after=head)
