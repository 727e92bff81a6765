"""Charts from numbers: each with a table and a text in its place, from the same numbers as the drawing."""

from collections.abc import Sequence

from flask_babel import gettext

from service.web.charts.shapes import Chart, Likert

NONE = "–"
_TOLD = 12  # rows that the text in a drawing's place names; the table has all


def likert(
    title: str,
    levels: Sequence[str],
    sides: Sequence[int],
    rows: Sequence[tuple[str, Sequence[int]]],
    total: bool = False,
) -> Chart:
    """Answers by level. `levels`, `sides` (-1, 0, 1) and each row's counts from the worst to the best level."""
    table = [
        (name, *(f"{count} ({_share(count, sum(counts))})" for count in counts), str(sum(counts)))
        for name, counts in rows
    ]
    said = [
        f"{name}: "
        + gettext(", ").join(
            f"{level} {_share(count, sum(counts))}" for level, count in zip(levels, counts, strict=True)
        )
        for name, counts in rows
    ]
    head = (gettext("Group"), *levels, "n")
    return Chart(title, Likert(levels, sides, rows, total), in_words(gettext("Answers by level"), said), head, table)


def _share(count: int, whole: int) -> str:
    return f"{100 * count / whole:.1f}%" if whole else NONE


def in_words(what: str, said: Sequence[str]) -> str:
    """What a drawing shows, for those who do not see it."""
    told = gettext("; ").join(said[:_TOLD])
    if len(said) > _TOLD:
        told += gettext("; and %(count)s more in the table", count=len(said) - _TOLD)
    return f"{what}: {told}"
