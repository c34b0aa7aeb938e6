"""Inboxes: to a person, a unit, or whoever holds a post on an area."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from gridward.kernel.actor import SYSTEM
from gridward.kernel.errors import Missing
from gridward.people import actions, queries
from gridward.people.actions import Note
from gridward.people.models import InboxItem
from tests.cast import BEGIN, NOW, Cast

HOUR = timedelta(hours=1)


def note(subject: str, **to: object) -> Note:
    return Note(kind="next_move", subject=subject, zh="请处理", en="Your move", **to)  # type: ignore[arg-type]


def subjects(cast: Cast, name: str) -> list[str]:
    return [line.subject for line in queries.inbox(cast.actor(name), NOW)]


def test_inbox_each_address_reaches_its_people_only(cast: Cast) -> None:
    """R-ADM-02: Qian has nothing of what lies here."""
    actions.join_unit(
        person=cast.persons["Wu"], unit=cast.units["urban"], valid_from=BEGIN, actor=SYSTEM, now=NOW
    )
    sent = actions.send(
        [
            note("case/person", person=cast.persons["Chen"]),
            note("case/unit", unit=cast.units["urban"]),
            note("case/post", post="grid_head", area=cast.areas["3-2-1"].id),
            note("case/other", post="grid_head", area=cast.areas["3-2-2"].id),
        ],
        now=NOW,
    )
    assert sent == 4
    assert {name: sorted(subjects(cast, name)) for name in cast.persons} == {
        "Chen": ["case/person", "case/post"],
        "Lin": [],
        "Wu": ["case/unit"],
        "Zhao": [],
        "Qian": [],
    }


def test_inbox_of_the_post_goes_to_the_deputy_during_leave(cast: Cast) -> None:
    actions.send([note("case/1", post="grid_head", area=cast.areas["3-2-1"].id)], now=NOW)
    assert subjects(cast, "Lin") == []
    actions.record_absence(person=cast.persons["Chen"], started_at=NOW, actor=SYSTEM, now=NOW)
    assert subjects(cast, "Lin") == ["case/1"]


def test_inbox_earliest_due_first_and_paged(cast: Cast) -> None:
    chen = cast.persons["Chen"]
    due = [None, NOW + 2 * HOUR, NOW + HOUR, None, NOW + HOUR]
    actions.send([note(f"case/{n}", person=chen, due_at=at) for n, at in enumerate(due)], now=NOW)
    actor = cast.actor("Chen")
    whole = queries.inbox(actor, NOW)
    assert [line.due_at for line in whole] == [NOW + HOUR, NOW + HOUR, NOW + 2 * HOUR, None, None]
    seen: list[queries.InboxLine] = []
    while page := queries.inbox(actor, NOW, limit=2, after=seen[-1].id if seen else None):
        seen += page
    assert seen == whole


def test_inbox_settle_takes_everything_about_a_subject_out(cast: Cast) -> None:
    chen = cast.persons["Chen"]
    actions.send(
        [note("case/1", person=chen), note("case/1", person=chen), note("case/2", person=chen)], now=NOW
    )
    assert actions.settle(subject="case/1", kind="other", now=NOW) == 0
    assert actions.settle(subject="case/1", now=NOW, by=chen) == 2
    assert subjects(cast, "Chen") == ["case/2"]


def test_inbox_item_is_ticked_off_by_its_people_only(cast: Cast) -> None:
    actions.send([note("case/1", person=cast.persons["Chen"])], now=NOW)
    item = InboxItem.objects.get().id
    for name in ("Qian", "Zhao"):
        with pytest.raises(Missing):
            actions.finish_item(item=item, actor=cast.actor(name), now=NOW)
    for _ in range(2):
        actions.finish_item(item=item, actor=cast.actor("Chen"), now=NOW)
    assert InboxItem.objects.get().done_by == cast.persons["Chen"]
    assert subjects(cast, "Chen") == []


@pytest.mark.parametrize("rows", [1, 3])
def test_send_is_one_statement(cast: Cast, rows: int) -> None:
    """Creating a case has ten statements in all."""
    notes = [note(f"case/{n}", person=cast.persons["Chen"]) for n in range(rows)]
    with CaptureQueriesContext(connection) as captured:
        actions.send(notes, now=NOW)
    assert sum("INSERT" in q["sql"] for q in captured.captured_queries) == 1
