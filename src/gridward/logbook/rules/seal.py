"""Sealed parts: AES-256-GCM under a key per owner, itself wrapped by the ring. Pure: bytes in, text out.

A sealed value reads {"g": generation-free owner key, "n": nonce, "c": ciphertext}, base64 text, so that it may
stand in a journal body: the chain covers the ciphertext, and destroying the key leaves the chain valid.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from gridward.kernel.errors import Fault, Message

RING_MISSING = Message(
    "GW-LOGBOOK-010",
    "钥匙环缺第 {generation} 代：请从备份恢复 keys/ 目录。",
    "The key ring lacks generation {generation}: restore the folder keys/ from a backup.",
)
SEAL_BROKEN = Message(
    "GW-LOGBOOK-011",
    "密封字段无法打开（{owner}）：密文或钥匙被改动。请运行 gridward verify journals。",
    "A sealed field of {owner} does not open: ciphertext or key was changed. Run gridward verify journals.",
)


def _b64(data: bytes) -> str:
    return base64.b64encode(data).decode()


def _raw(text: str) -> bytes:
    return base64.b64decode(text)


@dataclass(frozen=True)
class Ring:
    """The key ring: generations of 32-byte wrapping keys and one key for blind indexes."""

    current: int
    keys: Mapping[int, bytes] = field(repr=False)
    index_key: bytes = field(repr=False)

    @staticmethod
    def new() -> Ring:
        return Ring(1, {1: secrets.token_bytes(32)}, secrets.token_bytes(32))

    def turned(self) -> Ring:
        """The ring with one more generation; the old ones stay until nothing is wrapped by them."""
        number = self.current + 1
        return Ring(number, {**self.keys, number: secrets.token_bytes(32)}, self.index_key)

    def only_current(self) -> Ring:
        """The ring without old generations: what they wrapped is gone for good."""
        return Ring(self.current, {self.current: self.keys[self.current]}, self.index_key)

    def to_text(self) -> str:
        return json.dumps(
            {
                "current": self.current,
                "keys": {str(g): _b64(k) for g, k in self.keys.items()},
                "index": _b64(self.index_key),
            }
        )

    @staticmethod
    def from_text(text: str) -> Ring:
        data = json.loads(text)
        keys = {int(g): _raw(k) for g, k in data["keys"].items()}
        return Ring(int(data["current"]), keys, _raw(data["index"]))


def wrap_key(ring: Ring, owner: str, key: bytes) -> str:
    """The owner's data key under the ring's current generation."""
    nonce = secrets.token_bytes(12)
    return _b64(nonce + AESGCM(ring.keys[ring.current]).encrypt(nonce, key, owner.encode()))


def unwrap_key(ring: Ring, owner: str, generation: int, wrapped: str) -> bytes:
    """The owner's data key; Fault when the ring lacks the generation or the text was changed."""
    if generation not in ring.keys:
        raise Fault(RING_MISSING, generation=generation)
    raw = _raw(wrapped)
    try:
        return AESGCM(ring.keys[generation]).decrypt(raw[:12], raw[12:], owner.encode())
    except InvalidTag as error:
        raise Fault(SEAL_BROKEN, owner=owner) from error


def seal_text(key: bytes, owner: str, name: str, value: str) -> dict[str, str]:
    """The ciphertext of one named value of an owner."""
    nonce = secrets.token_bytes(12)
    return {
        "n": _b64(nonce),
        "c": _b64(AESGCM(key).encrypt(nonce, value.encode(), f"{owner}/{name}".encode())),
    }


def open_text(key: bytes, owner: str, name: str, sealed: Mapping[str, str]) -> str:
    """The value of a sealed part; Fault when it was changed."""
    try:
        return AESGCM(key).decrypt(_raw(sealed["n"]), _raw(sealed["c"]), f"{owner}/{name}".encode()).decode()
    except InvalidTag as error:
        raise Fault(SEAL_BROKEN, owner=owner) from error


def blind_index(ring: Ring, name: str, value: str) -> str:
    """A keyed fingerprint by which a sealed value is found without being opened (32 hex digits)."""
    return hmac.new(ring.index_key, f"{name}\x1f{value}".encode(), hashlib.sha256).hexdigest()[:32]
