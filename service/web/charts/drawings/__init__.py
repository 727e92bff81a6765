"""One function for each kind of chart; each puts its shape on a sheet and says how tall the drawing became."""

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from service.web.charts.drawings import dots, levels, progress, scores, timeline
from service.web.charts.shapes import Bars, Dots, Funnel, Likert, Progress, Rates, Shape, Timeline, Waterfall
from service.web.charts.sheet import NARROW, WIDE, Sheet

DRAWINGS: Mapping[type, Callable[[Sheet, Any], float]] = {
    Likert: levels.draw,
    Dots: dots.draw,
    Rates: dots.draw_rates,
    Progress: progress.draw,
    Funnel: progress.draw_funnel,
    Timeline: timeline.draw,
    Waterfall: scores.draw_waterfall,
    Bars: scores.draw_bars,
}
MARGIN = 6.0


def drawn(shape: Shape, font: Path, form: str = "svg", narrow: bool = False) -> bytes:
    """The drawing as `svg` or `png`; narrow ones are for phones."""
    sheet = Sheet(NARROW if narrow else WIDE, font)
    height = DRAWINGS[type(shape)](sheet, shape) + MARGIN
    return sheet.svg(height) if form == "svg" else sheet.png(height)
