"""The cast, one for each module, and a ring of keys."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from django.conf import settings

from gridward.logbook.actions.keys import create_ring, use_ring
from tests import cast as house
from tests.cast import Cast


@pytest.fixture(autouse=True)
def ring() -> None:
    """Names are sealed in the journal: a ring of keys in the throw-away home."""
    file = settings.HOME / "keys" / "ring.json"
    create_ring(file)
    use_ring(file)


@pytest.fixture(scope="module")
def standing_cast(django_db_setup: None, django_db_blocker: Any) -> Iterator[Cast]:
    with house.standing(django_db_blocker) as cast:
        yield cast


@pytest.fixture
def cast(standing_cast: Cast, db: None) -> Cast:
    """The cast as it was made; what a test changes is taken back."""
    return standing_cast
