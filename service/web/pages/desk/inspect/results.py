"""The desk's page of a project's spot checks: findings by draw, corrected counters, both directions, users told."""

from typing import Any

from flask import Response

from service.domain import access
from service.operations import projects
from service.operations.inspect import results, user_notifications
from service.web.auth import actor, requires
from service.web.pages.desk.home import blueprint, page
from service.web.pages.desk.ways import N_, way


@blueprint.get("/projects/<id>/findings")
@requires("findings.read")
@way("project", N_("What the spot checks say"), "findings.read", heading=N_("Inspecting"), order=44)
def project_results(id: str) -> Response:
    """Everything that the checks of a project say, each over its own list."""
    project = projects.project(actor(), id)
    values: dict[str, Any] = {"project": project, "found": results.of_project(actor(), id), "told": None}
    if access.may(actor(), "user_notifications.read", project.parties):
        values["told"] = user_notifications.of_project(actor(), id)
    return page("inspect/results.html", **values)
