"""The desk's pages of notices: written, issued, served; read by the provider."""

from datetime import date
from secrets import token_hex

from flask import Response, redirect, request, url_for
from werkzeug.wrappers import Response as Redirect

from service.domain import access
from service.domain.days import day_of
from service.domain.errors import Fault, Refused
from service.domain.inspect.notices import CHANNELS, ISSUED, SERVED, Notice
from service.domain.projects import Project
from service.operations import projects
from service.operations.inspect import draws, notices
from service.web.auth import actor, now, requires
from service.web.downloads import attachment
from service.web.errors import fault_text, status_of
from service.web.pages.desk.home import blueprint, message, page
from service.web.pages.desk.ways import N_, way
from service.web.printing import notices as documents


@blueprint.get("/projects/<id>/notices", endpoint="notices")
@requires("notices.read")
@way("project", N_("Notices"), "notices.read", heading=N_("Inspecting"), order=47, endpoint="notices")
def list_notices(id: str) -> Response:
    """The project's notices, and the form to write one."""
    return _list(id)


@blueprint.post("/projects/<id>/notices")
@requires("notices.write")
def write_notice(id: str) -> Response | Redirect:
    """Begin a notice."""
    try:
        made, _ = notices.write(actor(), now(), _typed(token_hex(8), id))
    except Refused as refused:
        return _list(id, refused)
    return redirect(url_for("desk.notice", id=made.id), 303)


def _typed(id: str, project: str) -> Notice:
    form = request.form
    days = form.get("working_days", "")
    objection = {name: form.get(name, "").strip() for name in ("body", "address", "phone")}
    return Notice(
        id=id,
        project=project,
        number=1,
        kind="",
        draws=tuple(form.getlist("draws")),
        summary=form.get("summary", "").replace("\r\n", "\n").strip(),
        objection={**objection, "working_days": int(days) if days.isdecimal() and len(days) < 5 else 0},
    )


def _list(id: str, refused: Refused | None = None) -> Response:
    project = projects.project(actor(), id, "notices.read")
    writes = access.may(actor(), "notices.write", project.parties)
    return page(
        "inspect/notices.html",
        200 if refused is None else status_of(refused),
        project=project,
        found=notices.of_project(actor(), id),
        writes=writes,
        draws=[draw for draw in draws.of_project(actor(), id) if draw.drawn] if writes else [],
        errors=told(refused),
        typed=request.form,
    )


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
