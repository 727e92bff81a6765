"""What surveys, spot checks, interviews and the methods of assessment found."""

from collections.abc import Mapping
from typing import Any

from flask_babel import gettext

from service.web.charts.shapes import Likert, Rates
from service.web.charts.wording import sides
from service.web.pages.desk.words import local, reason, word
from service.web.printing.reports.writer import (
    NONE,
    Writer,
    joined,
    labels,
    percent,
    short,
    withheld,
)

Facts = Mapping[str, Any]


def evidence(w: Writer, facts: Facts) -> None:
    w.heading(gettext("What was found"))
    _methods(w, facts)
    _surveys(w, facts)
    _draws(w, facts)
    _interviews(w, facts)


def _methods(w: Writer, facts: Facts) -> None:
    """G41-G45: the least of each method, and what there is."""
    w.heading(gettext("Methods of assessment"), 2)
    rows = [
        (
            word("method", one["method"]),
            local(one["label"]) if one["label"] else one["evidence"],
            str(one["needed"]) if one["needed"] else NONE,
            str(one["done"]),
            gettext("met") if one["met"] else gettext("not met"),
        )
        for one in facts["methods"]
    ]
    head = (
        gettext("Method of assessment"),
        gettext("What the method looks at"),
        gettext("At least"),
        gettext("Done"),
        gettext("Whether met"),
    )
    w.table(gettext("Minimum of each method"), head, rows, (3, 5, 1.8, 1.6, 2), {2, 3})


def _surveys(w: Writer, facts: Facts) -> None:
    if not facts["surveys"]:
        return
    w.heading(gettext("Surveys"), 2)
    w.text(
        gettext(
            "Shares are of valid answers to the headline question; who could not say is counted apart. An interval "
            "stands only where people were drawn at random from a frozen list. Groups of fewer than ten persons, and "
            "small groups in which all answered alike, are not shown."
        )
    )
    named = labels(facts)
    rows = [
        (
            named[one["node"]],
            str(one["n"]),
            percent(one["response_rate"]),
            withheld() if one["hidden"] else short(one["figure_value"]),
            _interval(one),
            joined([word("distribution", code) for code in one["distributions"]]) or NONE,
        )
        for one in facts["surveys"]
    ]
    head = (
        *(gettext("Indicator"), gettext("Valid answers"), gettext("Response rate"), gettext("Value of the figure")),
        *(gettext("Interval (95 %)"), gettext("How the codes were handed out")),
    )
    w.table(gettext("Surveys and their figures"), head, rows, (3.4, 1.8, 1.8, 1.6, 3.2, 3.4), {1, 2, 3})
    for one in facts["surveys"]:
        if one["levels"]:
            _levels(w, named[one["node"]], one)


def _interval(one: Facts) -> str:
    if one["hidden"]:
        return withheld()
    if one["institutions"]:
        return gettext("none: opinions of institutions are no sample")
    if one["interval"]:
        return f"{percent(one['interval'][0])} – {percent(one['interval'][1])}"
    said = reason(one["interval_reason"]) if one["interval_reason"] else NONE
    if one["bounds"]:
        low, high = (percent(share) for share in one["bounds"])
        said += gettext(
            " If all silent persons were dissatisfied or satisfied: %(low)s to %(high)s.", low=low, high=high
        )
    return said


def _levels(w: Writer, label: str, one: Facts) -> None:
    """The answers by level, as a chart and as the table of its data."""
    whole = sum(level["count"] for level in one["levels"])
    names = [local(level["label"]) for level in one["levels"]]
    shares = [100 * level["count"] / whole if whole else 0.0 for level in one["levels"]]
    worst_first = [level["count"] for level in reversed(one["levels"])]
    said = gettext("; ").join(f"{name} {share:.1f}%" for name, share in zip(names, shares, strict=True))
    caption = gettext("Answers: %(indicator)s", indicator=label)
    w.figure(caption, said, Likert(names[::-1], sides(len(names)), [(label, worst_first)]))
    rows = [
        (name, str(level["count"]), f"{share:.1f}%")
        for name, level, share in zip(names, one["levels"], shares, strict=True)
    ]
    rows.append((gettext("Valid answers"), str(whole), "100.0%" if whole else NONE))
    rows.append((gettext("Cannot say"), one["cannot_say"], NONE))
    w.table(
        caption, (local(one["question"]), gettext("Number"), gettext("Share")), rows, (6, 2, 2), {1, 2}, {len(names)}
    )


def _draws(w: Writer, facts: Facts) -> None:
    checked = [one for one in facts["draws"] if one["frame_kind"] not in ("recipient", "worker", "partner")]
    if not checked:
        return
    w.heading(gettext("Spot checks"), 2)
    w.text(
        gettext(
            "Records were drawn at random from frozen lists. A record that was not found counts as one with an error: "
            "losing records does not pay. The limit says that, at a confidence of 95 percent, no more records of the "
            "whole list have an error."
        )
    )
    rows = [
        (
            f"{one['frame']} ({one['id']})",
            str(one["population"]),
            str(one["drawn"]),
            str(one["checked"]),
            withheld() if one["hidden"] else str(one["errors"]),
            withheld() if one["hidden"] else percent(one["rate"]),
            _limit(one),
        )
        for one in checked
    ]
    head = (
        *(gettext("List (draw)"), gettext("Records"), gettext("Drawn"), gettext("Checked")),
        *(gettext("With errors"), gettext("Error rate"), gettext("At most in the whole list")),
    )
    w.table(gettext("Spot checks"), head, rows, (4, 1.4, 1.4, 1.4, 1.6, 1.7, 3.2), {1, 2, 3, 4, 5})
    _rates(w, [one for one in checked if not one["hidden"] and one["checked"]])
    _attributes(w, checked)


def _rates(w: Writer, shown: list[Facts]) -> None:
    if not shown:
        return
    rows = [
        (
            f"{one['frame']} ({one['id']})",
            None if one["rate"] is None else float(one["rate"]),
            None if one["limit"] is None else 100 * one["limit"] / one["population"],
            one["errors"],
            one["checked"],
        )
        for one in shown
    ]
    shape = Rates(rows, gettext("Error rate"), gettext("At most in the whole list"))
    said = [
        f"{row[0]} {percent(one['rate'])} ({row[3]}/{row[4]}), {_limit(one)}"
        for row, one in zip(rows, shown, strict=True)
    ]
    w.figure(gettext("Error rates"), gettext("; ").join(said), shape)


def _limit(one: Facts) -> str:
    if one["hidden"]:
        return withheld()
    if one["limit"] is not None:
        return gettext("%(limit)s of %(population)s", limit=one["limit"], population=one["population"])
    return word("limit_reason", one["limit_reason"]) if one["limit_reason"] else NONE


def _attributes(w: Writer, checked: list[Facts]) -> None:
    rows = [
        (one["frame"], word("attribute", name), str(judged), str(failed), str(lost))
        for one in checked
        for name, judged, failed, lost in one["attributes"]
    ]
    head = (gettext("List"), gettext("Aspect"), gettext("Judged"), gettext("Failed"), gettext("Not found"))
    w.table(gettext("Attributes of the records checked"), head, rows, (5, 3, 2, 2, 2), {2, 3, 4})


def _interviews(w: Writer, facts: Facts) -> None:
    if not facts["interviews"]:
        return
    w.heading(gettext("Interviews"), 2)
    rows = [
        (
            one["plan"],
            str(sum(cell[2] for cell in one["cells"])),
            str(sum(cell[3] for cell in one["cells"])),
            str(sum(cell[4] for cell in one["cells"])),
            str(one["replaced"]),
            percent(one["rates"].get("RR1")),
            str(one["record_failures"]),
        )
        for one in facts["interviews"]
    ]
    head: tuple[str, ...] = (
        *(gettext("Plan"), gettext("Wanted"), gettext("Effective"), gettext("Persons")),
        *(gettext("Replaced"), gettext("Response rate (RR1)"), gettext("Records denied")),
    )
    w.table(gettext("Interviews with persons drawn at random"), head, rows, (3, 2, 2, 2, 2, 2.4, 2), {1, 2, 3, 4, 5, 6})
    cells = [
        (one["plan"], stratum or NONE, word("mode", mode), str(wanted), str(effective), str(persons))
        for one in facts["interviews"]
        for stratum, mode, wanted, effective, persons in one["cells"]
    ]
    head = (
        *(gettext("Plan"), gettext("Stratum"), gettext("Mode")),
        *(gettext("Wanted"), gettext("Effective"), gettext("Persons")),
    )
    w.table(gettext("Interviews by stratum and mode"), head, cells, (3, 4, 3, 2, 2, 2), {3, 4, 5})
