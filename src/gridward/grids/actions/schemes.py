"""Create schemes and define their levels."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.db import transaction

from gridward.grids import models, queries
from gridward.grids.facts import SchemeDefined
from gridward.grids.policy import require
from gridward.grids.queries.schemes import STAMP
from gridward.grids.rules import LevelSpec
from gridward.grids.rules import messages as m
from gridward.grids.rules.levels import check_code, check_specs, check_successor
from gridward.kernel.actor import Actor
from gridward.kernel.errors import Conflict, Refused
from gridward.logbook.actions import append_to, record_fact, touch
from gridward.logbook.rules import canonical


def create_scheme(
    *,
    code: str,
    label_zh: str,
    label_en: str = "",
    pack: str = "",
    is_admin: bool | None = None,
    levels: Sequence[LevelSpec] = (),
    actor: Actor,
    now: datetime,
) -> str:
    """Create a scheme, with levels when given. The first one is the administrative one unless told otherwise.

    BadInput GW-GRIDS-001, 005, 006, 008; Conflict 002 when it exists; Refused 018 for a second administrative
    one.
    """
    require(actor, "grids:scheme:define")
    name = check_code(code, field="scheme")
    with transaction.atomic():
        if models.Scheme.objects.filter(code=name).exists():
            raise Conflict(m.SCHEME_EXISTS, field="scheme", scheme=name)
        other = models.Scheme.objects.filter(is_admin=True).values_list("code", flat=True).first()
        if is_admin and other:
            raise Refused(m.ADMIN_TAKEN, field="is_admin", other=other, scheme=name)
        admin = not other if is_admin is None else is_admin
        labels = {"label_zh": label_zh, "label_en": label_en}
        models.Scheme.objects.create(code=name, pack=pack, is_admin=admin, created_at=now, **labels)
        payload = {"label": {"zh": label_zh, "en": label_en}, "pack": pack, "is_admin": admin}
        append_to(stream=f"scheme/{name}", move="create", actor=actor, now=now, payload=payload)
        if levels:
            define_levels(scheme=name, levels=levels, actor=actor, now=now)
        touch(STAMP)
    return name


def define_levels(*, scheme: str, levels: Sequence[LevelSpec], actor: Actor, now: datetime) -> bool:
    """Make `levels` the levels of a scheme; False when they were that already.

    Levels that have areas keep rank and code (Refused GW-GRIDS-007); labels, rules and fields may change.
    """
    require(actor, "grids:scheme:define")
    specs = check_specs(levels)
    with transaction.atomic():
        before = list(queries.scheme(scheme).levels)
        if before == specs:
            return False
        used = models.Area.objects.filter(scheme_id=scheme).values_list("rank", flat=True).distinct()
        check_successor(before, specs, set(used))
        models.Level.objects.filter(scheme_id=scheme).delete()
        models.Level.objects.bulk_create(models.Level(scheme_id=scheme, **_columns(s)) for s in specs)
        payload = {"levels": [_plain(s) for s in specs]}
        append_to(stream=f"scheme/{scheme}", move="define_levels", actor=actor, now=now, payload=payload)
        fact = SchemeDefined(scheme=scheme, levels=tuple(s.code for s in specs))
        record_fact(fact, stream=f"scheme/{scheme}", now=now)
        touch(STAMP)
    return True


def _columns(spec: LevelSpec) -> dict[str, Any]:
    """A level as a row; texts for the parts that are lists or objects."""
    return {
        "rank": spec.rank,
        "code": spec.code.strip(),
        "label_zh": spec.label_zh,
        "label_en": spec.label_en,
        "unit_kinds": canonical(list(spec.unit_kinds)),
        "kind": spec.kind,
        "coverage": spec.coverage,
        "overlaps": spec.overlaps,
        "tolerance_m2": spec.tolerance_m2,
        "fields": canonical([dict(item) for item in spec.fields]),
        "expected": canonical(dict(spec.expected)),
    }


def _plain(spec: LevelSpec) -> dict[str, Any]:
    """A level for the journal, which holds no floats."""
    return {**_columns(spec), "tolerance_m2": f"{spec.tolerance_m2:g}"}
