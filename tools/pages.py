"""The generated pages of docs/reference, as text."""

from __future__ import annotations

import functools
import importlib
import importlib.util
import json
import os
import pkgutil
from collections.abc import Iterator
from typing import Any

from tools import reading
from tools.staircase import furnished_rooms

NOTE = "<!-- Written by `make docs` from the code; do not edit. -->\n"


def cell(text: str) -> str:
    """`text` as a table cell: one line, no bars."""
    return " ".join(text.split()).replace("|", "\\|")


def page(title: str, intro: str, parts: list[str]) -> str:
    return f"# {title}\n\n{NOTE}\n{intro}\n" + "".join(f"\n{part.rstrip()}\n" for part in parts)


def permissions() -> str:
    """Every permission under its room, one heading each."""
    parts = []
    for room in furnished_rooms():
        found = reading.permissions(room)
        if found:
            parts.append(f"## {room}")
            parts += [f"### `{p.name}`\n\n{p.zh} · {p.en}" for p in found]
    intro = (
        "`room:thing:verb`. A pack gives permissions to posts (`may:`), a posting gives them to a person "
        "within an area, a unit or the whole jurisdiction."
    )
    return page("Permissions", intro, parts)


def facts() -> str:
    """Every fact under its room with its fields."""
    parts = []
    for room in furnished_rooms():
        found = reading.facts(room)
        if found:
            parts.append(f"## {room}")
            parts += [_fact(fact) for fact in found]
    intro = (
        "What rooms tell each other after a transaction is committed. `site/wiring.py` names the handlers; "
        "delivery is described in [the house](../explanation/house.md#facts-are-never-lost)."
    )
    return page("Facts", intro, parts)


def _fact(fact: reading.Fact) -> str:
    fields = "".join(f"| `{name}` | `{cell(kind)}` |\n" for name, kind in fact.fields)
    return f"### {fact.name}\n\n{fact.doc}\n\n| field | type |\n| --- | --- |\n{fields}"


def errors() -> str:
    """Every sentence that a user can be told, by code."""
    lines = [
        f"| `{s.code}` | {cell(s.zh)} | {cell(s.en)} | `{s.place}` |" for s in reading.sentences() if s.code
    ]
    table = "| code | 中文 | English | said by |\n| --- | --- | --- | --- |\n" + "\n".join(lines)
    intro = (
        "Codes never change their meaning. `{name}` is filled with what was found. Over HTTP the sentence "
        "stands in `errors[].sentence`, in the language of `Accept-Language`."
    )
    return page("Errors", intro, [table])


# Commands


def commands() -> str:
    """Every command of `gridward` with its arguments and options; empty while there is no command line."""
    if importlib.util.find_spec("gridward.site.cli") is None:
        return ""
    parts = [_command(names, command) for names, command in walk(command_tree(), ("gridward",))]
    intro = (
        "`--json` prints exactly one JSON document on stdout, everything else goes to stderr. "
        "Exit 0: done · 1: ran but found problems · 2: refused before starting."
    )
    return page("Commands", intro, parts)


@functools.cache
def command_tree() -> Any:
    """The click command of the whole command line: every part of site/cli registers its own commands."""
    import typer

    from gridward.site import cli

    app = importlib.import_module("gridward.site.cli.main").app
    for part in pkgutil.iter_modules(cli.__path__):
        register = getattr(importlib.import_module(f"gridward.site.cli.{part.name}"), "register", None)
        if register is not None:
            register(app)
    return typer.main.get_command(app)


def walk(command: Any, names: tuple[str, ...]) -> Iterator[tuple[tuple[str, ...], Any]]:
    """(names, command) of every command that does something, in the order of declaration."""
    inner = getattr(command, "commands", None)
    if not inner:
        yield names, command
        return
    if command.callback is not None and getattr(command, "invoke_without_command", False):
        yield names, command
    for name, sub in inner.items():
        yield from walk(sub, (*names, name))


def _command(names: tuple[str, ...], command: Any) -> str:
    title = " ".join(names)
    rows = "".join(_parameter(p) for p in command.params if p.name != "help")
    table = f"\n| parameter | default | meaning |\n| --- | --- | --- |\n{rows}" if rows else ""
    return f"## `{title}`\n\n{_help(command)}\n{table}"


def _help(command: Any) -> str:
    return (command.help or command.short_help or "").replace("\f", "").strip()


def _parameter(parameter: Any) -> str:
    is_argument = parameter.param_type_name == "argument"
    name = parameter.name.upper() if is_argument else ", ".join(parameter.opts)
    default = parameter.default
    quiet = default is None or default is False or default in ("", ())
    shown = "required" if parameter.required else "" if quiet else f"`{default}`"
    return f"| `{name}` | {shown} | {cell(getattr(parameter, 'help', None) or '')} |\n"


# HTTP


def http() -> str:
    """Every address of the API with its summary, from the OpenAPI document; empty while there is no API."""
    if importlib.util.find_spec("gridward.site.api") is None:
        return ""
    schema = openapi()
    parts = [
        _endpoint(method, path, operation)
        for path, methods in schema["paths"].items()
        for method, operation in methods.items()
    ]
    intro = (
        "The whole contract with its shapes is served as OpenAPI at `/api/v1/openapi.json`. "
        "`Authorization: Bearer TOKEN`, or the browser's session with `X-CSRFToken`."
    )
    return page("HTTP interface", intro, parts)


@functools.cache
def openapi() -> dict[str, Any]:
    """The OpenAPI document of the running code."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "gridward.site.settings")
    import django
    from django.apps import apps

    if not apps.ready:
        django.setup()
    from django.urls import get_resolver

    from gridward.site.api import api

    _ = get_resolver().url_patterns  # ninja knows its own address only once it is mounted
    document: dict[str, Any] = json.loads(json.dumps(api.get_openapi_schema(), default=str))
    return document


def _endpoint(method: str, path: str, operation: dict[str, Any]) -> str:
    text = operation.get("description") or operation.get("summary") or ""
    rows = "".join(
        f"| `{p['name']}` | {p['in']} | {'required' if p.get('required') else ''} |\n"
        for p in operation.get("parameters", [])
    )
    table = f"\n| parameter | in | |\n| --- | --- | --- |\n{rows}" if rows else ""
    return f"## `{method.upper()} {path}`\n\n{text}\n{table}"
