"""The desk's pages of notices: written, issued, served; read by the provider."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from flask import Response, redirect, request, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response as Redirect

from schemas.base import Schema
from schemas.inspect.notices import CheckNoticeSchema, NoticeTextSchema
from service.domain import access
from service.domain.days import day_of
from service.domain.errors import Fault, Refused
from service.domain.inspect import notices as rules
from service.domain.inspect.notices import CHANNELS, ISSUED, SERVED, Notice
from service.domain.projects import Project
from service.operations import projects
from service.operations.inspect import draws, notices
from service.web.auth import actor, now, requires
from service.web.downloads import attachment
from service.web.errors import fault_text, status_of
from service.web.pages.desk.forms import Field, Form, ShownForm, save
from service.web.pages.desk.home import blueprint, message, page
from service.web.pages.desk.inspect.draws import draw_title
from service.web.pages.desk.procedure.act_pages import act_page, project_steps
from service.web.pages.desk.ways import N_, way
from service.web.printing import notices as documents

WRITTEN = (
    Field("draws", N_("Draws whose checks it tells of"), "choices"),
    Field("summary", N_("What the provider should know"), "long", lines=5),
    Field("objection.body", N_("Office that receives objections")),
    Field("objection.address", N_("Address")),
    Field("objection.phone", N_("Telephone")),
    Field("objection.working_days", N_("Working days to object, from receipt"), "number"),
)


@blueprint.get("/projects/<id>/notices", endpoint="notices")
@requires("notices.read")
@way("project", N_("Notices"), "notices.read", heading=N_("Inspecting"), order=47, endpoint="notices")
def list_notices(id: str) -> Response:
    """The project's notices, and the form to write one."""
    return _list(id)


@blueprint.post("/projects/<id>/notices")
@requires("notices.write")
def write_notice(id: str) -> Response:
    """Begin a notice."""

    def write(values: dict[str, Any], version: int) -> tuple[Notice, bool]:
        return notices.write(actor(), now(), _notice(values | {"project": id}))

    form = _form(CheckNoticeSchema, id, Field("id", "", "new_id"))
    return save(form, write, _address, lambda shown, status: _list(id, shown, status))


def _form(schema: type[Schema], project: str, *more: Field, visits: Sequence[str] = ()) -> Form:
    """The words of a notice; `visits` that it was made to tell of over the API stay."""
    drawn = [(draw.id, draw_title(draw.id)) for draw in draws.of_project(actor(), project) if draw.drawn]
    return Form(schema, (*more, *WRITTEN)).having({"draws": drawn}, {"visits": list(visits)})


def _notice(values: dict[str, Any]) -> Notice:
    plain = {**values, "draws": tuple(values["draws"]), "visits": tuple(values["visits"])}
    return Notice(**{"project": "", "number": 1, "kind": "", **plain})


def _address(notice: Notice) -> str:
    return url_for("desk.notice", id=notice.id)


def _list(id: str, shown: ShownForm | None = None, status: int = 200) -> Response:
    project = projects.project(actor(), id, "notices.read")
    writes = access.may(actor(), "notices.write", project.parties)
    if writes and shown is None:
        shown = _form(CheckNoticeSchema, id, Field("id", "", "new_id")).shown()
    found, drawn = notices.of_project(actor(), id), bool(shown and shown.field("draws").choices)
    return page("inspect/notices.html", status, project=project, found=found, shown=shown, drawn=drawn)


@blueprint.route("/notices/<id>/change", methods=["GET", "POST"])
@requires("notices.write")
def change_notice(id: str) -> Response:
    """Other words, or other draws, as long as it is a draft."""
    there = notices.get(actor(), id, "notices.write")
    rules.require_state(there, rules.DRAFT)
    project = projects.project(actor(), there.project)

    def change(values: dict[str, Any], version: int) -> Notice:
        return notices.change(actor(), now(), _notice(values | {"id": id}), version)

    def current() -> tuple[Notice, int]:
        stored = notices.get(actor(), id, "notices.write")
        return stored, stored.version

    number = gettext("No. %(number)s", number=there.number)
    steps = [*project_steps(project), (gettext("Notices"), url_for("desk.notices", id=project.id))]
    path, words = [*steps, (number, _address(there))], (gettext("Change the draft"), gettext("Save"))
    form = _form(NoticeTextSchema, project.id, visits=there.visits)
    return act_page(form, words, path, change, _address, there, there.version, current=current)


@blueprint.get("/notices/<id>", endpoint="notice")
@requires("notices.read")
def show_notice(id: str) -> Response:
    """The notice as it goes out, and the next step for whoever may take it."""
    return _one(id)


@blueprint.post("/notices/<id>/issue")
@requires("notices.write")
def issue_notice(id: str) -> Response | Redirect:
    """Fix the findings as they stand."""
    try:
        notices.issue(actor(), now(), id, typed_version())
    except Refused as refused:
        return _one(id, refused)
    return redirect(url_for("desk.notice", id=id), 303)


@blueprint.post("/notices/<id>/serve")
@requires("notices.write")
def serve_notice(id: str) -> Response | Redirect:
    """Record since when and how the provider has it."""
    form = request.form
    try:
        served = typed_day("served_on")
        if served is None:
            raise Refused("invalid", [Fault("served_on", "missing")])
        notices.serve(actor(), now(), id, typed_version(), served, form.get("channel", ""), form.get("received_by", ""))
    except Refused as refused:
        return _one(id, refused)
    return redirect(url_for("desk.notice", id=id), 303)


@blueprint.get("/notices/<id>/notice.docx", endpoint="notice_document")
@requires("notices.read")
def notice_document(id: str) -> Response:
    """The notice as a document to send."""
    notice = notices.preview(actor(), id)
    written = documents.written(notices.told(actor(), notice))
    return attachment(f"notice-{notice.number}.docx", written, documents.MEDIA_TYPE)


def _one(id: str, refused: Refused | None = None) -> Response:
    notice = notices.preview(actor(), id)
    named = notices.told(actor(), notice)
    project: Project = named.project
    return page(
        "inspect/notice.html",
        200 if refused is None else status_of(refused),
        notice=notice,
        project=project,
        parts=documents.parts(named),
        ending=documents.ending(named),
        writes=access.may(actor(), "notices.write", project.parties),
        follows=access.may(actor(), "follow_ups.write", project.parties),
        objects=notice.state == SERVED and access.may(actor(), "objections.write", project.parties),
        channels=CHANNELS,
        issued=ISSUED,
        today=day_of(now()),
        errors=told(refused),
        typed=request.form,
    )


def typed_version() -> int:
    """The version that the form was made from; 0, which fits none, for anything else."""
    given = request.form.get("version", "")
    return int(given) if given.isdecimal() and len(given) < 9 else 0


def typed_day(name: str) -> date | None:
    """A day of the form, None if it is left out. Raises Refused("invalid") for what is none."""
    given = request.form.get(name, "").strip()
    try:
        return date.fromisoformat(given) if given else None
    except ValueError:
        raise Refused("invalid", [Fault(name, "wrong_type", {"expected": "2026-11-30"})]) from None


def told(refused: Refused | None) -> list[str]:
    """The refusal and each of its faults, in the reader's language."""
    if refused is None:
        return []
    return [message(refused), *(f"{fault.field}: {fault_text(fault)}" for fault in refused.faults)]
