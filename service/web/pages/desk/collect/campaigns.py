"""The desk's pages of a campaign: what stands of it for each reader, its questions, and its figures by group."""

from collections.abc import Mapping, Sequence
from typing import Any

from flask import Response, request, url_for
from flask_babel import gettext

from service.domain import access
from service.domain.collect.campaigns import DRAFT, Campaign
from service.domain.collect.questionnaires import Questionnaire
from service.domain.collect.satisfaction import IndexMapping, linear
from service.domain.errors import Refused
from service.domain.evaluate.schemes import Survey
from service.domain.modes import ASSISTANCE, DISTRIBUTIONS, MODES
from service.domain.projects import Project
from service.operations import projects
from service.operations.collect import (
    campaigns,
    progress,
    question_figures,
    questionnaires,
    releases,
    satisfaction,
    tickets,
)
from service.operations.collect.satisfaction import Overview
from service.operations.evaluate import schemes
from service.web.auth import actor, requires
from service.web.languages import NAMES
from service.web.pages.answer_texts import item_label, option_label
from service.web.pages.desk.collect import overviews
from service.web.pages.desk.evaluate.evidence import came_from
from service.web.pages.desk.home import blueprint, page
from service.web.pages.desk.ways import N_, way, ways
from service.web.pages.desk.words import local, word

# What figures are split by: names of the tally's key. Weighting variables of the questionnaire come to these.
DIMENSIONS = {
    "site": N_("Site"),
    "session": N_("Session"),
    "distribution": N_("Handed out to"),
    "mode": N_("Given by"),
    "assistance": N_("Help with answering"),
    "language": N_("Language"),
}


@blueprint.get("/campaigns/<id>")
@requires("progress.read")
def campaign(id: str) -> Response:
    """Figures by site and for all, for the evaluator; progress and releases for the others.

    `round` and `node` name whose mapping is used.
    """
    found = campaigns.get(actor(), id, "progress.read")
    project = projects.project(actor(), found.project)
    state = campaigns.state(id)
    whole = access.may(actor(), "satisfaction.read", project.parties)
    if not whole and state == DRAFT and not access.may(actor(), "campaigns.read", project.parties):
        raise Refused("campaign_not_open")
    return page(
        "collect/campaign.html",
        campaign=found,
        project=project,
        state=state,
        evaluates=whole,
        sites=site_names(found),
        releases=_releases(id, project),
        ways=_ways(found, project, state),
        **(_figures_of(found, state) if whole else _totals(id, state)),
    )


def site_names(campaign: Campaign) -> Mapping[str, str]:
    """Site id -> name, of all sites of the campaign's project."""
    return overviews.site_names(campaign.project)


def _ways(found: Campaign, project: Project, state: str) -> list[tuple[str, Sequence[Any]]]:
    """A draft has no answers and no figures to lead to."""
    listed = ways(actor(), "campaign", project.parties, found.id)
    return [each for each in listed if state != DRAFT or each[0] not in ("Answers", "Figures")]


def _releases(id: str, project: Project) -> Any:
    return releases.listing(actor(), id) if access.may(actor(), "releases.read", project.parties) else []


def _totals(id: str, state: str) -> dict[str, Any]:
    return {"context": {}, "totals": () if state == DRAFT else progress.of(actor(), id).totals}


def _figures_of(found: Campaign, state: str) -> dict[str, Any]:
    questionnaire, context = questionnaires.of_campaign(found.id), came_from("surveys", found.id)
    survey = context["node"].spec if context else None
    scales = [survey.scale] if isinstance(survey, Survey) else list(questionnaire.scales)
    told: dict[str, Any] = {"questionnaire": questionnaire, "context": context, "scales": [], "awareness": None}
    if state == DRAFT:
        return told | {"batches": tickets.batches(actor(), found.id)}
    mappings = {scale: _worth(questionnaire, scale, _mapping(context)) for scale in questionnaire.scales}
    read = overviews.read(found.id, mappings)
    shown = [_figures(read, scale, questionnaire, mappings[scale]) for scale in scales]
    return told | {"scales": shown, "awareness": read.awareness, "batches": read.batches}


def _worth(questionnaire: Questionnaire, scale: str, mapping: IndexMapping | None) -> IndexMapping:
    levels = questionnaire.scales[scale].levels
    return linear(levels) if mapping is None or set(mapping.points) != set(levels) else mapping


def _mapping(context: dict[str, Any]) -> IndexMapping | None:
    """What the scheme of the round says that each level is worth."""
    name = context["node"].spec.mapping if context else None
    return IndexMapping(name, schemes.parsed(context["round"].scheme).mappings[name].points) if name else None


def _figures(found: Overview, scale: str, questionnaire: Questionnaire, mapping: IndexMapping) -> dict[str, Any]:
    declared = questionnaire.scales[scale]
    levels = {code: option_label(questionnaire, declared.headline, code) for code in reversed(declared.levels)}
    return {
        "name": scale,
        "headline": item_label(questionnaire, declared.headline),
        "levels": levels,
        "worth": mapping.points,
        "satisfied": [levels[code] for code in declared.satisfied],
        "whole": found.whole[scale],
        "sites": found.sites[scale],
        "items": {item: item_label(questionnaire, item) for item in declared.items},
    }


@way(
    "campaign",
    N_("Figures by site and group"),
    "satisfaction.read",
    heading=N_("Figures"),
    order=20,
    endpoint="campaign_sites",
)
@blueprint.get("/campaigns/<id>/sites", endpoint="campaign_sites")
@requires("satisfaction.read")
def show_groups(id: str) -> Response:
    """Figures of one scale split by a dimension of the tally's key, filtered by site; all of it in the address."""
    found, questionnaire, values = _opened(id, "satisfaction.read")
    scale = request.args.get("scale", "") or next(iter(questionnaire.scales), "")
    split, site = _split(questionnaire), _site(found)
    groups: Sequence[Any] = ()
    if scale:
        where = {"site": [site]} if site else {}
        groups = satisfaction.figures(actor(), id, by=(split,), where=where, scale=scale).groups
    named = {name: item_label(questionnaire, one.headline) for name, one in questionnaire.scales.items()}
    return page(
        "collect/campaign_groups.html",
        scale=scale,
        scales=named,
        groups=[(value_label(questionnaire, split, key[0], values["sites"]), one) for key, one in groups],
        split=split,
        site=site,
        dimensions=dimensions(questionnaire),
        **values,
    )


@way(
    "campaign",
    N_("Question by question"),
    "satisfaction.read",
    heading=N_("Figures"),
    order=21,
    endpoint="campaign_questions",
)
@blueprint.get("/campaigns/<id>/questions", endpoint="campaign_questions")
@requires("satisfaction.read")
def show_questions(id: str) -> Response:
    """How many chose what of every question, for all or split and filtered by what stands in the address."""
    found, questionnaire, values = _opened(id, "satisfaction.read")
    split, site = _split(questionnaire, ""), _site(found)
    where = {"site": [site]} if site else {}
    counted = question_figures.figures(actor(), id, (split,) if split else (), where)
    heads = [value_label(questionnaire, split, key[0], values["sites"]) if split else "" for key, _ in counted.groups]
    asked = [
        (_question(questionnaire, figures[0]), figures)
        for figures in zip(*(figures for _, figures in counted.groups), strict=True)
    ]
    return page(
        "collect/campaign_questions.html",
        asked=asked,
        heads=heads,
        split=split,
        site=site,
        dimensions=dimensions(questionnaire),
        **values,
    )


def _opened(id: str, action: str) -> tuple[Campaign, Questionnaire, dict[str, Any]]:
    """(campaign, questionnaire, what every page of figures shows). Raises Refused("campaign_not_open")."""
    found = campaigns.get(actor(), id, action)
    if campaigns.state(id) == DRAFT:
        raise Refused("campaign_not_open")
    project = projects.project(actor(), found.project)
    return found, questionnaires.of_campaign(id), {"campaign": found, "project": project, "sites": site_names(found)}


def dimensions(questionnaire: Questionnaire) -> dict[str, str]:
    """Name -> what the reader calls it, of all that figures can be split by."""
    own = {name: item_label(questionnaire, name) for name in questionnaire.weights}
    return {name: gettext(text) for name, text in DIMENSIONS.items()} | own


def _split(questionnaire: Questionnaire, otherwise: str = "site") -> str:
    wanted = request.args.get("by", otherwise)
    return wanted if wanted in dimensions(questionnaire) else otherwise


def _site(found: Campaign) -> str:
    wanted = request.args.get("site", "")
    return wanted if wanted in found.sites else ""


def value_label(questionnaire: Questionnaire, dimension: str, value: str, sites: Mapping[str, str]) -> str:
    """One value of a dimension in the reader's words."""
    if dimension == "site":
        return sites.get(value, value)
    if dimension == "language":
        return NAMES.get(value, value)
    if dimension in ("distribution", "mode", "assistance"):
        known = {"distribution": DISTRIBUTIONS, "mode": MODES, "assistance": ASSISTANCE}[dimension]
        return word(dimension, value) if value in known else value or "–"
    if dimension in questionnaire.weights and value:
        return option_label(questionnaire, dimension, value)
    return value or "–"


def _question(questionnaire: Questionnaire, one: Any) -> dict[str, Any]:
    """What is the same in every group: words of the question, and of each code that can be chosen."""
    question = questionnaire.by_id[one.question]
    row = next((row for row in question.rows if f"{question.id}/{row.id}" == one.id), None)
    labels = {option.code: local(option.label) for option in question.options}
    return {
        "id": one.id,
        "label": local(question.label) + (f" – {local(row.label)}" if row else ""),
        "kind": question.kind,
        "codes": {code: labels.get(code, code) for code in one.counts},
        "edges": one.edges,
        "texts": url_for("desk.texts", id=request.view_args["id"], question=question.id)  # type: ignore[index]
        if question.kind == "text"
        else "",
    }
