"""Verbs of the case loop; one function is one transaction."""

from gridward.cases.actions.categories import find_or_create_category, install_calendar, install_dictionary
from gridward.cases.actions.export import export_cases
from gridward.cases.actions.moves import move_case
from gridward.cases.actions.report import report_case

__all__ = [
    "export_cases",
    "find_or_create_category",
    "install_calendar",
    "install_dictionary",
    "move_case",
    "report_case",
]
