"""Several processes at once, and what a request costs with warm caches: tests that really commit."""

from __future__ import annotations

import threading

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from gridward.kernel.actor import SYSTEM
from gridward.kernel.errors import Conflict
from gridward.people import actions, queries
from tests import cast as house
from tests.cast import NOW

READ = "cases:case:read"


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("extra", [0, 2])
def test_actor_by_token_costs_two_statements_however_many_postings(extra: int) -> None:
    """One for the stamps, one for the person with all postings (lists run with 1 and 3 rows)."""
    cast = house.build()
    for name in ("3-2-2", "3-1-1")[:extra]:
        order = actions.Order(
            person=cast.persons["Chen"],
            post=cast.posts["grid_head"],
            area=cast.areas[name],
            valid_from=house.BEGIN,
        )
        actions.post_person(order, actor=SYSTEM, now=NOW)
    token = cast.token("Chen")
    queries.actor_by_token(token, NOW)
    with CaptureQueriesContext(
        connection,
    ) as captured:
        found = queries.actor_by_token(token, NOW)
    assert found is not None
    assert len(found[0].scopes(READ)) == 1 + extra
    assert len(captured) == 2


@pytest.mark.django_db(transaction=True)
def test_post_person_two_leads_at_once_one_is_refused() -> None:
    """Two machines, one grid: exactly one posting stands, the other gets a sentence."""
    cast = house.build()
    both = [
        actions.Order(
            person=actions.add_person(name=name, actor=SYSTEM, now=NOW),
            post=cast.posts["grid_head"],
            area=cast.areas["3-2-2"],
            valid_from=house.BEGIN,
        )
        for name in ("Ann", "Bo")
    ]
    outcome: list[str] = []
    start = threading.Barrier(2)

    def act(wanted: actions.Order) -> None:
        start.wait()
        try:
            actions.post_person(wanted, actor=SYSTEM, now=NOW)
            outcome.append("posted")
        except Conflict as error:
            outcome.append(error.code)
        finally:
            connection.close()

    threads = [threading.Thread(target=act, args=(wanted,)) for wanted in both]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(outcome) == ["GW-PEOPLE-026", "posted"]
