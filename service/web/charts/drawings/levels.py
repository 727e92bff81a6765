"""Answers by level as bars that diverge from the middle: dissatisfied to the left, satisfied to the right."""

from collections.abc import Sequence
from typing import Any

from service.web.charts.drawings.lanes import Lane, Lanes, legend
from service.web.charts.shapes import Likert
from service.web.charts.sheet import EDGE, INK, SMALL, SOFT, Sheet

# Orange against blue keeps apart for every kind of colour-blindness, and dark means far from the middle. What is left
# of the middle has stripes too, so that the sides differ in black and white.
_WORSE = ("#a6480b", "#e08e4f", "#f3c9a5", "#f9e2d0")
_BETTER = ("#1b567f", "#6ba3c9", "#b5d2e6", "#dbe9f3")
_MIDDLE = "#d9dde1"
_DARK = {_WORSE[0], _BETTER[0]}
_STRIPES = "////"


def draw(sheet: Sheet, shape: Likert) -> float:
    looks = _looks(shape.sides)
    numbers = [f"n = {sum(counts)}" for _, counts in shape.rows]
    beside = max(sheet.measure(text, SMALL) for text in numbers)
    lanes = Lanes(sheet, [label for label, _ in shape.rows], _legend(sheet, shape, looks) + 6, beside)
    shares = [_shares(counts) for _, counts in shape.rows]
    left, right = (max(_sides(row, shape.sides)[side] for row in shares) for side in (0, 1))
    unit = (lanes.right - lanes.left) / max(left + right, 1)
    zero = lanes.left + left * unit
    sheet.line(zero, lanes.top, zero, lanes.bottom, INK, 0.9)
    for number, (lane, row) in enumerate(zip(lanes, shares, strict=True)):
        if shape.total and number == len(shares) - 1 and number:
            sheet.line(EDGE, lane.top, sheet.edge, lane.top, SOFT, 0.6)
        _row(sheet, lane, row, zero - _sides(row, shape.sides)[0] * unit, unit, looks)
        sheet.text(sheet.edge, lane.middle, numbers[number], size=SMALL, color=SOFT, align="right")
    return lanes.bottom


def _legend(sheet: Sheet, shape: Likert, looks: Sequence[dict[str, Any]]) -> float:
    return legend(sheet, 0, list(zip(looks, shape.levels, strict=True)))


def _looks(sides: Sequence[int]) -> list[dict[str, Any]]:
    worse, better = sides.count(-1), sides.count(1)
    looks: list[dict[str, Any]] = []
    for place, side in enumerate(sides):
        if side == 0:
            looks.append({"fill": _MIDDLE})
        elif side < 0:
            looks.append({"fill": _shade(_WORSE, place, worse), "hatch": _STRIPES, "hatch_color": "#ffffff"})
        else:
            looks.append({"fill": _shade(_BETTER, len(sides) - 1 - place, better)})
    return looks


def _shade(shades: Sequence[str], from_end: int, count: int) -> str:
    """The farther from the middle, the darker."""
    return shades[min(from_end * min(count, len(shades)) // max(count, 1), len(shades) - 1)]


def _shares(counts: Sequence[int]) -> list[float]:
    whole = sum(counts)
    return [100 * count / whole if whole else 0.0 for count in counts]


def _sides(shares: Sequence[float], sides: Sequence[int]) -> tuple[float, float]:
    """How far a row reaches to the left and to the right; what is neither lies half on each side."""
    middle = sum(share for share, side in zip(shares, sides, strict=True) if side == 0) / 2
    parts = [sum(share for share, side in zip(shares, sides, strict=True) if side == wanted) for wanted in (-1, 1)]
    return parts[0] + middle, parts[1] + middle


def _row(
    sheet: Sheet, lane: Lane, shares: Sequence[float], x: float, unit: float, looks: Sequence[dict[str, Any]]
) -> None:
    for share, look in zip(shares, looks, strict=True):
        wide = share * unit
        if wide > 0:
            sheet.rect(x, lane.middle - 7.5, wide, 15, **look)
            sheet.rect(x, lane.middle - 7.5, wide, 15, edge="#ffffff", line=0.8)
            text = f"{share:.0f}%"
            if sheet.measure(text, SMALL) + 5 <= wide:
                ink = "#ffffff" if look["fill"] in _DARK else INK
                sheet.text(x + wide / 2, lane.middle, text, size=SMALL, color=ink, align="center", ground=look["fill"])
        x += wide
