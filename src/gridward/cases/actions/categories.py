"""Dictionaries, workflows and calendars: what packs and imports install."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from django.db import transaction

from gridward.cases import models
from gridward.kernel.actor import Actor
from gridward.kernel.worktime import Calendar
from gridward.logbook.actions import append_to, change_setting, touch
from gridward.logbook.rules import canonical


def install_calendar(*, calendar: Calendar, actor: Actor, now: datetime) -> None:
    """Keep a calendar version and make it the current one; running clocks keep the version they started with."""
    body = canonical(calendar.to_json())
    with transaction.atomic():
        models.Calendar.objects.get_or_create(
            version=calendar.version, defaults={"body": body, "created_at": now}
        )
        change_setting(name="calendar", value=calendar.version, actor=actor, now=now)
        touch("cases")


def install_dictionary(
    *,
    pack: str,
    version: str,
    dictionary: str,
    scheme: str,
    categories: Sequence[Mapping[str, Any]],
    workflows: Mapping[str, Mapping[str, Any]],
    actor: Actor,
    now: datetime,
) -> dict[str, int]:
    """Publish a pack's categories and workflows. Codes never change meaning: an entry that the new version no
    longer has is retired, not deleted. Each category reads {code, kind?, label: {zh, en}, workflow?, rows: []}."""
    with transaction.atomic():
        for workflow_id, body in workflows.items():
            models.Workflow.objects.update_or_create(
                id=workflow_id, defaults={"body": canonical(body), "pack": pack, "version": version}
            )
        codes = [_put_category(c, dictionary, scheme, pack, version) for c in categories]
        gone = models.Category.objects.filter(dictionary=dictionary, pack=pack).exclude(code__in=codes)
        retired = gone.update(retired=True)
        payload = {"pack": pack, "version": version, "categories": codes, "workflows": sorted(workflows)}
        append_to(stream=f"dictionary/{dictionary}", move="install", actor=actor, now=now, payload=payload)
        touch("cases")
    return {"categories": len(codes), "workflows": len(workflows), "retired": retired}


def _put_category(c: Mapping[str, Any], dictionary: str, scheme: str, pack: str, version: str) -> str:
    models.Category.objects.update_or_create(
        dictionary=dictionary,
        kind=str(c.get("kind") or "matter"),
        code=str(c["code"]),
        defaults={
            "label": canonical(c["label"]),
            "workflow": str(c.get("workflow") or "plain"),
            "rows": canonical(list(c.get("rows") or [])),
            "scheme": scheme,
            "pack": pack,
            "version": version,
            "retired": False,
        },
    )
    return str(c["code"])


def find_or_create_category(*, dictionary: str, code: str, label: str, actor: Actor, now: datetime) -> int:
    """The row number of an imported category; made, without limits, when the dictionary lacks it."""
    with transaction.atomic():
        row, created = models.Category.objects.get_or_create(
            dictionary=dictionary,
            kind="matter",
            code=code,
            defaults={"label": canonical({"zh": label}), "workflow": "plain"},
        )
        if created:
            append_to(
                stream=f"dictionary/{dictionary}", move="add", actor=actor, now=now, payload={"code": code}
            )
            touch("cases")
    return int(row.pk)
