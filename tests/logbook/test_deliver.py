"""Facts reach their handlers: once, in order, effect and mark together; a failing one holds no other back."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import connection, transaction

from gridward.kernel.actor import SYSTEM
from gridward.logbook import facts
from gridward.logbook import queries as logbook
from gridward.logbook.actions import append_to, record_fact
from gridward.logbook.actions.deliver import drain
from gridward.logbook.facts import Delivered
from gridward.site.doctor import examine
from tests.cast import NOW

pytestmark = pytest.mark.django_db(transaction=True)
LATER = NOW + timedelta(hours=2)


@dataclass(frozen=True)
class BellRang:
    """A fact of these tests."""

    number: int


@pytest.fixture(autouse=True)
def wiring() -> Iterator[None]:
    before = dict(facts.HANDLERS)
    yield
    facts.HANDLERS.clear()
    facts.HANDLERS.update(before)


def wire(*handlers: Callable[..., None]) -> None:
    facts.HANDLERS["BellRang"] = handlers


def ring(number: int, stream: str = "bell/1") -> None:
    """Record a fact; after the commit it is delivered in this process."""
    with transaction.atomic():
        record_fact(BellRang(number), stream=stream, now=NOW)


class Listener:
    """A handler with an effect in the database; fails on the numbers in `fails`."""

    def __init__(self, name: str, *fails: int) -> None:
        self.__name__, self.__module__, self.fails = name, "tests", set(fails)

    def __call__(self, fact: Delivered, *, now: datetime) -> None:
        payload = {"number": fact.data["number"]}
        append_to(stream=f"heard/{self.__name__}", move="hear", actor=SYSTEM, now=now, payload=payload)
        if fact.data["number"] in self.fails:
            raise ValueError(f"cannot hear {fact.data['number']}")

    @property
    def heard(self) -> list[Any]:
        return [e.data["payload"]["number"] for e in logbook.entries(f"heard/{self.__name__}")]


def test_fact_is_delivered_after_the_commit_and_once() -> None:
    one, two = Listener("one"), Listener("two")
    wire(one, two)
    with transaction.atomic():
        record_fact(BellRang(1), stream="bell/1", now=NOW)
        assert one.heard == []
    assert (one.heard, two.heard) == ([1], [1])
    assert drain(now=LATER) == 0
    assert (one.heard, two.heard) == ([1], [1])
    assert logbook.deliveries_waiting() == {"open_facts": 0, "failing": []}


def test_fact_of_a_rolled_back_action_never_existed() -> None:
    one = Listener("one")
    wire(one)
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        record_fact(BellRang(1), stream="bell/1", now=NOW)
        raise ZeroDivisionError
    assert (drain(now=LATER), one.heard) == (0, [])


def test_fact_without_handler_is_kept_and_waits_for_nobody() -> None:
    ring(1)
    assert logbook.deliveries_waiting()["open_facts"] == 0


def test_effect_of_a_failing_handler_is_taken_back_with_its_mark() -> None:
    bad = Listener("bad", 1)
    wire(bad)
    ring(1)
    assert bad.heard == []
    assert logbook.deliveries_waiting()["open_facts"] == 1


def test_failing_handler_backs_off_and_holds_no_other_back() -> None:
    """Design 02: it shows in doctor, other handlers and streams go on, and it is tried again later."""
    bad, good = Listener("bad", 1), Listener("good")
    wire(bad, good)
    ring(1, "bell/1")
    ring(2, "bell/2")
    assert (bad.heard, good.heard) == ([2], [1, 2])
    (waiting,) = logbook.deliveries_waiting()["failing"]
    assert (waiting["handler"], waiting["facts"]) == ("tests.bad", 1)
    assert waiting["next_try_at"] == NOW + timedelta(seconds=20)
    found = [f for f in examine(now=LATER)["findings"] if f["what"] == "handler_failing"]
    assert [f["found"] for f in found] == ["tests.bad: 1 facts"]
    bad.fails.clear()
    assert drain(now=NOW + timedelta(seconds=19)) == 0
    assert drain(now=NOW + timedelta(seconds=20)) == 1
    assert sorted(bad.heard) == [1, 2]
    assert logbook.deliveries_waiting() == {"open_facts": 0, "failing": []}


def test_back_off_doubles_up_to_an_hour() -> None:
    bad = Listener("bad", 1)
    wire(bad)
    ring(1)
    waits, now = [], NOW
    for _ in range(11):
        (waiting,) = logbook.deliveries_waiting()["failing"]
        waits.append(int((waiting["next_try_at"] - now).total_seconds()))
        now = waiting["next_try_at"]
        drain(now=now)
    assert waits == [20, 40, 80, 160, 320, 640, 1280, 2560, 3600, 3600, 3600]


def test_facts_of_one_stream_reach_a_handler_in_order() -> None:
    """The second and third wait for the first, even when they alone would succeed."""
    bad = Listener("bad", 1)
    wire(bad)
    for number in (1, 2, 3):
        ring(number)
    assert bad.heard == []
    bad.fails.clear()
    assert drain(now=LATER) == 3
    assert bad.heard == [1, 2, 3]


def test_many_stuck_facts_hold_no_later_stream_back() -> None:
    """More stuck facts than one batch: the healthy fact behind them is still delivered."""
    wire(Listener("deaf", 1, 2, 3, 4))
    for number in (1, 2, 3, 4):
        ring(number, f"bell/{number}")
    bad = Listener("bad", 1, 2, 3)
    wire(bad)
    assert drain(now=LATER, batch=2) == 1
    assert bad.heard == [4]


def test_two_workers_at_once_deliver_once() -> None:
    """serve's web process and tick drain side by side: every effect happens once, in order."""
    wire(Listener("deaf", *range(20)))
    for number in range(20):
        ring(number)
    slow = Listener("slow")
    wire(slow)
    start, counts = threading.Barrier(2), []

    def work() -> None:
        start.wait()
        try:
            counts.append(drain(now=LATER))
        finally:
            connection.close()

    workers = [threading.Thread(target=work) for _ in range(2)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    drain(now=LATER)
    assert slow.heard == list(range(20))
    assert sum(counts) <= 20
    assert logbook.deliveries_waiting()["open_facts"] == 0


def test_effect_without_its_mark_planted_would_be_doubled() -> None:
    """The fault planted: a lost mark makes the handler run again, so the mark is what keeps it single."""
    one = Listener("one")
    wire(one)
    ring(1)
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM logbook_delivery")
        cursor.execute("UPDATE logbook_fact SET done = %s", [False])
    assert drain(now=LATER) == 1
    assert one.heard == [1, 1]
