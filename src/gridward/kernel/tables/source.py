"""A file as it came: a path or bytes, its name, and what its content really is (never its extension)."""

from __future__ import annotations

import gzip
import io
import re
import zlib
from dataclasses import dataclass
from pathlib import Path
from typing import IO, BinaryIO, cast

from gridward.kernel.errors import BadInput
from gridward.kernel.tables import messages as m
from gridward.kernel.tables.options import MEGABYTE, Limits

HEAD = 4096
RATIO_FREE_BYTES = 64 * MEGABYTE
_MARKUP = re.compile(rb"\s*<\s*[!?a-zA-Z]")
_JSON = re.compile(rb"\s*[\[{]\s*[\[{\"}\]]")
_KNOWN = (
    (b"%PDF", "PDF 文件", "a PDF file"),
    (b"\x89PNG", "PNG 图片", "a PNG picture"),
    (b"\xff\xd8\xff", "JPEG 图片", "a JPEG picture"),
    (b"GIF8", "GIF 图片", "a GIF picture"),
    (b"7z\xbc\xaf", "7z 压缩包", "a 7z archive"),
    (b"Rar!", "RAR 压缩包", "a RAR archive"),
    (b"BZh", "bzip2 压缩文件", "a bzip2 file"),
    (b"\xfd7zXZ", "xz 压缩文件", "an xz file"),
    (b"\x28\xb5\x2f\xfd", "zstd 压缩文件", "a zstd file"),
    (b"SQLite format 3", "SQLite 数据库", "a SQLite database"),
    (b"{\\rtf", "RTF 文档", "an RTF document"),
    (b"\x7fELF", "程序文件", "a program"),
    (b"MZ\x90", "程序文件", "a program"),
)


@dataclass(frozen=True)
class Source:
    """Bytes or a path with the name a person knows the file by; can be opened again and again."""

    data: bytes | Path
    name: str

    @property
    def size(self) -> int:
        return len(self.data) if isinstance(self.data, bytes) else self.data.stat().st_size

    def open(self) -> BinaryIO:
        return io.BytesIO(self.data) if isinstance(self.data, bytes) else self.data.open("rb")

    def head(self, length: int = HEAD) -> bytes:
        with self.open() as stream:
            return stream.read(length)


@dataclass(frozen=True)
class Kind:
    """What a content is: csv, zip, ole or parquet; `gzipped` only with csv."""

    name: str
    gzipped: bool = False


def sniff(source: Source, limits: Limits) -> Kind:
    """Tell the kind from the first bytes. Raises BadInput where the content is no table at all."""
    if source.size == 0:
        raise BadInput(m.EMPTY, where=source.name, found="0 B")
    if limits.max_bytes is not None and source.size > limits.max_bytes:
        raise BadInput(m.TOO_LARGE, where=source.name, found=source.size, allowed=limits.max_bytes)
    head = source.head()
    if head.startswith(b"\x1f\x8b"):
        return _inside_gzip(source)
    return Kind(_kind_of(head, source.name))


def _inside_gzip(source: Source) -> Kind:
    try:
        with gzip.GzipFile(fileobj=source.open()) as stream:
            head = stream.read(HEAD)
    except (OSError, EOFError, zlib.error) as error:
        raise BadInput(m.CORRUPT, where=source.name, found=f"gzip: {error}") from error
    if not head:
        raise BadInput(m.EMPTY, where=source.name, found="gzip, 0 B")
    kind = _kind_of(head, source.name)
    if kind != "csv":
        raise _not_a_table(source.name, f"gzip 压缩的 {kind} 文件", f"a gzipped {kind} file")
    return Kind("csv", gzipped=True)


def _kind_of(head: bytes, name: str) -> str:
    if head.startswith(b"PAR1"):
        return "parquet"
    if head.startswith((b"PK\x03\x04", b"PK\x05\x06")):
        return "zip"
    if head.startswith(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"):
        return "ole"
    _refuse_known(head, name)
    _refuse_text_formats(head, name)
    return "csv"


def _refuse_known(head: bytes, name: str) -> None:
    for magic, zh, en in _KNOWN:
        if head.startswith(magic):
            raise _not_a_table(name, zh, en)


def _refuse_text_formats(head: bytes, name: str) -> None:
    if head.startswith((b"\xff\xfe", b"\xfe\xff")):
        return
    text = head.removeprefix(b"\xef\xbb\xbf")
    if not text.strip():
        raise BadInput(m.EMPTY, where=name, found="只有空白 blank")
    if _MARKUP.match(text):
        html = b"<table" in text.lower() or b"<html" in text.lower()
        kind = ("网页（HTML）", "a web page (HTML)") if html else ("XML 文件", "an XML file")
        raise BadInput(m.MARKUP, where=name, found_zh=kind[0], found_en=kind[1])
    if _JSON.match(text):
        raise _not_a_table(name, "JSON", "JSON")
    if looks_binary(text):
        raise _not_a_table(name, "二进制数据", "binary data")


def looks_binary(sample: bytes) -> bool:
    """True for bytes that are no text in any encoding we read (UTF-16 without a mark has a NUL pattern)."""
    if wide_encoding(sample):
        return False
    controls = sum(sample.count(bytes([code])) for code in range(32) if code not in (9, 10, 12, 13, 26, 27))
    return controls > max(4, len(sample) // 50)


def wide_encoding(sample: bytes) -> str | None:
    """UTF-16 without a byte order mark shows as NULs on one side of most pairs."""
    even, odd = sample[0::2].count(0), sample[1::2].count(0)
    if even + odd < max(3, len(sample) // 20):
        return None
    if min(even, odd) * 20 > max(even, odd):
        return None
    return "utf-16-le" if odd > even else "utf-16-be"


def _not_a_table(name: str, zh: str, en: str) -> BadInput:
    return BadInput(m.NOT_A_TABLE, where=name, found_zh=zh, found_en=en)


class TextStream:
    """Reads a csv's bytes in blocks, unpacking gzip, and stops a gzip bomb while it unfolds."""

    def __init__(self, source: Source, *, gzipped: bool, limits: Limits):
        self._source = source
        self._limits = limits
        self._packed = source.size
        self._unpacked = 0
        raw = source.open()
        self._stream = cast("IO[bytes]", gzip.GzipFile(fileobj=raw)) if gzipped else raw
        self._gzipped = gzipped

    def __enter__(self) -> TextStream:
        return self

    def __exit__(self, *exc: object) -> None:
        self._stream.close()

    def read(self, size: int) -> bytes:
        """The next block, b"" at the end. Raises BadInput for a broken or exploding gzip."""
        try:
            block = self._stream.read(size)
        except (OSError, EOFError, zlib.error) as error:
            raise BadInput(m.CORRUPT, where=self._source.name, found=f"gzip: {error}") from error
        if self._gzipped:
            self._count(len(block))
        return block

    def _count(self, length: int) -> None:
        self._unpacked += length
        allowed = self._limits.max_unzipped_bytes
        if allowed is not None and self._unpacked > allowed:
            raise self._bomb(f"> {allowed} B", f"{allowed} B")
        ratio = self._unpacked / max(1, self._packed)
        if self._unpacked > RATIO_FREE_BYTES and ratio > self._limits.max_ratio:
            raise self._bomb(f"{ratio:.0f} : 1", f"{self._limits.max_ratio:.0f} : 1")

    def _bomb(self, found: str, allowed: str) -> BadInput:
        return BadInput(m.BOMB, where=self._source.name, found=found, allowed=allowed)
