"""A zip that claims to be an xlsx, checked before anything opens it: kind, macros, bombs, damage.

Sizes in a zip's directory can lie, so every part is unpacked here once by its real bytes; only then may a
library in another language read the file.
"""

from __future__ import annotations

import struct
import zipfile
import zlib
from collections.abc import Iterator
from typing import BinaryIO

from gridward.kernel.errors import BadInput
from gridward.kernel.tables import messages as m
from gridward.kernel.tables.options import Limits
from gridward.kernel.tables.source import RATIO_FREE_BYTES, Source

MAX_PARTS = 10_000
MAX_XML_PART = 16 << 20
_BLOCK = 1 << 16
_MACRO_PARTS = ("vbaproject.bin", "xl/macrosheets/", "vbaprojectsignature.bin")
_OTHERS = (
    ("word/", "Word 文档", "a Word document"),
    ("ppt/", "PowerPoint 文档", "a PowerPoint document"),
    ("xl/workbook.bin", "xlsb 二进制工作簿", "an xlsb binary workbook"),
    ("content.xml", "OpenDocument 文件（ods）", "an OpenDocument file (ods)"),
    ("index/document.iwa", "Apple Numbers 文件", "an Apple Numbers file"),
)


class Archive:
    """The parts of a checked xlsx. Raises BadInput at once where the file must not be read."""

    def __init__(self, source: Source, limits: Limits):
        self.source = source
        if source.size > limits.max_workbook_bytes:
            raise BadInput(
                m.TOO_LARGE, where=source.name, found=source.size, allowed=limits.max_workbook_bytes
            )
        with source.open() as stream:
            self.parts = self._directory(stream)
        self._check_kind()
        self._check_size(limits)

    def read_xml(self, name: str) -> bytes:
        """A small part whole. Raises BadInput for one that is too large or declares entities."""
        if self.parts[name].file_size > MAX_XML_PART:
            raise BadInput(m.BOMB, where=self.source.name, found=name, allowed=f"{MAX_XML_PART} B")
        data = b"".join(self.chunks(name))
        if b"<!DOCTYPE" in data or b"<!ENTITY" in data:
            raise self.corrupt(f"DOCTYPE in {name}")
        return data

    def chunks(self, name: str) -> Iterator[bytes]:
        """The unpacked bytes of a part; raises BadInput where they are not what the directory says."""
        with self.source.open() as stream:
            yield from self._unpack(stream, self.parts[name])

    def verify(self, names: list[str]) -> None:
        """Unpack parts once only to see that they are whole."""
        for name in names:
            for _ in self.chunks(name):
                pass

    def corrupt(self, found: object) -> BadInput:
        return BadInput(m.CORRUPT, where=self.source.name, found=found)

    def _directory(self, stream: BinaryIO) -> dict[str, zipfile.ZipInfo]:
        try:
            with zipfile.ZipFile(stream) as archive:
                infos = archive.infolist()
        except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError, struct.error) as error:
            raise self.corrupt(f"zip: {error}") from error
        parts = {info.filename: info for info in infos}
        if len(parts) != len(infos) or len(infos) > MAX_PARTS:
            raise self.corrupt(f"zip: {len(infos)} parts, {len(parts)} names")
        if any(info.flag_bits & 1 for info in infos):
            raise BadInput(m.PASSWORD, where=self.source.name)
        return parts

    def _check_kind(self) -> None:
        lower = [name.lower() for name in self.parts]
        for name in lower:
            if any(part in name for part in _MACRO_PARTS):
                raise BadInput(m.MACROS, where=self.source.name, found=name)
        if "xl/workbook.xml" in lower:
            return
        for part, zh, en in _OTHERS:
            if any(name.startswith(part) for name in lower):
                raise self._not_a_table(zh, en)
        raise self._not_a_table("zip 压缩包", "a zip archive")

    def _not_a_table(self, zh: str, en: str) -> BadInput:
        return BadInput(m.NOT_A_TABLE, where=self.source.name, found_zh=zh, found_en=en)

    def _check_size(self, limits: Limits) -> None:
        total = sum(info.file_size for info in self.parts.values())
        allowed = limits.max_workbook_unzipped_bytes
        if total > allowed:
            raise BadInput(m.BOMB, where=self.source.name, found=f"{total} B", allowed=f"{allowed} B")
        ratio = total / max(1, self.source.size)
        if total > RATIO_FREE_BYTES and ratio > limits.max_ratio:
            found, most = f"{ratio:.0f} : 1", f"{limits.max_ratio:.0f} : 1"
            raise BadInput(m.BOMB, where=self.source.name, found=found, allowed=most)

    def _unpack(self, stream: BinaryIO, info: zipfile.ZipInfo) -> Iterator[bytes]:
        total = checksum = 0
        for block in self._raw_blocks(stream, info):
            total += len(block)
            checksum = zlib.crc32(block, checksum)
            if total > info.file_size:
                raise BadInput(
                    m.BOMB, where=self.source.name, found=info.filename, allowed=f"{info.file_size} B"
                )
            yield block
        if total != info.file_size or checksum != info.CRC:
            raise self.corrupt(f"{info.filename}: {total} B of {info.file_size} B, CRC")

    def _raw_blocks(self, stream: BinaryIO, info: zipfile.ZipInfo) -> Iterator[bytes]:
        """Blocks of at most 16 times _BLOCK, so that a lying part is stopped early."""
        self._skip_local_header(stream, info)
        if info.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
            raise self.corrupt(f"{info.filename}: zip method {info.compress_type}")
        inflate = zlib.decompressobj(-15) if info.compress_type == zipfile.ZIP_DEFLATED else None
        left = info.compress_size
        while left > 0:
            packed = stream.read(min(_BLOCK, left))
            if not packed:
                raise self.corrupt(f"{info.filename}: truncated")
            left -= len(packed)
            yield from self._inflated(inflate, packed, info.filename) if inflate else (packed,)

    def _inflated(self, inflate: zlib._Decompress, packed: bytes, name: str) -> Iterator[bytes]:
        try:
            while packed:
                yield inflate.decompress(packed, 16 * _BLOCK)
                packed = inflate.unconsumed_tail
        except zlib.error as error:
            raise self.corrupt(f"{name}: {error}") from error

    def _skip_local_header(self, stream: BinaryIO, info: zipfile.ZipInfo) -> None:
        stream.seek(info.header_offset)
        header = stream.read(30)
        if len(header) < 30 or not header.startswith(b"PK\x03\x04"):
            raise self.corrupt(f"{info.filename}: no header")
        stream.seek(sum(struct.unpack("<26xHH", header)), 1)
