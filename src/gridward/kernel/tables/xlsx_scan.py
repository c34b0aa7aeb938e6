"""One quick pass over the XML of an xlsx: how far its cells reach, formulas without result, error values.

The reader of cells (calamine) holds a sheet as a full rectangle and shows a formula without result, and an
error value, as a blank cell; both would go wrong silently without this pass.
"""

from __future__ import annotations

import posixpath
from xml.etree import ElementTree
from xml.parsers import expat

from gridward.kernel.tables.archive import Archive
from gridward.kernel.tables.facts import BookFacts, SheetFacts
from gridward.kernel.tables.options import Limits

_DIGITS = "0123456789"
_MAX_COLUMN = 16_384
_MAX_ROW = 1_048_576
_RELATION = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
_STRICT_RELATION = "{http://purl.oclc.org/ooxml/officeDocument/relationships}id"


def scan_xlsx(archive: Archive, limits: Limits) -> BookFacts:
    """Facts about every worksheet. Raises BadInput for damage, bombs and sheets that reach too far."""
    workbook = _parse(archive, _real_name(archive, "xl/workbook.xml"))
    targets = _targets(archive)
    sheets: dict[str, SheetFacts] = {}
    scanned: set[str] = set()
    for element in workbook.iter():
        if _local(element.tag) != "sheet":
            continue
        part = targets.get(element.get(_RELATION) or element.get(_STRICT_RELATION) or "")
        if part is None or part not in archive.parts:
            raise archive.corrupt(f"sheet {element.get('name')}: no part")
        name = element.get("name") or ""
        sheets[name] = _SheetScan(archive, part).run()
        sheets[name].check(name, archive.source.name, limits)
        scanned.add(part)
    archive.verify([name for name in archive.parts if name not in scanned])
    return BookFacts(sheets, _is_1904(workbook))


def _is_1904(workbook: ElementTree.Element) -> bool:
    return any(
        _local(element.tag) == "workbookPr" and element.get("date1904") in ("1", "true")
        for element in workbook.iter()
    )


def _real_name(archive: Archive, wanted: str) -> str:
    return next(name for name in archive.parts if name.lower() == wanted)


def _targets(archive: Archive) -> dict[str, str]:
    """Relation id → part name, from the workbook's relations."""
    name = next((name for name in archive.parts if name.lower() == "xl/_rels/workbook.xml.rels"), None)
    if name is None:
        raise archive.corrupt("workbook.xml.rels")
    found = {}
    for element in _parse(archive, name):
        target = element.get("Target") or ""
        path = target.lstrip("/") if target.startswith("/") else posixpath.normpath(f"xl/{target}")
        found[element.get("Id") or ""] = path
    return found


def _parse(archive: Archive, name: str) -> ElementTree.Element:
    try:
        return ElementTree.fromstring(archive.read_xml(name))
    except ElementTree.ParseError as error:
        raise archive.corrupt(f"{name}: {error}") from error


def _local(tag: str) -> str:
    return tag.rpartition("}")[2]


class _SheetScan:
    """Expat callbacks over one worksheet; a cell without a reference stands right of the one before it."""

    def __init__(self, archive: Archive, part: str):
        self._archive = archive
        self._part = part
        self.facts = SheetFacts()
        self._letters: dict[str, int] = {}
        self._row = self._column = -1
        self._type: str | None = None
        self._formula = self._value = False
        self._text = ""
        self._starts = {
            "c": self._cell,
            "v": self._start_value,
            "is": self._has_value,
            "f": self._start_formula,
            "row": self._start_row,
            "col": self._col,
        }

    def run(self) -> SheetFacts:
        self._parser = parser = expat.ParserCreate()
        parser.StartElementHandler = self._start
        parser.EndElementHandler = self._end
        parser.EntityDeclHandler = self._entity
        try:
            for chunk in self._archive.chunks(self._part):
                parser.Parse(chunk, False)
            parser.Parse(b"", True)
        except (expat.ExpatError, ValueError) as error:
            raise self._archive.corrupt(f"{self._part}: {error}") from error
        return self.facts

    def _entity(self, *declared: object) -> None:
        raise self._archive.corrupt(f"ENTITY in {self._part}")

    def _start(self, tag: str, attributes: dict[str, str]) -> None:
        handler = self._starts.get(tag) or self._starts.get(tag.rpartition(":")[2])
        if handler:
            handler(attributes)

    def _start_row(self, attributes: dict[str, str]) -> None:
        given = attributes.get("r")
        self._row = self._row_index(given) if given else self._row + 1
        self._column = -1

    def _cell(self, attributes: dict[str, str]) -> None:
        self._type = attributes.get("t")
        self._formula = self._value = False
        self._text = ""
        reference = attributes.get("r")
        if reference is None:
            self._column += 1
            return
        letters = reference.rstrip(_DIGITS)
        self._column = self._letters[letters] if letters in self._letters else self._learn(letters)
        self._row = self._row_index(reference[len(letters) :])

    def _row_index(self, digits: str) -> int:
        row = int(digits[:8])
        if not 0 < row <= _MAX_ROW:
            raise ValueError(f"row {digits[:20]}")
        return row - 1

    def _learn(self, letters: str) -> int:
        column = 0
        for letter in letters[:4].upper():
            column = column * 26 + ord(letter) - 64
        if not (letters.isalpha() and letters.isascii() and column <= _MAX_COLUMN):
            raise ValueError(f"cell {letters[:20]}")
        self._letters[letters] = column - 1
        return column - 1

    def _has_value(self, attributes: dict[str, str]) -> None:
        self._value = True
        facts = self.facts
        facts.last_row = max(self._row, facts.last_row)
        facts.last_column = max(self._column, facts.last_column)

    def _start_formula(self, attributes: dict[str, str]) -> None:
        self._formula = True

    def _start_value(self, attributes: dict[str, str]) -> None:
        self._has_value(attributes)
        if self._formula or self._type == "e":
            self._parser.CharacterDataHandler = self._collect

    def _collect(self, text: str) -> None:
        self._text = (self._text + text)[:40]

    def _col(self, attributes: dict[str, str]) -> None:
        first, last = int(attributes.get("min", 1)), int(attributes.get("max", 1))
        for column in range(first - 1, min(last, first + 200)):
            self.facts.widths[column] = float(attributes.get("width", 9))

    def _end(self, tag: str) -> None:
        if tag == "c" or tag.endswith(":c"):
            self._end_cell()

    def _end_cell(self) -> None:
        self._parser.CharacterDataHandler = None
        if self._type == "e":
            self.facts.errors[self._row, self._column] = self._text or "#ERROR"
        elif self._formula and not self._text and self._type != "str":
            self.facts.formulas.add((self._row, self._column))
        if self._formula and not self._value:
            self._has_value({})
