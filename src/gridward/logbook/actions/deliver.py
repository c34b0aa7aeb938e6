"""Hand facts to their handlers: effect and mark commit together, a failing handler holds no other back."""

from __future__ import annotations

import logging
from datetime import datetime

import orjson
from django.db import transaction

from gridward.logbook import facts
from gridward.logbook.models import Delivery, Fact
from gridward.logbook.rules import decide_retry

log = logging.getLogger("gridward.deliver")


def drain_quietly(*, now: datetime) -> None:
    """Drain after a commit; whatever fails stays for `tick`, the caller's answer is not touched."""
    try:
        drain(now=now)
    except Exception:
        log.exception("delivery stopped; tick will go on")


def drain(*, now: datetime, batch: int = 1000) -> int:
    """Deliver open facts in order, read `batch` at a time; return how many handler runs succeeded.

    Facts of one stream reach a handler in order: after a failure the later facts of that stream wait for it.
    Other streams and handlers do not, however many facts are stuck.
    """
    held: set[tuple[str, str]] = set()
    delivered = after = 0
    while page := list(Fact.objects.filter(done=False, id__gt=after).order_by("id")[:batch]):
        delivered += sum(_hand_out(fact, held, now) for fact in page)
        after = page[-1].pk
    return delivered


def _hand_out(fact: Fact, held: set[tuple[str, str]], now: datetime) -> int:
    """Run the handlers of one fact; `held` are (stream, handler) that wait for an earlier fact."""
    delivered = open_handlers = 0
    for handler in facts.HANDLERS.get(fact.kind, ()):
        name = f"{handler.__module__}.{handler.__name__}"
        if (fact.stream, name) in held:
            open_handlers += 1
            continue
        outcome = _deliver(fact, name, handler, now)
        if outcome == "failed":
            held.add((fact.stream, name))
            open_handlers += 1
        delivered += outcome == "delivered"
    if not open_handlers:
        Fact.objects.filter(id=fact.id).update(done=True)
    return delivered


def _deliver(fact: Fact, name: str, handler: facts.Handler, now: datetime) -> str:
    known = Delivery.objects.filter(fact=fact, handler=name).first()
    if known and known.done_at:
        return "known"
    if known and known.next_try_at and known.next_try_at > now:
        return "failed"
    try:
        with transaction.atomic():
            _mark(fact, name, now)
            handler(
                facts.Delivered(fact.pk, fact.kind, fact.stream, fact.at, orjson.loads(fact.body)),
                now=now,
            )
    except Exception as error:
        _postpone(fact, name, known.attempts + 1 if known else 1, error, now)
        return "failed"
    return "delivered"


def _mark(fact: Fact, name: str, now: datetime) -> None:
    """Insert or claim the delivery row first: two workers cannot both run the handler."""
    row, created = Delivery.objects.select_for_update().get_or_create(
        fact=fact, handler=name, defaults={"done_at": now}
    )
    if not created:
        if row.done_at:
            raise AlreadyDelivered
        Delivery.objects.filter(pk=row.pk).update(done_at=now, error="")


class AlreadyDelivered(Exception):
    """Another worker was first; its effect stands."""


def _postpone(fact: Fact, name: str, attempts: int, error: Exception, now: datetime) -> None:
    if isinstance(error, AlreadyDelivered):
        return
    log.warning("handler %s failed on fact %s: %s", name, fact.pk, error)
    Delivery.objects.update_or_create(
        fact=fact,
        handler=name,
        defaults={
            "attempts": attempts,
            "next_try_at": decide_retry(attempts, now),
            "error": f"{type(error).__name__}: {error}"[:500],
        },
    )
