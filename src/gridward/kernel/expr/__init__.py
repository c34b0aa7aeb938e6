"""One small language for every `when`, `where`, `value` and `formula` of a pack.

    tree = check("trade in ['food', 'drug'] || !licensed", schema, wants=Bool)
    compile_python(tree)({"trade": "food"})              # True
    to_sql(tree, "sqlite", columns)                      # text with %s, and its parameters
    explain(tree, "zh", {"trade": "行业", "trade=food": "食品", "trade=drug": "药品", "licensed": "持证"})

The syntax is a subset of CEL; the meaning is our own, and the same in Python, SQLite and PostgreSQL:

* literals: whole numbers, decimals, text in ' or ", true, false, null; lists of them after `in`
* fields and members `a.b`; `! -x * / % + -`; `< <= > >= == !=`; `in`; `&& ||`; `c ? a : b`
* `x.contains(y)`, `x.startsWith(y)`, `x.endsWith(y)` (y: quoted text or a field), `size(x)`

**No expression fails at run time.**

* A missing value is null; so is a stored value of another type than declared, or outside its bounds.
* Arithmetic with null is null. A comparison, `in` and the text tests are false when a side is null; only
  `== null` and `!= null` (the word, not a field) ask for it. `&& || !` and `? :` take null for false.
* Division and remainder by zero are null. Whole numbers divide toward zero, the remainder has the sign of the
  dividend. A whole number and a decimal compare by value; together in arithmetic they give a decimal.
* Nothing overflows: whole-number fields lie within ±(2^53-1) unless they declare less, decimals are 0 or
  between 1e-15 and 1e15 in magnitude, and an expression whose result could leave 64 bits (or 2^±1000 for
  decimals) is refused when it is checked. `bounds.py` has the arithmetic.
* Text is equal, ordered and counted by code point. Dates are ISO text. There are no patterns and no loops; a
  text has at most 2,000 characters, 50 levels and 200 values in a list.

Rows hold no U+0000 and no half surrogate pairs in text (PostgreSQL cannot store them), and a JSON column
holds documents as Python's json writes them (shortest decimals, no key twice).
"""

from gridward.kernel.expr.check import check, examine
from gridward.kernel.expr.columns import json_column, json_columns, plain_column
from gridward.kernel.expr.explain import explain
from gridward.kernel.expr.python import Evaluator, compile_python
from gridward.kernel.expr.sql import from_sql, to_filter, to_sql
from gridward.kernel.expr.tree import Node, free_names
from gridward.kernel.expr.types import Bool, Date, Float, Int, ListOf, Null, Record, Schema, Text, Type
from gridward.kernel.expr.unparse import unparse

__all__ = [
    "Bool",
    "Date",
    "Evaluator",
    "Float",
    "Int",
    "ListOf",
    "Node",
    "Null",
    "Record",
    "Schema",
    "Text",
    "Type",
    "check",
    "compile_python",
    "examine",
    "explain",
    "free_names",
    "from_sql",
    "json_column",
    "json_columns",
    "plain_column",
    "to_filter",
    "to_sql",
    "unparse",
]
