"""Areas from a file: everything is checked and measured first; `commit` brings it into force."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path
from typing import Any
from uuid import UUID

import orjson
import shapely
from django.db import transaction

from gridward.grids import models, queries
from gridward.grids.actions.enact import NEWEST, Step, enact
from gridward.grids.actions.schemes import create_scheme, define_levels
from gridward.grids.actions.weighing import check_parents, homes_of, measure_with_neighbours
from gridward.grids.policy import require
from gridward.grids.queries.standing import standing
from gridward.grids.rules import LevelSpec
from gridward.grids.rules import messages as m
from gridward.grids.rules.change import Changes, Standing, Wanted, check_dates, decide_changes
from gridward.grids.rules.cover import Cover, Verdict, find_outside, judge
from gridward.grids.rules.levels import check_code
from gridward.grids.rules.rows import (
    Homes,
    Row,
    check_columns,
    check_format,
    parents_by_ground,
    parents_by_prefix,
    read_rows,
)
from gridward.grids.rules.target import Target, check_parent_rule, decide_target
from gridward.kernel.actor import Actor
from gridward.kernel.errors import BadInput, Conflict, GridwardError, Refused
from gridward.kernel.geometry import (
    Feature,
    FeatureFile,
    check_crs,
    geometry_from_wgs84,
    guess_datum,
    read_features,
)
from gridward.kernel.ids import uuid7
from gridward.logbook.actions import append_to

# Further than this from the level above, a feature is not of this territory (degrees).
FAR_DEG = 1.0
_TABLE_ENDINGS = (".csv", ".csv.gz", ".xlsx", ".xls", ".parquet")
_GUESSED = 300


@dataclass(frozen=True)
class Wish:
    """What the caller asked for, as in the command line of the contract."""

    scheme: str
    level: str
    parent_level: str | None
    parent_code_prefix: int | None
    parent_by: str | None
    code_field: str
    code_format: str | None
    name_field: str
    valid_from: date
    crs: str
    repair: bool
    accept_m2: float | None
    file_name: str


@dataclass
class Plan:
    """What a file would do. `stamp` is the state of the grids it was made for."""

    wish: Wish
    target: Target
    stamp: int
    rows: int = 0
    repaired: int = 0
    changes: Changes = field(default_factory=Changes)
    cover: Cover = field(default_factory=Cover)
    verdict: Verdict = field(default_factory=Verdict)
    problems: list[GridwardError] = field(default_factory=list)
    refused: list[GridwardError] = field(default_factory=list)

    def answer(self, language: str) -> dict[str, Any]:
        """The figures of the contract, then what is listed and what is wrong."""
        imported = 0 if self.refused else len(self.changes.created) + len(self.changes.reshaped)
        return {
            "rows": self.rows,
            "imported": imported,
            "repaired": self.repaired,
            **self.cover.figures(self.target.level.tolerance_m2),
            "accepted_slivers": [sliver.as_json() for sliver in self.verdict.accepted],
            "problems": [problem.sentence(language) for problem in (*self.problems, *self.refused)],
        }


def import_areas(
    *,
    source: bytes | Path,
    scheme: str,
    level: str,
    code_field: str,
    name_field: str | None = None,
    valid_from: date,
    parent_level: str | None = None,
    parent_code_prefix: int | None = None,
    parent_by: str | None = None,
    code_format: str | None = None,
    crs: str = "wgs84",
    repair: bool = False,
    accept_slivers_m2: float | None = None,
    commit: bool = False,
    file_name: str = "",
    language: str = "zh",
    actor: Actor,
    now: datetime,
) -> dict[str, Any]:
    """Import the areas of one level from GeoJSON (or a table, for areas without a polygon).

    The answer has rows, imported, repaired, outside_parent, overlaps, gaps (as in the contract),
    accepted_slivers and problems (sentences). `imported` counts areas that are new or different, so the same
    file again gives 0; without `commit` it counts what a commit would do, and nothing is written. Features
    with problems are left out and named, the rest is kept. Slivers above what is accepted, and a day that
    does not fit, stop the commit: imported is 0.

    A file speaks for the areas below the parents that it mentions (at the top level: for all). Those it does
    not name end at `valid_from`, unless features were left out: then nothing ends. Scheme and level are
    created when absent.

    BadInput, Refused, Missing when the file cannot be read at all or the wishes do not fit together.
    """
    require(actor, "grids:area:import")
    wish = Wish(
        scheme=check_code(scheme, field="scheme"),
        level=level,
        parent_level=parent_level,
        parent_code_prefix=parent_code_prefix,
        parent_by=parent_by,
        code_field=code_field,
        code_format=check_format(code_format),
        name_field=name_field or code_field,
        valid_from=valid_from,
        crs=check_crs(crs),
        repair=repair,
        accept_m2=accept_slivers_m2,
        file_name=file_name or (source.name if isinstance(source, Path) else ""),
    )
    data = source.read_bytes() if isinstance(source, Path) else source
    plan = make_plan(data, wish)
    if commit and not plan.refused and not (plan.changes.empty and not plan.target.is_new):
        _commit(plan, hashlib.sha256(data).hexdigest(), actor, now)
    return plan.answer(language)


def make_plan(data: bytes, wish: Wish) -> Plan:
    """Read, check and measure; writes nothing."""
    stamp = queries.stamp()
    known = {row.code: row.levels for row in queries.schemes()}
    is_table = wish.file_name.lower().endswith(_TABLE_ENDINGS)
    levels = known.get(wish.scheme, ())
    target = decide_target(wish.scheme, levels, wish.level, wish.parent_level, drawn=not is_table)
    rule = check_parent_rule(target, wish.parent_code_prefix, wish.parent_by)
    above = _parents(wish, target)
    read = _read_table(data, wish) if is_table else _read_features(data, wish, above)
    plan = Plan(wish, target, stamp, rows=len(read.features) + _lost(read), repaired=read.repaired)
    plan.problems += read.problems
    check_columns(read.features, {"--code-field": wish.code_field, "--name-field": wish.name_field})
    rows = read_rows(
        read.features, code_field=wish.code_field, code_format=wish.code_format, name_field=wish.name_field
    )
    plan.problems += rows.problems
    homes = _homes(rule, rows.good, above, wish, target)
    plan.problems += homes.problems
    if target.parent:
        check_parents(target.parent.code, set(homes.of.values()), wish.valid_from)
    _weigh(plan, [row for row in rows.good if not rule or row.code in homes.of], homes, above)
    plan.problems += _datum_doubt(plan, rows.good, homes, above)
    return plan


def _parents(wish: Wish, target: Target) -> list[Standing]:
    """The areas of the level above on the day; Refused GW-GRIDS-047 when there are none."""
    if target.parent is None:
        return []
    above = standing(wish.scheme, target.parent.rank, wish.valid_from)
    if not above:
        values = {"scheme": wish.scheme, "level": target.parent.code, "date": wish.valid_from.isoformat()}
        raise Refused(m.PARENT_LEVEL_EMPTY, field="parent_level", **values)
    return above


def _read_features(data: bytes, wish: Wish, above: Sequence[Standing]) -> FeatureFile:
    drawn = [a.geometry for a in above if a.geometry is not None]
    box = None
    if drawn:
        west, south, east, north = shapely.total_bounds(drawn).tolist()
        box = (west - FAR_DEG, south - FAR_DEG, east + FAR_DEG, north + FAR_DEG)
    return read_features(data, crs=wish.crs, repair=wish.repair, within=box)


def _read_table(data: bytes, wish: Wish) -> FeatureFile:
    """Rows of a table as features without ground; `number` is the row as Excel shows it."""
    from gridward.kernel.tables import Limits, open_table

    table = open_table(data, wish.file_name, limits=Limits.cli())
    found: list[Feature] = [Feature(row.number, row.values, None) for row in table.rows()]
    return FeatureFile(found, [problem for bad in table.rejected for _, problem in bad.problems])


def _lost(read: FeatureFile) -> int:
    """How many features could not be read: one may have several problems."""
    numbers = {problem.values.get("number", problem.where) for problem in read.problems}
    return len(numbers - {feature.number for feature in read.features})


def _homes(rule: str, rows: Sequence[Row], above: Sequence[Standing], wish: Wish, target: Target) -> Homes:
    level = target.parent.code if target.parent else ""
    if rule == "prefix":
        return parents_by_prefix(rows, above, wish.parent_code_prefix or 0, level)
    return parents_by_ground(rows, above, level) if rule else Homes()


def _weigh(plan: Plan, rows: Sequence[Row], homes: Homes, above: Sequence[Standing]) -> None:
    """Compare the usable rows with the areas that stand, measure, and judge."""
    wish, level = plan.wish, plan.target.level
    everything = [] if plan.target.is_new else standing(wish.scheme, level.rank, NEWEST)
    codes = {row.code for row in rows}
    mentioned = set(homes.of.values())
    mine = [a for a in everything if plan.target.parent is None or a.parent in mentioned or a.code in codes]
    wanted = [Wanted(row.code, row.name, homes.of.get(row.code), row.geometry) for row in rows]
    plan.changes = decide_changes(mine, wanted, close=bool(rows) and not plan.problems)
    gone = {a.id for a in plan.changes.closed}
    others = [a for a in everything if a.code not in codes and a.id not in gone]
    plan.cover = measure_with_neighbours(wanted, Changes(), others, None)
    plan.cover.outside = find_outside(homes_of(wanted, above))
    plan.verdict = judge(
        plan.cover, tolerance_m2=level.tolerance_m2, accept_m2=wish.accept_m2 or 0.0, drawn=False
    )
    if level.needs_polygon and not plan.changes.empty:
        plan.refused += plan.verdict.refused
    plan.refused += _date_problems(plan)


def _date_problems(plan: Plan) -> list[GridwardError]:
    try:
        check_dates(plan.changes, plan.wish.valid_from)
    except Refused as refusal:
        return [refusal]
    return []


def _datum_doubt(plan: Plan, rows: Sequence[Row], homes: Homes, above: Sequence[Standing]) -> list[BadInput]:
    """A sentence when areas miss their parents and another datum would clearly fit better; never converts."""
    outlines = [a.geometry for a in above if a.geometry is not None]
    drawn = [row.geometry for row in rows if row.geometry is not None][:_GUESSED]
    if not outlines or not drawn or not (plan.cover.outside or homes.problems):
        return []
    given = plan.wish.crs if plan.wish.crs in ("gcj02", "bd09") else "wgs84"
    guess = guess_datum([geometry_from_wgs84(g, given) for g in drawn], outlines)
    if guess.crs == given or not guess.sure:
        return []
    fits = {"fit_guess": f"{guess.scores[guess.crs]:.2f}", "fit_given": f"{guess.scores[given]:.2f}"}  # type: ignore[index]
    return [BadInput(m.OTHER_DATUM, field="crs", guess=guess.crs, given=plan.wish.crs, **fits)]


def _commit(plan: Plan, sha256: str, actor: Actor, now: datetime) -> UUID:
    """Write everything in one transaction; Conflict GW-GRIDS-034 when the grids changed since the plan was
    made.
    """
    wish = plan.wish
    with transaction.atomic():
        list(models.Scheme.objects.select_for_update().filter(code=wish.scheme))
        if queries.stamp() != plan.stamp:
            raise Conflict(m.MOVED_ON)
        _ensure_level(plan, actor, now)
        division = _division(plan, actor, now)
        payload = {
            "file": wish.file_name,
            "sha256": sha256,
            "rows": plan.rows,
            "left_out": len(plan.problems),
            "crs": wish.crs,
            "repaired": plan.repaired,
            "accepted": len(plan.verdict.accepted),
            "valid_from": wish.valid_from.isoformat(),
        }
        stream = f"division/{division.id}"
        append_to(stream=stream, move="import", actor=actor, now=now, payload=payload)
        enact(Step(division, wish.valid_from, plan.changes, actor, now))
    return division.id


def _ensure_level(plan: Plan, actor: Actor, now: datetime) -> None:
    code = plan.wish.scheme
    if not models.Scheme.objects.filter(code=code).exists():
        create_scheme(code=code, label_zh=code, label_en=code, actor=actor, now=now)
    if plan.target.is_new:
        levels: list[LevelSpec] = [*queries.scheme(code).levels, plan.target.level]
        define_levels(scheme=code, levels=levels, actor=actor, now=now)


def _division(plan: Plan, actor: Actor, now: datetime) -> models.Division:
    wish = plan.wish
    parents = sorted({str(w.parent) for w in plan.changes.created if w.parent})
    return models.Division.objects.create(
        id=uuid7(now),
        scheme_id=wish.scheme,
        rank=plan.target.level.rank,
        state="in_force",
        source="imported",
        parents=orjson.dumps(parents).decode(),
        tolerance_m2=plan.target.level.tolerance_m2,
        accept_m2=wish.accept_m2 or 0.0,
        accepted=orjson.dumps([s.as_json() for s in plan.verdict.accepted]).decode(),
        report=orjson.dumps(plan.cover.figures(plan.target.level.tolerance_m2)).decode(),
        valid_from=wish.valid_from,
        drafted_by=actor.key,
        drafted_at=now,
        decided_by=actor.key,
        decided_at=now,
    )
