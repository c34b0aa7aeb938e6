"""Import a ledger from a file: streamed in slices, repeatable, nothing doubled; own exports read back."""

from gridward.ledger.actions.importing.run import import_ledger

__all__ = ["import_ledger"]
