"""Rows with their labels: beside the bars on paper, above them on a phone; legends and scales."""

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from service.web.charts.sheet import EDGE, LINE, PAPER, POINT, RULE, SMALL, SOFT, Sheet

_LABEL_SHARE = 0.34  # of the width, at most
_GAP = 8.0


@dataclass(frozen=True)
class Lane:
    """One row: its label is written, `middle` is where its bar lies."""

    middle: float
    top: float
    bottom: float

    @property
    def bar(self) -> tuple[float, float]:
        """Where a line may cross the row without crossing its label."""
        return 2 * self.middle - self.bottom, self.bottom


class Lanes:
    """Places for rows from `top` down. `beside`: what is kept free on the right for numbers."""

    def __init__(self, sheet: Sheet, labels: Sequence[str], top: float, beside: float, bar: float = 15.0) -> None:
        self._sheet, self._bar, self.top = sheet, bar, top
        if sheet.narrow:
            self.left = EDGE
            room = sheet.width - 2 * EDGE
        else:
            longest = max((sheet.measure(label) for label in labels), default=0)
            room = min(longest + 2, sheet.width * _LABEL_SHARE)
            self.left = EDGE + room + _GAP
        self.right = sheet.edge - beside - _GAP
        self.lines = [sheet.wrapped(label, room) for label in labels]

    def __iter__(self) -> Iterator[Lane]:
        """Write each label, and hand out its lane."""
        y = self.top
        for lines in self.lines:
            yield self._lane(y, lines)
            y = self._bottom(y, lines)

    @property
    def bottom(self) -> float:
        y = self.top
        for lines in self.lines:
            y = self._bottom(y, lines)
        return y

    @property
    def middles(self) -> list[float]:
        """Of all rows, before their labels are written."""
        y, found = self.top, []
        for lines in self.lines:
            found.append(self._middle(y, lines))
            y = self._bottom(y, lines)
        return found

    def _middle(self, y: float, lines: Sequence[str]) -> float:
        bottom = self._bottom(y, lines)
        return bottom - 5 - self._bar / 2 if self._sheet.narrow else (y + bottom) / 2

    def _bottom(self, y: float, lines: Sequence[str]) -> float:
        text = len(lines) * POINT * LINE
        return y + (text + self._bar + 9 if self._sheet.narrow else max(text, self._bar) + 9)

    def _lane(self, y: float, lines: Sequence[str]) -> Lane:
        step, middle = POINT * LINE, self._middle(y, lines)
        if self._sheet.narrow:
            first, x, align = y + step / 2, self.left, "left"
            wide = max(map(self._sheet.measure, lines))
            self._sheet.rect(x - 1.5, y, wide + 3, len(lines) * step, PAPER)  # lines behind it end here
        else:
            first, x, align = middle - step * (len(lines) - 1) / 2, self.left - _GAP, "right"
        for number, line in enumerate(lines):
            self._sheet.text(x, first + number * step, line, align=align)
        return Lane(middle, y, self._bottom(y, lines))


def legend(sheet: Sheet, y: float, entries: Sequence[tuple[dict[str, Any], str]]) -> float:
    """Boxes with their meaning, in as many lines as they need; -> the end of the last one."""
    x, step = EDGE, 15.0
    y += step / 2
    for box, label in entries:
        lines = sheet.wrapped(label, sheet.width - 25, SMALL, most=2)
        wide = 15 + max(sheet.measure(line, SMALL) for line in lines) + 12
        if x > EDGE and x + wide - 12 > sheet.edge:
            x, y = EDGE, y + step
        _box(sheet, x, y, box)
        for number, line in enumerate(lines):
            sheet.text(x + 15, y + number * SMALL * LINE, line, size=SMALL, color=SOFT)
        x, y = x + wide, y + (len(lines) - 1) * SMALL * LINE
    return y + step / 2


def _box(sheet: Sheet, x: float, y: float, box: dict[str, Any]) -> None:
    if "dot" in box:
        sheet.dot(x + 5, y, 3.4, box["dot"], box["edge"])
    elif "stroke" in box:
        sheet.line(x + 5, y - 6, x + 5, y + 6, box["stroke"], box.get("width", 1.6), dashes=box.get("dashes"))
    else:
        sheet.rect(x, y - 5, 11, 10, **box)


def scale(least: float, most: float, parts: int) -> list[float]:
    """Round numbers from at or above `least` up to `most`, about `parts` of them."""
    span = (most - least) or 1
    rough = span / max(parts, 1)
    power = 10 ** math.floor(math.log10(rough))
    step = next(nice * power for nice in (1, 2, 2.5, 5, 10) if nice * power >= rough * 0.999)
    first = math.ceil(least / step - 1e-9)
    return [round(step * at, 9) for at in range(first, math.floor(most / step + 1e-9) + 1)]


def ruled(sheet: Sheet, ticks: Sequence[tuple[float, str]], top: float, bottom: float) -> float:
    """Thin lines at the ticks (x, label) with their numbers below; -> the end of the numbers."""
    for x, label in ticks:
        sheet.line(x, top, x, bottom, RULE)
        half = sheet.measure(label, SMALL) / 2
        sheet.text(
            min(max(x, half + EDGE), sheet.edge - half), bottom + 8, label, size=SMALL, color=SOFT, align="center"
        )
    return bottom + 15


def short(value: float, places: int = 1) -> str:
    """A number without zeros that say nothing."""
    text = f"{value:.{places}f}"
    return text.rstrip("0").rstrip(".") if "." in text else text
