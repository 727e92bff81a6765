"""Charts from numbers: each with a table and a text in its place, from the same numbers as the drawing."""

from collections.abc import Mapping, Sequence
from typing import Any

from flask_babel import gettext

from service.web.charts.shapes import (
    Bars,
    Chart,
    Dots,
    Funnel,
    Likert,
    Progress,
    Rates,
    Timeline,
    Waterfall,
)

Pairs = Sequence[tuple[int, int]]
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


def sides(levels: int) -> list[int]:
    """Which levels stand left of the middle one (-1), in it (0), right of it (1). The worst level first."""
    return [(2 * place > levels - 1) - (2 * place < levels - 1) for place in range(levels)]


def _share(count: int, whole: int) -> str:
    return f"{100 * count / whole:.1f}%" if whole else NONE


def in_words(what: str, said: Sequence[str]) -> str:
    """What a drawing shows, for those who do not see it."""
    told = gettext("; ").join(said[:_TOLD])
    if len(said) > _TOLD:
        told += gettext("; and %(count)s more in the table", count=len(said) - _TOLD)
    return f"{what}: {told}"


def dots(
    title: str,
    rows: Sequence[tuple[str, Any, Any, Any, int]],
    reference: float | None,
    ties: Pairs,
    note: str = "",
) -> Chart:
    """Shares in percent, the best first. `rows`: (label, value, low, high, n), None for what there is not.

    `reference`: the share of all together. `ties`: (first row, last row) between which a test shows no difference.
    """
    shape = Dots(
        rows,
        reference=reference,
        reference_label=gettext("All sites"),
        ties=ties,
        tie=gettext("no difference is shown between these"),
        no_interval=gettext("hollow: no random draw, so no interval"),
    )
    table = [
        (name, _percent(value), f"{_percent(low)} – {_percent(high)}" if low is not None else NONE, str(n))
        for name, value, low, high, n in rows
    ]
    head = (gettext("Site"), gettext("Satisfied"), gettext("Interval (95 %)"), "n")
    said = [
        f"{name} {value}" + (gettext(" (interval %(limits)s)", limits=limits) if limits != NONE else "")
        for name, value, limits, _ in table
    ]
    if reference is not None:
        said.append(f"{gettext('All sites')} {_percent(reference)}")
    told = in_words(gettext("Satisfied by site"), said)
    for first, last in ties:
        names = gettext(", ").join(str(row[0]) for row in rows[first : last + 1])
        told += ". " + gettext("No difference is shown between: %(names)s", names=names)
    return Chart(title, shape, told, head, table, note)


def progress(title: str, rows: Sequence[tuple[str, int, int | None]]) -> Chart:
    """Answers against targets; a target of None is none."""
    table = [
        (name, str(count), str(target) if target else NONE, _share(count, target) if target else NONE)
        for name, count, target in rows
    ]
    said = [
        gettext("%(name)s %(count)s of %(target)s (%(share)s)", name=name, count=count, target=target, share=share)
        if target != NONE
        else f"{name} {count}"
        for name, count, target, share in table
    ]
    head = (gettext("Site"), gettext("Answered"), gettext("Target"), gettext("Reached"))
    return Chart(title, Progress(rows, gettext("Target")), in_words(gettext("Answers by site"), said), head, table)


def timeline(title: str, counts: Mapping[str, int], by: str, flagged: Mapping[str, str], days: Sequence[str]) -> Chart:
    """Answers by hour or by day without gaps. `counts`: "2026-05-03 14:00" or "2026-05-03" -> number, in order.

    `by`: what one number is of, in words. `flagged`: moment -> why it stands out. `days`: labels of the days.
    """
    moments = list(counts)
    starts = [place for place, moment in enumerate(moments) if not place or moment[:10] != moments[place - 1][:10]]
    shape = Timeline(
        list(counts.values()),
        [[place, label] for place, label in zip(starts, days, strict=True)],
        [place for place, moment in enumerate(moments) if moment in flagged],
        by,
        gettext("more than chance explains"),
    )
    table = [(moment, str(count), flagged.get(moment, "")) for moment, count in counts.items() if count]
    most = max(counts, key=lambda moment: counts[moment])
    told = gettext(
        "%(sum)s answers from %(first)s to %(last)s; most at %(most)s: %(count)s.",
        sum=sum(counts.values()),
        first=moments[0],
        last=moments[-1],
        most=most,
        count=counts[most],
    )
    if flagged:
        said = (f"{moment}: {why}" for moment, why in flagged.items())
        told += " " + gettext("Stands out: %(moments)s", moments=gettext("; ").join(said))
    head = (gettext("Time"), gettext("Answers"), gettext("Stands out"))
    return Chart(title, shape, f"{by}: {told}", head, table)


def rates(title: str, rows: Sequence[tuple[str, Any, Any, int, int]], tolerated: float | None = None) -> Chart:
    """Error rates of spot checks in percent. `rows`: (label, rate, upper limit of the whole list, errors, checked)."""
    shape = Rates(
        rows,
        gettext("Share with an error among those checked"),
        gettext("At most in the whole list (95 %)"),
        tolerated,
        gettext("Tolerable rate"),
    )
    table = [
        (name, str(checked), str(errors), _percent(rate), _percent(limit))
        for name, rate, limit, errors, checked in rows
    ]
    said = [
        gettext(
            "%(name)s %(rate)s (%(errors)s of %(checked)s), at most %(limit)s in the whole list",
            name=name,
            rate=rate,
            errors=errors,
            checked=checked,
            limit=limit,
        )
        if limit != NONE
        else gettext(
            "%(name)s %(rate)s (%(errors)s of %(checked)s)", name=name, rate=rate, errors=errors, checked=checked
        )
        for name, checked, errors, rate, limit in table
    ]
    head = (
        *(gettext("List"), gettext("Checked"), gettext("With errors"), gettext("Error rate")),
        gettext("At most in the whole list"),
    )
    return Chart(title, shape, in_words(gettext("Error rates"), said), head, table)


def waterfall(title: str, rows: Sequence[tuple[str, float | None, float]]) -> Chart:
    """How points add up. `rows`: (indicator, points or None, the most it could be)."""
    shape = Waterfall(
        rows, gettext("Total"), gettext("Points earned"), gettext("Points missed"), gettext("no points yet")
    )
    table = [(name, _points(earned), _points(most), _missed(earned, most)) for name, earned, most in rows]
    earned, most = sum(row[1] or 0 for row in rows), sum(row[2] for row in rows)
    missed = sum(row[2] - row[1] for row in rows if row[1] is not None)
    table.append((gettext("Total"), _points(earned), _points(most), _points(missed)))
    said = [f"{name} {points} / {limit}" for name, points, limit, _ in (table[-1], *table[:-1])]
    head = (gettext("Indicator"), gettext("Points"), gettext("At most"), gettext("Missed"))
    return Chart(title, shape, in_words(gettext("Points earned of those possible"), said), head, table)


def funnel(title: str, steps: Sequence[tuple[str, int]]) -> Chart:
    """How many are left after each step; shares are of the first one."""
    first = steps[0][1]
    rows = [(name, count, 100 * count / first if first else None) for name, count in steps]
    table = [(name, str(count), _percent(share)) for name, count, share in rows]
    said = [f"{name} {count} ({share})" for name, count, share in table]
    head = (gettext("Step"), gettext("Number"), gettext("Of the first step"))
    return Chart(title, Funnel(rows), in_words(gettext("From slips to figures"), said), head, table)


def bars(title: str, rows: Sequence[tuple[str, float | None, float]], unit: str, places: int = 2) -> Chart:
    """What was reached out of what could be."""
    table = [(name, _number(reached, places), _number(most, places)) for name, reached, most in rows]
    said = [f"{name} {reached} / {most}" for name, reached, most in table]
    head = (gettext("Name"), gettext("Reached"), gettext("At most"))
    return Chart(title, Bars(rows, unit, places), in_words(unit or title, said), head, table)


def _percent(value: float | None) -> str:
    return NONE if value is None else f"{value:.1f}%"


def _points(value: float | None) -> str:
    return _number(value, 2)


def _number(value: float | None, places: int) -> str:
    return NONE if value is None else f"{value:.{places}f}"


def _missed(earned: float | None, most: float) -> str:
    return NONE if earned is None else f"{most - earned:.2f}"
