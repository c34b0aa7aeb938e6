"""The command line `gridward`: parse, one action or query, print. Exit 0 done, 1 ran but found problems, 2 refused.

run.py       init migrate serve demo tick doctor check
data.py      import areas|cases|ledger|people, export, locate
accounts.py  user add, token add
packs.py     pack check|test|coverage|install|diff|schema|list
trust.py     verify journals|facts|coverage, backup, restore, keys destroy
bench.py     bench NAME
"""

from gridward.site.cli.main import main

__all__ = ["main"]
