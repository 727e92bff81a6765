"""What is taken away of a campaign: answers, figures, the codebook, and releases; numbers as the API gives them."""

from collections.abc import Callable, Iterator, Sequence
from datetime import datetime
from typing import Any

from flask import Response
from flask_babel import gettext

from schemas.collect.responses import ResponseSchema
from service.domain.access import Actor
from service.domain.collect import exports as rules
from service.domain.collect.exports import Column
from service.domain.collect.questionnaires import Questionnaire, in_language
from service.domain.collect.satisfaction import REASONS, Estimate
from service.domain.table_cells import Cell
from service.operations import projects
from service.operations.collect import campaigns, exports, question_figures, satisfaction
from service.operations.collect.exports import Exported
from service.operations.collect.questionnaires import of_campaign
from service.web.exporting.delivery import deliver
from service.web.exporting.tables import Chart, Series, Table
from service.web.exporting.workbooks import refuse_too_many
from service.web.languages import spoken

CODES, LABELS = "codes", "labels"
CODEBOOK = ("column", "kind", "label", "code", "meaning")
QUESTIONS = (
    "label",
    "meaning",
    "question",
    "code",
    "count",
    "share",
    "answered",
    "asked",
    "cannot_say",
    "skipped",
    "not_asked",
)


def answers(actor: Actor, id: str, now: datetime, values: str, whole: bool) -> list[Table]:
    """Single answers; with `whole` also the figures and the codebook, as further sheets. Evaluator only."""
    found = exports.exported(actor, id)
    single = Table(
        "Answers", tuple(column.name for column in found.columns), _rows(found, values), objects=_objects(found)
    )
    if not whole:
        return [single]
    return [single, codebook(actor, id), *figures(actor, id), questions(actor, id), about(found, now)]


def answers_file(actor: Actor, id: str, now: datetime, form: str, values: str = "") -> Response:
    """Single answers in one of the formats; a workbook has labels unless codes are asked for."""
    if form == "xlsx":
        refuse_too_many(exports.exported(actor, id).number)
    wanted = values or (LABELS if form == "xlsx" else CODES)
    return deliver(answers(actor, id, now, wanted, form == "xlsx"), form, f"{id}-responses")


def figures_file(actor: Actor, id: str, form: str) -> Response:
    """Figures of every scale; the workbook also holds levels and questions."""
    return deliver([*figures(actor, id), questions(actor, id)], form, f"{id}-figures")


def _rows(found: Exported, values: str) -> Iterator[tuple[Cell, ...]]:
    """The words are chosen now: rows are written when the request is over."""
    return _cells(found, values, spoken(), gettext("Cannot say"))


def _cells(found: Exported, values: str, language: str, cannot_say: str) -> Iterator[tuple[Cell, ...]]:
    for page in exports.pages(found):
        for response in page:
            row = rules.cells(found.columns, response)
            if values == LABELS:
                pairs = zip(found.columns, row, strict=True)
                row = tuple(rules.labelled(column, cell, language, cannot_say) for column, cell in pairs)
            yield row


def _objects(found: Exported) -> Iterator[Any]:
    """As GET /campaigns/<id>/responses gives them."""
    schema = ResponseSchema()
    for page in exports.pages(found):
        yield from (schema.dump(response) for response in page)


def codebook(actor: Actor, id: str) -> Table:
    """What every column and code means, in the language that is spoken now."""
    lines = rules.codebook(exports.columns(actor, id), spoken(), own_labels(), gettext("Cannot say"))
    rows = [(line.column, line.kind, line.label, line.code or None, line.meaning or None) for line in lines]
    titles = (gettext("Column"), gettext("Kind"), gettext("Question"), gettext("Code"), gettext("Meaning"))
    return Table("Codebook", CODEBOOK, rows, titles=titles)


def own_labels() -> dict[str, str]:
    """Our own columns in words."""
    return {
        rules.ID: gettext("Random number of the answer; it tells nothing about the person or the slip"),
        rules.SITE: gettext("Site"),
        rules.SESSION: gettext("Session"),
        rules.DISTRIBUTION: gettext("How the code was handed out"),
        rules.MODE: gettext("How the answer was given"),
        rules.ASSISTED: gettext("Who helped"),
        rules.LANGUAGE: gettext("Language of the questions"),
        rules.HOUR: gettext("Hour (UTC); nothing finer is kept"),
        rules.DURATION: gettext("Class of how long it took"),
        rules.SEED: gettext("Seed of the order of the questions"),
    }


_FIGURES: tuple[tuple[str, Callable[[Estimate], Cell]], ...] = (
    ("scale", lambda one: one.scale),
    ("answered", lambda one: one.answered),
    ("n", lambda one: one.n),
    ("satisfied", lambda one: one.satisfied),
    ("interval_lower", lambda one: one.interval and one.interval[0]),
    ("interval_upper", lambda one: one.interval and one.interval[1]),
    ("interval_reason", lambda one: one.interval_reason),
    ("bounds_lower", lambda one: one.bounds and one.bounds[0]),
    ("bounds_upper", lambda one: one.bounds and one.bounds[1]),
    ("rate", lambda one: one.rate),
    ("top2", lambda one: one.top2),
    ("top3", lambda one: one.top3),
    ("index", lambda one: one.index),
    ("mapping", lambda one: one.mapping),
    ("issued", lambda one: one.issued),
    ("population", lambda one: one.population),
    ("helped", lambda one: one.helped.answered),
    ("distributions", lambda one: " ".join(one.distributions)),
    ("modes", lambda one: " ".join(f"{mode}:{count}" for mode, count in one.modes.items())),
    ("formula", lambda one: one.formulas.get("interval")),
)
_SHARES = {"satisfied", "interval_lower", "interval_upper", "bounds_lower", "bounds_upper", "rate", "top2", "top3"}
FIGURES = ("site", "site_name", *(name for name, _ in _FIGURES), "why")


def figures(actor: Actor, id: str) -> list[Table]:
    """Every scale: all sites together (`site` empty), then each one; and how many chose which level."""
    names = site_names(actor, id)
    questionnaire = of_campaign(id)
    rows: list[tuple[Cell, ...]] = []
    levels = []
    first = 0
    for scale in questionnaire.scales:
        groups = figures_by_site(actor, id, scale)
        rows += [_figure_row(site, names, estimate) for site, estimate in groups]
        first = first or len(groups)
        levels.append(_levels(questionnaire, scale, groups, names))
    places = {name: place for place, name in enumerate(FIGURES)}
    series = Series(places["satisfied"], places["interval_lower"], places["interval_upper"])
    title = gettext("Satisfied, with its interval where there is one")
    charts = (Chart("bars", title, 1, (series,), first, percent=True),) if rows else ()
    shares = tuple(places[name] for name in _SHARES)
    return [Table("Figures", FIGURES, rows, charts, shares, tuple(map(_figure_title, FIGURES))), *levels]


def figures_by_site(actor: Actor, id: str, scale: str) -> list[tuple[str, Estimate]]:
    """[("", all together), (site, its own)]: what GET /campaigns/<id>/satisfaction answers, without and with `by`."""
    whole = satisfaction.figures(actor, id, scale=scale)
    parts = satisfaction.figures(actor, id, by=("site",), scale=scale)
    everywhere = [("", estimate) for _, estimate in whole.groups]  # none before the first answer
    return [*everywhere, *((site, estimate) for (site,), estimate in parts.groups)]


def site_names(actor: Actor, id: str) -> dict[str, str]:
    """The names of the sites of a campaign's project."""
    campaign = campaigns.get(actor, id, "releases.read")
    return {site.id: site.name for site in projects.sites(actor, campaign.project)}


def _figure_row(site: str, names: dict[str, str], estimate: Estimate) -> tuple[Cell, ...]:
    name = names.get(site, site) if site else gettext("All sites")
    reason = estimate.interval_reason
    why = gettext(REASONS[reason]) if reason else None
    return (site or None, name, *(value(estimate) for _, value in _FIGURES), why)


def _figure_title(name: str) -> str:
    return {
        "site": gettext("Site"),
        "site_name": gettext("Name"),
        "scale": gettext("Scale"),
        "answered": gettext("Answered"),
        "n": gettext("Valid answers"),
        "satisfied": gettext("Satisfied"),
        "interval_lower": gettext("Interval from"),
        "interval_upper": gettext("Interval to"),
        "rate": gettext("Response rate"),
        "index": gettext("Index"),
        "issued": gettext("Issued"),
        "population": gettext("Population"),
        "why": gettext("Why there is no interval"),
    }.get(name, name)


def _levels(
    questionnaire: Questionnaire, scale: str, groups: Sequence[tuple[str, Estimate]], names: dict[str, str]
) -> Table:
    """How many chose which level of the scale's headline item, by site."""
    declared = questionnaire.scales[scale]
    question = questionnaire.by_id[questionnaire.items[declared.headline].question]
    labels = {option.code: in_language(option.label, spoken()) for option in question.options}
    codes = tuple(groups[0][1].counts) if groups else declared.levels
    rows = [
        (
            site or None,
            names.get(site, site) if site else gettext("All sites"),
            *(estimate.counts.get(code, 0) for code in codes),
        )
        for site, estimate in groups
    ]
    series = tuple(Series(place) for place, _ in enumerate(codes, 2))
    title = in_language(question.label, spoken())
    charts = (Chart("stacked", title[:200], 1, series, len(rows)),) if rows else ()
    titles = (gettext("Site"), gettext("Name"), *(labels.get(code, code) for code in codes))
    return Table(f"Levels {scale}", ("site", "site_name", *codes), rows, charts, titles=titles)


def questions(actor: Actor, id: str) -> Table:
    """How many chose what of every question, over all answers."""
    columns = {column.name: column for column in exports.columns(actor, id)}
    rows: list[tuple[Cell, ...]] = []
    for one in question_figures.figures(actor, id).groups[0][1]:
        state = (one.answered, one.asked, one.cannot_say, one.skipped, one.not_asked)
        for code, count in one.counts.items() or [(None, None)]:
            share = one.share(code) if code is not None else None
            rows.append((*_labels(columns[one.id], code), one.id, code, count, share, *state))
    titles = (
        gettext("Question"),
        gettext("Answer"),
        gettext("Column"),
        gettext("Code"),
        gettext("Count"),
        gettext("Share of those who answered"),
        gettext("Answered"),
        gettext("Asked"),
        gettext("Cannot say"),
        gettext("Left out"),
        gettext("Not asked"),
    )
    return Table("Questions", QUESTIONS, rows, shares=(5,), titles=titles)


def _labels(column: Column, code: str | None) -> tuple[str, str | None]:
    text = column.values.get(code or "")
    meaning = in_language(text, spoken()) if text else code
    return in_language(column.label, spoken()), meaning


def about(found: Exported, now: datetime) -> Table:
    """Where the numbers come from, and what of them is not in the rows."""
    revision = satisfaction.read(found.campaign.id, satisfaction.WITH)[1]
    rows: list[tuple[Cell, ...]] = [
        (gettext("Campaign"), found.campaign.name),
        (gettext("Number"), found.campaign.id),
        (gettext("Questionnaire"), f"{found.questionnaire.id}@{found.questionnaire.version}"),
        (gettext("Made at"), now.isoformat(timespec="seconds")),
        (gettext("Revision of the figures"), revision),
        (gettext("Sealed answers"), found.number),
        (gettext("Counted, not sealed yet: in the figures, not in the rows"), found.waiting),
        (
            gettext("Cells"),
            gettext("Texts that a spreadsheet would take for a formula have an apostrophe before them."),
        ),
    ]
    return Table("About", ("what", "value"), rows, titles=(gettext("What"), gettext("Value")))
