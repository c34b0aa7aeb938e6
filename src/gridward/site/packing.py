"""Packs at the site: the rooms' sections handed to the pack room; check, coverage, install."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

from gridward.cases import pack_schema as cases
from gridward.grids import pack_schema as grids
from gridward.kernel.actor import Actor
from gridward.kernel.document import Flaw, closest
from gridward.kernel.errors import BadInput, Message
from gridward.ledger import pack_schema as ledger
from gridward.logbook.actions.deliver import drain
from gridward.packs.actions import install_pack
from gridward.packs.rules import Parts, check_pack, coverage, difference, read_pack, sound
from gridward.people import pack_schema as people
from gridward.people.pack_schema import posts_of
from gridward.site.permissions import ALL_PERMISSIONS
from gridward.site.stories import told_names
from gridward.site.vocabulary import WORDS, permissions_of

NOT_SOUND = Message(
    "GW-PACKS-062",
    "方案包有 {count} 处错误，请先运行 gridward pack check 逐条改正。",
    "The pack has {count} mistakes; run gridward pack check first and correct each.",
)
NO_FOLDER = Message(
    "GW-PACKS-063",
    "没有文件夹 {found}；请给出方案包的文件夹。",
    "There is no folder {found}; name the folder of a pack.",
)


def _check_words(doc: Mapping[str, Any]) -> Iterator[Flaw]:
    for n, post in enumerate(posts_of(doc)):
        for k, word in enumerate(post.get("may") or []):
            name = str(word).removesuffix("@own")
            if word is not None and word not in WORDS and name not in ALL_PERMISSIONS:
                words = tuple(WORDS)
                yield Flaw(
                    "GW-PACKS-035",
                    ("posts", "posts", n, "may", k),
                    str(word),
                    ", ".join(words),
                    closest(str(word), words),
                )


PARTS = Parts(
    sections={**grids.SECTIONS, **people.SECTIONS, **ledger.SECTIONS, **cases.SECTIONS},
    cross_checks=(grids.cross_check, people.cross_check, ledger.cross_check, cases.cross_check, _check_words),
)


def check(folder: Path) -> dict[str, Any]:
    """{"ok", "errors": [{"code", "file", "line", "found", "allowed", "sample"}]}: everything in one run."""
    if not folder.is_dir():
        raise BadInput(NO_FOLDER, found=str(folder))
    errors = check_pack(read_pack(folder), PARTS)
    return {"ok": not errors, "errors": errors}


def cover(folder: Path) -> dict[str, Any]:
    """{"sections": coverage per section, "ok"}: ok when every item has a source or is an example, and both
    languages. Examples are figures a city replaces by its own."""
    rows = coverage(document_of(folder), told_names(folder))
    ok = all(row["source"] + row["example"] == row["items"] == row["languages"] for row in rows)
    return {"sections": rows, "ok": ok}


def changes(folder: Path, installed: Mapping[str, Any]) -> list[dict[str, Any]]:
    """What a folder would change in an installed document: {"path", "change", "before", "after"}."""
    return difference(installed, document_of(folder))


def document_of(folder: Path) -> dict[str, Any]:
    """The document of a sound folder, in the form in which it is installed. BadInput when it has mistakes."""
    report = check(folder)
    if not report["ok"]:
        raise BadInput(NOT_SOUND, count=len(report["errors"]))
    return sound(read_pack(folder).doc, PARTS)


def install(folder: Path, *, actor: Actor, now: datetime) -> dict[str, Any]:
    """Check, publish, and let the rooms take their sections."""
    doc = document_of(folder)
    answer = install_pack(doc=doc, permissions_of=permissions_of, actor=actor, now=now)
    drain(now=now)
    return answer
