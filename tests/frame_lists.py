"""Lists as providers send them, in CSV and XLSX, and the steps by which they become frames."""

import io
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import openpyxl
import pytest
from factories import ADMIN, EVALUATOR, KEY, NOW, make_project

from service.domain.errors import Refused
from service.domain.inspect.frame_columns import ColumnMapping
from service.domain.inspect.frame_imports import FrameImport
from service.domain.inspect.frames import FrozenFrame
from service.operations import projects
from service.operations.inspect import frame_imports
from service.operations.inspect.frame_imports import Asked

PHONE, NAME = "13800138000", "王小明"
CITIZEN = "11010519491231002X"
HEADER = ("编号", "领域", "站点", "日期", "时数", "姓名", "电话", "服务类型")
MAPPING = ColumnMapping(
    serial="编号", stratum="领域", site="站点", on="日期", amount="时数",
    personal={"姓名": "name", "电话": "phone"}, details=("服务类型",),
)  # fmt: skip
ASKED = Asked("Cases of 2026", "case register", MAPPING, "case", "claims", "G15", Decimal("3.5"), date(2026, 12, 31))
ROWS = [
    ("R-001", "老人", "East", "2026-02-01", "1.5", NAME, PHONE, "入户探访"),
    ("R-002", "儿童", "west", "2026/2/3", "2", "李红", "139 0013 9000", "小组"),
]


def make_contract() -> None:
    """The project, with a contract for the year 2026."""
    project = make_project()
    changed = replace(project, starts_on=date(2026, 1, 1), ends_on=date(2026, 12, 31))
    projects.change_project(ADMIN, NOW, changed, project.version)


def csv_of(*rows: tuple[str, ...], header: tuple[str, ...] = HEADER, encoding: str = "utf-8") -> io.BytesIO:
    return io.BytesIO("\n".join(",".join(row) for row in (header, *rows)).encode(encoding))


def xlsx_of(*rows: tuple[Any, ...], header: tuple[str, ...] = HEADER, merge: str = "") -> io.BytesIO:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    for row in (header, *rows):
        sheet.append(row)
    if merge:
        sheet.merge_cells(merge)
    made = io.BytesIO()
    book.save(made)
    made.seek(0)
    return made


def imported(file: io.BytesIO, asked: Asked = ASKED, id: str = "cases") -> FrameImport:
    begun = frame_imports.begin(EVALUATOR, NOW, (KEY,), "project-1", id, file)
    return frame_imports.check(EVALUATOR, NOW, (KEY,), id, asked, begun.version)


def frozen(file: io.BytesIO, asked: Asked = ASKED, id: str = "cases") -> FrozenFrame:
    checked = imported(file, asked, id)
    assert checked.faults == (), checked.faults
    return frame_imports.freeze(EVALUATOR, NOW, (KEY,), id)[0]


def wrong(file: io.BytesIO, asked: Asked = ASKED) -> dict[str, str]:
    """Place -> reason of what must be mended; nothing can be frozen then."""
    checked = imported(file, asked)
    with pytest.raises(Refused, match="checked without a fault"):
        frame_imports.freeze(EVALUATOR, NOW, (KEY,), "cases")
    return {each["place"]: each["reason"] for each in checked.faults}


def changed(**cells: str) -> tuple[str, ...]:
    """The first row with other cells."""
    return tuple(cells.get(name, cell) for name, cell in zip(HEADER, ROWS[0], strict=True))
