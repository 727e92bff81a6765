"""The desk's page of a project's journal: who did what and when, with what the entry keeps of it, newest first."""

from flask import Response, request

from service.operations import organisations, projects
from service.operations.procedure import journals
from service.web.auth import actor, requires
from service.web.pages.desk.home import blueprint, page
from service.web.pages.desk.ways import N_, way


@blueprint.get("/projects/<id>/journal")
@requires("journal.read")
@way("project", N_("Journal"), "journal.read", heading=N_("What follows"), order=90)
def journal(id: str) -> Response:
    """A page of entries; scores that are hidden still are hidden here too."""
    project = projects.project(actor(), id, "journal.read")
    before = request.args.get("before", 0, int)
    found = journals.of_project(actor(), id, before)
    return page(
        "procedure/journal.html",
        project=project,
        found=found,
        before=before,
        people=organisations.colleagues(actor()),
        older=found.entries[-1].entry.seq if found.entries and found.entries[-1].entry.seq > 1 else 0,
    )
