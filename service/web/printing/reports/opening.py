"""The first parts of a report: what was evaluated by whom, and the overall result with what it sums up."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from flask_babel import gettext

from service.web.charts.shapes import Shape, Waterfall
from service.web.pages.desk.words import local, word
from service.web.printing.reports import codes
from service.web.printing.reports.writer import (
    NONE,
    Writer,
    bars,
    in_words,
    joined,
    labels,
    number,
    numbers,
    remarked,
    short,
    withheld,
)

Facts = Mapping[str, Any]


def basics(w: Writer, facts: Facts) -> None:
    """Who, what, when, under which rules."""
    w.heading(gettext("The evaluation"))
    project, round, scheme, parties = facts["project"], facts["round"], facts["scheme"], facts["parties"]
    w.text(
        gettext(
            "This report tells how each standard was carried out, the partial results and the overall result. Each "
            "number leads back to its evidence; the appendix says how it was obtained."
        )
    )
    rows = [
        (gettext("Project"), project["name"]),
        (gettext("Service provider"), parties["provider"]),
        (gettext("Purchaser"), parties["purchaser"]),
        (gettext("Authority in charge"), parties["authority"]),
        (gettext("Evaluator"), parties["evaluator"]),
        (gettext("Kind of evaluation"), word("kind", round["kind"])),
        (gettext("Led by"), _lead(facts)),
        (gettext("Period of the project"), _period(w, project)),
        (gettext("Evaluation opened on"), w.day(round["opened_on"])),
        (gettext("Scheme"), f"{local(scheme['title'])} ({scheme['id']}@{scheme['version']})"),
        (gettext("Legal basis"), scheme["legal_basis"] or NONE),
        (gettext("Adopted by"), adoption(w, facts)),
        (gettext("Scheme served on the provider"), _served(w, round)),
        (gettext("Evaluation group"), _group(facts)),
    ]
    w.table(gettext("Facts of the evaluation"), (gettext("Particulars"), gettext("Entry")), rows, (3, 9))


def _period(w: Writer, project: Facts) -> str:
    if not project["starts_on"] and not project["ends_on"]:
        return NONE
    return f"{w.day(project['starts_on'])} – {w.day(project['ends_on'])}"


def _lead(facts: Facts) -> str:
    lead = facts["round"]["lead"]
    named = f"{word('party', lead)} ({facts['parties'][lead]})"
    reason = facts["round"]["direct_reason"]
    return named if not reason else f"{named}: {reason}"


def adoption(w: Writer, facts: Facts) -> str:
    """The document by which the lead adopted what the measures do not say."""
    adopted = facts["round"]["adoption"]
    if not adopted:
        return gettext("not recorded") if facts["scheme"]["examples"] else NONE
    return joined([adopted.get("document", ""), adopted.get("number", ""), w.day(adopted.get("date"))])


def _served(w: Writer, round: Facts) -> str:
    served = round["served"]
    return w.day(served.get("on")) if served.get("on") else NONE


def _group(facts: Facts) -> str:
    """By category and number; nobody by name."""
    told = [f"{codes.told('member', one['category'])} {one['count']}" for one in facts["group"]]
    return joined(told) or NONE


def overall(w: Writer, facts: Facts) -> None:
    """Total and grade, the standards, the four objects (G01), process and result by objective and subjective (G09)."""
    w.heading(gettext("Overall result"))
    score = facts["score"]
    if score["grade"]:
        grade = local(score["grade"]["label"])
        text = gettext(
            "The total is %(total)s of 100 points. The grade is “%(grade)s”.", total=score["shown"], grade=grade
        )
    else:
        text = gettext("The total is %(total)s points. The scheme has no grades.", total=score["shown"])
    w.text(text)
    for failed in score["failed_gates"]:
        w.text(remarked(failed))
    if score["provisional"]:
        w.text(
            gettext(
                "This total is provisional: evidence for %(share)s of 100 points is missing. With all of it the total "
                "could be at most %(highest)s.",
                share=short(str(100 - Decimal(score["max_scorable"]))),
                highest=short(score["highest_possible"]),
            )
        )
    if score["grade"]:
        w.text(rounding(w, facts))
    _standards(w, facts)
    _objects(w, facts)
    _kinds(w, facts)


def rounding(w: Writer, facts: Facts) -> str:
    """G54: how the grade follows from the total, and that rounding is for printing only."""
    score, boundary = facts["score"], facts["scheme"]["boundary"]
    said = {
        "half_open": gettext(
            "A grade holds from its lower limit (included) up to the next one (excluded); the measures leave the "
            "space between whole numbers open."
        ),
        "truncate_first": gettext("For the grade, decimals of the total are cut off first."),
        "round_half_up_first": gettext("For the grade, the total is rounded to a whole number first."),
    }
    texts = [
        said.get(boundary, ""),
        gettext("The grade is that of the unrounded total; rounding to two places is for printing only."),
    ]
    if score["shown_in_other_band"]:
        texts.append(
            gettext(
                "Note: as printed, %(shown)s would stand in another grade; the unrounded total, %(total)s, decides.",
                shown=score["shown"],
                total=score["total"],
            )
        )
    return ("" if w.chinese else " ").join(texts)


def _standards(w: Writer, facts: Facts) -> None:
    named, standards = labels(facts), [node for node in facts["nodes"] if node["parent"] is None]
    names = [named[node["id"]] for node in standards]
    earned, most = [node["points"] for node in standards], [node["max_points"] for node in standards]
    w.figure(gettext("Points of the standards"), in_words(names, earned, most), _adding_up(names, earned, most))
    rows = [
        (
            named[node["id"]],
            f"{short(node['weight'])}%",
            _of(node, "score"),
            _of(node, "points"),
            number(node["max_points"]),
        )
        for node in standards
    ]
    rows.append((gettext("Total"), "100%", facts["score"]["shown"], facts["score"]["shown"], "100.00"))
    head: tuple[str, ...] = (
        gettext("Standard"),
        gettext("Weight"),
        gettext("Score of 100"),
        gettext("Points"),
        gettext("At most"),
    )
    w.table(gettext("The standards and the total"), head, rows, (5, 2, 2, 2, 2), {1, 2, 3, 4}, {len(rows) - 1})
    bands = [
        (local(band["label"]), short(band["lower"]), short(band["upper"]) if band["upper"] != "100" else "100")
        for band in facts["scheme"]["bands"]
    ]
    head = (gettext("Grade"), gettext("From (included)"), gettext("To (excluded, but 100 included)"))
    w.table(gettext("Grades"), head, bands, (4, 3, 4), {1, 2})


def _adding_up(names: list[str], earned: list[str | None], most: list[str]) -> Shape:
    """Bars one by one where points of some are not told: they would not add up to the total."""
    if None in earned:
        return bars(names, earned, most, _unit())
    rows = list(zip(names, numbers(earned), numbers(most), strict=True))
    words = {"earned": gettext("Points earned"), "missed": gettext("Points missed"), "open": gettext("no points yet")}
    return Waterfall(rows, gettext("Total"), **words)


def _of(node: Facts, name: str) -> str:
    return withheld() if node["hidden"] else number(node[name])


def _unit() -> str:
    return gettext("points / at most")


def _objects(w: Writer, facts: Facts) -> None:
    w.heading(gettext("The four objects of evaluation"), 2)
    w.text(
        gettext(
            "The measures name four objects of evaluation. An indicator may speak of several of them and then counts "
            "in each, so these points do not add up to the total."
        )
    )
    shares = facts["objects"]
    names = [word("object", one["key"][0]) for one in shares]
    _sums(w, gettext("Points by object of evaluation"), gettext("Object"), names, shares)


def _sums(w: Writer, caption: str, what: str, names: list[str], shares: list[Facts]) -> None:
    earned, most = [one["points"] for one in shares], [one["max_points"] for one in shares]
    w.figure(caption, in_words(names, earned, most), bars(names, earned, most, _unit()))
    rows = [
        (name, str(one["nodes"]), _points(one), number(one["max_points"]), _reached(one))
        for name, one in zip(names, shares, strict=True)
    ]
    head = (what, gettext("Indicators"), gettext("Points"), gettext("At most"), gettext("Reached"))
    w.table(caption, head, rows, (5, 2, 2, 2, 2), {1, 2, 3, 4})


def _points(one: Facts) -> str:
    return withheld() if one["points"] is None else number(one["points"])


def _reached(one: Facts) -> str:
    if one["points"] is None or not Decimal(one["max_points"]):
        return NONE
    return f"{number(str(100 * Decimal(one['points']) / Decimal(one['max_points'])), 1)}%"


def _kinds(w: Writer, facts: Facts) -> None:
    w.heading(gettext("Process and result, objective and subjective"), 2)
    names = [_kind(one["key"]) for one in facts["kinds"]]
    _sums(w, gettext("Points by kind of indicator"), gettext("Kind of indicator"), names, facts["kinds"])
    cells = {tuple(one["key"]): one for one in facts["kinds"]}
    views, natures = ("objective", "subjective"), ("process", "result")
    rows = [(word("nature", nature), *(_cell(cells.get((nature, view))) for view in views)) for nature in natures]
    head = (gettext("Kind of indicator"), *(word("view", view) for view in views))
    w.table(gettext("Points out of at most, two by two"), head, rows, (3, 4, 4), {1, 2})


def _kind(key: list[str]) -> str:
    if not any(key):
        return gettext("not said")
    return f"{word('nature', key[0])} · {word('view', key[1])}"


def _cell(one: Facts | None) -> str:
    return NONE if one is None else f"{_points(one)} / {number(one['max_points'])}"
