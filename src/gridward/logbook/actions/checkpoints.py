"""Daily signed digests of the journal: what verification compares when heads themselves were rewritten.

A checkpoint lists the head of every stream that moved since the last one and signs the list (Ed25519). Files:
checkpoints/<date>.heads.gz (one line per stream: name, seq, hash) and checkpoints/<date>.json (digest, signature).
"""

from __future__ import annotations

import gzip
import hashlib
import json
import zlib
from datetime import datetime
from pathlib import Path
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from django.db import transaction

from gridward.logbook.actions.keys import write_private
from gridward.logbook.queries import heads_since, last_entry_id


def signing_key(keys: Path) -> Ed25519PrivateKey:
    """This home's signing key, made when there is none (keys/checkpoint.pem, 0600)."""
    file = keys / "checkpoint.pem"
    if file.exists():
        found = serialization.load_pem_private_key(file.read_bytes(), None)
        assert isinstance(found, Ed25519PrivateKey)
        return found
    key = Ed25519PrivateKey.generate()
    pem = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    write_private(file, pem.decode())
    return key


def latest(folder: Path) -> dict[str, Any] | None:
    """The newest checkpoint's document."""
    files = sorted(folder.glob("*.json"))
    return json.loads(files[-1].read_text()) if files else None


def write_checkpoint(*, folder: Path, keys: Path, now: datetime, force: bool = False) -> str | None:
    """Write today's checkpoint unless it stands; returns its name when one was written."""
    last = latest(folder)
    name = now.strftime("%Y-%m-%d")
    if last and last["name"][:10] >= name and not force:
        return None
    if last and last["name"][:10] == name:
        name = now.strftime("%Y-%m-%dT%H%M%S%f")
    with transaction.atomic():
        upto = last_entry_id()
        lines = [
            f"{stream}\t{seq}\t{hash_}"
            for stream, seq, hash_ in heads_since(last["upto"] if last else 0, upto)
        ]
    text = "\n".join(lines).encode()
    document: dict[str, Any] = {
        "name": name,
        "at": now.isoformat(),
        "upto": upto,
        "streams": len(lines),
        "digest": hashlib.sha256(text).hexdigest(),
        "previous": last["digest"] if last else "",
    }
    document["signature"] = signing_key(keys).sign(_signed(document)).hex()
    (folder / f"{name}.heads.gz").write_bytes(gzip.compress(text, 6))
    write_private(folder / f"{name}.json", json.dumps(document, indent=1) + "\n")
    return name


def _signed(document: dict[str, Any]) -> bytes:
    unsigned = {k: v for k, v in document.items() if k != "signature"}
    return json.dumps(unsigned, sort_keys=True, separators=(",", ":")).encode()


def read_checkpoints(folder: Path, keys: Path) -> tuple[dict[str, tuple[int, str]], list[str]]:
    """The newest noted head of every stream, and what is wrong with the checkpoint files themselves."""
    heads: dict[str, tuple[int, str]] = {}
    problems: list[str] = []
    previous = ""
    public = signing_key(keys).public_key()
    for file in sorted(folder.glob("*.json")):
        try:
            document = json.loads(file.read_text())
            public.verify(bytes.fromhex(document["signature"]), _signed(document))
            if document["previous"] != previous:
                problems.append(f"{file.name}: previous")
            previous = document["digest"]
            text = gzip.decompress((folder / f"{document['name']}.heads.gz").read_bytes())
        except InvalidSignature:
            problems.append(f"{file.name}: signature")
            continue
        except (ValueError, KeyError, TypeError, OSError, EOFError, zlib.error) as error:
            problems.append(f"{file.name}: unreadable ({type(error).__name__})")
            continue
        if hashlib.sha256(text).hexdigest() != document["digest"]:
            problems.append(f"{file.name}: digest")
            continue
        for line in text.decode().splitlines():
            stream, seq, hash_ = line.split("\t")
            heads[stream] = (int(seq), hash_)
    return heads, problems
