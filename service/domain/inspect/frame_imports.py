"""Lists of records and persons as providers send them: what each column is, and what is wrong in which row."""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from functools import lru_cache
from typing import Any

from service.domain.collect.imports import FORMULA
from service.domain.errors import Fault, Refused
from service.domain.inspect import personal_data
from service.domain.inspect.frame_columns import ColumnMapping, Places, used
from service.domain.inspect.frames import KINDS, MAX_FAULTS, MAX_SERIAL, invisible, normal

READ, CHECKED, FROZEN = "read", "checked", "frozen"
MAX_DETAIL = 500  # characters of a cell
MOST_TEXT = 6_000_000  # bytes of all serials and strata: a frame is one document, which holds 16 MB
_NUMBER = re.compile(r"-?\d{1,12}(?:\.\d{1,6})?")
_THOUSANDS = re.compile(r"(?<=\d),(?=\d{3}(?:\D|$))")
_DAY = re.compile(
    r"(\d{4})\s*[-/.年]\s*(\d{1,2})\s*[-/.月]\s*(\d{1,2})\s*日?(?:[T ][\d:.]{4,15})?|(\d{4})(\d{2})(\d{2})"
)
_TOTALS = frozenset({"合计", "总计", "小计", "合計", "總計", "小計", "total", "sum", "subtotal", "grand total"})
_UNITS = ("元", "小时", "小時", "次", "人次", "人", "场", "場", "个", "個")


@dataclass(frozen=True)
class FrameImport:
    """A list on its way to a frame: read, checked under a mapping as often as needed, then frozen.

    Its rows lie encrypted beside it until it is frozen, or for a day. `asked` holds the mapping and what is known
    of the list; `faults` must be mended, `findings` are kept with the frame. Neither repeats what may be personal.
    """

    id: str
    project: str
    at: datetime
    by: str
    key_id: str
    encoding: str
    columns: tuple[str, ...]
    rows: int
    state: str = "read"
    asked: Mapping[str, Any] = field(default_factory=dict)
    faults: tuple[Mapping[str, Any], ...] = ()
    faults_count: int = 0
    findings: tuple[Mapping[str, Any], ...] = ()
    findings_count: int = 0
    strata: tuple[Sequence[Any], ...] = ()  # (stratum, how many)
    amount_sum: Decimal | None = None
    marked: bool = False
    frame: str = ""
    version: int = 1


@dataclass(frozen=True)
class Facts:
    """What is known beside the rows. `sites`: id or name as it may stand in a cell -> id. `claimed`: in all."""

    kind: str
    starts_on: date | None = None
    ends_on: date | None = None
    sites: Mapping[str, str] = field(default_factory=dict)
    claimed: Decimal | None = None


@dataclass(frozen=True)
class Item:
    """One row that fits: what becomes of it in the frame. `personal` by column."""

    row: int
    serial: str
    stratum: str = ""
    site: str = ""
    on: date | None = None
    amount: Decimal | None = None
    details: Mapping[str, str] = field(default_factory=dict)
    personal: Mapping[str, str] = field(default_factory=dict, repr=False)
    source: str = field(default="", repr=False)  # what an opaque serial was made from


@dataclass
class Found:
    """The first faults of a sort, and how many there are in all."""

    listed: list[Fault] = field(default_factory=list)
    total: int = 0

    def add(self, place: str, reason: str, **params: Any) -> None:
        self.total += 1
        if len(self.listed) < MAX_FAULTS:
            self.listed.append(Fault(place, reason, params))


@dataclass
class Checked:
    """A list that was gone through. `faults` must be mended before it can be frozen, `remarks` are kept with it.

    Neither repeats a cell that may be about a person.
    """

    items: list[Item] = field(default_factory=list)
    faults: Found = field(default_factory=Found)
    remarks: Found = field(default_factory=Found)
    rows: int = 0
    amount_sum: Decimal | None = None
    outside: int = 0  # rows dated outside the contract
    marked: bool = False


def check(
    rows: Iterable[tuple[int, Sequence[str] | Refused]],
    where: Places,
    facts: Facts,
    make: Callable[[str], str],
) -> Checked:
    """Go through the rows below the header. `make` makes an opaque serial from a source id, always the same one."""
    done, seen = Checked(), dict[str, int]()
    for number, cells in rows:
        done.rows += 1
        if isinstance(cells, Refused):
            for fault in cells.faults:
                done.faults.add(fault.field, fault.reason, **fault.params)
            continue
        item = _item(number, cells, where, facts, make, done)
        if item is not None and (first := seen.setdefault(item.serial, number)) != number:
            # A serial is opaque once it got this far; what it was made from may be a person's number.
            told = "…" if where.mapping.make else item.serial
            done.faults.add(_place(number, where.mapping.serial), "repeats_row", value=told, row=first)
        elif item is not None:
            done.items.append(item)
    if not done.rows:
        done.faults.add("rows", "empty")
    _check_columns(done, where)
    _check_whole(done, where, facts)
    return done


def _item(
    number: int, cells: Sequence[str], where: Places, facts: Facts, make: Callable[[str], str], done: Checked
) -> Item | None:
    mapping, before = where.mapping, done.faults.total
    if FORMULA in cells:
        for column in {column for _, column in used(mapping) if where.cell(cells, column) == FORMULA}:
            done.faults.add(_place(number, column), "formula")
        if done.faults.total > before:
            return None
    source = _source(number, cells, where, done)
    stratum = _stratum(number, cells, where, done)
    item = Item(
        row=number,
        serial=make(source) if mapping.make and source else source,
        stratum=stratum,
        site=_site(number, cells, where, facts, done),
        on=_on(number, cells, where, facts, done),
        amount=_amount(number, cells, where, done),
        details={column: _detail(number, column, where.cell(cells, column), done) for column in mapping.details},
        personal={column: personal_data.plain(where.cell(cells, column)) for column in mapping.personal},
        source=source if mapping.make else "",
    )
    _check_personal(item, mapping, done)
    return item if done.faults.total == before else None


def _place(number: int, column: str) -> str:
    return f"rows.{number}.{column}" if column else f"rows.{number}"


def _source(number: int, cells: Sequence[str], where: Places, done: Checked) -> str:
    """The serial as it stands in the list, or what one is made from."""
    mapping = where.mapping
    if not mapping.serial:
        return "\x1f".join(normal(cell) for cell in cells)
    text = normal(where.cell(cells, mapping.serial))
    reason: str | None = None
    if not text:
        reason = "empty"
    elif len(text) > MAX_SERIAL:
        done.faults.add(_place(number, mapping.serial), "too_long", limit=MAX_SERIAL)
    elif text.lower() in _TOTALS:
        reason = "total_row"
    elif invisible(text):
        reason = "control_characters"
    elif not mapping.make and (kind := personal_data.kind_of(text)):
        reason = f"serial_is_{kind}"
    if reason:
        done.faults.add(_place(number, mapping.serial), reason)
    return text


def _stratum(number: int, cells: Sequence[str], where: Places, done: Checked) -> str:
    column = where.mapping.stratum
    if not column:
        return ""
    text = normal(where.cell(cells, column))
    if not text:
        done.faults.add(_place(number, column), "empty")
    elif len(text) > MAX_SERIAL:
        done.faults.add(_place(number, column), "too_long", limit=MAX_SERIAL)
    elif invisible(text):
        done.faults.add(_place(number, column), "control_characters")
    elif personal_data.number_in(text):
        done.faults.add(_place(number, column), "cell_personal")
    return text


def _site(number: int, cells: Sequence[str], where: Places, facts: Facts, done: Checked) -> str:
    """The id of the site, which may stand as its id or its name."""
    column = where.mapping.site
    if not column:
        return ""
    text = normal(where.cell(cells, column))
    if text in facts.sites:
        return facts.sites[text]
    if personal_data.number_in(text):
        done.faults.add(_place(number, column), "cell_personal")
    elif not text:
        done.faults.add(_place(number, column), "empty")
    else:
        done.faults.add(
            _place(number, column), "site_unknown", value=personal_data.plain(text)[:60], options=_named(facts)
        )
    return ""


def _named(facts: Facts) -> str:
    return ", ".join(list(facts.sites)[:20]) or "-"


def _on(number: int, cells: Sequence[str], where: Places, facts: Facts, done: Checked) -> date | None:
    column = where.mapping.on
    if not column:
        return None
    day = day_of(where.cell(cells, column))
    if day is None:
        done.faults.add(_place(number, column), "not_a_date")
    elif not (facts.starts_on or day) <= day <= (facts.ends_on or day):
        period = {"lower": str(facts.starts_on or "…"), "upper": str(facts.ends_on or "…")}
        done.remarks.add(_place(number, column), "outside_contract", value=day.isoformat(), **period)
        done.outside += 1
    return day


@lru_cache(4096)
def day_of(text: str) -> date | None:
    """A day as people and spreadsheets write it: 2026-05-01, 2026/5/1, 2026年5月1日, 20260501; None if it is none."""
    found = _DAY.fullmatch(personal_data.plain(text))
    if not found:
        return None
    year, month, day = (int(part) for part in found.groups() if part)
    try:
        return date(year, month, day)
    except ValueError:
        return None


def _amount(number: int, cells: Sequence[str], where: Places, done: Checked) -> Decimal | None:
    column = where.mapping.amount
    if not column:
        return None
    amount = amount_of(where.cell(cells, column))
    if amount is None:
        done.faults.add(_place(number, column), "not_a_number")
    elif amount < 0:
        done.faults.add(_place(number, column), "below", lower=0)
    return amount


@lru_cache(4096)
def amount_of(text: str) -> Decimal | None:
    """12, １２, 1,200.50 and “12小时” are numbers; None if it is none."""
    plain = personal_data.plain(text)
    for unit in _UNITS:
        plain = plain.removesuffix(unit)
    plain = _THOUSANDS.sub("", plain.strip())
    return Decimal(plain) if _NUMBER.fullmatch(plain) else None


def _detail(number: int, column: str, text: str, done: Checked) -> str:
    text = personal_data.plain(text)
    if len(text) > MAX_DETAIL:
        done.faults.add(_place(number, column), "too_long", limit=MAX_DETAIL)
    elif invisible(text):
        done.faults.add(_place(number, column), "control_characters")
    elif personal_data.number_in(text):
        done.faults.add(_place(number, column), "cell_personal")
    return text


def _check_personal(item: Item, mapping: ColumnMapping, done: Checked) -> None:
    """What would never find the person again is told, without the cell."""
    for column, text in item.personal.items():
        role = mapping.personal[column]
        if len(text) > MAX_DETAIL:
            done.faults.add(_place(item.row, column), "too_long", limit=MAX_DETAIL)
        elif role == "id_number" and text and not personal_data.number_in(text):
            done.remarks.add(_place(item.row, column), "no_id_number")
        elif role == "phone" and text and len(personal_data.mobile_of(text)) < 7:
            done.remarks.add(_place(item.row, column), "no_phone")


def _check_columns(done: Checked, where: Places) -> None:
    """What shows in a column as a whole: names beside numbers, identity numbers of the old form."""
    mapping = where.mapping
    columns = {name: [item.details[name] for item in done.items] for name in mapping.details}
    if mapping.stratum:
        columns[mapping.stratum] = [item.stratum for item in done.items]
    if mapping.serial and not mapping.make:
        columns[mapping.serial] = [item.serial for item in done.items]
    for name, cells in columns.items():
        if personal_data.kind_of_column(cells):
            place = "mapping.serial" if name == mapping.serial else "mapping.details"
            done.faults.add(place, "column_personal", name=name[:60])


def _check_whole(done: Checked, where: Places, facts: Facts) -> None:
    """Size, and whether the list adds up to what is claimed: the amounts, or the rows where no amount is given."""
    items = done.items
    if sum(len(item.serial.encode()) + len(item.stratum.encode()) + 16 for item in items) > MOST_TEXT + 16 * len(items):
        done.faults.add("mapping.serial", "serials_too_long", limit=MOST_TEXT // 1_000_000)
    if where.mapping.amount:
        done.amount_sum = sum((item.amount or Decimal(0) for item in items), Decimal(0))
    counted = Decimal(len(items)) if done.amount_sum is None else done.amount_sum
    if facts.claimed is not None and counted != facts.claimed:
        done.remarks.listed.insert(0, Fault("claimed", "sum_differs", {"claimed": facts.claimed, "found": counted}))
        done.remarks.total += 1
        del done.remarks.listed[MAX_FAULTS:]
        done.marked = True
    done.marked = done.marked or bool(done.outside)


def check_kind(kind: str) -> None:
    """Refuses (`invalid`) what is no kind of list."""
    if kind not in KINDS:
        raise Refused("invalid", [Fault("kind", "not_an_option", {"value": kind[:40], "options": ", ".join(KINDS)})])
