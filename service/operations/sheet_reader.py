"""The first sheet of an XLSX, row by row, in one pass of expat: a hundred thousand rows take seconds, not minutes.

The archive was held to limits before (spreadsheets.check_archive). Formulas are told as such, never computed.
"""

import posixpath
import zipfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any
from xml.parsers import expat

from service.domain.collect.imports import FORMULA
from service.operations import spreadsheets

BLOCK = 1 << 16
_DIGITS = "0123456789"
WIDEST = 16_384  # columns; XLSX itself allows no more
Attributes = Mapping[str, str]


class Unreadable(Exception):
    """A part that is missing, no XML, or not what was announced."""


@dataclass
class Book:
    """What the cells of the first sheet refer to. `dates`: the styles under which a number is a day or a time."""

    title: str
    path: str
    strings: list[str] = field(default_factory=list)
    dates: frozenset[int] = frozenset()
    epoch_1904: bool = False


def first_sheet(archive: zipfile.ZipFile) -> Book:
    """Where the first sheet lies and what its cells refer to. Raises Unreadable."""
    root = _targets(archive, "")
    main = next((path for kind, path in root.values() if kind == "officeDocument"), "xl/workbook.xml")
    sheets: list[Attributes] = []
    epoch: list[str] = []

    def start(name: str, attributes: Attributes) -> None:
        if name == "sheet":
            sheets.append(attributes)
        elif name == "workbookPr":
            epoch.append(attributes.get("date1904", ""))

    _parse(archive, main, start)
    targets = _targets(archive, main)
    if not sheets or (first := _local(sheets[0]).get("id", "")) not in targets:
        raise Unreadable
    book = Book(str(sheets[0].get("name", "")), targets[first][1], epoch_1904=epoch[:1] in (["1"], ["true"]))
    for kind, path in targets.values():
        if kind == "sharedStrings":
            book.strings = _strings(archive, path)
        elif kind == "styles":
            book.dates = _dates(archive, path)
    return book


def rows(archive: zipfile.ZipFile, book: Book) -> Iterator[tuple[int, list[str]]]:
    """(row number, cells up to the last one) of the rows that the sheet holds. Raises Unreadable."""
    reader = _Rows(book)
    parser = _parser(reader.start, reader.end, reader.text)
    try:
        with archive.open(book.path) as part:
            while block := part.read(BLOCK):
                parser.Parse(block, False)
                yield from reader.taken()
            parser.Parse(b"", True)
    except (expat.ExpatError, KeyError, ValueError, IndexError, OverflowError, zipfile.BadZipFile) as error:
        raise Unreadable from error
    yield from reader.taken()


class _Rows:
    """Collects cells from the events of the parser."""

    def __init__(self, book: Book) -> None:
        self.book, self.done = book, list[tuple[int, list[str]]]()
        self.number, self.cells, self.column = 0, list[str](), 0
        self.kind, self.style, self.formula = "n", 0, False
        self.parts: list[str] = []
        self.keeps = self.phonetic = False

    def taken(self) -> list[tuple[int, list[str]]]:
        done, self.done = self.done, []
        return done

    def start(self, name: str, attributes: Attributes) -> None:
        if name == "c":
            place = attributes.get("r", "")
            self.column = _column(place.rstrip(_DIGITS)) if place else len(self.cells)
            self.kind, self.style = attributes.get("t", "n"), int(attributes.get("s", 0))
            self.formula, self.parts = False, []
        elif name == "v" or (name == "t" and not self.phonetic):
            self.keeps = True
        elif name == "f":
            self.formula = True
        elif name == "row":
            number = int(attributes.get("r", self.number + 1))
            if number <= self.number:
                raise ValueError("rows out of order")
            self.number, self.cells = number, []
        elif name == "rPh":
            self.phonetic = True

    def text(self, data: str) -> None:
        if self.keeps:
            self.parts.append(data)

    def end(self, name: str) -> None:
        if name in ("v", "t"):
            self.keeps = False
        elif name == "c":
            self._cell(FORMULA if self.formula else self._value("".join(self.parts)))
        elif name == "row":
            self.done.append((self.number, self.cells))
        elif name == "rPh":
            self.phonetic = False

    def _cell(self, text: str) -> None:
        if self.column == len(self.cells):
            self.cells.append(text)
            return
        if self.column > len(self.cells):
            self.cells += [""] * (self.column + 1 - len(self.cells))
        self.cells[self.column] = text

    def _value(self, text: str) -> str:
        """The cell as text, as `spreadsheets.text_of` writes values."""
        if not text:
            return ""
        if self.kind == "s":
            return self.book.strings[int(text)]
        if self.kind == "n":
            return self._number(text)
        if self.kind == "b":
            return "true" if text == "1" else "false"
        if self.kind == "d":
            return text.removesuffix("T00:00:00")
        return (spreadsheets.text_of(text) if "\r" in text else text).strip()

    def _number(self, text: str) -> str:
        if self.style in self.book.dates:
            from openpyxl.utils.datetime import MAC_EPOCH, WINDOWS_EPOCH, from_excel

            epoch = MAC_EPOCH if self.book.epoch_1904 else WINDOWS_EPOCH
            return spreadsheets.text_of(from_excel(float(text), epoch))
        return text if text.isascii() and text.isdigit() else spreadsheets.text_of(float(text))


@lru_cache(WIDEST)
def _column(letters: str) -> int:
    """The number of a column, from 0: C is 2."""
    number = 0
    for char in letters:
        if not "A" <= char <= "Z":
            raise ValueError(letters)
        number = number * 26 + ord(char) - 64
    if not 0 < number <= WIDEST:
        raise ValueError(letters)
    return number - 1


def _strings(archive: zipfile.ZipFile, path: str) -> list[str]:
    found: list[str] = []
    parts: list[str] = []
    keeps = phonetic = False

    def start(name: str, attributes: Attributes) -> None:
        nonlocal keeps, phonetic
        if name == "si":
            parts.clear()
        phonetic = phonetic or name == "rPh"
        keeps = name == "t" and not phonetic

    def end(name: str) -> None:
        nonlocal keeps, phonetic
        keeps = False
        if name == "si":
            found.append(spreadsheets.text_of("".join(parts)).strip())
        elif name == "rPh":
            phonetic = False

    def text(data: str) -> None:
        if keeps:
            parts.append(data)

    _parse(archive, path, start, end, text)
    return found


def _dates(archive: zipfile.ZipFile, path: str) -> frozenset[int]:
    """Numbers of the styles that show a day or a time."""
    from openpyxl.styles.numbers import BUILTIN_FORMATS, is_date_format

    formats: dict[int, str] = {}
    styles: list[int] = []
    within: list[str] = []

    def start(name: str, attributes: Attributes) -> None:
        if name == "numFmt":
            formats[int(attributes["numFmtId"])] = attributes.get("formatCode", "")
        elif name == "xf" and within[-1:] == ["cellXfs"]:
            styles.append(int(attributes.get("numFmtId", 0)))
        within.append(name)

    _parse(archive, path, start, lambda name: within.pop())
    codes = [formats.get(number, BUILTIN_FORMATS.get(number, "")) for number in styles]
    return frozenset(at for at, code in enumerate(codes) if is_date_format(code))


def _targets(archive: zipfile.ZipFile, path: str) -> dict[str, tuple[str, str]]:
    """Id -> (kind, path in the archive) of what a part refers to."""
    folder, name = posixpath.split(path)
    found: dict[str, tuple[str, str]] = {}

    def start(name: str, attributes: Attributes) -> None:
        if name == "Relationship" and attributes.get("TargetMode") != "External":
            target = attributes.get("Target", "")
            whole = target.lstrip("/") if target.startswith("/") else posixpath.normpath(posixpath.join(folder, target))
            found[attributes.get("Id", "")] = (attributes.get("Type", "").rpartition("/")[2], whole)

    _parse(archive, posixpath.join(folder, "_rels", f"{name}.rels"), start)
    return found


def _local(attributes: Attributes) -> dict[str, str]:
    return {name.rpartition(":")[2]: value for name, value in attributes.items()}


def _parse(archive: zipfile.ZipFile, path: str, start: Any, end: Any = None, text: Any = None) -> None:
    parser = _parser(start, end, text)
    try:
        with archive.open(path) as part:
            while block := part.read(BLOCK):
                parser.Parse(block, False)
            parser.Parse(b"", True)
    except (expat.ExpatError, KeyError, ValueError, IndexError, zipfile.BadZipFile) as error:
        raise Unreadable from error


def _parser(start: Any, end: Any, text: Any) -> Any:
    """Names without their prefixes; a document type ends the reading."""

    def refuse(*given: object) -> None:
        raise ValueError("a document type")

    def local(handler: Any) -> Any:
        return lambda name, *rest: handler(name.rpartition(":")[2], *rest)

    def first(name: str, attributes: Attributes) -> None:
        """The root tells whether names have prefixes; most writers use none, and a call for each name is dear."""
        prefixed = ":" in name
        parser.StartElementHandler = local(start) if prefixed else start
        if end:
            parser.EndElementHandler = local(end) if prefixed else end
        parser.StartElementHandler(name, attributes)

    parser: Any = expat.ParserCreate()
    parser.buffer_text = True
    parser.StartDoctypeDeclHandler = refuse
    parser.StartElementHandler = first
    if text:
        parser.CharacterDataHandler = text
    return parser
