"""The desk's pages of checklists: by which questions a visit looks items up, and the way to put one into use."""

from typing import Any

from flask import Response, make_response, redirect, request, url_for
from flask_babel import gettext as _

from schemas.inspect.checklists import ChecklistTextSchema
from service.domain import access
from service.domain.errors import Refused
from service.domain.inspect.checklists import ChecklistVersion
from service.operations.inspect import checklists, xforms
from service.web.auth import actor, now, requires
from service.web.pages.desk.forms import Field, Form, ShownForm, form_page, save, say
from service.web.pages.desk.home import blueprint, page
from service.web.pages.desk.ways import N_, way

TEXT = Form(ChecklistTextSchema, (Field("text", N_("Text of the checklist (YAML)"), "long", lines=26, exact=True),))


@way("desk", N_("Checklists"), "checklists.read", heading=N_("Tools"), order=72, endpoint="checklist_list")
@blueprint.get("/checklists")
@requires("checklists.read")
def checklist_list() -> Response:
    """What is in use, by its latest version, and what comes with the service and is not."""
    in_use: dict[str, list[ChecklistVersion]] = {}
    for one in checklists.versions(actor()):
        in_use.setdefault(one.checklist, []).append(one)
    waiting = [one for one in checklists.shipped().values() if one.version_id not in _ids(in_use)]
    writes = access.may(actor(), "checklists.write")
    return page("inspect/checklists.html", in_use=in_use, waiting=waiting, writes=writes)


def _ids(in_use: dict[str, list[ChecklistVersion]]) -> set[str]:
    return {version.id for versions in in_use.values() for version in versions}


@blueprint.post("/checklists")
@requires("checklists.write")
def put_into_use() -> Response:
    """One that comes with the service: items that are drawn from now on are looked up by it."""
    xforms.publish_shipped(actor(), now(), request.form.get("checklist", ""))
    return say(make_response(redirect(url_for("desk.checklist_list"), 303)), _("Saved."))


@blueprint.get("/checklists/<id>")
@requires("checklists.read")
def checklist(id: str) -> Response:
    """One version: its questions, and which answers mean that an attribute holds. Also of one that is not in use."""
    try:
        shown = checklists.parsed(checklists.read(actor(), id).id)
    except Refused:
        found = [one for one in checklists.shipped().values() if one.version_id == id]
        if not found:
            raise
        shown = found[0]
    begins = access.may(actor(), "checklists.write") and bool(checklists.text_of(id))
    asked = {one.id: one for one in shown.questionnaire.questions}
    return page("inspect/checklist.html", shown=shown, asked=asked, begins=begins)


@blueprint.get("/checklists/new")
@requires("checklists.write")
def new_checklist() -> Response:
    """The form for a text of one's own; one that is there can be its beginning."""
    return _text_page(TEXT.shown({"text": checklists.text_of(request.args.get("from", ""))}))


@blueprint.post("/checklists/new")
@requires("checklists.write")
def publish_checklist() -> Response:
    """Put it into use, or tell line by line what is wrong."""

    def act(values: dict[str, Any], version: int) -> tuple[ChecklistVersion, bool]:
        return xforms.publish_text(actor(), now(), values["text"])

    return save(TEXT, act, to=lambda made: url_for("desk.checklist", id=made.id), again=_text_page)


def _text_page(shown: ShownForm, status: int = 200) -> Response:
    path = [(_("Checklists"), url_for("desk.checklist_list"))]
    return form_page(_("New checklist"), shown, _("Put into use"), path, status)
