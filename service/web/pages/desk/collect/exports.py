"""The desk's page of what can be taken away of a campaign, and the files behind its links."""

from flask import Response, request

from service.domain import access
from service.operations import projects
from service.operations.collect import campaigns, exports, releases
from service.web.auth import actor, now, requires
from service.web.exporting import campaigns as campaign_files
from service.web.exporting import releases as release_files
from service.web.exporting.delivery import FORMATS, deliver, known
from service.web.extensions import settings
from service.web.pages.desk.home import blueprint, page
from service.web.pages.desk.ways import N_, way


@blueprint.get("/campaigns/<id>/take-away")
@requires("releases.read")
@way("campaign", N_("Take away"), "releases.read", heading=N_("Figures"), order=90)
def campaign_exports(id: str) -> Response:
    """Which files this reader may have, and the address of the feed."""
    campaign = campaigns.get(actor(), id, "releases.read")
    parties = projects.project(actor(), campaign.project).parties
    single = access.may(actor(), "responses.read", parties)
    return page(
        "collect/exports.html",
        campaign=campaign,
        head=exports.exported(actor(), id) if single else None,
        opened=access.may(actor(), "campaigns.read", parties),
        releases=releases.listing(actor(), id),
        formats=FORMATS,
        feed=f"{settings().base_url.rstrip('/')}/odata/campaigns/{id}/",
    )


@blueprint.get("/campaigns/<id>/take-away/responses.<form>")
@requires("responses.read")
def exported_answers(id: str, form: str) -> Response:
    """Single answers."""
    return campaign_files.answers_file(actor(), id, now(), known(form), request.args.get("values", ""))


@blueprint.get("/campaigns/<id>/take-away/figures.<form>")
@requires("satisfaction.read")
def exported_figures(id: str, form: str) -> Response:
    """Figures of every scale, together and by site."""
    return campaign_files.figures_file(actor(), id, known(form))


@blueprint.get("/campaigns/<id>/take-away/codebook.<form>")
@requires("campaigns.read")
def exported_codebook(id: str, form: str) -> Response:
    """What every column and code means."""
    return deliver([campaign_files.codebook(actor(), id)], known(form), f"{id}-codebook")


@blueprint.get("/campaigns/<id>/take-away/releases/<int:number>.<form>")
@requires("releases.read")
def exported_release(id: str, number: int, form: str) -> Response:
    """A release, as far as this reader may see it."""
    name = f"{id}-release-{number}"
    return deliver(release_files.release(actor(), id, number), known(form), name)
