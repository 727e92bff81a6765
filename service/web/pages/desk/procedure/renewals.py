"""The desk's page of a contract's years: each further one is signed on the result of the one before."""

from flask import Response, url_for
from flask_babel import gettext as _

from schemas.procedure.payments import ContractYearSchema
from service.domain import access
from service.operations import projects
from service.operations.procedure import renewals
from service.web.auth import actor, now, requires
from service.web.pages.desk.forms import Field, Form
from service.web.pages.desk.home import blueprint, page
from service.web.pages.desk.procedure.act_pages import act_page, project_steps
from service.web.pages.desk.procedure.payments import papers
from service.web.pages.desk.ways import N_, way

SIGN = Form(
    ContractYearSchema,
    (
        Field("id", "", "new_id"),
        Field("from_on", N_("First day"), "date"),
        Field("to_on", N_("Last day"), "date"),
        Field("signed_on", N_("Signed on"), "date"),
        Field("document", N_("Contract")),
        Field("result", N_("Result that it rests on"), "choice", N_("Needed from the second year on.")),
        Field("reason", N_("Reason"), "long", lines=3),
    ),
)


@blueprint.get("/projects/<id>/contract-years")
@requires("renewals.read")
@way("project", N_("Years of the contract"), "renewals.read", heading=N_("What follows"), order=78)
def contract_years(id: str) -> Response:
    """The signed years, the first one first."""
    project = projects.project(actor(), id, "renewals.read")
    return page(
        "procedure/contract_years.html",
        project=project,
        found=renewals.of_project(actor(), id),
        writes=access.may(actor(), "renewals.write", project.parties),
    )


@blueprint.route("/projects/<id>/contract-years/new", methods=["GET", "POST"])
@requires("renewals.write")
def sign_contract_year(id: str) -> Response:
    """Sign the first year, or a further one."""
    project = projects.project(actor(), id, "renewals.write")
    back = url_for("desk.contract_years", id=id)
    return act_page(
        SIGN.having({"result": papers(project)["result"]}),
        (_("Sign a year"), _("Keep it")),
        [*project_steps(project), (_("Years of the contract"), back)],
        lambda values, _version: renewals.sign(actor(), now(), id, renewals.Signing(**values)),
        lambda _made: back,
    )
