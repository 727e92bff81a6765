"""The last parts: what is missing, left out or objected to; the purchaser's opinion; how everything was obtained."""

from collections.abc import Mapping
from typing import Any

from flask_babel import gettext

from service.web.pages.desk.words import word
from service.web.printing.reports import codes, methods
from service.web.printing.reports.standards import example
from service.web.printing.reports.writer import Writer, joined, labels, remarked

Facts = Mapping[str, Any]


def exceptions(w: Writer, facts: Facts) -> None:
    """Nothing is dropped in silence."""
    w.heading(gettext("Missing, left out, waived, objected to"))
    named = labels(facts)
    missing = [(named.get(one["node"], one["node"]), remarked(one)) for one in facts["missing"]]
    left_out = [(named.get(one["node"], one["node"]), remarked(one)) for one in facts["excluded"]]
    left_out += _left_out(facts)
    head: tuple[str, ...] = (gettext("Indicator"), gettext("Explanation"))
    _list(w, gettext("Missing evidence"), head, missing, gettext("No evidence is missing."))
    _list(w, gettext("Evidence left out"), head, left_out, gettext("No evidence was left out."))
    _corrections(w, facts)
    waived = [(_gate(facts, one), one["reason"], w.day(one["day"])) for one in facts["waivers"]]
    head = (gettext("What was not met"), gettext("Reason"), gettext("Day"))
    _list(w, gettext("Waived by the lead"), head, waived, gettext("Nothing was waived."), (5, 5, 2))
    open_cases = [
        (codes.told("case", one["kind"]), one["subject"], w.day(one["day"]), w.day(one["due"]))
        for one in facts["cases"]
    ]
    head = (gettext("Kind"), gettext("About"), gettext("Received"), gettext("To be answered by"))
    none = gettext("No objection and no appeal is open.")
    _list(w, gettext("Open objections and appeals"), head, open_cases, none, (3, 5, 2.5, 2.5))


def _list(
    w: Writer,
    caption: str,
    head: tuple[str, ...],
    rows: list[Any],
    none: str,
    widths: tuple[float, ...] = (4, 8),
) -> None:
    if rows:
        w.table(caption, head, rows, widths)
    else:
        w.text(none)


def _left_out(facts: Facts) -> list[tuple[str, str]]:
    """Drawn items without an accepted check, and draws that a complaint caused (C15)."""
    found = []
    for one in facts["draws"]:
        for code, count in one["left_out"]:
            found.append((one["frame"], f"{word('left_out', code)}: {count}"))
        if one["trigger"] != "plan":
            text = gettext("Looked at because of a complaint or a report; no random sample, so in no estimate.")
            found.append((one["frame"], text))
    for one in facts["surveys"]:
        if one["helped"] != "0":
            text = gettext("Answers helped by staff of the service, out of the points: %(count)s", count=one["helped"])
            found.append((labels(facts)[one["node"]], text))
        if one["changed"]:
            text = gettext("Answers were withdrawn after the score was taken; their levels are not told apart here.")
            found.append((labels(facts)[one["node"]], text))
    return found


def _gate(facts: Facts, one: Facts) -> str:
    """What the lead waived: the demand, and the indicator or method that it was about."""
    subject = str(labels(facts).get(one["subject"], one["subject"]))
    return joined([codes.told("gate", one["gate"]), subject])


def _corrections(w: Writer, facts: Facts) -> None:
    """A result after a correction says what was corrected and why; the version before stays."""
    rows = [(labels(facts).get(one["node"], one["node"]), one["reason"]) for one in facts["corrections"]]
    if rows:
        caption = gettext("Corrected in this version of the result, no. %(number)s", number=facts["result"]["number"])
        w.table(caption, (gettext("Indicator"), gettext("Reason")), rows, (4, 8))


def opinion(w: Writer, facts: Facts) -> None:
    """S06: what the purchaser itself says; an empty place for it until then."""
    w.heading(gettext("Opinion of the purchaser"))
    said = facts["opinion"]
    if said is None:
        w.text(gettext("The purchaser has not given its opinion yet."))
        return
    w.text(said["text"])
    w.text(joined([facts["parties"]["purchaser"], w.day(said["day"])]))


def appendix(w: Writer, facts: Facts) -> None:
    """How each number was obtained, so that it can be obtained again."""
    w.heading(gettext("Appendix: how the numbers were obtained"))
    methods.rules(w, facts)
    methods.populations(w, facts)
    methods.draws(w, facts)
    methods.formulas(w, facts)
    methods.interval(w, facts)
    methods.deadlines(w, facts)
    _examples(w, facts)
    _seal(w, facts)


def _examples(w: Writer, facts: Facts) -> None:
    w.heading(gettext("What the measures do not say"), 2)
    scheme, named = facts["scheme"], labels(facts)
    if not scheme["examples"]:
        w.text(gettext("Every weight and every scoring rule has a printed source."))
        return
    w.text(
        gettext(
            "Marked “%(mark)s”: weights and scoring rules of these indicators, and values of levels, are not in the "
            "measures. They hold because the lead adopted them.",
            mark=example(),
        )
    )
    w.text(gettext(", ").join(named[id] for id in scheme["examples"] if id in named))
    rows = [
        (change["subject"], codes.told("scheme_change", change["action"]), change["reason"])
        for change in scheme["changes"]
    ]
    head = (gettext("Part of the scheme"), gettext("Kind of change"), gettext("Reason"))
    w.table(gettext("Where the scheme differs from what it extends"), head, rows, (3, 2, 6))


def _seal(w: Writer, facts: Facts) -> None:
    w.heading(gettext("What this rests on"), 2)
    inputs, journal, result = facts["inputs"], facts["journal"], facts["result"]
    rows = [
        (
            gettext("Frozen result"),
            f"{result['id']}, {w.day(result['day'])}" if result["id"] else gettext("none: a draft"),
        ),
        (gettext("SHA-256 of the scheme"), inputs["scheme"]),
        (gettext("SHA-256 of the evidence"), inputs["evidence"]),
        (gettext("SHA-256 of scheme and evidence"), inputs["score"]),
        *([(gettext("Head of the journal at freezing"), result["journal"])] if result["journal"] else []),
        (gettext("Head of the journal"), f"{journal['scope']}: {journal['hash']}"),
        (gettext("Report"), facts["report"]["id"]),
    ]
    w.table(
        gettext("Digests by which everything can be checked"), (gettext("Particulars"), gettext("Entry")), rows, (4, 9)
    )


def closing(w: Writer, facts: Facts) -> list[list[str]]:
    """Who signs: the evaluator, and the purchaser for its opinion."""
    parties, seal = facts["parties"], gettext("(seal)")
    signers = [[f"{parties['evaluator']}{seal}", w.day(facts["report"]["day"])]]
    said = facts["opinion"]
    signers.append([f"{parties['purchaser']}{seal}", w.day(said["day"]) if said else gettext("(day)")])
    return signers
