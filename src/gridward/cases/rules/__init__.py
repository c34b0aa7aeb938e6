"""The case loop, decided without a database: stages, clocks, moves, and the fold that makes state of a journal.

stages.py    the seven stages and the side stages
clocks.py    four clocks as folds over marks
workflow.py  what a pack may say about a category: standard rows, proofs, signatures, limits
state.py     State and step(): one entry applied; state = fold(journal)
moves.py     decide(): may this move happen now, and what does its entry say
view.py      stage rail, colour, whose move it is
"""

from gridward.cases.rules.clocks import Clock
from gridward.cases.rules.moves import Applied, MoveRequest, decide
from gridward.cases.rules.state import State, fold, step
from gridward.cases.rules.workflow import Category, StandardRow, Workflow

__all__ = [
    "Applied",
    "Category",
    "Clock",
    "MoveRequest",
    "StandardRow",
    "State",
    "Workflow",
    "decide",
    "fold",
    "step",
]
