"""Counts against their target, and how many are left after each step."""

from collections.abc import Sequence
from typing import Any

from service.web.charts.drawings.lanes import Lanes, legend
from service.web.charts.shapes import Funnel, Progress
from service.web.charts.sheet import ACCENT, BAND, INK, PAPER, SMALL, Sheet


def draw(sheet: Sheet, shape: Progress) -> float:
    told = [_told(row) for row in shape.rows]
    beside = max(sheet.measure(text, SMALL) for text in told)
    aimed = any(target for _, _, target in shape.rows)
    top = legend(sheet, 0, [({"stroke": INK, "width": 2.2}, shape.target)]) + 6 if aimed else 2
    lanes = Lanes(sheet, [row[0] for row in shape.rows], top, beside, bar=13)
    most = max(max(count, target or 0) for _, count, target in shape.rows) or 1
    unit = (lanes.right - lanes.left - 2) / most
    for lane, (_, count, target), text in zip(lanes, shape.rows, told, strict=True):
        if target:
            sheet.rect(lanes.left, lane.middle - 6, target * unit, 12, BAND)
        sheet.rect(lanes.left, lane.middle - 6, count * unit, 12, ACCENT)
        if target:
            x = lanes.left + target * unit
            sheet.line(x, lane.middle - 9, x, lane.middle + 9, PAPER, 4.4)
            sheet.line(x, lane.middle - 9, x, lane.middle + 9, INK, 2.2)
        sheet.text(sheet.edge, lane.middle, text, size=SMALL, align="right")
    return lanes.bottom


def _told(row: Sequence[Any]) -> str:
    _, count, target = row
    return f"{count} / {target} ({100 * count / target:.0f}%)" if target else str(count)


def draw_funnel(sheet: Sheet, shape: Funnel) -> float:
    """Bars from one line on: a shape that narrows from both sides would make lengths hard to compare."""
    told = [_counted(row) for row in shape.rows]
    beside = max(sheet.measure(text) for text in told)
    lanes = Lanes(sheet, [row[0] for row in shape.rows], 2, beside, bar=18)
    most = max(count for _, count, _ in shape.rows) or 1
    unit = (lanes.right - lanes.left) / most
    before: tuple[float, float] | None = None
    for lane, (_, count, _), text in zip(lanes, shape.rows, told, strict=True):
        wide = max(count * unit, 0.8)
        if before and not sheet.narrow:  # what is lost between two steps
            corners = [(lanes.left, before[1] + 9), (lanes.left + before[0], before[1] + 9)]
            corners += [(lanes.left + wide, lane.middle - 9), (lanes.left, lane.middle - 9)]
            sheet.shape(corners, BAND)
        sheet.rect(lanes.left, lane.middle - 9, wide, 18, ACCENT)
        sheet.text(sheet.edge, lane.middle, text, align="right")
        before = (wide, lane.middle)
    return lanes.bottom


def _counted(row: Sequence[Any]) -> str:
    _, count, share = row
    return str(count) if share is None else f"{count} ({share:.1f}%)"
