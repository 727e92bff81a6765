"""Files that are meant to do harm, or are not what they seem: each ends with its reason, and nothing of it stays."""

import io
import zipfile

import openpyxl
import pytest
from factories import EVALUATOR, KEY, NOW
from frame_lists import NAME, PHONE, ROWS, make_contract, wrong, xlsx_of

from service.domain.errors import Refused
from service.domain.inspect.frame_imports import FrameImport
from service.operations.inspect import frame_imports
from service.store import documents, records


@pytest.fixture(autouse=True)
def _project(database: None) -> None:
    make_contract()


def test_formulas_and_merged_cells_are_refused() -> None:
    formula = ("R-003", "老人", "east", "2026-02-01", "=1+1", NAME, PHONE, '=HYPERLINK("http://x")')
    told = wrong(xlsx_of(*ROWS, formula))
    assert told == {"rows.4.时数": "formula", "rows.4.服务类型": "formula"}
    with pytest.raises(Refused) as refused:
        frame_imports.begin(EVALUATOR, NOW, (KEY,), "project-1", "merged", xlsx_of(*ROWS, merge="B2:B3"))
    assert [fault.reason for fault in refused.value.faults] == ["merged_cells"]


def bomb() -> io.BytesIO:
    """A workbook whose sheet unpacks to 200 MB."""
    made = io.BytesIO()
    with zipfile.ZipFile(xlsx_of(*ROWS)) as source, zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as target:
        for part in source.infolist():
            content = source.read(part)
            target.writestr(part, content + (b" " * 200_000_000 if "sheet1" in part.filename else b""))
    made.seek(0)
    return made


def entity() -> io.BytesIO:
    made = io.BytesIO()
    with zipfile.ZipFile(xlsx_of(*ROWS)) as source, zipfile.ZipFile(made, "w") as target:
        for part in source.infolist():
            doctype = b'<!DOCTYPE x [<!ENTITY a "aaaa">]>' if "sheet1" in part.filename else b""
            target.writestr(part, doctype + source.read(part))
    made.seek(0)
    return made


@pytest.mark.parametrize(
    ("file", "reason"),
    [
        (io.BytesIO(b""), "header_missing"),
        (io.BytesIO(b"\n\n"), "header_missing"),
        (io.BytesIO(b"\xff\xfe\x00x"), "not_utf8"),
        (io.BytesIO("编号,领域".encode("utf-16")), "not_utf8"),
        (io.BytesIO(b"id," + b"x" * 1_000_001), "too_long"),
        (io.BytesIO(b'id,a\n1,"' + b"x\n" * 100_000), "csv_broken"),
        (io.BytesIO("编号;领域\n1;2".encode()), "not_commas"),
        (io.BytesIO(b"id\n" + b"".join(b"%d\n" % n for n in range(100_001))), "too_many_rows"),
        (io.BytesIO(b"PK\x03\x04 not a workbook"), "workbook_unreadable"),
        (entity(), "workbook_unreadable"),
    ],
    ids=["empty", "blank", "binary", "utf-16", "no-line-ends", "open-quote", "semicolons", "rows", "no-zip", "doctype"],
)
def test_hostile_files_end_with_their_reason_and_leave_nothing(file: io.BytesIO, reason: str) -> None:
    with pytest.raises(Refused) as refused:
        frame_imports.begin(EVALUATOR, NOW, (KEY,), "project-1", "bad", file)
    assert [fault.reason for fault in refused.value.faults] == [reason]
    assert records.collection(documents.FrameImportPieceDocument).count_documents({}) == 0
    assert records.get(FrameImport, "bad") is None


def test_a_bomb_is_not_unpacked() -> None:
    with pytest.raises(Refused) as refused:
        frame_imports.begin(EVALUATOR, NOW, (KEY,), "project-1", "bad", bomb())
    assert [fault.reason for fault in refused.value.faults] == ["workbook_unreadable"]


def test_a_sheet_of_a_million_rows_is_read_up_to_the_limit_only() -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet["A1"], sheet["A2"], sheet["A1048576"] = "编号", "R-1", "R-2"
    made = io.BytesIO()
    book.save(made)
    begun = frame_imports.begin(EVALUATOR, NOW, (KEY,), "project-1", "far", made)
    assert begun.rows == 1  # after a thousand blank rows a sheet is taken to end
