"""Commands in README and docs are real: targets exist, options parse, addresses are served, code runs.

Blocks marked sh, json, yaml and python are checked; a block of another kind is text.
"""

from __future__ import annotations

import json
import re
import shlex
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.house.source import ROOT
from tests.house.test_docs import documents
from tools import pages

BLOCK = re.compile(r"^```(\w+)\n(.*?)^```", re.DOTALL | re.MULTILINE)
GENERATED_NOTE = "<!-- Written by `make docs`"
FIRST_LINES = ("make demo", "make test")


def blocks(kind: str) -> list[tuple[str, str]]:
    """(document, text) of every fenced block of `kind`."""
    return [
        (file.relative_to(ROOT).as_posix(), text)
        for file in documents()
        if GENERATED_NOTE not in (content := file.read_text(encoding="utf-8"))
        for found, text in BLOCK.findall(content)
        if found == kind
    ]


def commands(text: str) -> list[list[str]]:
    """The command lines of a shell block as words, without comments, settings in front, redirections."""
    found = []
    for line in text.replace("\\\n", " ").splitlines():
        words = shlex.split(line, comments=True)
        while words and re.match(r"^[A-Z_]+=", words[0]):
            words = words[1:]
        cut = next((i for i, word in enumerate(words) if word in {"|", ">", "&&"}), len(words))
        if words[:cut]:
            found.append(words[:cut])
    return found


def targets() -> set[str]:
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    return set(re.findall(r"^([a-z]+):", makefile, re.MULTILINE))


def make_problem(words: list[str]) -> str:
    unknown = [word for word in words[1:] if "=" not in word and word not in targets()]
    return f"no target {unknown[0]}" if unknown else ""


def gridward_problem(words: list[str]) -> str:
    """What the command line itself says against these words; nothing is run."""
    command: Any = pages.command_tree()
    rest, path = words[1:], "gridward"
    while getattr(command, "commands", None) and rest and not rest[0].startswith("-"):
        if rest[0] not in command.commands:
            return f"no command {rest[0]}"
        command, path, rest = command.commands[rest[0]], f"{path} {rest[0]}", rest[1:]
    known = {option for p in command.params for option in (*p.opts, *p.secondary_opts)} | {"--help"}
    wrong = [word for word in rest if word.startswith("--") and word.split("=")[0] not in known]
    return f"no option {wrong[0]} in {path}" if wrong else ""


def curl_problem(words: list[str]) -> str:
    """An address below /api/v1 that no endpoint serves with this method."""
    method = words[words.index("-X") + 1].lower() if "-X" in words else "get"
    address = next((word for word in words if "/api/v1/" in word), "")
    path = re.sub(r"^https?://[^/]+|\?.*$", "", address)
    for pattern, methods in pages.openapi()["paths"].items():
        if re.fullmatch(re.sub(r"{\w+}", r"[^/]+", pattern), path) and method in methods:
            return ""
    return f"no endpoint {method.upper()} {path}" if path else ""


def problem(words: list[str]) -> str:
    """What is wrong with one command line, or the empty string."""
    checks = {"make": make_problem, "gridward": gridward_problem, "curl": curl_problem}
    return (
        checks[words[0]](words)
        if words[0] in checks
        else f"{words[0]} is not checked; use another kind of block"
    )


def test_readmes_begin_with_the_two_commands() -> None:
    for name in ("README.md", "README.zh-CN.md"):
        kind, text = BLOCK.findall((ROOT / name).read_text(encoding="utf-8"))[0]
        assert kind == "sh"
        assert tuple(" ".join(words) for words in commands(text)) == FIRST_LINES


def test_both_readmes_show_the_same_commands() -> None:
    shown = {name: text for name, text in blocks("sh") if name.startswith("README")}
    both = {name: [commands(text) for found, text in blocks("sh") if found == name] for name in shown}
    assert both["README.md"] == both["README.zh-CN.md"]


def test_shell_examples_name_targets_commands_options_and_addresses_that_exist() -> None:
    found = [
        f"{name}: {' '.join(words)}: {said}"
        for name, text in blocks("sh")
        for words in commands(text)
        if (said := problem(words))
    ]
    assert found == []


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("make tea", "no target tea"),
        ("PORT=1 make demo SIZE=small", ""),
        ("gridward brew", "no command brew"),
        ("gridward serve --tea", "no option --tea in gridward serve"),
        ("curl http://127.0.0.1:8000/api/v1/teapots", "no endpoint GET /api/v1/teapots"),
        ("rm -r x", "rm is not checked; use another kind of block"),
    ],
)
def test_wrong_example_planted_is_named(line: str, said: str) -> None:
    assert [problem(words) for words in commands(line)] == [said]


def test_json_and_yaml_examples_are_well_formed() -> None:
    for _, text in blocks("json"):
        json.loads(text)
    for _, text in blocks("yaml"):
        assert isinstance(yaml.safe_load(text), dict)


def test_python_examples_run(tmp_path: Path) -> None:
    for name, text in blocks("python"):
        done = subprocess.run(
            [sys.executable, "-c", text], cwd=tmp_path, capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, f"{name}\n{done.stderr}"


def test_entry_point_of_the_package_resolves() -> None:
    from importlib.metadata import entry_points

    (script,) = entry_points(group="console_scripts", name="gridward")
    assert callable(script.load())
