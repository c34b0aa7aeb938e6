"""Import people and postings from a table. Preview does the same as a commit and takes it back.

Rows are done in slices, each its own transaction; a row that fails is taken back alone and returned with its
reason. Doing the file again, also after a crash in the middle, finds what is there and changes nothing.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import Q, QuerySet

from gridward.grids.rules import AreaRef
from gridward.kernel.actor import Actor
from gridward.kernel.errors import BadInput, GridwardError, Message, Refused
from gridward.kernel.ids import uuid7
from gridward.kernel.tables import Table, write_rejects
from gridward.people.actions.accounts import enter_person, write_changes
from gridward.people.actions.changing import changing, journal
from gridward.people.actions.endings import finish_posting
from gridward.people.actions.postings import Order, enter_posting
from gridward.people.actions.units import enter_membership, find_or_create_unit
from gridward.people.actions.users import NO_AREA, find_post
from gridward.people.models import Membership, Person, Post, Posting
from gridward.people.policy import require
from gridward.people.queries.areas import areas_in_force
from gridward.people.queries.kept import day_of, stamps_or_read, timezone_name
from gridward.people.queries.units import find_unit
from gridward.people.rules.places import do_overlap
from gridward.people.rules.roster import RosterRow, find_columns, read_row

SLICE = 200

TWO_OF_THEM = Message(
    "GW-PEOPLE-083",
    "有 {count} 个人叫“{found}”，分不清是谁；请填用户名（login）列。",
    "{count} people are called {found}; fill in the column login to say who is meant.",
)
NO_PARTNER = Message(
    "GW-PEOPLE-084",
    "结对人“{found}”在同一网格、同一岗位没有任职；请核对，或把其所在行放进同一文件。",
    "The partner {found} holds no such post at the same place; check it, or put that person into the same "
    "file.",
)

Problems = list[tuple[str, BadInput | str]]


@dataclass
class _Run:
    """What one import knows and counts."""

    columns: dict[str, str]
    actor: Actor
    now: datetime
    today: date
    rows: list[RosterRow] = field(default_factory=list)
    outcome: dict[int, str] = field(default_factory=dict)
    rejected: dict[int, Problems] = field(default_factory=dict)
    areas: dict[tuple[str, int], dict[str, AreaRef]] = field(default_factory=dict)
    to_pair: list[tuple[RosterRow, UUID]] = field(default_factory=list)

    def area(self, post: Post, code: str) -> AreaRef:
        """The area in force with this code on the level of the post. Raises BadInput."""
        key = (post.scheme, post.rank)
        if key not in self.areas:
            self.areas[key] = {ref.code: ref for ref in areas_in_force(*key, self.today)}
        found = self.areas[key].get(code)
        if found is None:
            raise BadInput(NO_AREA, field="area_code", scheme=post.scheme, level=post.rank, found=code)
        return found

    def reject(self, row: RosterRow, error: GridwardError) -> None:
        """Keep a row with its reason, under the column of the file that it is about."""
        key = _COLUMN_OF.get(error.field or "", error.field or "")
        problem = error if isinstance(error, BadInput) else f"{error.sentence('zh')} / {error.sentence('en')}"
        self.rejected.setdefault(row.number, []).append((self.columns.get(key, ""), problem))

    def count(self, outcome: str) -> int:
        return sum(found == outcome for found in self.outcome.values())


_COLUMN_OF = {"area": "area_code", "person": "name"}


def import_people(
    table: Table, *, commit: bool, actor: Actor, now: datetime, rejects: Path | None = None
) -> dict[str, Any]:
    """Read people, units, memberships and postings from a table.

    Returns {"rows", "created", "updated", "unchanged", "rejected", "rejects_file"}: a row counts as created
    when a person, membership or posting is new. Columns are those of rules.roster, in either language; others
    (sex, birth date …) are not read. Rejected rows go to `rejects` in the layout of the file.
    """
    require(actor, "people:person:manage")
    stamps = stamps_or_read(None)
    run = _Run(find_columns(table.header), actor, now, day_of(now, stamps))
    _read(table, run, timezone_name(stamps))
    if commit:
        _write(run)
    else:
        with transaction.atomic():
            _write(run)
            transaction.set_rollback(True)
    return _answer(table, run, rejects)


def _read(table: Table, run: _Run, timezone: str) -> None:
    for number, values in table.rows():
        row, problems = read_row(number, values, run.columns, timezone, date1904=table.date1904)
        if row is None:
            run.rejected[number] = list(problems)
        else:
            run.rows.append(row)


def _write(run: _Run) -> None:
    for start in range(0, len(run.rows), SLICE):
        with changing():
            for row in run.rows[start : start + SLICE]:
                _row(row, run)
    with changing():
        for row, posting in run.to_pair:
            _pair(row, posting, run)


def _answer(table: Table, run: _Run, rejects: Path | None) -> dict[str, Any]:
    rejected = {r.number: list(r.problems) for r in table.rejected} | run.rejected
    file = None
    if rejected and rejects is not None:
        rejects.parent.mkdir(parents=True, exist_ok=True)
        file = str(write_rejects(table, sorted(rejected.items()), rejects))
    return {
        "rows": len({row.number for row in run.rows} | set(rejected)),
        "created": run.count("created"),
        "updated": run.count("updated"),
        "unchanged": run.count("unchanged"),
        "rejected": len(rejected),
        "rejects_file": file,
    }


def _row(row: RosterRow, run: _Run) -> None:
    try:
        with transaction.atomic():
            run.outcome[row.number] = _apply(row, run)
    except Refused as error:
        run.reject(row, error)


def _apply(row: RosterRow, run: _Run) -> str:
    unit = _unit(row, run)
    person, is_new = _person(row, unit, run)
    outcomes = [_details(person, row, run)]
    if unit is not None and not (row.post and find_post(row.post, scheme=row.scheme).on == "unit"):
        outcomes.append(_membership(person.id, unit, row, run))
    if row.post:
        outcomes.append(_posting(person.id, unit, row, run))
    if is_new or "created" in outcomes:
        return "created"
    return "updated" if "updated" in outcomes else "unchanged"


def _unit(row: RosterRow, run: _Run) -> UUID | None:
    if not row.unit:
        return None
    known = find_unit(row.unit)
    return (known or find_or_create_unit(name=row.unit, actor=run.actor, now=run.now, source="people")).id


def _person(row: RosterRow, unit: UUID | None, run: _Run) -> tuple[Person, bool]:
    """The person a row means (made when there is none), and whether that was done."""
    if row.login:
        known = Person.objects.filter(login=row.login).first()
        if known is not None:
            return known, False
    namesakes = Person.objects.filter(name=row.name)
    if row.login:
        namesakes = namesakes.filter(login__isnull=True)
    if unit is not None:
        here = Q(memberships__unit_id=unit) | Q(postings__unit_id=unit)
        namesakes = namesakes.filter(here).distinct()
    found = list(namesakes)
    if len(found) > 1 and row.phone:
        found = [one for one in found if one.work_phone == row.phone] or found
    if len(found) > 1:
        raise BadInput(TWO_OF_THEM, field="name", found=row.name, count=len(found))
    if found:
        return found[0], False
    key = enter_person(
        key=uuid7(run.now),
        name=row.name,
        login=row.login or None,
        work_phone=row.phone,
        actor=run.actor,
        now=run.now,
    )
    return Person.objects.get(id=key), True


def _details(person: Person, row: RosterRow, run: _Run) -> str:
    wanted = {"name": row.name, "login": row.login, "work_phone": row.phone}
    changed = {k: v for k, v in wanted.items() if v and getattr(person, k) != v}
    if not changed:
        return "unchanged"
    write_changes(person, changed, run.actor, run.now)
    return "updated"


def _membership(person: UUID, unit: UUID, row: RosterRow, run: _Run) -> str:
    start = row.valid_from or run.today
    for known in Membership.objects.filter(person_id=person, unit_id=unit):
        if do_overlap(start, row.valid_to, known.valid_from, known.valid_to) or row.valid_from is None:
            return "unchanged"
    # Working somewhere does not end with one posting: the row's end is the posting's.
    enter_membership(person, unit, start, None, actor=run.actor, now=run.now)
    return "created"


def _posting(person: UUID, unit: UUID | None, row: RosterRow, run: _Run) -> str:
    post = find_post(row.post, scheme=row.scheme)
    area = run.area(post, row.area_code) if row.area_code else None
    if row.pair:
        _check_partner(row, post, area, run)
    known = _known_posting(person, post, area.id if area else unit, row, run)
    if known is None:
        order = Order(
            person=person, post=post.id, area=area, unit=unit, rank=row.rank,
            responsibility=row.responsibility, valid_from=row.valid_from or run.today, valid_to=row.valid_to,
        )  # fmt: skip
        key, outcome = enter_posting(order, actor=run.actor, now=run.now), "created"
    else:
        key, outcome = known.id, _change_posting(known, row, run)
    if row.pair:
        run.to_pair.append((row, key))
    return outcome


def _known_posting(
    person: UUID, post: Post, target: UUID | None, row: RosterRow, run: _Run
) -> Posting | None:
    """The posting that a row repeats: it begins on the same day, or, when the row has no day, it is in
    force."""
    if target is None:
        return None
    rows = Posting.objects.select_related("post").filter(
        person_id=person, post=post, target=target, rank=row.rank
    )
    if row.valid_from is not None:
        return rows.filter(valid_from=row.valid_from).first()
    return rows.filter(valid_from__lte=run.today).exclude(valid_to__lte=run.today).first()


def _change_posting(known: Posting, row: RosterRow, run: _Run) -> str:
    outcome = "unchanged"
    if row.responsibility and row.responsibility != known.responsibility:
        known.responsibility = row.responsibility
        known.save(update_fields=["responsibility"])
        payload = {"responsibility": row.responsibility}
        journal(f"posting/{known.id}", "change", run.actor, run.now, payload)
        outcome = "updated"
    if row.valid_to is not None and row.valid_to != known.valid_to:
        finish_posting(known, row.valid_to, "import", run.actor, run.now)
        outcome = "updated"
    return outcome


def _check_partner(row: RosterRow, post: Post, area: AreaRef | None, run: _Run) -> None:
    """Refuse a pair whose other half neither stands in the file nor in the database."""
    in_file = any(
        row.pair in (other.name, other.login)
        and (other.post, other.area_code) == (row.post, row.area_code)
        and other.number != row.number
        for other in run.rows
    )
    if not in_file and _partners(row.pair, post.id, area.id if area else None).first() is None:
        raise BadInput(NO_PARTNER, field="pair", found=row.pair)


def _partners(text: str, post: UUID, target: UUID | None) -> QuerySet[Posting]:
    who = Q(person__name=text) | Q(person__login=text)
    rows = Posting.objects.filter(who, post_id=post).order_by("-valid_from", "id")
    return rows.filter(target=target) if target else rows.none()


def _pair(row: RosterRow, posting: UUID, run: _Run) -> None:
    mine = Posting.objects.get(id=posting)
    partner = _partners(row.pair, mine.post_id, mine.target).exclude(person_id=mine.person_id).first()
    if partner is None:
        run.outcome.pop(row.number, None)
        run.reject(row, BadInput(NO_PARTNER, field="pair", found=row.pair))
    elif mine.pair_of_id != partner.id:
        mine.pair_of_id = partner.id
        mine.save(update_fields=["pair_of"])
        journal(f"posting/{posting}", "pair", run.actor, run.now, {"partner": partner.id})
        if run.outcome[row.number] == "unchanged":
            run.outcome[row.number] = "updated"
