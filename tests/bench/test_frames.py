"""Lists: what a frame of 100,000 rows with personal columns takes from its file to its receipt, as CSV and as XLSX."""

import io
import time
from datetime import date
from pathlib import Path

import openpyxl
import psutil
import pytest
from factories import EVALUATOR, KEY, NOW, make_project

from service.domain.inspect.frame_columns import ColumnMapping
from service.operations.inspect import contacts, frame_imports, frames
from service.operations.inspect.frame_imports import Asked

pytestmark = pytest.mark.bench
COUNT = 100_000
HEADER = ("编号", "领域", "站点", "日期", "时数", "姓名", "电话", "服务类型")
MAPPING = ColumnMapping("编号", False, "领域", "站点", "日期", "时数", {"姓名": "name", "电话": "phone"}, ("服务类型",))
ASKED = Asked("Recipients", "register", MAPPING, "recipient", contacts_until=date(2036, 1, 1))


def row(at: int) -> tuple[str, ...]:
    days = f"2026-0{1 + at % 9}-1{at % 9}"
    name, phone = f"王小{chr(0x4E00 + at % 5000)}", f"138{at:08}"
    return (
        f"R-2026-{at:06}",
        f"领域{at % 7}",
        ("east", "west")[at % 2],
        days,
        f"{1 + at % 4}.5",
        name,
        phone,
        "入户探访",
    )


def csv_file(folder: Path) -> Path:
    made = folder / "list.csv"
    made.write_text("\n".join(",".join(cells) for cells in (HEADER, *map(row, range(COUNT)))), encoding="utf-8")
    return made


def xlsx_file(folder: Path) -> Path:
    book = openpyxl.Workbook(write_only=True)
    sheet = book.create_sheet()
    sheet.append(HEADER)
    for at in range(COUNT):
        sheet.append(row(at))
    book.save(folder / "list.xlsx")
    return folder / "list.xlsx"


@pytest.mark.timeout(900)
@pytest.mark.usefixtures("database")
def test_a_hundred_thousand_rows(capsys, tmp_path: Path) -> None:  # type: ignore[no-untyped-def]
    make_project()
    lines = []
    for name, make in (("CSV", csv_file), ("XLSX", xlsx_file)):
        content = io.BytesIO(make(tmp_path).read_bytes())
        told: list[int] = []
        start, cpu = time.perf_counter(), time.process_time()
        read = frame_imports.read(content, told.append)
        frame, _ = frame_imports.take_in(EVALUATOR, NOW, (KEY,), "project-1", name, read, ASKED, told.append)
        seconds, spent = time.perf_counter() - start, time.process_time() - cpu
        assert (len(frame.serials), told[-1], len(told)) == (COUNT, COUNT, COUNT // 1000 + 1)
        start = time.perf_counter()
        assert frames.row(name, "R-2026-050000") is not None
        found = time.perf_counter() - start
        assert contacts.open(EVALUATOR, NOW, KEY, name, "R-2026-050000", "bench")["电话"] == "13800050000"
        lines.append(
            f"| {name} | {content.getbuffer().nbytes / 1e6:.1f} | {seconds:.1f} | {spent:.1f} | {found * 1000:.0f} |"
        )
    memory = psutil.Process().memory_info().rss / 2**20
    with capsys.disabled():
        print("\n| list | MB | s | CPU s | ms to find a row |\n|---|---|---|---|---|")
        print("\n".join(lines))
        print(f"memory of the process afterwards: {memory:.0f} MiB; load {psutil.getloadavg()[0]:.1f}")
