"""Points: how they add up to the total, and how much of what could be earned was."""

from collections.abc import Sequence
from typing import Any

from service.web.charts.drawings.lanes import Lanes, legend, ruled, scale, short
from service.web.charts.shapes import Bars, Waterfall
from service.web.charts.sheet import ACCENT, ALERT, BAND, EDGE, INK, PAPER, SMALL, SOFT, Sheet

_MISSED: dict[str, Any] = {"fill": "#fbeee3", "edge": ALERT, "hatch": "////", "hatch_color": "#e3a97d"}
_OPEN: dict[str, Any] = {"fill": PAPER, "edge": SOFT, "line": 0.9, "style": (0, (2, 1.5))}


def draw_waterfall(sheet: Sheet, shape: Waterfall) -> float:
    """Each bar begins where the one above ended: filled what was earned, striped what was missed."""
    earned, most = (sum(row[at] or 0 for row in shape.rows) for at in (1, 2))
    unknown = sum(row[2] for row in shape.rows if row[1] is None)
    told = [_told(row) for row in shape.rows] + [_told(("", earned, most))]
    beside = max(sheet.measure(text, SMALL) for text in told)
    entries = [({"fill": ACCENT}, shape.earned), (_MISSED, shape.missed)]
    entries += [(_OPEN, shape.open)] if any(row[1] is None for row in shape.rows) else []
    top = legend(sheet, 0, entries) + 6
    lanes = Lanes(sheet, [*(row[0] for row in shape.rows), shape.total], top, beside, bar=13)
    unit = (lanes.right - lanes.left - 1) / max(most, 0.01)
    ticks = [(lanes.left + at * unit, short(at)) for at in scale(0, most, 4 if sheet.narrow else 8)]
    end = ruled(sheet, ticks, top, lanes.bottom)
    x, before = lanes.left, 0.0
    rows = [*shape.rows, (shape.total, earned, most)]
    for number, (lane, row, text) in enumerate(zip(lanes, rows, told, strict=True)):
        last = number == len(rows) - 1
        begin = lanes.left if last else x
        if last:
            sheet.line(EDGE, lane.top, sheet.edge, lane.top, SOFT, 0.8)
        if number and not sheet.narrow:
            sheet.line(x, before + 6, x, lane.middle - 6, SOFT, 0.7)
        _step(sheet, begin, lane.middle, (row[0], row[1], row[2] - (unknown if last else 0)), unit)
        if last and unknown:
            sheet.rect(begin + (most - unknown) * unit, lane.middle - 6, unknown * unit, 12, **_OPEN)
        sheet.text(sheet.edge, lane.middle, text, size=SMALL, align="right")
        x, before = begin + (row[1] or 0) * unit, lane.middle
    return end


def _step(sheet: Sheet, x: float, y: float, row: Sequence[Any], unit: float) -> None:
    _, earned, most = row
    if earned is None:
        sheet.rect(x, y - 6, most * unit, 12, **_OPEN)
        return
    if earned < 0:  # a deduction goes back
        sheet.rect(x + earned * unit, y - 6, -earned * unit, 12, ALERT)
        return
    if most > earned:
        sheet.rect(x + earned * unit, y - 6, (most - earned) * unit, 12, **_MISSED)
    sheet.rect(x, y - 6, max(earned * unit, 0.8), 12, ACCENT)


def _told(row: Sequence[Any]) -> str:
    _, earned, most = row
    return f"{'–' if earned is None else f'{earned:.2f}'} / {most:.2f}"


def draw_bars(sheet: Sheet, shape: Bars) -> float:
    """What was reached as a filled bar in the frame of what could be."""
    told = [_of_most(row, shape.places) for row in shape.rows]
    beside = max(sheet.measure(text, SMALL) for text in told)
    top = 2.0
    if shape.unit:
        sheet.text(sheet.edge, 8, shape.unit, size=SMALL, color=SOFT, align="right")
        top = 18.0
    lanes = Lanes(sheet, [row[0] for row in shape.rows], top, beside, bar=14)
    unit = (lanes.right - lanes.left - 1) / (max(row[2] for row in shape.rows) or 1)
    for lane, (_, reached, most), text in zip(lanes, shape.rows, told, strict=True):
        sheet.rect(lanes.left, lane.middle - 6.5, most * unit, 13, BAND, edge=INK)
        if reached:
            sheet.rect(lanes.left, lane.middle - 6.5, reached * unit, 13, ACCENT)
        sheet.text(sheet.edge, lane.middle, text, size=SMALL, align="right")
    return lanes.bottom


def _of_most(row: Sequence[Any], places: int) -> str:
    _, reached, most = row
    return f"{'–' if reached is None else f'{reached:.{places}f}'} / {most:.{places}f}"
