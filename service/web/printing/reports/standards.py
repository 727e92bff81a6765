"""How each standard was carried out: every indicator with its points, method and evidence (G52)."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from flask_babel import gettext

from service.domain.evaluate.node_scores import Arithmetic
from service.web.pages.desk.words import calculation, local, word
from service.web.printing.reports.writer import NONE, Writer, joined, number, remarked, short, withheld

Facts = Mapping[str, Any]


def execution(w: Writer, facts: Facts) -> None:
    w.heading(gettext("How each standard was carried out"))
    w.text(
        gettext(
            "For each indicator: its weight within what it belongs to, its score of 100 and the points that it brings "
            "to the total. Indicators marked “%(mark)s” have a weight or a scoring rule that the measures do not name.",
            mark=example(),
        )
    )
    for standard in [node for node in facts["nodes"] if node["parent"] is None]:
        own = _below(facts, standard["id"])
        w.heading(local(standard["label"]), 2)
        w.text(_summary(standard, own))
        _results(w, standard, own)
        _bases(w, facts, standard, own)


def example() -> str:
    return gettext("example")


def marked(node: Facts) -> str:
    """The label, with the mark of what the measures do not say."""
    label = local(node["label"])
    return f"{label} [{example()}]" if node["example"] else label


def _below(facts: Facts, standard: str) -> list[Facts]:
    found, inside = [], {standard}
    for node in facts["nodes"]:
        if node["id"] in inside or node["parent"] in inside:
            inside.add(node["id"])
            found.append(node)
    return found


def _summary(standard: Facts, own: list[Facts]) -> str:
    leaves = [node for node in own if node["type"] != "composite"]
    unscored = sum(not node["scored"] for node in leaves)
    if standard["hidden"]:
        return gettext("The numbers of this standard are not shown: they would tell of too few persons.")
    said = gettext(
        "%(count)s indicators earn %(points)s of %(most)s points (%(share)s%%).",
        count=len(leaves),
        points=number(standard["points"]),
        most=number(standard["max_points"]),
        share=number(str(100 * Decimal(standard["points"]) / Decimal(standard["max_points"])), 1),
    )
    if unscored:
        said += gettext(" %(count)s of them could not be scored.", count=unscored)
    return said


def _results(w: Writer, standard: Facts, own: list[Facts]) -> None:
    rows, indents = [], []
    for node in own:
        scored = withheld() if node["hidden"] else number(node["score"])
        points = withheld() if node["hidden"] else number(node["points"])
        methods = joined([word("method", name) for name in node["methods"]]) or word("type", node["type"])
        most = number(node["max_points"])
        rows.append((marked(node), methods, f"{short(node['weight'])}%", scored, f"{points} / {most}"))
        indents.append(node["depth"])
    head = (
        *(gettext("Indicator"), gettext("Method of assessment")),
        *(gettext("Weight"), gettext("Score of 100"), gettext("Points / at most")),
    )
    caption = gettext("Partial results: %(standard)s", standard=local(standard["label"]))
    w.table(caption, head, rows, (5, 3, 1.6, 1.8, 2.8), {2, 3, 4}, {0}, indents)


def _bases(w: Writer, facts: Facts, standard: Facts, own: list[Facts]) -> None:
    rows = [(marked(node), _basis(node), _evidence(w, facts, node)) for node in own if node["type"] != "composite"]
    head = (gettext("Indicator"), gettext("How the score came about"), gettext("Evidence"))
    caption = gettext("Basis of each indicator: %(standard)s", standard=local(standard["label"]))
    w.table(caption, head, rows, (3.4, 5, 5))


def _basis(node: Facts) -> str:
    if node["hidden"]:
        return gettext("Not shown: together with the rest it would tell of too few persons.")
    parts = []
    if node["arithmetic"]:
        parts.append(calculation(Arithmetic(node["arithmetic"]["formula"], (), node["arithmetic"]["text"])))
    parts += [remarked(one) for one in (*node["missing"], *node["notes"])]
    return _lines(parts)


def _evidence(w: Writer, facts: Facts, node: Facts) -> str:
    id = node["id"]
    parts = [_survey(w, one) for one in facts["surveys"] if one["node"] == id]
    parts += [_draw(one) for one in facts["draws"] if id in one["nodes"]]
    parts += [_volume(one) for one in facts["volumes"] if one["node"] == id]
    parts += [_entered(w, one) for one in _of(facts["entered"], id)]
    parts += [_judgement(place, one) for place, one in enumerate(_of(facts["judgements"], id), 1)]
    if not parts:
        parts = [f"{word('input', one['kind'])} {one['id']}" for one in node["inputs"]]
    return _lines(parts)


def _of(found: list[Facts], id: str) -> list[Facts]:
    return [one for one in found if one["node"] == id]


def _survey(w: Writer, one: Facts) -> str:
    if one["institutions"]:
        return gettext(
            "Signed opinions of institutions: %(returned)s of %(listed)s.",
            returned=one["institutions"]["returned"],
            listed=one["institutions"]["listed"],
        )
    return gettext(
        "Survey %(campaign)s, %(first)s to %(last)s: %(count)s valid answers.",
        campaign=one["campaign"],
        first=w.day(one["opens_on"]),
        last=w.day(one["closes_on"]),
        count=one["n"],
    )


def _draw(one: Facts) -> str:
    return gettext(
        "Random draw %(draw)s: %(drawn)s of %(population)s (%(frame)s), %(checked)s looked up.",
        draw=one["id"],
        drawn=one["drawn"],
        population=one["population"],
        frame=one["frame"],
        checked=one["checked"],
    )


def _volume(one: Facts) -> str:
    return gettext(
        "Target %(target)s, claimed %(claimed)s, verified %(verified)s; source: %(source)s.",
        target=short(one["target"]),
        claimed=short(one["claimed"]),
        verified=short(one["verified"]),
        source=one["source"] or NONE,
    )


def _entered(w: Writer, one: Facts) -> str:
    """What was counted, measured or noted, with where it was read."""
    kind, read = one["kind"], one.get("source") or NONE
    if kind == "ratios":
        parts = {"numerator": short(one["numerator"]), "denominator": short(one["denominator"])}
        return gettext("%(numerator)s of %(denominator)s; source: %(source)s.", **parts, source=read)
    if kind == "measures":
        value = f"{short(one['value'])} {one['unit']}".strip()
        return gettext("Measured: %(value)s; source: %(source)s.", value=value, source=read)
    if kind == "events":
        what = f"{one['type']} × {short(one.get('quantity', '1'))}"
        on = w.day(one["on"]) if one.get("on") else ""
        return gettext("Event: %(what)s; source: %(source)s.", what=joined([what, on]), source=read)
    holds = gettext("met") if one["passed"] else gettext("not met")
    return gettext("Condition: %(holds)s. %(reason)s", holds=holds, reason=one.get("reason", ""))


def _judgement(place: int, one: Facts) -> str:
    rater = one["rater"] or gettext("Scorer %(number)s", number=place)
    return gettext("%(rater)s: %(score)s. %(reason)s", rater=rater, score=short(one["score"]), reason=one["reason"])


def _lines(parts: list[str]) -> str:
    return "\n".join(parts) or NONE
