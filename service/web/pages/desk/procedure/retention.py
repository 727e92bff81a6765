"""The desk's page of what is kept how long in a project: the terms, what a deletion would take now, and the proofs."""

from flask import Response, request

from service.domain.errors import Refused
from service.domain.procedure.retention import CONTACTS, RULES
from service.operations import projects
from service.operations.procedure import retention
from service.web.auth import actor, now, requires
from service.web.pages.desk.home import blueprint, page
from service.web.pages.desk.ways import N_, way


@blueprint.get("/projects/<id>/retention", endpoint="retention")
@requires("purges.read")
@way("project", N_("How long data are kept"), "purges.read", heading=N_("What follows"), order=86, endpoint="retention")
def show_retention(id: str) -> Response:
    """The terms and the proofs; with a kind in the address, what would be deleted of it today. Nothing is, here."""
    project = projects.project(actor(), id, "purges.read")
    kinds = [kind for kind in RULES if kind != CONTACTS]
    kind = request.args.get("kind", "")
    if kind and kind not in kinds:
        raise Refused("not_found", noun="kind of data")
    return page(
        "procedure/retention.html",
        project=project,
        rules=RULES.values(),
        kinds=kinds,
        kind=kind,
        plan=retention.dry_run(actor(), now(), kind, project.id) if kind else None,
        purges=retention.of_project(actor(), id),
        command=f"minyi purge --kind {kind} --project {id}",
    )
