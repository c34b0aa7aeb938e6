"""Which encoding a text file is in, told from its bytes, and its lines decoded one by one.

A file is judged by the lines that hold more than ASCII, wherever they begin: a long English start must not
decide for a Chinese rest. GB18030 decodes almost any bytes, so a line in it is believed only when most of its
characters are common ones, and a line that is good UTF-8 Chinese inside a GB18030 file is marked as foreign.
"""

from __future__ import annotations

import codecs
import io
import re
from collections.abc import Iterator
from dataclasses import dataclass

from gridward.kernel.errors import BadInput
from gridward.kernel.tables import messages as m
from gridward.kernel.tables.source import TextStream, looks_binary, wide_encoding

BLOCK = 1 << 18
SAMPLE_LINES = 2_000
MAX_LINE = 4 << 20
_BOMS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_UTF8_HAN = re.compile(rb"[\xe3-\xe9][\x80-\xbf][\x80-\xbf]")
_SURROGATE = re.compile("[\ud800-\udfff]")
_HAN = re.compile("[\u3000-\u303f\u3400-\u9fff\uff00-\uffef]")


class BrokenLine(str):
    """A line that is not in the encoding of its file; its bytes above ASCII stand as lone surrogates."""

    __slots__ = ()


@dataclass(frozen=True)
class Encoding:
    """`name` as Python knows it; `bom` is the mark at the start, kept when the file is written back."""

    name: str
    bom: bytes = b""
    newline: bytes = b"\n"


def detect(stream: TextStream, declared: str, file_name: str) -> Encoding:
    """Judge the encoding from the stream (which is read on). Raises BadInput (GW-TABLE-018, 003)."""
    block = stream.read(BLOCK)
    newline = b"\r" if b"\n" not in block and b"\r" in block else b"\n"
    for bom, name in _BOMS:
        if block.startswith(bom):
            return Encoding(name, bom, newline)
    if declared != "auto":
        return Encoding("utf-16-le" if declared == "utf-16" else declared, b"", newline)
    if wide := wide_encoding(block[:BLOCK]):
        return Encoding(wide, b"", newline)
    if looks_binary(block):
        raise BadInput(m.NOT_A_TABLE, where=file_name, found_zh="二进制数据", found_en="binary data")
    return Encoding(_judge(_telling_lines(block, stream, newline), file_name), b"", newline)


def _telling_lines(block: bytes, stream: TextStream, newline: bytes) -> list[bytes]:
    """The first lines that hold more than ASCII; a line cut by the end of a block is left out."""
    lines: list[bytes] = []
    carry = b""
    while block and len(lines) < SAMPLE_LINES:
        if block.isascii() and carry.isascii():
            carry = b""
        else:
            *whole, carry = (carry + block)[-2 * BLOCK :].split(newline)
            lines.extend(line for line in whole if not line.isascii())
        block = stream.read(BLOCK)
    if not block and carry and not carry.isascii():
        lines.append(carry)
    return lines


def _judge(lines: list[bytes], file_name: str) -> str:
    utf8 = sum(_decodes(line, "utf-8") for line in lines)
    if utf8 * 2 >= len(lines):
        return "utf-8"
    chinese = [line for line in lines if _decodes(line, "gb18030")]
    if len(chinese) * 2 >= len(lines) and _common_share(b"".join(chinese)) >= 0.5:
        return "gb18030"
    found = f"UTF-8 {utf8}/{len(lines)}, GB18030 {len(chinese)}/{len(lines)}"
    raise BadInput(m.ENCODING, where=file_name, found=found)


def _decodes(line: bytes, encoding: str) -> bool:
    try:
        line.decode(encoding)
    except UnicodeDecodeError:
        return False
    return True


def _common_share(data: bytes) -> float:
    """Share of the characters beyond ASCII that GB2312, the set of everyday Chinese, knows."""
    beyond = re.sub(r"[\x00-\x7f]+", "", data.decode("gb18030", "ignore"))
    return len(beyond.encode("gb2312", "ignore")) / 2 / len(beyond) if beyond else 1.0


def read_lines(stream: TextStream, encoding: Encoding) -> Iterator[str]:
    """All lines with their ends; a line that does not decode comes as a BrokenLine, the others are kept."""
    if encoding.name.startswith("utf-16"):
        yield from _wide_lines(stream, encoding)
        return
    decode = _decode_gb if encoding.name == "gb18030" else _decode_plain
    for block in _whole_lines(stream, encoding):
        yield from decode(block, encoding.name)


def _whole_lines(stream: TextStream, encoding: Encoding) -> Iterator[bytes]:
    """Blocks that end at a line end. A line longer than MAX_LINE is cut, its rest is passed over."""
    carry = stream.read(BLOCK).removeprefix(encoding.bom)
    while True:
        block = stream.read(BLOCK)
        if encoding.newline == b"\r":
            carry = carry.replace(b"\r", b"\n")
        if not block:
            break
        end = carry.rfind(b"\n") + 1
        if end:
            yield carry[:end]
        carry = carry[end:]
        if len(carry) > MAX_LINE:
            carry = carry[:MAX_LINE] + (b"" if b"\n" not in block and b"\r" not in block else b"\n")
            block = _after_line(block)
        carry += block
    if carry:
        yield carry


def _after_line(block: bytes) -> bytes:
    """What follows the first line end of a block; nothing when the overlong line goes on."""
    end = re.search(rb"[\r\n]+", block)
    return block[end.end() :] if end else b""


def _decode_plain(block: bytes, encoding: str) -> Iterator[str]:
    try:
        text = block.decode(encoding)
    except UnicodeDecodeError:
        for line in io.BytesIO(block):
            yield _decode_line(line, encoding)
        return
    yield from _split(text)


def _decode_gb(block: bytes, encoding: str) -> Iterator[str]:
    """As `_decode_plain`, and marks lines that are good UTF-8 Chinese: read as GB18030 they turn into
    nonsense.
    """
    if not _UTF8_HAN.search(block):
        yield from _decode_plain(block, encoding)
        return
    for line in io.BytesIO(block):
        yield _broken(line) if _is_utf8_chinese(line) else _decode_line(line, encoding)


def _is_utf8_chinese(line: bytes) -> bool:
    if not _UTF8_HAN.search(line):
        return False
    try:
        return bool(_HAN.search(line.decode("utf-8")))
    except UnicodeDecodeError:
        return False


def _decode_line(line: bytes, encoding: str) -> str:
    try:
        text = line.decode(encoding)
    except UnicodeDecodeError:
        return _broken(line)
    return BrokenLine(text) if "\0" in text else text


def _broken(line: bytes) -> BrokenLine:
    return BrokenLine(line.decode("ascii", "surrogateescape"))


def _split(text: str) -> Iterator[str]:
    """Lines at \\n only (str.splitlines would also cut at characters that Chinese texts contain)."""
    lines = io.StringIO(text, newline="\n")
    if "\0" not in text:
        yield from lines
        return
    for line in lines:
        yield BrokenLine(line) if "\0" in line else line


def _wide_lines(stream: TextStream, encoding: Encoding) -> Iterator[str]:
    decoder = codecs.getincrementaldecoder(encoding.name)(errors="replace")
    block = stream.read(BLOCK).removeprefix(encoding.bom)
    carry = ""
    while block:
        text = carry + decoder.decode(block)
        if encoding.newline == b"\r":
            text = text.replace("\r", "\n")
        end = text.rfind("\n") + 1
        yield from _wide_split(text[:end])
        carry = text[end:][:MAX_LINE]
        block = stream.read(BLOCK)
    yield from _wide_split(carry + decoder.decode(b"", final=True))


def _wide_split(text: str) -> Iterator[str]:
    for line in io.StringIO(text, newline="\n"):
        yield BrokenLine(line) if "\ufffd" in line or "\0" in line else line


def readable(text: str, encoding: str) -> str:
    """A guess at a broken text for the error sentence and the rejects file: the other usual encoding."""
    if not _SURROGATE.search(text):
        return text.replace("\0", "")
    other = "gb18030" if encoding != "gb18030" else "utf-8"
    raw = text.encode("utf-8", "surrogateescape")
    try:
        return raw.decode(other).replace("\0", "")
    except UnicodeDecodeError:
        return raw.decode("utf-8", "replace").replace("\0", "")
