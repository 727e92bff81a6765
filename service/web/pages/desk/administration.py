"""The desk's page of administration: the way to organisations, users, signatories and calendars."""

from flask import Response

from service.web.auth import actor, requires
from service.web.pages.desk.home import blueprint, page
from service.web.pages.desk.ways import N_, way, ways


@way("desk", N_("Administration"), "users.read", heading=N_("Administration"), order=90)
@blueprint.get("/administration")
@requires("users.read")
def administration() -> Response:
    """What only the administrator keeps."""
    return page("administration.html", ways=ways(actor(), "administration"))
