"""Which column of a list is what: the mapping that people make, and what is wrong with it before a row is read."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from service.domain.errors import Fault, Refused
from service.domain.inspect import personal_data
from service.domain.inspect.frames import normal

ROLES = ("phone", "id_number", "name", "birth", "address", "other")  # what a personal column holds
MAX_COLUMNS = 40  # personal columns and details together


@dataclass(frozen=True)
class ColumnMapping:
    """Which column is what, by its name in the header. Columns that are not named are left out.

    With `make` the server makes opaque serials from the column `serial`, or from the whole row if that is "".
    `personal` maps a column to its role: those columns are encrypted apart.
    """

    serial: str = ""
    make: bool = False
    stratum: str = ""
    site: str = ""
    on: str = ""
    amount: str = ""
    personal: Mapping[str, str] = field(default_factory=dict)
    details: tuple[str, ...] = ()


@dataclass(frozen=True)
class Places:
    """The mapping with numbers of columns in place of names."""

    mapping: ColumnMapping
    at: Mapping[str, int]

    def cell(self, cells: Sequence[str], column: str) -> str:
        return cells[self.at[column]] if column else ""


def header_of(cells: Sequence[str]) -> tuple[str, ...]:
    """The names of the columns. Refuses (`import_invalid`) a first row that holds somebody's number: no header."""
    names = tuple(normal(cell) for cell in cells)
    if any(personal_data.number_in(name) for name in names):
        raise Refused("import_invalid", [Fault("rows.1", "header_personal")])
    return names


def suggested(header: Sequence[str]) -> ColumnMapping:
    """A mapping to begin with, from what the columns are called; people correct it."""
    taken: set[str] = set()

    def first(*words: str) -> str:
        found = (name for name in header if name not in taken and header.count(name) == 1)
        name = next((name for name in found if any(word in name.lower() for word in words)), "")
        taken.add(name)
        return name

    personal = {name: _role(name) for name in header if name and personal_data.header_kind(name)}
    taken.update(personal)
    return ColumnMapping(
        serial=first("编号", "序号", "單號", "单号", "編號", "序號", "serial", "code", "number", "id"),
        stratum=first("类别", "類別", "领域", "領域", "类型", "類型", "stratum", "category"),
        site=first("站点", "站點", "服务点", "服務點", "社区", "社區", "site", "station"),
        on=first("日期", "时间", "時間", "date"),
        amount=first("时数", "時數", "小时", "小時", "数量", "數量", "金额", "金額", "人次", "hours", "amount"),
        personal=personal,
    )


def _role(name: str) -> str:
    words = {
        "phone": ("手机", "手機", "电话", "電話", "联系方式", "聯繫方式", "phone", "mobile"),
        "id_number": ("证", "證", "id "),
        "name": ("姓名", "name"),
        "birth": ("出生", "birth"),
        "address": ("址", "address"),
    }
    return next((role for role, known in words.items() if any(word in name.lower() for word in known)), "other")


def places(header: Sequence[str], mapping: ColumnMapping) -> Places:
    """Where each column of the mapping stands. Refuses (`import_invalid`) with the fields `mapping.*` to mend."""
    faults = list(_mapping_faults(header, mapping))
    if faults:
        raise Refused("import_invalid", faults)
    return Places(mapping, {name: header.index(name) for _, name in used(mapping)})


def used(mapping: ColumnMapping) -> list[tuple[str, str]]:
    """(field of the mapping, column) of every column that is used."""
    single = [(name, getattr(mapping, name)) for name in ("serial", "stratum", "site", "on", "amount")]
    several = [("personal", name) for name in mapping.personal] + [("details", name) for name in mapping.details]
    return [(f"mapping.{place}", name) for place, name in single + several if name]


def _mapping_faults(header: Sequence[str], mapping: ColumnMapping) -> Iterator[Fault]:
    if not mapping.serial and not mapping.make:
        yield Fault("mapping.serial", "missing")
    if len(mapping.personal) + len(mapping.details) > MAX_COLUMNS:
        yield Fault("mapping.details", "too_many", {"limit": MAX_COLUMNS})
    if unknown := sorted(set(mapping.personal.values()) - set(ROLES)):
        yield Fault("mapping.personal", "not_an_option", {"value": unknown[0][:40], "options": ", ".join(ROLES)})
    seen: dict[str, str] = {}
    for place, name in used(mapping):
        yield from _column_faults(header, mapping, place, name, seen.get(name))
        seen.setdefault(name, place)


def _column_faults(
    header: Sequence[str], mapping: ColumnMapping, place: str, name: str, before: str | None
) -> Iterator[Fault]:
    """`before` is the field that has taken this column already."""
    made = mapping.make and "mapping.serial" in (place, before)  # a serial may be made from a personal column
    if name not in header:
        yield Fault(place, "column_unknown", {"name": name[:60], "columns": ", ".join(filter(None, header))[:600]})
    elif header.count(name) > 1:
        yield Fault(place, "duplicate", {"value": name[:60]})
    elif before and not (made and "mapping.personal" in (place, before)):
        yield Fault(place, "column_twice", {"name": name[:60]})
    elif place != "mapping.personal" and not made and personal_data.header_kind(name):
        yield Fault(place, "column_personal", {"name": name[:60]})


def by_role(mapping: ColumnMapping, personal: Mapping[str, str]) -> dict[str, str]:
    """Role -> text of a row's personal columns; of several columns with one role the first that is filled in."""
    found: dict[str, str] = {}
    for column, text in personal.items():
        if text:
            found.setdefault(mapping.personal[column], text)
    return found
