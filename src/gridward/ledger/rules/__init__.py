"""Ledgers decided without a database.

definition.py  a ledger's fields as typed rules
values.py      values checked and brought to their one stored form
change.py      what differs, completeness, folded names
files.py       a subject's file as one value, homes, keys
masking.py     personal values as others see them
guessing.py    a local ledger's definition, guessed from a mapping and the values of its file
twins.py       which subjects may be one and the same, and why
"""

from gridward.ledger.rules.change import Difference, completeness, difference, fold_name
from gridward.ledger.rules.definition import Definition, FieldRule, both
from gridward.ledger.rules.files import Given, Home
from gridward.ledger.rules.masking import mask_value
from gridward.ledger.rules.values import check_values

__all__ = [
    "Definition",
    "Difference",
    "FieldRule",
    "Given",
    "Home",
    "both",
    "check_values",
    "completeness",
    "difference",
    "fold_name",
    "mask_value",
]
