"""For tests of XLSForms: sheets from short tables, and workbooks as bytes, made by code."""

import io
from collections.abc import Mapping, Sequence
from typing import Any

import openpyxl

from service.domain.collect.xlsforms import imports
from service.domain.collect.xlsforms.imports import Import
from service.domain.collect.xlsforms.sheets import Sheet

Rows = Sequence[Mapping[str, str]]
YES_NO: Rows = (
    {"list_name": "yes_no", "name": "yes", "label": "Yes"},
    {"list_name": "yes_no", "name": "no", "label": "No"},
)
SETTINGS: Rows = ({"form_title": "A form", "form_id": "a-form", "version": "3"},)


def numbers(name: str, *codes: str) -> Rows:
    """A list of choices that are called as they are labelled."""
    return [{"list_name": name, "name": code, "label": code} for code in codes]


def sheet(name: str, rows: Rows) -> Sheet:
    header = tuple(dict.fromkeys(column for row in rows for column in row))
    return Sheet(name, header, tuple(enumerate(rows, 2)))


def form(*survey: Mapping[str, str], choices: Rows = YES_NO, settings: Rows = SETTINGS, **more: Rows) -> list[Sheet]:
    """The sheets of a form. Rows of `survey` that give no label get their name as one."""
    rows = [
        {"label": row["name"], **row} if "name" in row and not any(key.startswith("label") for key in row) else row
        for row in survey
    ]
    sheets = {"survey": rows, "choices": choices, "settings": settings, **more}
    return [sheet(name, each) for name, each in sheets.items()]


def read(*survey: Mapping[str, str], **more: Any) -> Import:
    return imports.read(form(*survey, **more), language="en")


def question(*survey: Mapping[str, str], **more: Any) -> dict[str, Any]:
    """The last question of a form in which nothing is wrong."""
    found = read(*survey, **more)
    assert found.definition is not None, found.findings
    last: dict[str, Any] = found.definition["questions"][-1]
    return last


def xlsx(sheets: Mapping[str, Sequence[Sequence[Any]]]) -> bytes:
    """A workbook as any spreadsheet program would save it: first rows are headers."""
    workbook = openpyxl.Workbook()
    workbook.remove(workbook.active)
    for name, rows in sheets.items():
        page = workbook.create_sheet(name)
        for row in rows:
            page.append(list(row))
    out = io.BytesIO()
    workbook.save(out)
    return out.getvalue()


SMALL = {
    "survey": [
        ["type", "name", "label::English (en)"],
        ["select_one yes_no", "helped", "Did the service help?"],
    ],
    "choices": [
        ["list_name", "name", "label::English (en)"],
        ["yes_no", "yes", "Yes"],
        ["yes_no", "no", "No"],
    ],
    "settings": [["form_title", "form_id", "version"], ["Small", "small", 4]],
}
