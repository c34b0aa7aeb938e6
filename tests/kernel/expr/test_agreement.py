"""Python, SQLite and PostgreSQL agree on every row, whatever the expression."""

from __future__ import annotations

import os
import random
from collections.abc import Callable

import psycopg
import pytest
from hypothesis import HealthCheck, assume, given, settings

from gridward.kernel.expr import Node, check, compile_python, examine, unparse
from tests.kernel.expr.engines import Postgres, Sqlite, differences
from tests.kernel.expr.grow import sources
from tests.kernel.expr.sample import EVERY, SCHEMA

SOAK = os.environ.get("GRIDWARD_SOAK") == "1" or os.environ.get("GRIDWARD_TEST_PROFILE") == "soak"
EXAMPLES, DISTINCT = (12_500, 10_000) if SOAK else (300, 150)
# What the checker refuses in a well-typed expression: too large, too large to be exact, too deep.
TOO_LARGE = {"GW-EXPR-018", "GW-EXPR-019", "GW-EXPR-026"}

many = settings(
    max_examples=EXAMPLES,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much],
)


def ways(source: str) -> tuple[frozenset[str], bool]:
    """Which fields to read from JSON, and whether to write parameters into the text: decided by the source,
    so that hypothesis spends no example on the same tree in another way."""
    rng = random.Random(source)
    share = rng.choice((0.0, 0.5, 1.0))
    return frozenset(path for path in sorted(EVERY) if rng.random() < share), rng.random() < 0.5


def grown(source: str) -> Node:
    """The tree of a generated source; sources with results that could be too large are passed over."""
    node, problems = examine(source, SCHEMA)
    codes = {p.code for p in problems}
    assert codes <= TOO_LARGE, [p.sentence("en") for p in problems]
    assume(not codes)
    assert node is not None
    return node


def varies(node: Node, engine: Sqlite) -> bool:
    """Whether rows differ in the value of an expression."""
    evaluate = compile_python(node)
    return len({repr(evaluate(row.document)) for row in engine.rows}) > 1


def test_agreement_random_trees_are_the_same_on_every_row(
    sqlite: Sqlite, postgres: Postgres, record_property: Callable[[str, object], None]
) -> None:
    """04-packs, Expressions: Python == SQL on random typed trees, 10,000 of them by `make soak`."""
    compared: dict[str, bool] = {}

    @many
    @given(source=sources())
    def agree(source: str) -> None:
        node = grown(source)
        as_json, inline = ways(source)
        compared[unparse(node)] = varies(node, sqlite)
        assert differences(node, sqlite, as_json=as_json) == []
        assert differences(node, postgres, as_json=as_json, inline=inline) == []

    agree()
    record_property("trees", len(compared))
    assert len(compared) >= DISTINCT
    assert sum(compared.values()) >= len(compared) / 2, "most trees must tell the rows apart"


def test_unparse_random_trees_read_back_as_themselves() -> None:
    @many
    @given(source=sources())
    def reads_back(source: str) -> None:
        node = grown(source)
        assert check(unparse(node), SCHEMA) == node

    reads_back()


PLANTED = [
    ("sqlite", "!licensed", "IS NOT TRUE", "IS FALSE"),
    ("sqlite", "name == 'A'", " COLLATE BINARY", ""),
    ("sqlite", "name < 'a'", " COLLATE BINARY", " COLLATE NOCASE"),
    ("sqlite", "count / 2", "/ %s", "/ (1.0 * %s)"),
    ("sqlite", "large > 0", "9007199254740991", "9223372036854775807"),
    ("postgresql", "!licensed", "IS NOT TRUE", "IS FALSE"),
    ("postgresql", "size(name)", "length(", "octet_length("),
    ("postgresql", "large > 0", "9007199254740991", "9223372036854775807"),
    ("postgresql", "count % 3", "%%", "+"),
]


@pytest.mark.parametrize(("vendor", "text", "right", "wrong"), PLANTED)
def test_agreement_planted_fault_is_named(
    vendor: str, text: str, right: str, wrong: str, engines: tuple[Sqlite, Postgres]
) -> None:
    engine = next(e for e in engines if e.vendor == vendor)
    node = check(text, SCHEMA)
    assert differences(node, engine, as_json=frozenset()) == []
    found = differences(node, engine, as_json=frozenset(), rewrite=lambda sql: sql.replace(right, wrong))
    assert {line.split(",")[0] for line in found} == {vendor}


def test_agreement_planted_order_by_language_is_named(postgres: Postgres) -> None:
    """On a server without collations by language the fault is an order blind to case."""
    node = check("name < 'a'", SCHEMA)
    wrong = f'r.name COLLATE "{postgres.language}"' if postgres.language else 'lower(r.name) COLLATE "C"'
    assert differences(node, postgres, as_json=frozenset()) == []
    assert differences(
        node,
        postgres,
        as_json=frozenset(),
        rewrite=lambda sql: sql.replace('r.name::text COLLATE "C"', wrong),
    )


def test_agreement_planted_bare_divisor_raises(postgres: Postgres) -> None:
    node = check("fen / count", SCHEMA)
    assert differences(node, postgres) == []
    with pytest.raises(psycopg.errors.DivisionByZero):
        differences(node, postgres, rewrite=lambda sql: sql.replace("NULLIF(", "(").replace(", 0)", ")"))
