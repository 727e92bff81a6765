"""The desk's pages of notices: written, issued, served; read by the provider."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from flask import Response, url_for
from flask_babel import gettext

from schemas.base import Schema
from schemas.inspect.notices import CheckNoticeSchema, NoticeStateSchema, NoticeTextSchema
from service.domain import access
from service.domain.days import day_of
from service.domain.inspect import notices as rules
from service.domain.inspect.notices import CHANNELS, ISSUED, SERVED, Notice
from service.domain.projects import Project
from service.operations import projects
from service.operations.inspect import draws, notices
from service.web.auth import actor, now, requires
from service.web.downloads import attachment
from service.web.pages.desk.forms import Field, Form, ShownForm, save
from service.web.pages.desk.home import blueprint, page
from service.web.pages.desk.inspect.draws import draw_title
from service.web.pages.desk.procedure.act_pages import act_page, project_steps
from service.web.pages.desk.ways import N_, way
from service.web.pages.desk.words import word
from service.web.printing import notices as documents

WRITTEN = (
    Field("draws", N_("Draws whose checks it tells of"), "choices"),
    Field("summary", N_("What the provider should know"), "long", lines=5),
    Field("objection.body", N_("Office that receives objections")),
    Field("objection.address", N_("Address")),
    Field("objection.phone", N_("Telephone")),
    Field("objection.working_days", N_("Working days to object, from receipt"), "number"),
)
ISSUE = Form(NoticeStateSchema, fixed={"state": ISSUED}, key="issue")
SERVE = Form(
    NoticeStateSchema,
    (
        Field("served_on", N_("Served on"), "date", required=True),
        Field("channel", N_("Way of serving"), "choice", required=True),
        Field("received_by", N_("Who received it"), required=True),
    ),
    fixed={"state": SERVED},
    key="serve",
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
def issue_notice(id: str) -> Response:
    """Fix the findings as they stand."""
    return _step(id, ISSUE, lambda values, version: notices.issue(actor(), now(), id, version))


@blueprint.post("/notices/<id>/serve")
@requires("notices.write")
def serve_notice(id: str) -> Response:
    """Record since when and how the provider has it."""

    def serve(values: dict[str, Any], version: int) -> Notice:
        served = (values["served_on"], values["channel"], values["received_by"])
        return notices.serve(actor(), now(), id, version, *served)

    return _step(id, SERVE, serve)


def _step(id: str, form: Form, act: Callable[[dict[str, Any], int], Notice]) -> Response:
    def again(shown: ShownForm, status: int) -> Response:
        return _one(id, status, {form.key: shown})

    return save(_seen(form, notices.get(actor(), id, "notices.write")), act, _address, again)


def _seen(form: Form, notice: Notice) -> Form:
    """With what somebody who issues or serves it has read of it."""
    seen = {
        N_("State"): word("notice_state", notice.state),
        N_("Draws whose checks it tells of"): "\n".join(draw_title(draw) for draw in notice.draws),
        N_("What the provider should know"): notice.summary,
        N_("Office that receives objections"): "\n".join(str(value) for value in notice.objection.values()),
    }
    return form.having({"channel": [(one, word("channel", one)) for one in CHANNELS]}, seen=seen)


@blueprint.get("/notices/<id>/notice.docx", endpoint="notice_document")
@requires("notices.read")
def notice_document(id: str) -> Response:
    """The notice as a document to send."""
    notice = notices.preview(actor(), id)
    written = documents.written(notices.told(actor(), notice))
    return attachment(f"notice-{notice.number}.docx", written, documents.MEDIA_TYPE)


def _one(id: str, status: int = 200, refused: Mapping[str, ShownForm] | None = None) -> Response:
    notice = notices.preview(actor(), id)
    named = notices.told(actor(), notice)
    project: Project = named.project
    writes = access.may(actor(), "notices.write", project.parties)
    steps = {form.key: _seen(form, notice) for form in (ISSUE, SERVE)} if writes else {}
    today = {"served_on": day_of(now())}
    shown = {key: form.shown(today, version=notice.version) for key, form in steps.items()}
    return page(
        "inspect/notice.html",
        status,
        notice=notice,
        project=project,
        parts=documents.parts(named),
        ending=documents.ending(named),
        writes=writes,
        follows=access.may(actor(), "follow_ups.write", project.parties),
        objects=notice.state == SERVED and access.may(actor(), "objections.write", project.parties),
        issued=ISSUED,
        shown={**shown, **(refused or {})},
        failed=next(iter((refused or {}).values()), None),
    )
