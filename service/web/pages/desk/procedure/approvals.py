"""The desk's pages of third-party evaluators: proposed, their papers filed, approved or refused by the authority."""

from typing import Any

from flask import Response, url_for
from flask_babel import gettext as _

from schemas.procedure.approvals import EvaluatorApprovalSchema, EvaluatorDecisionSchema, EvaluatorFilingSchema
from service.domain import access
from service.domain.collect.scans import MEDIA_TYPES
from service.domain.procedure.approvals import APPROVED, FILED, PROPOSED, REFUSED, EvaluatorApproval
from service.domain.projects import Project
from service.operations import organisations, projects
from service.operations.procedure import approvals, papers
from service.web.auth import actor, now, requires
from service.web.downloads import attachment
from service.web.pages.desk.forms import Field, Form, Steps
from service.web.pages.desk.home import LARGE_FORMS, blueprint, page
from service.web.pages.desk.procedure.act_pages import FILE_FORM, act_page, project_steps
from service.web.pages.desk.procedure.objections import FILE
from service.web.pages.desk.ways import N_, way
from service.web.pages.desk.words import moment, word

PROPOSE = Form(
    EvaluatorApprovalSchema,
    (Field("id", "", "new_id"), Field("organisation", N_("Organisation"), "choice")),
)
FILING = Form(
    EvaluatorFilingSchema,
    (
        Field("qualification", N_("What proves its qualification"), "choices"),
        Field("capability", N_("What proves its capability"), "choices"),
    ),
)
DECIDE = Form(
    EvaluatorDecisionSchema,
    (
        Field("state", N_("Decision"), "choice"),
        Field("reason", N_("Reason"), "long", N_("Needed for a refusal.")),
    ),
)
LARGE_FORMS["desk.add_evaluator_paper"] = FILE_FORM


@blueprint.get("/projects/<id>/evaluator-approvals")
@requires("approvals.read")
@way("project", N_("Approval of the evaluator"), "approvals.read", heading=N_("Evaluating"), order=58)
def evaluator_approvals(id: str) -> Response:
    """All approvals of a project, refused ones too."""
    project = projects.project(actor(), id, "approvals.read")
    return page(
        "procedure/evaluator_approvals.html",
        project=project,
        found=approvals.of_project(actor(), id),
        names=_names(),
        proposes=access.may(actor(), "approvals.write", project.parties),
    )


def _names() -> dict[str, str]:
    return {one.id: one.name for one in organisations.organisations(actor())}


def _path(project: Project, one: EvaluatorApproval | None = None) -> Steps:
    steps = [
        *project_steps(project),
        (_("Approval of the evaluator"), url_for("desk.evaluator_approvals", id=project.id)),
    ]
    return steps if one is None else [*steps, (_names().get(one.organisation, ""), _address(one))]


def _address(one: EvaluatorApproval) -> str:
    return url_for("desk.evaluator_approval", id=one.id)


@blueprint.route("/projects/<id>/evaluator-approvals/new", methods=["GET", "POST"])
@requires("approvals.write")
def propose_evaluator(id: str) -> Response:
    """Propose an organisation as the evaluator."""
    project = projects.project(actor(), id, "approvals.write")
    known = [(one.id, one.name) for one in organisations.organisations(actor()) if one.kind == "evaluator"]
    return act_page(
        PROPOSE.having({"organisation": known}),
        (_("Propose an evaluator"), _("Propose it")),
        _path(project),
        lambda values, _version: approvals.propose(actor(), now(), values["id"], id, values["organisation"]),
        _address,
        values={"organisation": project.evaluator},
    )


@blueprint.get("/evaluator-approvals/<id>")
@requires("approvals.read")
def evaluator_approval(id: str) -> Response:
    """One approval with its papers, and the next step for whoever may take it."""
    there = approvals.get(actor(), id)
    project = projects.project(actor(), there.project)
    writes = access.may(actor(), "approvals.write", project.parties)
    return page(
        "procedure/evaluator_approval.html",
        one=there,
        project=project,
        name=_names().get(there.organisation, there.organisation),
        path=_path(project)[1:],
        papers=papers.of(approvals.owner(there)),
        files=writes and there.state in (PROPOSED, FILED),
        decides=there.state == FILED and access.may(actor(), "approvals.decide", project.parties),
        people=organisations.colleagues(actor()),
    )


@blueprint.get("/evaluator-approvals/<id>/papers/<name>")
@requires("approvals.read")
def evaluator_paper(id: str, name: str) -> Response:
    """A paper that was sent, to save."""
    found, data = approvals.paper(actor(), id, name)
    return attachment(f"{found.name[:12]}.{found.kind}", data, MEDIA_TYPES[found.kind])


def _step(id: str, action: str, form: Form, words: tuple[str, str], act: Any, **more: Any) -> Response:
    there = approvals.get(actor(), id, action)
    path = _path(projects.project(actor(), there.project), there)
    return act_page(form, words, path, act, lambda _made: _address(there), version=there.version, **more)


@blueprint.route("/evaluator-approvals/<id>/papers", methods=["GET", "POST"])
@requires("approvals.write")
def add_evaluator_paper(id: str) -> Response:
    """Send a paper that the filing will name."""
    return _step(
        id,
        "approvals.write",
        FILE,
        (_("Add a paper"), _("Send the file")),
        lambda values, _version: approvals.add_paper(actor(), now(), id, values["file"].read()),
    )


@blueprint.route("/evaluator-approvals/<id>/filing", methods=["GET", "POST"])
@requires("approvals.write")
def file_evaluator_papers(id: str) -> Response:
    """Say which papers prove what."""
    there = approvals.get(actor(), id, "approvals.write")
    known = [
        (one.name, f"{one.kind.upper()}, {one.size // 1000} kB, {moment(one.at).striptags()}")
        for one in papers.of(approvals.owner(there))
    ]
    return _step(
        id,
        "approvals.write",
        FILING.having({"qualification": known, "capability": known}),
        (_("File the papers"), _("File them")),
        lambda values, version: approvals.file(actor(), now(), id, version, **values),
        values=there,
        lead=_("At least one for each. The authority decides on them."),
        done=N_("Filed."),
    )


@blueprint.route("/evaluator-approvals/<id>/decision", methods=["GET", "POST"])
@requires("approvals.decide")
def decide_on_evaluator(id: str) -> Response:
    """The authority approves or refuses."""
    return _step(
        id,
        "approvals.decide",
        DECIDE.having({"state": [(one, word("approval_state", one)) for one in (APPROVED, REFUSED)]}),
        (_("Decide on the evaluator"), _("Decide")),
        lambda values, version: approvals.decide(actor(), now(), id, version, values["state"], values["reason"]),
        done=N_("Decided."),
    )
