"""Counts over time, what was found to be a burst marked by shape as well as by colour."""

from service.web.charts.drawings.lanes import legend, scale, short
from service.web.charts.shapes import Timeline
from service.web.charts.sheet import ACCENT, ALERT, EDGE, RULE, SMALL, SOFT, Sheet

_TALL, _TALL_NARROW = 130.0, 120.0


def draw(sheet: Sheet, shape: Timeline) -> float:
    marked = set(shape.flagged)
    entries = [({"fill": ACCENT}, shape.unit)] + ([({"fill": ALERT}, shape.flag)] if marked else [])
    top = legend(sheet, 0, entries) + 14
    bottom = top + (_TALL_NARROW if sheet.narrow else _TALL)
    most = max(shape.counts, default=0) or 1
    ticks = [at for at in scale(0, most * 1.05, 4) if at == int(at)]
    left = EDGE + max(sheet.measure(short(at), SMALL) for at in ticks) + 6
    up = (bottom - top) / max(most * 1.05, ticks[-1])
    for at in ticks:
        sheet.line(left, bottom - at * up, sheet.edge, bottom - at * up, RULE)
        sheet.text(left - 4, bottom - at * up, short(at), size=SMALL, color=SOFT, align="right")
    step = (sheet.edge - left) / max(len(shape.counts), 1)
    gap = min(step * 0.2, 2.0) if step > 2 else 0.0
    for place, count in enumerate(shape.counts):
        if count:
            x, tall = left + place * step, count * up
            sheet.rect(x + gap / 2, bottom - tall, step - gap, tall, ALERT if place in marked else ACCENT)
            if place in marked:
                middle = x + step / 2
                sheet.shape(
                    [(middle - 4, bottom - tall - 9), (middle + 4, bottom - tall - 9), (middle, bottom - tall - 2)],
                    ALERT,
                )
    sheet.line(left, bottom, sheet.edge, bottom, SOFT, 0.9)
    return _days(sheet, shape, left, step, bottom)


def _days(sheet: Sheet, shape: Timeline, left: float, step: float, bottom: float) -> float:
    """Names of the groups; those that would touch the one before are left out."""
    free = 0.0
    for place, label in shape.groups:
        x, wide = left + place * step, sheet.measure(label, SMALL)
        sheet.line(x, bottom, x, bottom + 3, SOFT, 0.9)
        begin = min(x, sheet.edge - wide)
        if begin >= free:
            sheet.text(begin, bottom + 11, label, size=SMALL, color=SOFT)
            free = begin + wide + 8
    return bottom + 18
