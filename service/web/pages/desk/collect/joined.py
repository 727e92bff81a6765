"""The desk's page of joined figures: several campaigns of one project whose versions ask the same."""

from typing import Any

from flask import Response, request

from service.domain.collect.campaigns import DRAFT
from service.domain.errors import Refused
from service.operations import projects
from service.operations.collect import campaigns, questionnaires, satisfaction
from service.web.auth import actor, requires
from service.web.errors import fault_text, status_of
from service.web.pages.answer_texts import item_label
from service.web.pages.desk.collect.campaigns import dimensions, value_label
from service.web.pages.desk.home import blueprint, message, page
from service.web.pages.desk.ways import N_, way

NOT_OURS = ("forbidden", "unauthenticated")


@way("project", N_("Figures over several campaigns"), "satisfaction.read", heading=N_("Collecting"), order=25)
@blueprint.get("/projects/<id>/joined")
@requires("satisfaction.read")
def joined_figures(id: str) -> Response:
    """Choose campaigns; scale and dimension are those of the first one chosen. All of it stands in the address."""
    project = projects.project(actor(), id, "satisfaction.read")
    listed = [(one, state) for one, state in campaigns.listed(actor(), [project]) if state != DRAFT]
    known = {one.id for one, _ in listed}
    chosen = [one for one in dict.fromkeys(request.args.getlist("campaigns")) if one in known][:20]
    values: dict[str, Any] = {"scales": {}, "dimensions": {}, "groups": (), "refused": "", "faults": (), "status": 200}
    if chosen:
        values |= _joined(id, chosen)
    status = values.pop("status")
    return page(
        "collect/joined.html",
        status,
        project=project,
        listed=listed,
        chosen=chosen,
        **{"scale": "", "split": "", **values},
    )


def _joined(project: str, chosen: list[str]) -> dict[str, Any]:
    questionnaire = questionnaires.of_campaign(chosen[0])
    scales = {name: item_label(questionnaire, one.headline) for name, one in questionnaire.scales.items()}
    scale, split = request.args.get("scale", ""), request.args.get("by", "")
    scale = scale if scale in scales else next(iter(scales), "")
    named = dimensions(questionnaire)
    by = (split,) if split in named else ()
    told = {"scales": scales, "scale": scale, "dimensions": named, "split": split if by else ""}
    try:
        found = satisfaction.joined(actor(), project, chosen, by, scale=scale)
    except Refused as refused:
        if refused.reason in NOT_OURS:
            raise
        faults = [fault_text(fault) for fault in refused.faults]
        return told | {"refused": message(refused), "faults": faults, "status": status_of(refused)}
    sites = {site.id: site.name for site in projects.sites(actor(), project)}
    groups = [(value_label(questionnaire, split, key[0], sites) if by else "", one) for key, one in found.groups]
    return told | {"groups": groups, "versions": dict(zip(found.campaigns, found.versions, strict=True))}
