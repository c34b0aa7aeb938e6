"""Tables as people send them: csv, xlsx, xls and parquet in, clean rows out, rejected rows back.

`open_table` gives a `Table` with its header, field codes and rows; `resolve` finds a column by what a mapping
calls it; `read_date` and `read_instant` read its dates; `write_rejects` returns bad rows in the layout they
came in; `write_table` writes exports and templates. Everything that cannot be read is a BadInput,
GW-TABLE-nnn.
"""

from gridward.kernel.tables.dates import read_date, read_instant
from gridward.kernel.tables.formula import escape_formula, unescape_formula
from gridward.kernel.tables.names import ERROR_HEADER, resolve
from gridward.kernel.tables.opening import open_table
from gridward.kernel.tables.options import FileOptions, Limits, option_problems
from gridward.kernel.tables.rejects import RejectedRows, write_rejects
from gridward.kernel.tables.table import Batch, Rejected, Row, Table, Value
from gridward.kernel.tables.writing import write_csv, write_table

__all__ = [
    "ERROR_HEADER",
    "Batch",
    "FileOptions",
    "Limits",
    "Rejected",
    "RejectedRows",
    "Row",
    "Table",
    "Value",
    "escape_formula",
    "open_table",
    "option_problems",
    "read_date",
    "read_instant",
    "resolve",
    "unescape_formula",
    "write_csv",
    "write_rejects",
    "write_table",
]
