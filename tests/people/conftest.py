"""The cast, and people without a territory."""

from __future__ import annotations

import pytest
from django.conf import settings

from gridward.logbook.actions.keys import create_ring, use_ring
from tests import cast as house_cast
from tests.cast import Cast


@pytest.fixture(autouse=True)
def ring() -> None:
    """Names are sealed in the journal: a ring of keys in the throw-away home."""
    file = settings.HOME / "keys" / "ring.json"
    create_ring(file)
    use_ring(file)


@pytest.fixture
def cast(db: None) -> Cast:
    return house_cast.build()
