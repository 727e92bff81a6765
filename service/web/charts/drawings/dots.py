"""Values with their intervals, ties between neighbours; error rates with the most that there may be."""

from collections.abc import Sequence
from typing import Any

from service.web.charts.drawings.lanes import Lanes, legend, ruled, scale, short
from service.web.charts.shapes import Dots, Rates
from service.web.charts.sheet import ACCENT, ALERT, INK, PAPER, SMALL, Sheet

_TIE = 7.0  # between the strokes of ties that overlap
_SPAN = 20.0  # a scale shows at least so much


def draw(sheet: Sheet, shape: Dots) -> float:
    told = [_told(row, shape.unit) for row in shape.rows]
    beside = max(sheet.measure(text, SMALL) for text in told)
    depth = _depth(shape.ties)
    lanes = Lanes(sheet, [row[0] for row in shape.rows], _legend(sheet, shape) + 6, beside + depth * _TIE, bar=13)
    low, high = _range(shape)
    unit = (lanes.right - lanes.left - 8) / (high - low)

    def place(value: float) -> float:
        return lanes.left + 4 + (value - low) * unit

    top = lanes.top
    ticks = [(place(at), f"{short(at)}{shape.unit}") for at in scale(low, high, 3 if sheet.narrow else 6)]
    end = ruled(sheet, ticks, top, lanes.bottom)
    if shape.reference is not None:
        x = place(shape.reference)
        sheet.line(x, top, x, lanes.bottom, INK, 1.0, dashes=(3, 2))
    _ties(sheet, shape.ties, lanes.middles, lanes.right + 5)
    for lane, row, text in zip(lanes, shape.rows, told, strict=True):
        _dot(sheet, lane.middle, [None if part is None else place(part) for part in row[1:4]])
        sheet.text(sheet.edge, lane.middle, text, size=SMALL, align="right")
    return end


def _told(row: Sequence[Any], unit: str) -> str:
    _, value, low, high, _ = row
    if value is None:
        return "–"
    text = f"{value:.1f}{unit}"
    return text if low is None else f"{text} ({low:.1f}–{high:.1f})"


def _legend(sheet: Sheet, shape: Dots) -> float:
    entries: list[tuple[dict[str, Any], str]] = []
    if shape.reference is not None:
        entries.append(({"stroke": INK, "width": 1.0, "dashes": (3, 2)}, shape.reference_label))
    if any(row[1] is not None and row[2] is None for row in shape.rows) and shape.no_interval:
        entries.append(({"dot": PAPER, "edge": ACCENT}, shape.no_interval))
    if shape.ties:
        entries.append(({"stroke": ALERT, "width": 2.4}, shape.tie))
    return legend(sheet, 0, entries) if entries else 0.0


def _range(shape: Dots) -> tuple[float, float]:
    """From below the lowest to above the highest: a dot stands for a place, so its scale need not begin at 0."""
    known = [part for row in shape.rows for part in row[1:4] if part is not None]
    known += [shape.reference] if shape.reference is not None else []
    if not known:
        return shape.least, shape.most
    step = (shape.most - shape.least) / 20
    low = max(shape.least, (min(known) - step) // step * step)
    high = min(shape.most, -((-max(known) - step) // step) * step)
    if high - low < _SPAN * (shape.most - shape.least) / 100:
        low = max(shape.least, high - _SPAN * (shape.most - shape.least) / 100)
    return low, max(high, low + step)


def _dot(sheet: Sheet, y: float, places: Sequence[float | None]) -> None:
    value, low, high = places
    if value is None:
        return
    if low is not None and high is not None:
        sheet.line(low, y, high, y, ACCENT, 2.0)
        for end in (low, high):
            sheet.line(end, y - 4, end, y + 4, ACCENT, 1.2)
    sheet.dot(value, y, 3.8, PAPER if low is None else ACCENT, ACCENT)


def _depth(ties: Sequence[Sequence[int]]) -> int:
    return max((lane for lane, _ in _stacked(ties)), default=-1) + 1


def _stacked(ties: Sequence[Sequence[int]]) -> list[tuple[int, Sequence[int]]]:
    """Each tie in the first lane in which it meets no other."""
    lanes: list[int] = []
    found = []
    for tie in sorted(ties, key=lambda one: (one[0], -one[1])):
        lane = next((at for at, last in enumerate(lanes) if last < tie[0]), len(lanes))
        lanes[lane:] = [tie[1], *lanes[lane + 1 :]]
        found.append((lane, tie))
    return found


def _ties(sheet: Sheet, ties: Sequence[Sequence[int]], middles: Sequence[float], x: float) -> None:
    for lane, (first, last) in _stacked(ties):
        at = x + lane * _TIE
        sheet.line(at, middles[first] - 6, at, middles[last] + 6, ALERT, 2.4)


def draw_rates(sheet: Sheet, shape: Rates) -> float:
    told = [_rate(row) for row in shape.rows]
    beside = max(sheet.measure(text, SMALL) for text in told)
    entries: list[tuple[dict[str, Any], str]] = [({"fill": ACCENT}, shape.found), ({"stroke": INK}, shape.limit)]
    if shape.tolerated is not None:
        entries.append(({"stroke": ALERT, "dashes": (4, 2)}, shape.tolerated_label))
    lanes = Lanes(sheet, [row[0] for row in shape.rows], legend(sheet, 0, entries) + 6, beside, bar=13)
    known = [part for row in shape.rows for part in row[1:3] if part is not None] + [shape.tolerated or 0]
    most = max(5.0, *known) * 1.04
    unit = (lanes.right - lanes.left) / most
    top = lanes.top
    ticks = [(lanes.left + at * unit, f"{short(at)}%") for at in scale(0, most, 3 if sheet.narrow else 6)]
    end = ruled(sheet, ticks, top, lanes.bottom)
    for lane, (_, rate, limit, *_), text in zip(lanes, shape.rows, told, strict=True):
        if rate is not None:
            sheet.rect(lanes.left, lane.middle - 6, max(rate * unit, 0.8), 12, ACCENT)
        if rate is not None and limit is not None:
            x = lanes.left + limit * unit
            sheet.line(lanes.left + rate * unit, lane.middle, x, lane.middle, INK, 1.2)
            sheet.line(x, lane.middle - 6, x, lane.middle + 6, INK, 1.6)
        if shape.tolerated is not None:
            x, (above, below) = lanes.left + shape.tolerated * unit, lane.bar
            sheet.line(x, above, x, below, ALERT, 1.4, dashes=(4, 2))
        sheet.text(sheet.edge, lane.middle, text, size=SMALL, align="right")
    return end


def _rate(row: Sequence[Any]) -> str:
    _, rate, limit, errors, checked = row
    if rate is None:
        return "–"
    text = f"{rate:.1f}% ({errors}/{checked})"
    return text if limit is None else f"{text} ≤ {limit:.1f}%"
