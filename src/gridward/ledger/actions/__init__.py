"""Verbs of the ledgers: define, enter, change, move, end, import, export."""

from gridward.ledger.actions.define import define_ledger
from gridward.ledger.actions.export import export_ledger
from gridward.ledger.actions.importing import import_ledger
from gridward.ledger.actions.rehome import rehome_subjects
from gridward.ledger.actions.subjects import (
    change_subject,
    create_subject,
    end_subject,
    move_subject,
    record_unmasking,
)

__all__ = [
    "change_subject",
    "create_subject",
    "define_ledger",
    "end_subject",
    "export_ledger",
    "import_ledger",
    "move_subject",
    "record_unmasking",
    "rehome_subjects",
]
