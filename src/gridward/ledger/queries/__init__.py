"""Reading ledgers: already scoped to the actor, personal values masked unless the actor may see them."""

from gridward.ledger.queries.definitions import definition, definitions
from gridward.ledger.queries.detail import subject_detail
from gridward.ledger.queries.figures import completeness_by_area, duplicates, ledgers
from gridward.ledger.queries.home import home_of, subject_card
from gridward.ledger.queries.pages import subject_page
from gridward.ledger.rules import Home

__all__ = [
    "Home",
    "completeness_by_area",
    "definition",
    "definitions",
    "duplicates",
    "home_of",
    "ledgers",
    "subject_card",
    "subject_detail",
    "subject_page",
]
