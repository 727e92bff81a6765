"""Frames: the frozen list that a draw is taken from, its canonical form, its SHA-256, and how it is read from CSV."""

import codecs
import csv
import hashlib
import io
import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import IO, Any, NoReturn

from service.domain.errors import Fault, Refused

MAX_ROWS = 1_000_000
MAX_SERIAL = 200  # characters of a serial and of a stratum's name
MAX_CELL = 10_000  # characters of any other cell
MAX_LINE = 1_000_000  # bytes of one line: a file without line ends must not fill the memory
MAX_FAULTS = 50  # so many are listed; `total` in the refusal's parameters counts all

# Trimmed are exactly these, not what a language's own trim() takes: a reader's browser must come to the same bytes.
_ASCII_BLANKS = "\t\n\v\f\r "
_SPACE_SEPARATORS = "\u00a0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u202f\u205f\u3000"
_BLANKS = _ASCII_BLANKS + _SPACE_SEPARATORS
# Control (Cc), format (Cf: bidi overrides, zero-width characters), surrogates, line and paragraph separators:
# none can be seen, so two serials that differ only by them could be passed off for one another.
_INVISIBLE = frozenset({"Cc", "Cf", "Cs", "Zl", "Zp"})


@dataclass(frozen=True)
class Frame:
    """A frozen list: serials distinct and sorted by UTF-8 bytes, and the stratum of each or None for all."""

    serials: tuple[str, ...]
    strata: tuple[str, ...] | None = None

    def __len__(self) -> int:
        return len(self.serials)

    def by_stratum(self) -> dict[str | None, list[str]]:
        """Serials of each stratum, strata in byte order; one group under None when the frame has no strata."""
        if self.strata is None:
            return {None: list(self.serials)}
        groups: dict[str, list[str]] = {}
        for serial, stratum in zip(self.serials, self.strata, strict=True):
            groups.setdefault(stratum, []).append(serial)
        return {stratum: groups[stratum] for stratum in sorted(groups)}

    def sizes(self) -> dict[str | None, int]:
        """How many items each stratum holds (N of each), strata in byte order."""
        return {stratum: len(serials) for stratum, serials in self.by_stratum().items()}


@dataclass(frozen=True)
class Sheet:
    """A list as read from CSV. `others` has, by serial, the cells under `columns`: all but the ids and the strata."""

    frame: Frame
    columns: tuple[str, ...]
    others: Mapping[str, tuple[str, ...]] = field(repr=False)  # may hold contact data


def normal(text: str) -> str:
    """NFC, without blanks at either end (design: "A draw nobody can dispute")."""
    return unicodedata.normalize("NFC", text).strip(_BLANKS)


def invisible(text: str) -> bool:
    """Does the text hold control characters, bidi overrides or other characters that nobody sees?"""
    return not text.isprintable() and any(unicodedata.category(char) in _INVISIBLE for char in text)


def canonical(serials: Iterable[str], *, first_row: int = 1) -> list[str]:
    """Serials in NFC, trimmed, sorted by UTF-8 bytes.

    Refuses (`frame_invalid`) an empty list, and duplicate, empty, over-long serials and invisible characters, each
    with its row as field `rows.<number>`; the first serial stands in row `first_row`.
    """
    return list(freeze(serials, first_row=first_row).serials)


def freeze(serials: Iterable[str], strata: Iterable[str] | None = None, *, first_row: int = 1) -> Frame:
    """The frame of these serials, with the stratum of each or none at all (G45: a draw needs a frozen frame).

    Serials and strata are refused as in `canonical`, strata under `rows.<number>.stratum`; a stratum is required
    of every item as soon as the frame has strata. ValueError when there are not as many strata as serials.
    """
    rows = list(range(first_row, first_row + len(serials := list(serials))))
    return _freeze(serials, None if strata is None else list(strata), rows)


def _freeze(serials: Sequence[str], strata: Sequence[str] | None, rows: Sequence[int]) -> Frame:
    if not serials:
        raise Refused("frame_invalid", [Fault("rows", "empty")])
    names = [normal(serial) for serial in serials]
    groups = None if strata is None else [normal(stratum) for stratum in strata]
    if groups is not None and len(groups) != len(names):
        raise ValueError(f"{len(names)} serials, {len(groups)} strata")
    _refuse_any(_faults(names, groups, rows))
    # Python orders strings by code point, which is the order of their UTF-8 bytes (UTF-16 units are not: extension B).
    if groups is None:
        return Frame(tuple(sorted(names)))
    pairs = sorted(zip(names, groups, strict=True))
    return Frame(tuple(serial for serial, _ in pairs), tuple(stratum for _, stratum in pairs))


def _faults(names: Sequence[str], groups: Sequence[str] | None, rows: Sequence[int]) -> Iterator[Fault]:
    seen: dict[str, int] = {}
    for index, (name, row) in enumerate(zip(names, rows, strict=True)):
        fault = _text_fault(f"rows.{row}", name)
        if fault is None and (first := seen.setdefault(name, row)) != row:
            fault = Fault(f"rows.{row}", "repeats_row", {"value": name, "row": first})
        if fault is not None:
            yield fault
        if groups is not None and (fault := _text_fault(f"rows.{row}.stratum", groups[index])) is not None:
            yield fault


def _text_fault(place: str, text: str) -> Fault | None:
    if not text:
        return Fault(place, "empty")
    if len(text) > MAX_SERIAL:
        return Fault(place, "too_long", {"limit": MAX_SERIAL})
    return Fault(place, "control_characters") if invisible(text) else None


def _refuse_any(faults: Iterable[Fault]) -> None:
    listed: list[Fault] = []
    total = 0
    for total, fault in enumerate(faults, 1):
        if total <= MAX_FAULTS:
            listed.append(fault)
    if total:
        raise Refused("frame_invalid", listed, total=total)


def frame_sha256(frame: Frame) -> str:
    """Lower-case hex SHA-256 of the frame's lines in UTF-8, each ended by LF.

    A line is the serial; in a frame with strata it is serial, TAB, stratum, so that moving an item to another
    stratum after freezing changes the hash. TAB is refused in both, so a line reads in one way only, and being
    smaller than any character allowed it leaves the order of lines that of the serials (`LC_ALL=C sort`).
    """
    digest = hashlib.sha256()
    if frame.strata is None:
        digest.update("".join(f"{serial}\n" for serial in frame.serials).encode())
    else:
        pairs = zip(frame.serials, frame.strata, strict=True)
        digest.update("".join(f"{serial}\t{stratum}\n" for serial, stratum in pairs).encode())
    return digest.hexdigest()


def read_csv(source: str | IO[bytes], stratum: str | None = None, *, keep_others: bool = True) -> Sheet:
    """A list from comma-separated text or a binary stream of it (UTF-8, BOM or not): header, ids in the first column.

    `stratum` names the column of strata. Refuses (`frame_invalid`) with the row as a spreadsheet numbers it (the
    header is row 1): wrong encoding, no header, unknown stratum column, ragged rows, cells or lines over their limit,
    more than MAX_ROWS rows, and all that `freeze` refuses. Blank lines are passed over. `keep_others=False` leaves
    out the other columns, for callers that only draw.
    """
    records = _records(io.BytesIO(source.encode("utf-8", "surrogatepass")) if isinstance(source, str) else source)
    header = _header(next(records, (1, []))[1])
    at = None if stratum is None else _column(header, stratum)
    others = [index for index in range(1, len(header)) if index != at]
    serials: list[str] = []
    strata: list[str] = []
    rows: list[int] = []
    kept: list[tuple[str, ...]] = []
    for row, cells in records:
        if len(serials) == MAX_ROWS:
            _refuse("rows", "too_many_rows", limit=MAX_ROWS)
        _check_cells(row, cells, len(header))
        rows.append(row)
        serials.append(cells[0])
        if at is not None:
            strata.append(cells[at])
        if keep_others:
            kept.append(tuple(cells[index] for index in others))
    frame = _freeze(serials, None if at is None else strata, rows)
    by_serial = {normal(serial): cells for serial, cells in zip(serials, kept, strict=True)} if keep_others else {}
    return Sheet(frame, tuple(header[index] for index in others), by_serial)


def _refuse(place: str, reason: str, **params: object) -> NoReturn:
    raise Refused("frame_invalid", [Fault(place, reason, params)], total=1)


def _lines(stream: IO[bytes]) -> Iterator[str]:
    number = 0
    while raw := stream.readline(MAX_LINE + 1):
        number += 1
        if len(raw) > MAX_LINE:
            _refuse(f"rows.{number}", "too_long", limit=MAX_LINE)
        if number == 1:
            raw = raw.removeprefix(codecs.BOM_UTF8)
        try:
            yield raw.decode("utf-8")
        except UnicodeDecodeError:
            _refuse(f"rows.{number}", "not_utf8")


def _records(stream: IO[bytes]) -> Iterator[tuple[int, list[str]]]:
    """Records that are not blank, with their row. A cell may span lines; the row counts records, as spreadsheets do."""
    row = 0
    reader = csv.reader(_lines(stream), strict=True)
    while True:
        row += 1
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            _refuse(f"rows.{row}", "csv_broken", detail=str(error))
        if cells or row == 1:
            yield row, cells


def _header(cells: list[str]) -> list[str]:
    header = [normal(cell) for cell in cells]
    if not header or not header[0]:
        _refuse("rows.1", "header_missing")
    if len(header) == 1 and any(mark in header[0] for mark in ";\t"):
        _refuse("rows.1", "not_commas")
    named = [name for name in header if name]
    for name in named:
        if named.count(name) > 1:
            _refuse("rows.1", "duplicate", value=name)
    return header


def _column(header: list[str], name: str) -> int:
    try:
        return header.index(normal(name) or "\n")  # no header is a line end: an empty name finds nothing
    except ValueError:
        _refuse("rows.1", "column_unknown", name=name, columns=", ".join(filter(None, header)))


def _check_cells(row: int, cells: list[str], expected: int) -> None:
    if len(cells) != expected:
        _refuse(f"rows.{row}", "row_ragged", found=len(cells), expected=expected)
    if max(map(len, cells)) > MAX_CELL:
        _refuse(f"rows.{row}", "too_long", limit=MAX_CELL)


RECORD_KINDS = ("case", "group", "session", "activity", "roster", "plan")
PERSON_KINDS = ("recipient", "worker", "partner")
KINDS = (*RECORD_KINDS, *PERSON_KINDS)
CLAIMS, EVIDENCE = "claims", "evidence"
DIRECTIONS = (CLAIMS, EVIDENCE)  # claimed records looked for in the evidence, or evidence looked for in the records


@dataclass(frozen=True)
class FrozenFrame:
    """A frame as it is kept from the moment of its freezing: source and date make its N quotable."""

    id: str
    project: str
    name: str
    source: str
    sha256: str
    serials: tuple[str, ...] = field(repr=False)
    frozen_at: datetime
    frozen_by: str
    strata: tuple[str, ...] = field(default=(), repr=False)
    kind: str = "case"
    direction: str = CLAIMS
    counter: str = ""  # rule id of the counter that the list is claimed for, such as G15
    claimed: Decimal | None = None  # what the provider claims in all
    amount_sum: Decimal | None = None
    findings: tuple[Mapping[str, Any], ...] = field(default=(), repr=False)  # the first ones; place, reason, params
    findings_count: int = 0
    marked: bool = False  # does not add up to the claim, or lies outside the contract
    pieces: str = ""  # under which name its rows and personal columns are kept; "": bare serials
    contacts_until: date | None = None  # when the personal columns are deleted; None: there are none

    @property
    def frame(self) -> Frame:
        return Frame(self.serials, self.strata or None)

    @property
    def strata_sizes(self) -> list[tuple[str, int]]:
        """(stratum, how many); one without a name when there are none."""
        return [(stratum or "", size) for stratum, size in self.frame.sizes().items()]
