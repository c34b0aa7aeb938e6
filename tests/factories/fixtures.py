"""Fixtures of the tests of cases, logbook and site; each conftest.py there imports them."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings

from gridward.logbook.actions.keys import create_ring, use_ring
from tests import cast as house
from tests.factories.cases import Play, install_rules


@pytest.fixture(autouse=True)
def ring() -> Iterator[None]:
    """A ring of keys in the throw-away home, also after a test that used another."""
    file = settings.HOME / "keys" / "ring.json"
    create_ring(file)
    use_ring(file)
    yield
    use_ring(file)


@pytest.fixture(scope="module")
def standing_play(django_db_setup: None, django_db_blocker: Any) -> Iterator[Play]:
    with house.standing(django_db_blocker) as cast:
        with django_db_blocker.unblock():
            install_rules()
        yield Play(cast)


@pytest.fixture
def play(standing_play: Play, db: None) -> Play:
    """The cast with a dictionary; what a test does is taken back."""
    return standing_play


@pytest.fixture
def open_play(transactional_db: None, home: Path) -> Play:
    """The cast with a dictionary in a home of its own, really committed: for threads and several processes."""
    cast = house.build()
    install_rules()
    return Play(cast)
