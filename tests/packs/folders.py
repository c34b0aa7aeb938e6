"""Small pack folders made for one test."""

from __future__ import annotations

from pathlib import Path

HEAD = "id: tiny\nversion: 1.0.0\ntitle: {zh: 小包, en: Tiny}\n"


def write(folder: Path, **files: str) -> Path:
    """A pack of few files (`ledgers__a` is ledgers/a.yaml); pack.yaml is written when none is given."""
    for name, text in {"pack": HEAD, **files}.items():
        path = folder / f"{name.replace('__', '/')}.yaml"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return folder
