"""The desk's pages of contract targets: what the contract asks of each counter, entered and changed with a reason."""

from typing import Any

from flask import Response, url_for
from flask_babel import gettext as _

from schemas.procedure.targets import ContractTargetChangeSchema, ContractTargetSchema
from service.domain import access
from service.domain.errors import Refused
from service.domain.evaluate.schemes import DENOMINATORS, LEVELS
from service.domain.procedure.targets import ContractTarget
from service.domain.projects import Project
from service.operations import projects
from service.operations.procedure import targets
from service.web.auth import actor, now, requires
from service.web.pages.desk.forms import Field, Form, ShownForm, form_page, save
from service.web.pages.desk.home import blueprint, page
from service.web.pages.desk.project_editing import path_of
from service.web.pages.desk.ways import N_, way
from service.web.pages.desk.words import word

FIELDS = (
    Field("counter", N_("Counter"), hint=N_("The rule's number, such as G14, or an indicator's name in the scheme.")),
    Field("target", N_("Quantity"), "decimal"),
    Field("unit", N_("Unit")),
    Field("standard", N_("What counts as one"), "long", lines=3),
    Field("by", N_("Due on"), "date", N_("Left empty: by the end of the contract.")),
    Field("level", N_("The quantity is for"), "choice", required=True),
    Field("denominator", N_("Workers are counted by"), "choice", N_("Only where the quantity is for each worker.")),
    Field("workers", N_("Number of workers in the contract"), "decimal"),
)
NEW = Form(ContractTargetSchema, (Field("id", "", "new_id"), *FIELDS))
CHANGE = Form(ContractTargetChangeSchema, (*FIELDS[1:], Field("reason", N_("Reason of the change"), "long")))


@way("project", N_("What the contract asks"), "targets.read", heading=N_("What is bought"), order=14)
@blueprint.get("/projects/<id>/targets")
@requires("targets.read")
def target_list(id: str) -> Response:
    """The targets as they hold now, with what they were before."""
    project = projects.project(actor(), id, "targets.read")
    edits = access.may(actor(), "targets.write", project.parties)
    return page("procedure/targets.html", project=project, targets=targets.of_project(actor(), id), edits=edits)


@blueprint.get("/projects/<id>/targets/new")
@requires("targets.write")
def new_target(id: str) -> Response:
    """The form for one more."""
    return _target_page(projects.project(actor(), id, "targets.write"), _worded(NEW).shown())


@blueprint.post("/projects/<id>/targets/new")
@requires("targets.write")
def add_target(id: str) -> Response:
    """Enter it."""
    project = projects.project(actor(), id, "targets.write")

    def act(values: dict[str, Any], version: int) -> Any:
        return targets.create(actor(), now(), ContractTarget(**values, project=id))

    def again(shown: ShownForm, status: int) -> Response:
        return _target_page(project, shown, status)

    return save(_worded(NEW), act, to=lambda _: url_for("desk.target_list", id=id), again=again)


@blueprint.get("/projects/<id>/targets/<target>")
@requires("targets.write")
def ask_target(id: str, target: str) -> Response:
    """Other terms for a counter."""
    project = projects.project(actor(), id, "targets.write")
    there = _target(id, target)
    # The reason of an earlier change is none of this one.
    values = {**vars(there), "reason": ""}
    return _target_page(project, _worded(CHANGE).shown(values, version=there.version), name=there.counter)


@blueprint.post("/projects/<id>/targets/<target>")
@requires("targets.write")
def change_target(id: str, target: str) -> Response:
    """They hold from now on; rounds that are open keep those they were opened with."""
    project = projects.project(actor(), id, "targets.write")
    there = _target(id, target)

    def act(values: dict[str, Any], version: int) -> Any:
        reason = values.pop("reason")
        new = ContractTarget(**values, id=target, project=id)
        return targets.change(actor(), now(), new, reason, version)

    def again(shown: ShownForm, status: int) -> Response:
        return _target_page(project, shown, status, there.counter)

    def current() -> tuple[Any, int]:
        stored = _target(id, target)
        return {**vars(stored), "reason": ""}, stored.version

    form = _worded(CHANGE).having(fixed={"counter": there.counter})
    return save(form, act, to=lambda _: url_for("desk.target_list", id=id), again=again, current=current)


def _target(project: str, id: str) -> ContractTarget:
    for one in targets.of_project(actor(), project):
        if one.id == id:
            return one
    raise Refused("not_found", noun="target")


def _worded(form: Form) -> Form:
    levels = [(code, word("level", code)) for code in LEVELS]
    counted = [(code, word("denominator", code)) for code in DENOMINATORS]
    return form.having({"level": levels, "denominator": counted})


def _target_page(project: Project, shown: ShownForm, status: int = 200, name: str = "") -> Response:
    path = [
        *path_of(project.id, project.name),
        (_("What the contract asks"), url_for("desk.target_list", id=project.id)),
    ]
    lead = _("Rounds that are open already keep the terms that they were opened with.") if name else ""
    title = _("Change the target of %(name)s", name=name) if name else _("New target")
    return form_page(title, shown, _("Save") if name else _("Add"), path, status, lead)
