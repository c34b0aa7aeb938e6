"""From the bytes of an uploaded file to parsed JSON, with a sentence for every way this can go wrong."""

from __future__ import annotations

import json
import zlib
from typing import Any

from gridward.kernel.errors import BadInput, Message

# GeoJSON takes about ten times its size in memory while it is read.
MAX_BYTES = 200_000_000

EMPTY = Message(
    "GW-GEO-010",
    "文件是空的（0 字节）。请重新导出 GeoJSON（.geojson 或 .geojson.gz）后再上传。",
    "The file is empty (0 bytes). Export the GeoJSON (.geojson or .geojson.gz) again and upload it.",
)
NOT_UTF8 = Message(
    "GW-GEO-011",
    "文件不是 UTF-8 编码（第 {offset} 字节起{guess}）。GeoJSON 只允许 UTF-8，请另存为 UTF-8。",
    "The file is not UTF-8 (from byte {offset}{guess}). GeoJSON must be UTF-8; save it as UTF-8.",
)
NOT_JSON = Message(
    "GW-GEO-012",
    "第 {line} 行第 {column} 列不是合法的 JSON：{reason}。文件可能被截断，请重新导出。",
    "Line {line}, column {column} is not valid JSON: {reason}. The file may be cut off; export it again.",
)
TOO_LARGE = Message(
    "GW-GEO-016",
    "文件展开后超过 {limit_mb} MB，不再读取。请按区县拆分，或先简化图形。",
    "The file expands to more than {limit_mb} MB and was not read on. Split it by county or simplify it.",
)
BROKEN_GZIP = Message(
    "GW-GEO-017",
    "压缩包损坏或不完整：{reason}。请重新压缩（gzip）或直接上传 .geojson。",
    "The gzip file is broken or cut off: {reason}. Compress it again or upload the plain .geojson.",
)
OTHER_FORMAT = Message(
    "GW-GEO-018",
    "这是 {found}，不是 GeoJSON。请在制图软件中导出为 GeoJSON，坐标系选 WGS 84（EPSG:4326）。",
    "This is {found}, not GeoJSON. Export it as GeoJSON from the mapping tool, in WGS 84 (EPSG:4326).",
)

_MAGIC = {
    b"PK": "zip / shapefile.zip / kmz / xlsx",
    b"\x00\x00\x27\x0a": "shapefile (.shp)",
    b"SQLite format 3": "GeoPackage / SQLite",
    b"<": "XML / KML / GML / HTML",
    b"%PDF": "PDF",
}


def read_json(data: bytes, *, max_bytes: int = MAX_BYTES) -> Any:
    """Parsed JSON of a plain or gzip-compressed file. BadInput GW-GEO-010…018."""
    if not data:
        raise BadInput(EMPTY, field="file")
    text = _text(_expanded(data, max_bytes))
    if not text.strip():
        raise BadInput(EMPTY, field="file")
    return _parsed(text)


def _expanded(data: bytes, max_bytes: int) -> bytes:
    plain = _gunzipped(data, max_bytes) if data[:2] == b"\x1f\x8b" else data
    if len(plain) > max_bytes:
        raise BadInput(TOO_LARGE, field="file", limit_mb=max_bytes / 1e6)
    for magic, name in _MAGIC.items():
        if plain.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(magic):
            raise BadInput(OTHER_FORMAT, field="file", found=name)
    return plain


def _gunzipped(data: bytes, max_bytes: int) -> bytes:
    """Expand member by member and stop one byte past the bound, so that a bomb costs no memory."""
    parts: list[bytes] = []
    room = max_bytes + 1
    while data and room > 0:
        reader = zlib.decompressobj(wbits=31)
        try:
            parts.append(reader.decompress(data, room))
        except zlib.error as error:
            raise BadInput(BROKEN_GZIP, field="file", reason=str(error)) from error
        room -= len(parts[-1])
        if room > 0 and not reader.eof:
            raise BadInput(BROKEN_GZIP, field="file", reason="unexpected end of file")
        data = reader.unused_data.lstrip(b"\x00")
    return b"".join(parts)


def _text(data: bytes) -> str:
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise BadInput(NOT_UTF8, field="file", offset=error.start + 1, guess=_guess(data)) from error


def _guess(data: bytes) -> str:
    for encoding in ("gb18030", "utf-16"):
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        if text.lstrip("\ufeff \t\r\n").startswith("{"):
            return f", {encoding.upper()}?"
    return ""


def _parsed(text: str) -> Any:
    try:
        return json.loads(text)
    except json.JSONDecodeError as error:
        raise _not_json(error.lineno, error.colno, error.msg) from error
    except (RecursionError, ValueError) as error:  # nested too deeply, or a number of thousands of digits
        raise _not_json(1, 1, "nested too deeply or a number too long") from error


def _not_json(line: int, column: int, reason: str) -> BadInput:
    return BadInput(NOT_JSON, field="file", line=line, column=column, reason=reason)
