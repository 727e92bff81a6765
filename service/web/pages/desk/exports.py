"""The desk's page of what can be taken away of a project: the pages of its campaigns and rounds, and its accounts."""

import json

from flask import Response

from service.domain import access
from service.domain.collect.campaigns import DRAFT
from service.operations import projects
from service.operations.collect import campaigns
from service.operations.evaluate import rounds
from service.operations.procedure import accounts
from service.web.auth import actor, requires
from service.web.downloads import attachment
from service.web.extensions import settings
from service.web.pages.desk.home import blueprint, page
from service.web.pages.desk.ways import N_, way


@blueprint.get("/projects/<id>/take-away")
@requires("releases.read")
@way("project", N_("Take away"), "releases.read", heading=N_("What follows"), order=90)
def project_exports(id: str) -> Response:
    """Where the files of each campaign and round are."""
    project = projects.project(actor(), id, "releases.read")
    drafts = access.may(actor(), "campaigns.read", project.parties)
    states = [(one, campaigns.state(one.id)) for one in campaigns.of_project(actor(), id, "releases.read")]
    return page(
        "exports.html",
        project=project,
        campaigns=[(one, state) for one, state in states if drafts or state != DRAFT],
        rounds=[one for one in rounds.all_of(actor()) if one.project == id],
        accounts=access.may(actor(), "accounts.read", project.parties),
        feed=f"{settings().base_url.rstrip('/')}/odata/",
    )


@blueprint.get("/projects/<id>/take-away/accounts.json")
@requires("accounts.read")
def exported_accounts(id: str) -> Response:
    """Contract, payments, results and what followed, for auditors and finance (C28)."""
    content = json.dumps(accounts.of_project(actor(), id), ensure_ascii=False, indent=1, sort_keys=True).encode()
    return attachment(f"{id}-accounts.json", content, "application/json")
