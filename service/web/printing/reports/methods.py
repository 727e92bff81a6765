"""The appendix of a report: scoring rules, who was asked, draws with their seeds, formulas, deadlines."""

from collections.abc import Mapping
from typing import Any

from flask_babel import gettext

from service.web.pages.desk.words import local, word
from service.web.printing.reports.writer import NONE, Writer, joined, labels, percent, short

Facts = Mapping[str, Any]


def rules(w: Writer, facts: Facts) -> None:
    """Each indicator's scoring rule, and what each level of an answer is worth."""
    w.heading(gettext("Scoring rules"), 2)
    rows = [
        (local(node["label"]), word("type", node["type"]), _rule(node["how"]), joined(node["rules"]))
        for node in facts["nodes"]
        if node["how"]
    ]
    head: tuple[str, ...] = (
        gettext("Indicator"),
        gettext("Kind"),
        gettext("How it is scored"),
        gettext("Rules of the measures"),
    )
    w.table(gettext("Scoring rule of each indicator"), head, rows, (4, 2, 5.5, 2))
    used = {one["figure"].partition(":")[2] for one in facts["surveys"]}
    levels = [
        (name, code, short(points))
        for name, mapping in sorted(facts["scheme"]["mappings"].items())
        if name in used
        for code, points in mapping["points"].items()
    ]
    head = (gettext("Mapping"), gettext("Level"), gettext("Worth"))
    w.table(gettext("What each level of an answer is worth"), head, levels, (4, 4, 2), {2})


def _rule(how: Facts) -> str:
    """The parameters of a scoring rule in one line."""
    kind = how.get("is")
    if kind == "Survey":
        return joined([_figure(how), _curve(how["points"]), _minimum(how)])
    if kind == "Check":
        tolerable = gettext("tolerable %(rate)s%%", rate=short(how["tolerable_rate"]))
        return joined([_curve(how["error_points"]), tolerable])
    if kind == "Expert":
        least = gettext("at least %(count)s scores", count=how["min_raters"])
        return joined([word("raters", how["raters"]), word("aggregate", how["aggregate"]), least])
    if kind == "Counter":
        level = word("level", how["level"])
        per = word("denominator", how["denominator"]) if how["denominator"] else ""
        cap = gettext("verified ÷ target, at most %(cap)s%%", cap=short(how["cap"]))
        return joined([level, per, cap])
    if kind == "Ratio":
        of = gettext("%(part)s ÷ %(whole)s", part=local(how["numerator"]), whole=local(how["denominator"]))
        return joined([of, _curve(how["points"])])
    if kind == "Measured":
        return joined([local(how["unit"]), _curve({"is": "Steps", "steps": how["steps"]})])
    if kind == "Events":
        return joined([f"{local(type_['label'])} {short(type_['points'])}" for type_ in how["types"].values()])
    return gettext("must be met; earns nothing itself") if kind == "Gate" else NONE


def _figure(how: Facts) -> str:
    base, _, mapping = how["figure"].partition(":")
    return word("figure", base) + (f" ({mapping})" if mapping else "")


def _minimum(how: Facts) -> str:
    least = gettext("at least %(count)s answers", count=how["min_n"])
    rate = gettext("response rate at least %(rate)s%%", rate=short(how["min_response"]))
    return joined([least, rate, gettext("below that: %(what)s", what=word("if_below", how["if_below"]))])


def _curve(points: Facts) -> str:
    kind = points["is"]
    if kind == "Target":
        return gettext(
            "full points from %(target)s, each point below costs %(deduction)s",
            target=short(points["target"]),
            deduction=short(points["deduction"]),
        )
    if kind == "ZeroAt":
        return gettext("no points from an error rate of %(rate)s%%", rate=short(points["rate"]))
    if kind == "Steps":
        steps = [f"{short(step['start'])}+ → {short(step['points'])}" for step in points["steps"]]
        return gettext("steps: %(steps)s", steps=joined(steps))
    return gettext("points equal the figure")


def populations(w: Writer, facts: Facts) -> None:
    """Who was asked how, how many answered: the basis of each survey figure."""
    if not facts["surveys"]:
        return
    w.heading(gettext("Who was asked"), 2)
    named = labels(facts)
    rows = [
        (
            named[one["node"]],
            f"{one['questionnaire']}\n{one['questionnaire_digest']}",
            str(one["frame_size"]) if one["frame_size"] is not None else NONE,
            str(one["issued"]) if one["issued"] is not None else NONE,
            str(one["answered"]) if one["answered"] is not None else NONE,
            percent(one["response_rate"]),
            joined([word("mode", code) for code in one["modes"]]) or NONE,
        )
        for one in facts["surveys"]
    ]
    head: tuple[str, ...] = (
        *(gettext("Indicator"), gettext("Questionnaire and its SHA-256"), gettext("In the frame (N)")),
        *(gettext("Asked"), gettext("Answered"), gettext("Response rate"), gettext("Modes")),
    )
    w.table(gettext("Populations and response rates"), head, rows, (2.6, 4, 1.7, 1.4, 1.6, 1.7, 2.4), {2, 3, 4, 5})
    institutions = [
        (named[one["node"]], str(one["institutions"]["returned"]), str(one["institutions"]["listed"]), _silent(one))
        for one in facts["surveys"]
        if one["institutions"]
    ]
    head = (gettext("Indicator"), gettext("Opinions signed"), gettext("Asked"), gettext("Without an opinion"))
    w.table(gettext("Opinions of institutions"), head, institutions, (4, 1.5, 1.5, 5), {1, 2})
    tallies = [
        (named[one["node"]], one["digest"], gettext("frozen") if one["frozen"] else gettext("not frozen"))
        for one in facts["surveys"]
    ]
    head = (gettext("Indicator"), gettext("SHA-256 of the counted answers"), gettext("State"))
    w.table(gettext("Tallies"), head, tallies, (4, 7, 2))


def _silent(one: Facts) -> str:
    return joined(one["institutions"]["missing"]) or NONE


def draws(w: Writer, facts: Facts) -> None:
    """What makes each draw again: list, seed, number (G45)."""
    if not facts["draws"]:
        return
    w.heading(gettext("Frames and draws"), 2)
    w.text(
        gettext(
            "The seed is the SHA-256 of the list's SHA-256, the number of the draw, the secrets that the parties had "
            "committed to, and the public value. The records with the smallest tickets, SHA-256 of seed and serial, "
            "are drawn (consistent sampling). Whoever has the list can draw again: “minyi verify-draw”, or the page "
            "of the verifier."
        )
    )
    for one in facts["draws"]:
        rows = [
            (gettext("List"), f"{one['frame']} ({one['frame_source']})"),
            (gettext("Frozen on"), w.day(one["frozen_on"])),
            (gettext("SHA-256 of the list"), one["frame_sha256"]),
            (gettext("Records or persons"), _size(one)),
            (gettext("Drawn"), _drawn(one)),
            (gettext("Secrets committed by"), joined([word("party", part) for part in one["parties"]]) or NONE),
            (gettext("Public value"), joined([one["public_source"], one["public"]]) or NONE),
            (gettext("Seed"), one["seed"] or gettext("not shown before the visits are over")),
        ]
        caption = gettext("Draw %(draw)s", draw=one["id"])
        w.table(caption, (gettext("Particulars"), gettext("Entry")), rows, (3, 9))


def _size(one: Facts) -> str:
    if not one["strata"]:
        return str(one["population"])
    return gettext("%(count)s in %(strata)s strata", count=one["population"], strata=one["strata"])


def _drawn(one: Facts) -> str:
    said = gettext("%(count)s, draw no. %(number)s of this list", count=one["drawn"], number=one["number"])
    if one["stages"] > 1:
        said = joined([said, gettext("in %(stages)s stages", stages=one["stages"])])
    return said


def formulas(w: Writer, facts: Facts) -> None:
    w.heading(gettext("Formulas"), 2)
    rows = [
        (gettext("Total"), gettext("sum of weight × score over the tree, exact decimals, never rounded on the way")),
        (
            gettext("Index of satisfaction"),
            gettext("mean over the items of the item's mean, each over its valid answers"),
        ),
        (gettext("Interval of a share"), gettext("Wilson, finite population, 95 %; persons drawn at random only")),
        (gettext("Response rate"), gettext("AAPOR RR1: complete answers out of all who were asked")),
        (
            gettext("Limit of errors"),
            gettext("exact hypergeometric, one-sided, 95 %; over strata by Wendell and Schmee"),
        ),
        (gettext("Corrected volume"), gettext("claimed volume × verified share of the drawn items (ratio estimator)")),
    ]
    w.table(gettext("Formulas"), (gettext("Particulars"), gettext("How")), rows, (3, 9))


def interval(w: Writer, facts: Facts) -> None:
    """What sampling alone leaves open of the total (it is graded as it is)."""
    found = facts["interval"]
    if found is None:
        return
    w.heading(gettext("How sure the total is"), 2)
    w.text(
        gettext(
            "By sampling alone the total lies between %(lower)s and %(upper)s (95 percent); the standard errors of "
            "what was sampled are propagated by weight.",
            lower=short(found["lower"]),
            upper=short(found["upper"]),
        )
    )
    if found["not_separated"]:
        grades = joined([local(label) for label in found["not_separated"]])
        w.text(gettext("It is not separated from: %(grades)s. The grade follows from the total itself.", grades=grades))
    if found["unstated"]:
        named = joined([labels(facts)[id] for id in found["unstated"]])
        w.text(gettext("Nothing can be said of: %(indicators)s; they rest on no random sample.", indicators=named))


def deadlines(w: Writer, facts: Facts) -> None:
    """The terms used, from which event to which day, and where they stand."""
    named = {one["id"]: one for one in facts["scheme"]["deadlines"]}
    used = {one["id"]: one for one in facts["round"]["deadlines"]}
    rows = [_deadline(w, named.get(id, {}), used.get(id, {}), id) for id in dict.fromkeys([*named, *used])]
    if not rows:
        return
    w.heading(gettext("Deadlines"), 2)
    head = (gettext("Deadline"), gettext("Term"), gettext("Runs from"), gettext("Last day"), gettext("Basis"))
    w.table(gettext("Deadlines and their basis"), head, rows, (3, 2.4, 2.4, 2.6, 3.4))


def _deadline(w: Writer, rule: Facts, used: Facts, id: str) -> tuple[str, ...]:
    days = used.get("days") or rule.get("n")
    unit = used.get("unit") or rule.get("unit")
    working = unit in ("workday", "working")
    term = NONE
    if days:
        term = gettext("%(count)s working days", count=days) if working else gettext("%(count)s days", count=days)
    last = w.day(used.get("on"))
    if used.get("provisional"):
        last = joined([last, gettext("provisional")])
    basis = used.get("basis") or rule.get("basis") or joined(rule.get("rules", ()))
    return (local(rule["label"]) if rule.get("label") else id, term, w.day(used.get("event_on")), last, basis or NONE)
