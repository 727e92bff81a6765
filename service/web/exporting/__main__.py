"""`python -m service.web.exporting`: a workbook from JSON lines on stdin to stdout; for the service's own use.

First {"sheet", "header", "shares"}, then {"rows"} as often as needed, then {"chart"}; and the next sheet.
"""

import json
import os
import sys
from typing import Any

import xlsxwriter
from xlsxwriter.workbook import Workbook
from xlsxwriter.worksheet import Worksheet

WIDEST, NARROWEST = 48, 8
CHART_ROWS, CHART_WIDTH = 20, 760


class Sheet:
    """A sheet that is being written, and what charts need to know of its first rows."""

    def __init__(self, book: Workbook, told: dict[str, Any], formats: dict[str, Any]) -> None:
        self.name, self.header = told["sheet"], told["header"]
        self.shares, self.formats = set(told["shares"]), formats
        self.paper: Worksheet = book.add_worksheet(self.name)
        self.row, self.charts = 1, 0
        self.kept: list[list[Any]] = []
        self.paper.freeze_panes(1, 1)
        for place, name in enumerate(self.header):
            self.paper.set_column(place, place, max(NARROWEST, min(WIDEST, len(name) + 4)))
        for place, name in enumerate(self.header):
            self.paper.write_string(0, place, name, formats["head"])

    def add(self, rows: list[list[Any]]) -> None:
        for cells in rows:
            for place, cell in enumerate(cells):
                if isinstance(cell, str):
                    self.paper.write_string(self.row, place, cell[:32767])
                elif cell is not None:
                    self.paper.write_number(
                        self.row, place, cell, self.formats["share" if place in self.shares else ""]
                    )
            self.row += 1
        self.kept += rows[: 100 - len(self.kept)]

    def end(self) -> None:
        if self.row > 1:
            self.paper.autofilter(0, 0, self.row - 1, len(self.header) - 1)

    def draw(self, book: Workbook, told: dict[str, Any]) -> None:
        """A chart beside the table. What it shows stands in it too, for viewers that do not read the cells again."""
        kind = {"type": "bar", "subtype": "percent_stacked"} if told["kind"] == "stacked" else {"type": "column"}
        chart = book.add_chart(kind)
        for series in told["series"]:
            chart.add_series(self._series(told, series))
        chart.set_title({"name": told["title"], "name_font": {"size": 12}, "overlay": False})
        if told["percent"]:
            chart.set_y_axis({"num_format": "0%", "min": 0, "max": 1})
        if told["kind"] == "stacked":
            chart.set_y_axis({"reverse": True})
        chart.set_legend({"position": "bottom"} if len(told["series"]) > 1 else {"none": True})
        chart.set_size({"width": CHART_WIDTH, "height": 380})
        self.paper.insert_chart(
            1 + self.charts * CHART_ROWS, len(self.header) + 1, chart, {"description": told["title"]}
        )
        self.charts += 1

    def _series(self, told: dict[str, Any], series: dict[str, Any]) -> dict[str, Any]:
        rows, column = self.kept[: told["rows"]], series["column"]

        def cells(place: int) -> list[Any]:
            return [self.name, 1, place, told["rows"], place]

        made: dict[str, Any] = {
            "name": [self.name, 0, column],
            "categories": cells(told["labels"]),
            "values": cells(column),
            "categories_data": [row[told["labels"]] for row in rows],
            "values_data": [row[column] for row in rows],
            "gap": 60,
        }
        if series["low"] is not None:
            made["y_error_bars"] = {
                "type": "custom",
                "plus_values": [_part(row[series["high"]], row[column]) for row in rows],
                "minus_values": [_part(row[column], row[series["low"]]) for row in rows],
            }
        return made


def _part(more: float | None, less: float | None) -> float:
    """The length of one arm of an interval; none where there is no interval."""
    return 0 if more is None or less is None else max(more - less, 0)


def main() -> None:
    """Write what comes; the library keeps rows on the disk."""
    os.nice(5)  # phones that send answers come first
    book = xlsxwriter.Workbook(sys.stdout.buffer, {"constant_memory": True, "strings_to_formulas": False})
    formats = {"head": book.add_format({"bold": True}), "share": book.add_format({"num_format": "0.0%"}), "": None}
    sheet: Sheet | None = None
    for line in sys.stdin.buffer:
        told = json.loads(line)
        if "sheet" in told:
            if sheet is not None:
                sheet.end()
            sheet = Sheet(book, told, formats)
        elif sheet is not None and "rows" in told:
            sheet.add(told["rows"])
        elif sheet is not None:
            sheet.draw(book, told["chart"])
    if sheet is not None:
        sheet.end()
    book.close()


if __name__ == "__main__":
    main()
