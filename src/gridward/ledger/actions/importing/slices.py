"""One slice of an import: new subjects set-wise, changed ones by compare-and-set, in the caller's transaction."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from datetime import UTC, datetime
from uuid import UUID

from gridward.kernel.actor import Actor
from gridward.kernel.errors import BadInput, Message
from gridward.kernel.ids import uuid7_of
from gridward.ledger import bulk, models
from gridward.ledger.actions.homes import Homes
from gridward.ledger.actions.importing.reading import Line
from gridward.ledger.actions.subjects import write_change
from gridward.ledger.actions.writing import Sealed, Written, changed_file, new_file, owner_of
from gridward.ledger.facts import SubjectsImported
from gridward.ledger.rules import Definition, Home
from gridward.ledger.rules.files import point_text
from gridward.logbook.actions import begin_streams, insert_rows, record_fact
from gridward.logbook.actions.keys import seal
from gridward.logbook.rules import Entry, write_entry

EPOCH = datetime(2000, 1, 1, tzinfo=UTC)
"""The instant in the ids of imported subjects: fixed, so that the same key gives the same id in every run."""
ENDED = Message(
    "GW-LEDGER-090",
    "“{name}”已于 {on} 注销，文件里的改动没有写入；如需恢复请新建。",
    "{name} was ended on {on}; the changes in the file were not written.",
)
PARAMETERS = 500


def subject_id(ledger: str, key: str) -> UUID:
    """The id of the subject that an import makes for a key."""
    return uuid7_of(EPOCH, "ledger", ledger, key)


def no_sealing(*, owner: str, values: Mapping[str, str], now: datetime) -> Sealed:
    """What a preview does instead of sealing: no key is made."""
    return {name: {} for name in values}


class SliceWriter:
    """Writes the good lines of slices; without `commit` it only counts."""

    def __init__(
        self, definition: Definition, homes: Homes, source: str, actor: Actor, now: datetime, *, commit: bool
    ) -> None:
        self.of, self.homes, self.source, self.actor, self.now = definition, homes, source, actor, now
        self.commit = commit

    def write(self, lines: list[Line]) -> tuple[int, int]:
        """(created, updated). Lines that cannot be written get a problem."""
        known = self._known(lines)
        fresh = [line for line in lines if self._find(line, known) is None]
        self._place_new(fresh)
        fresh = [line for line in fresh if not line.problems]
        updated = self._update(
            [(line, row) for line in lines if (row := self._find(line, known)) is not None]
        )
        if self.commit and fresh:
            self._create(fresh)
        if self.commit and (fresh or updated):
            fact = SubjectsImported(self.of.code, len(fresh), updated)
            record_fact(fact, stream=f"ledger/{self.of.code}", now=self.now)
        return len(fresh), updated

    def _known(self, lines: list[Line]) -> dict[str, models.Subject]:
        """Subjects that stand already, by "#number" and by key."""
        numbers = bulk.taken(self.of.code, "number", [line.number for line in lines if line.number])
        keys = bulk.taken(self.of.code, "key", [line.key for line in lines if line.key])
        ids = list({*numbers.values(), *keys.values()})
        rows: dict[UUID, models.Subject] = {}
        for start in range(0, len(ids), PARAMETERS):
            rows |= models.Subject.objects.in_bulk(ids[start : start + PARAMETERS])
        return {f"#{n}": rows[i] for n, i in numbers.items()} | {k: rows[i] for k, i in keys.items()}

    def _find(self, line: Line, known: Mapping[str, models.Subject]) -> models.Subject | None:
        by_number = known.get(f"#{line.number}") if line.number else None
        return by_number or known.get(line.key or "")

    def _place_new(self, lines: list[Line]) -> None:
        for line in lines:
            self._home(line)

    def _home(self, line: Line) -> Home:
        given = line.given
        found = self.homes.at(given.lon, given.lat)
        if found.area is None and given.area and self.homes.locator is not None:
            return self._called(line)
        return found

    def _called(self, line: Line) -> Home:
        try:
            return self.homes.called(line.given.area or "")
        except BadInput as error:
            line.problems.append(("", error))
            return self.homes.nowhere

    def _create(self, lines: list[Line]) -> None:
        first = bulk.take_serials(self.of.code, len(lines))
        files, entries, digests = [], [], []
        for serial, line in enumerate(lines, start=first):
            key = line.key or line.identity
            subject = subject_id(self.of.code, key)
            file = new_file(
                self.of, subject, self.of.number(serial), line.given, self._home(line),
                key=key, source=self.source, now=self.now,
            )  # fmt: skip
            files.append(file.columns)
            entries.append(self._entry(subject, file))
            digests += [(bulk.db(subject), self.of.code, n, d) for n, d in file.digests.items()]
        bulk.insert_subjects(files)
        insert_rows("ledger_blindindex", "subject, ledger, field, digest", digests)
        begin_streams(entries)

    def _entry(self, subject: UUID, file: Written) -> Entry:
        return write_entry(
            owner_of(subject), "import", after=None, actor=self.actor.key, on_behalf_of=None, at=self.now,
            received_at=self.now, from_stage="", to_stage="", payload=file.payload,
        )  # fmt: skip

    def _update(self, pairs: list[tuple[Line, models.Subject]]) -> int:
        digests = self._digests([row.id for _, row in pairs]) if self._has_sealed else {}
        return sum(self._update_one(line, row, digests.get(row.id, {})) for line, row in pairs)

    @property
    def _has_sealed(self) -> bool:
        return any(rule.sealed for rule in self.of.fields.values())

    def _digests(self, ids: list[UUID]) -> dict[UUID, dict[str, str]]:
        found: dict[UUID, dict[str, str]] = defaultdict(dict)
        for start in range(0, len(ids), PARAMETERS):
            rows = models.BlindIndex.objects.filter(subject__in=ids[start : start + PARAMETERS])
            for subject, name, digest in rows.values_list("subject", "field", "digest"):
                found[subject][name] = digest
        return found

    def _update_one(self, line: Line, row: models.Subject, digests: Mapping[str, str]) -> int:
        home = self._new_home(line, row)
        if line.problems:
            return 0
        sealer = seal if self.commit else no_sealing
        written = changed_file(row, self.of, line.given, home, digests=digests, now=self.now, sealer=sealer)
        if written is None:
            return 0
        if row.ended_on is not None:
            line.problems.append(("", BadInput(ENDED, name=row.name, on=row.ended_on.isoformat())))
            return 0
        if self.commit:
            write_change(row, self.of, written, move="import", actor=self.actor, now=self.now)
        return 1

    def _new_home(self, line: Line, row: models.Subject) -> Home | None:
        """Another home only where the file says so: another area in an own export, or another point."""
        given = line.given
        if line.number and given.area and self.homes.locator is not None:
            named = self._called(line)
            if named.area != row.area:
                return named if not line.problems else None
        moved = given.point is not None and given.point != point_text(row.lon, row.lat)
        return self._home(line) if moved and not row.by_hand else None
