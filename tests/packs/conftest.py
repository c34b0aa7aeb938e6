"""Pack folders to spoil, and the cast for installing."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.factories.fixtures import open_play, play, ring, standing_play

FIRE = Path(__file__).resolve().parents[2] / "packs" / "fire_safety"

__all__ = ["open_play", "play", "ring", "standing_play"]


@pytest.fixture
def pack(tmp_path: Path) -> Path:
    """A copy of packs/fire_safety."""
    return Path(shutil.copytree(FIRE, tmp_path / "fire_safety"))


@pytest.fixture
def spoil(pack: Path) -> Callable[[str, str, str], Path]:
    """Replace the first occurrence of a text in a file of the copy."""

    def replace(file: str, old: str, new: str) -> Path:
        text = (pack / file).read_text(encoding="utf-8")
        assert old in text, f"{file} holds no {old!r}"
        (pack / file).write_text(text.replace(old, new, 1), encoding="utf-8")
        return pack

    return replace
