"""The desk's pages of collecting: setting up a tablet, entering paper, control of a campaign at work."""

from typing import Any

from flask import Response, make_response, redirect, url_for

from schemas.collect.tickets import PlaceSchema
from service.domain.collect.campaigns import Campaign
from service.operations import organisations, projects
from service.operations.collect import campaigns, tablets
from service.web.auth import COOKIE, actor, now, presented_token, requires
from service.web.pages import tablet as tablet_pages
from service.web.pages.desk.forms import Field, Form, ShownForm, save
from service.web.pages.desk.home import blueprint, page
from service.web.pages.desk.ways import N_, way

PLACE = Form(
    PlaceSchema, (Field("place", N_("Where this device stands"), "choice", also=("site", "session")),), key="place"
)


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

    def act(values: dict[str, Any], version: int) -> Response:
        token, _ = tablets.start(actor(), now(), id, values["site"], values["session"])
        organisations.sign_out(presented_token())
        response = make_response(redirect(url_for("tablet.start"), 303))
        response.delete_cookie(COOKIE, path="/desk")
        return tablet_pages.set_up(response, token)

    form = _places(campaigns.get(actor(), id, "responses.write"))
    return save(form, act, lambda made: "", lambda shown, status: _tablet_page(id, shown, status))


@blueprint.post("/campaigns/<id>/tablets/<tablet>")
@requires("responses.write")
def end_tablet(id: str, tablet: str) -> Response:
    """End a device that was lost, or whose day is over."""
    tablets.end(actor(), now(), id, tablet)
    return make_response(redirect(url_for("desk.tablet", id=id), 303))


def _places(campaign: Campaign) -> Form:
    places = []
    for site in projects.sites(actor(), campaign.project):
        if site.id in campaign.sites:
            places.append((site.id, site.name))
            places += [(f"{site.id}/{one['id']}", f"{site.name} · {one['name']}") for one in site.sessions]
    return PLACE.having({"place": places})


def _tablet_page(id: str, shown: ShownForm | None = None, status: int = 200) -> Response:
    found = campaigns.get(actor(), id, "responses.write")
    return page(
        "collect/tablet.html",
        status,
        campaign=found,
        state=campaigns.state(id),
        names={site.id: site.name for site in projects.sites(actor(), found.project)},
        running=tablets.running(actor(), id, now()),
        people=organisations.colleagues(actor()),
        shown=shown or _places(found).shown(),
    )
