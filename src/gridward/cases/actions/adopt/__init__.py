"""adopt 接入: cases of another system come in from a file, each with its first journal entry, nothing invented."""

from gridward.cases.actions.adopt.run import import_cases

__all__ = ["import_cases"]
