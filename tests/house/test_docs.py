"""Documents say what the code says: settings, dependencies, generated pages, links, error codes."""

from __future__ import annotations

import json
import re
import tomllib
from collections import Counter
from pathlib import Path
from urllib.parse import unquote

import yaml

from tests.house.source import ROOT, SOURCE, modules
from tools import pages, reading
from tools.docs import GENERATED, stale

SETTING = re.compile(r"^(GRIDWARD_[A-Z_]+|DATABASE_URL)$")
MAKE_VARIABLE = re.compile(r"^(?:ifndef )?([A-Z]+)(?: \?=|$)", re.MULTILINE)
LINK = re.compile(r"\[[^\]]*\]\(([^)\s]+)\)")
HEADING = re.compile(r"^#{1,6} (.+)$", re.MULTILINE)
TEST_FILES = ("tests/settings.py", "tests/conftest.py", "tests/report.py", "tools/legs.py")


def documents() -> list[Path]:
    return [*sorted(ROOT.glob("*.md")), *sorted((ROOT / "docs").rglob("*.md"))]


def headings(text: str) -> set[str]:
    return {found.strip("` ") for found in HEADING.findall(text)}


def settings_read() -> set[str]:
    """Names of environment variables in the package, in the set-up of the tests and in the Makefile."""
    texts = {text for module in modules() for _, text in module.strings}
    for name in TEST_FILES:
        texts |= set(re.findall(r'"([A-Z_]+)"', (ROOT / name).read_text(encoding="utf-8")))
    return {text for text in texts if SETTING.match(text)} | set(
        MAKE_VARIABLE.findall((ROOT / "Makefile").read_text(encoding="utf-8"))
    )


def undocumented(names: set[str], page: str) -> list[str]:
    return sorted(names - headings(page))


def anchor(heading: str) -> str:
    """The anchor of a heading, the way code hosting sites make it."""
    text = re.sub(r"[^\w\- ]", "", heading.strip().lower())
    return text.replace(" ", "-")


def broken_links(file: Path) -> list[str]:
    """Links to files or headings that are not there."""
    found = []
    text = re.sub(r"```.*?```", "", file.read_text(encoding="utf-8"), flags=re.DOTALL)
    for link in LINK.findall(text):
        if re.match(r"[a-z]+:", link):
            continue
        path, _, part = unquote(link).partition("#")
        target = (file.parent / path).resolve() if path else file
        if not target.exists():
            found.append(f"{file.name}: {link} leads nowhere")
        elif part and part not in {anchor(h) for h in HEADING.findall(target.read_text(encoding="utf-8"))}:
            found.append(f"{file.name}: {link} names no heading")
    return found


def declared_packages() -> set[str]:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    lines = [*project["dependencies"], *project["optional-dependencies"]["dev"]]
    for name in ("lock.in", "node.in"):
        text = (ROOT / "requirements" / name).read_text(encoding="utf-8")
        lines += [line for line in text.splitlines() if line and not line.startswith("#")]
    names = {re.split(r"[\[<>=~!; ]", line)[0] for line in lines}
    for file in sorted(ROOT.glob("web/**/package.json")):
        if "node_modules" not in file.parts:
            names |= web_packages(json.loads(file.read_text(encoding="utf-8")))
    return names


def web_packages(package: dict[str, dict[str, str]]) -> set[str]:
    both = {**package.get("dependencies", {}), **package.get("devDependencies", {})}
    return {name for name in both if not name.startswith("@gridward/")}


def listed_packages(page: str) -> set[str]:
    return {
        name for name in re.findall(r"^\| (\S+) \|", page, re.MULTILINE) if name not in {"package", "---"}
    }


def test_generated_pages_say_what_the_code_says() -> None:
    assert sorted(stale()) == [], "run `make docs`"


def test_stale_page_planted_is_named(tmp_path: Path) -> None:
    for name, write in GENERATED.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(write(), encoding="utf-8")
    page = tmp_path / "docs" / "reference" / "facts.md"
    page.write_text(
        page.read_text(encoding="utf-8").replace("### BlobStored", "### BlobKept"), encoding="utf-8"
    )
    assert sorted(stale(tmp_path)) == ["docs/reference/facts.md"]


def test_every_room_with_a_policy_declares_permissions_of_its_own() -> None:
    """A policy whose table is not called PERMISSIONS would vanish from the page."""
    rooms = sorted({m.room for m in modules() if m.furniture == "policy"})
    found = {room: reading.permissions(room) for room in rooms}
    assert [room for room, permissions in found.items() if not permissions] == []
    assert [p.name for room in rooms for p in found[room] if p.name.split(":")[0] != room] == []


def test_every_setting_has_a_heading() -> None:
    page = (ROOT / "docs" / "reference" / "settings.md").read_text(encoding="utf-8")
    assert undocumented(settings_read(), page) == []


def test_setting_without_heading_planted_is_named() -> None:
    assert "GRIDWARD_HOME" in settings_read()
    assert undocumented({"GRIDWARD_HOME", "GRIDWARD_NEW"}, "### `GRIDWARD_HOME`\n") == ["GRIDWARD_NEW"]


def test_dependencies_page_lists_exactly_the_declared_packages() -> None:
    page = (ROOT / "docs" / "reference" / "dependencies.md").read_text(encoding="utf-8")
    assert sorted(listed_packages(page)) == sorted(declared_packages())


def test_links_lead_somewhere() -> None:
    assert [problem for file in documents() for problem in broken_links(file)] == []


def test_broken_links_planted_are_named(tmp_path: Path) -> None:
    file = tmp_path / "a.md"
    file.write_text("# One two\n[x](gone.md) [y](#one-two) [z](a.md#three) [w](https://example.org)\n")
    assert broken_links(file) == ["a.md: gone.md leads nowhere", "a.md: a.md#three names no heading"]


def repeated_codes(found: list[reading.Sentence]) -> list[str]:
    """Codes that stand for more than one sentence."""
    return sorted(code for code, count in Counter(s.code for s in found).items() if count > 1)


def test_error_codes_mean_one_thing_and_read_like_codes() -> None:
    found = reading.sentences()
    assert repeated_codes(found) == []
    assert [s.code for s in found if not re.fullmatch(r"GW-[A-Z]+(-[A-Z]+)?-\d{3}", s.code)] == []


def test_repeated_code_planted_is_named(tmp_path: Path) -> None:
    (tmp_path / "a.py").write_text(
        'A = Message("GW-X-001", "一", "one")\nB = Message("GW-X-001", "二", "two")\n'
    )
    assert repeated_codes(reading.sentences(tmp_path)) == ["GW-X-001"]


def test_every_command_has_a_heading() -> None:
    page = (ROOT / "docs" / "reference" / "commands.md").read_text(encoding="utf-8")
    commands = {" ".join(names) for names, _ in pages.walk(pages.command_tree(), ("gridward",))}
    assert undocumented(commands, page) == []


def test_documents_exist_in_four_modes() -> None:
    assert {p.name for p in (ROOT / "docs").iterdir() if p.is_dir()} >= {
        "tutorial", "how-to", "reference", "explanation", "decisions",
    }  # fmt: skip
    assert SOURCE.is_dir()


def test_version_is_said_once() -> None:
    """pyproject.toml, the package and publiccode.yaml agree."""
    from gridward import __version__

    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    public = yaml.safe_load((ROOT / "publiccode.yaml").read_text(encoding="utf-8"))
    assert (project["version"], public["softwareVersion"]) == (__version__, __version__)
