"""The desk's pages of collecting: setting up a tablet, entering paper, control of a campaign at work."""

from typing import Any

from flask import Response, make_response, redirect, request, url_for

from service.domain.errors import Refused
from service.operations import organisations, projects
from service.operations.collect import campaigns, tablets
from service.web.auth import COOKIE, actor, now, presented_token, requires
from service.web.errors import fault_text, status_of
from service.web.pages import tablet as tablet_pages
from service.web.pages.desk.home import blueprint, page
from service.web.pages.desk.ways import N_, way


@blueprint.get("/campaigns/<id>/tablet")
@requires("responses.write")
@way("campaign", N_("Set up this tablet"), "responses.write", heading=N_("Answers"), order=15)
def tablet(id: str) -> Response:
    """Choose where this device stands; and the devices that are in use."""
    return _tablet_page(id)


@blueprint.post("/campaigns/<id>/tablet")
@requires("responses.write")
def start_tablet(id: str) -> Response:
    """Make this device a tablet, and sign the evaluator out of it: it goes from hand to hand now."""
    site, _, session = request.form.get("place", "").partition("|")
    try:
        token, _ = tablets.start(actor(), now(), id, site, session)
    except Refused as refused:
        if refused.reason != "invalid":
            raise
        return _tablet_page(id, status_of(refused), [fault_text(fault) for fault in refused.faults])
    organisations.sign_out(presented_token())
    response = make_response(redirect(url_for("tablet.start"), 303))
    response.delete_cookie(COOKIE, path="/desk")
    return tablet_pages.set_up(response, token)


@blueprint.post("/campaigns/<id>/tablets/<tablet>")
@requires("responses.write")
def end_tablet(id: str, tablet: str) -> Response:
    """End a device that was lost, or whose day is over."""
    tablets.end(actor(), now(), id, tablet)
    return make_response(redirect(url_for("desk.tablet", id=id), 303))


def _tablet_page(id: str, status: int = 200, errors: Any = ()) -> Response:
    found = campaigns.get(actor(), id, "responses.write")
    sites = [site for site in projects.sites(actor(), found.project) if site.id in found.sites]
    return page(
        "collect/tablet.html",
        status,
        campaign=found,
        state=campaigns.state(id),
        sites=sites,
        names={site.id: site.name for site in sites},
        running=tablets.running(actor(), id, now()),
        people=organisations.colleagues(actor()),
        errors=errors,
    )
