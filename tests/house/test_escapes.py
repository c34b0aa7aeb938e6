"""What import-linter cannot see: foreign keys as strings, table names in raw SQL, models looked up by name.

The rule: a key points to the own room or to a room below; SQL stands in queries and bulk and names the own
tables only. The few exceptions are listed in ALLOWED with a reason; an exception nobody needs any more fails.
"""

from __future__ import annotations

import ast
import re
from pathlib import Path

from django.apps import apps

from tests.house.source import Module, findings, plant
from tools.staircase import STAIRCASE

STEP = {room: number for number, step in enumerate(reversed(STAIRCASE)) for room in step}
KEYS = {"ForeignKey", "OneToOneField", "ManyToManyField"}
SQL_HOMES = {"queries", "bulk", "migrations"}
CURSOR_WORDS = {"cursor", "execute", "executemany", "executescript", "raw", "RawSQL", "extra"}
LOOKUPS = {"get_model", "get_models", "get_app_config", "all_models"}

# (place, rule) → why this file may.
ALLOWED = {
    ("kernel/sql.py", "sql"): "the differences of the dialects as text; runs nothing",
}
# Rules of a whole room, because of what the room is for.
ALLOWED_ROOMS = {
    ("site", "sql"): "backup, doctor, bench and health look at the database as a whole",
    ("site", "lookup"): "verify and doctor walk over all tables",
}


def is_allowed(module: Module, rule: str) -> bool:
    return (module.place, rule) in ALLOWED or (module.room, rule) in ALLOWED_ROOMS


def foreign_keys(module: Module) -> list[str]:
    """Keys given as "room.Model" that point upward or sideways; keys that name no room are the own room's."""
    found = []
    for node in ast.walk(module.tree):
        if not isinstance(node, ast.Call) or _called(node) not in KEYS:
            continue
        target = _target(node)
        room = target.split(".")[0] if "." in target else module.room
        if room in STEP and room != module.room and STEP[room] >= STEP.get(module.room, 0):
            found.append(
                f"line {node.lineno}: a key to {target}; {module.room} may only point to rooms below it"
            )
    return found


def _called(node: ast.Call) -> str:
    return node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")


def _target(node: ast.Call) -> str:
    named = [k.value for k in node.keywords if k.arg == "to"]
    first = (node.args or named or [None])[0]
    return first.value if isinstance(first, ast.Constant) and isinstance(first.value, str) else ""


def foreign_tables(module: Module) -> list[str]:
    """Table names of other rooms inside strings of this module."""
    if is_allowed(module, "sql"):
        return []
    found = []
    for line, text in module.strings:
        for table in sorted(set(re.findall(r"\b[a-z]+_[a-z_0-9]+\b", text)) & TABLES.keys()):
            if TABLES[table] != module.room:
                found.append(
                    f"line {line}: names the table {table} of {TABLES[table]}; ask {TABLES[table]}.queries"
                )
    return found


def stray_sql(module: Module) -> list[str]:
    """Cursors and raw SQL outside queries and bulk (folders of these names count)."""
    if module.furniture in SQL_HOMES or is_allowed(module, "sql"):
        return []
    called = [
        (node.lineno, _called(node))
        for node in ast.walk(module.tree)
        if isinstance(node, ast.Call) and _called(node) in CURSOR_WORDS
    ]
    return [f"line {line}: {word}() belongs to queries or bulk" for line, word in called]


def lookups_by_name(module: Module) -> list[str]:
    """apps.get_model and its kin: an import in disguise (migrations must use it)."""
    if module.furniture == "migrations" or is_allowed(module, "lookup"):
        return []
    return [
        f"line {line}: {name} reaches a model without an import"
        for line, name in module.dotted
        if name.split(".")[-1] in LOOKUPS and "." in name
    ]


def _tables() -> dict[str, str]:
    """Every table of the rooms → its room."""
    return {
        model._meta.db_table: model._meta.app_label
        for model in apps.get_models(include_auto_created=True)
        if model._meta.app_label in STEP
    }


TABLES = _tables()


def test_foreign_keys_point_to_the_own_room_or_below() -> None:
    assert findings(foreign_keys) == []


def test_foreign_key_upward_planted_is_named(tmp_path: Path) -> None:
    text = 'a = models.ForeignKey("cases.Case", x)\nb = ForeignKey("logbook.Blob", x)\n'
    assert findings(foreign_keys, plant(tmp_path, "grids/models.py", text)) == [
        "grids/models.py: line 1: a key to cases.Case; grids may only point to rooms below it"
    ]


def test_sql_names_only_tables_of_its_room() -> None:
    assert findings(foreign_tables) == []


def test_foreign_table_in_sql_planted_is_named(tmp_path: Path) -> None:
    table = next(name for name, room in sorted(TABLES.items()) if room == "logbook")
    text = f'"""The docstring may say {table}."""\nSQL = f"SELECT 1 FROM {{x}} JOIN {table} ON true"\n'
    assert findings(foreign_tables, plant(tmp_path, "grids/queries.py", text)) == [
        f"grids/queries.py: line 2: names the table {table} of logbook; ask logbook.queries"
    ]


def test_raw_sql_stands_in_queries_and_bulk() -> None:
    assert findings(stray_sql) == []


def test_raw_sql_in_an_action_planted_is_named(tmp_path: Path) -> None:
    text = 'def act():\n    connection.cursor().execute("SELECT 1")\n'
    planted = plant(tmp_path, "cases/actions/close.py", text)
    plant(tmp_path, "cases/bulk/write.py", text)
    assert findings(stray_sql, planted) == [
        "cases/actions/close.py: line 2: execute() belongs to queries or bulk",
        "cases/actions/close.py: line 2: cursor() belongs to queries or bulk",
    ]


def test_models_are_never_looked_up_by_name() -> None:
    assert findings(lookups_by_name) == []


def test_lookup_by_name_planted_is_named(tmp_path: Path) -> None:
    text = 'Case = apps.get_model("cases", "Case")\nfrom x import get_model\nget_model("a", "B")\n'
    assert findings(lookups_by_name, plant(tmp_path, "people/queries.py", text)) == [
        "people/queries.py: line 1: apps.get_model reaches a model without an import"
    ]


def test_exceptions_are_all_still_needed() -> None:
    """An entry of ALLOWED whose file is gone would silently cover a new file of that name."""
    from tests.house.source import SOURCE

    assert [place for place, _ in ALLOWED if not (SOURCE / place).exists()] == []
