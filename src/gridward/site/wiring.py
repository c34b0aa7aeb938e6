"""Which fact reaches which handler: the one visible table. Facts go up, calls go down."""

from __future__ import annotations

from gridward.cases import handlers as cases
from gridward.grids.queries import use_staff
from gridward.ledger import handlers as ledger
from gridward.logbook.facts import HANDLERS, Handler
from gridward.people import handlers as people
from gridward.people.queries import staff_for_grids

WIRING: dict[str, tuple[Handler, ...]] = {
    "DivisionCameIntoForce": (
        people.on_division_came_into_force,
        ledger.on_division_came_into_force,
        cases.on_division_came_into_force,
    ),
    "PackInstalled": (ledger.on_pack_installed, cases.on_pack_installed),
}


def connect() -> None:
    """Fill the logbook's table of handlers and tell grids who names their staff; called once at start-up."""
    use_staff(staff_for_grids)
    HANDLERS.clear()
    HANDLERS.update(WIRING)
