"""Python, SQLite and PostgreSQL agree on every row, whatever the expression."""

from __future__ import annotations

import os

from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from gridward.kernel.expr import Node, check, examine, unparse
from tests.kernel.expr.engines import Postgres, Sqlite, differences
from tests.kernel.expr.grow import sources
from tests.kernel.expr.sample import EVERY, SCHEMA

SOAK = os.environ.get("GRIDWARD_SOAK") == "1" or os.environ.get("GRIDWARD_TEST_PROFILE") == "soak"
TREES = 10_000 if SOAK else 300
# What the checker refuses in a well-typed expression: results that could leave 64 bits or exactness.
TOO_LARGE = {"GW-EXPR-018", "GW-EXPR-019"}

checks = [HealthCheck.too_slow, HealthCheck.filter_too_much, HealthCheck.function_scoped_fixture]


def grown(source: str) -> Node:
    """The tree of a generated source; sources with results that could be too large are passed over."""
    node, problems = examine(source, SCHEMA)
    codes = {p.code for p in problems}
    assert codes <= TOO_LARGE, [p.sentence("en") for p in problems]
    assume(not codes)
    assert node is not None
    return node


@settings(max_examples=TREES, deadline=None, suppress_health_check=checks)
@given(
    source=sources(),
    as_json=st.sets(st.sampled_from(sorted(EVERY))).map(frozenset) | st.just(EVERY),
    inline=st.booleans(),
)
def test_agreement_random_trees_are_the_same_on_every_row(
    source: str, as_json: frozenset[str], inline: bool, engines: tuple[Sqlite, Postgres]
) -> None:
    """04-packs, Expressions: Python == SQL on random typed trees with nulls and Chinese text."""
    node = grown(source)
    for engine in engines:
        assert differences(node, engine, as_json=as_json, inline=inline) == []


@settings(max_examples=TREES, deadline=None, suppress_health_check=checks)
@given(source=sources())
def test_unparse_random_tree_reads_back_as_itself(source: str) -> None:
    node = grown(source)
    assert check(unparse(node), SCHEMA) == node
