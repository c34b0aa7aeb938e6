"""kernel/geometry/reading.py: every way a file can be unreadable has its own sentence."""

import gzip
import tracemalloc

import pytest

from gridward.kernel.errors import BadInput
from gridward.kernel.geometry.reading import read_json


def refusal(data: bytes, **options: int) -> BadInput:
    with pytest.raises(BadInput) as caught:
        read_json(data, **options)
    return caught.value


@pytest.mark.parametrize(
    "data", [b'{"a": 1}', b'\xef\xbb\xbf{"a": 1}', b' \n{"a": 1}\n', gzip.compress(b'{"a": 1}')]
)
def test_plain_marked_and_compressed_json_is_read(data: bytes) -> None:
    assert read_json(data) == {"a": 1}


def test_gzip_of_several_members_is_read_whole() -> None:
    assert read_json(gzip.compress(b'{"a":') + gzip.compress(b" 1}") + b"\x00" * 16) == {"a": 1}


@pytest.mark.parametrize("data", [b"", b"  \n", b"\xef\xbb\xbf", gzip.compress(b"")])
def test_empty_file_is_said_to_be_empty(data: bytes) -> None:
    error = refusal(data)
    assert (error.code, error.field) == ("GW-GEO-010", "file")
    assert error.sentence("zh").startswith("文件是空的（0 字节）。")


def test_cut_off_json_names_line_and_column() -> None:
    error = refusal(b'{"type": "FeatureCollection",\n "features": [{"type":')
    assert (error.code, error.values["line"], error.values["column"]) == ("GW-GEO-012", 2, 23)


def test_json_nested_without_end_is_refused_not_crashed() -> None:
    assert refusal(b"[" * 200_000).code == "GW-GEO-012"


def test_number_of_thousands_of_digits_is_refused_not_crashed() -> None:
    assert refusal(b"[" + b"9" * 10_000 + b"]").code == "GW-GEO-012"


def test_gb18030_file_is_named_as_such() -> None:
    error = refusal('{"name": "六联社区"}'.encode("gb18030"))
    assert (error.code, error.values) == ("GW-GEO-011", {"offset": 11, "guess": ", GB18030?"})


def test_mixed_encodings_are_refused_with_the_offset() -> None:
    data = '{"a": "社区"'.encode() + b', "b": "\xc9\xe7"}'
    error = refusal(data)
    assert (error.code, error.values["offset"]) == ("GW-GEO-011", 23)


@pytest.mark.parametrize(
    ("data", "found"),
    [
        (b"PK\x03\x04....", "zip / shapefile.zip / kmz / xlsx"),
        (b"\x00\x00\x27\x0a\x00", "shapefile (.shp)"),
        (b"SQLite format 3\x00", "GeoPackage / SQLite"),
        (b"\xef\xbb\xbf<kml>", "XML / KML / GML / HTML"),
        (b"%PDF-1.7", "PDF"),
    ],
)
def test_other_formats_are_named(data: bytes, found: str) -> None:
    error = refusal(data)
    assert (error.code, error.values["found"]) == ("GW-GEO-018", found)


def test_gzip_bomb_stops_at_the_bound_without_filling_the_memory() -> None:
    bomb = gzip.compress(b" " * 50_000_000)
    assert len(bomb) < 60_000
    tracemalloc.start()
    error = refusal(bomb, max_bytes=1_000_000)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert (error.code, error.values["limit_mb"]) == ("GW-GEO-016", 1.0)
    assert peak < 5_000_000


def test_many_small_gzip_members_add_up_to_the_bound() -> None:
    assert refusal(gzip.compress(b" " * 1000) * 50, max_bytes=10_000).code == "GW-GEO-016"


def test_plain_file_above_the_bound_is_refused_and_at_the_bound_read() -> None:
    assert refusal(b'{"a": 1}', max_bytes=7).code == "GW-GEO-016"
    assert read_json(b'{"a": 1}', max_bytes=8) == {"a": 1}
    assert read_json(gzip.compress(b'{"a": 1}'), max_bytes=8) == {"a": 1}


@pytest.mark.parametrize("cut", [8, 20, -4])
def test_broken_gzip_is_refused(cut: int) -> None:
    data = gzip.compress(b'{"a": 1, "b": "text that is long enough"}')
    assert refusal(data[:cut]).code == "GW-GEO-017"


def test_gzip_with_a_flipped_bit_is_refused() -> None:
    data = bytearray(gzip.compress(b'{"a": 1, "b": "text that is long enough"}'))
    data[-6] ^= 1
    assert refusal(bytes(data)).code == "GW-GEO-017"
