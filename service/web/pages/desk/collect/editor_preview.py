"""The draft as the phone shows it, screen by screen: the phone's own page, all of whose questions are shown."""

from collections.abc import Sequence
from functools import cached_property

from flask import Response, g, make_response, redirect, request, url_for
from werkzeug.datastructures import MultiDict

from service.domain.collect.campaigns import OPEN
from service.domain.collect.draft_previews import presentable
from service.domain.collect.questionnaires import Questionnaire
from service.domain.collect.responses import today_of
from service.domain.collect.screens import Screen, screens
from service.operations.collect.campaigns import View
from service.web import csrf
from service.web.auth import now, requires
from service.web.extensions import keys
from service.web.pages import sheet as sheets
from service.web.pages import survey
from service.web.pages.desk.collect.editor import editor_page, opened
from service.web.pages.desk.collect.trying import stand_in
from service.web.pages.desk.home import blueprint
from service.web.pages.steps import Steps


class EveryScreen(Steps):
    """The screens of the definition: conditions are not looked at."""

    @cached_property
    def screens(self) -> Sequence[Screen]:
        return screens(self.questionnaire)


@blueprint.get("/questionnaires/<id>/preview")
@requires("questionnaires.write")
def preview_draft(id: str) -> Response:
    """The screen on which a `question` stands, else the first one. Faulty questions are left out."""
    found = _prepare(id)
    if isinstance(found, Response):
        return found
    steps = _steps(found)
    wanted, at = request.args.get("question", ""), 0
    for place, screen in enumerate(steps.screens):
        if any(question.id == wanted for question in screen.questions):
            at = place
    return survey.questions("", found, steps, at, sheets.blank(keys()))


@blueprint.post("/questionnaires/<id>/preview")
@requires("questionnaires.write")
def turn_preview(id: str) -> Response:
    """The next screen or the one before, whatever was filled in; behind the last one the editor."""
    found = _prepare(id)
    if isinstance(found, Response):
        return found
    steps = _steps(found)
    if sheets.SWITCH in request.form:
        survey.switch_to(request.form[sheets.SWITCH], found)
        return survey.questions("", found, steps, steps.at)
    step = -1 if request.form.get(sheets.GO) == sheets.BACK else 1
    if steps.at + step >= len(steps.screens):
        return make_response(redirect(url_for("desk.edit_draft", id=id), 303))
    return survey.questions("", found, steps, max(steps.at + step, 0))


def _steps(view: View) -> EveryScreen:
    return EveryScreen(view.questionnaire, MultiDict(request.form), "", today_of(now()))


def _prepare(id: str) -> View | Response:
    """What the phone page needs; a page of the desk where nothing can be shown yet."""
    editing = opened(id)
    shown: Questionnaire | None = editing.reading.questionnaire
    if shown is None:
        shown, _ = presentable(editing.data)
    if shown is None:
        return editor_page("editor_nothing.html", editing)
    back = url_for("desk.edit_draft", id=id)
    action = url_for("desk.turn_preview", id=id, form=1)
    g.place = survey.Place(action=action, carried={csrf.FIELD: csrf.token()}, back=back, preview=True)
    view = View(stand_in(shown), OPEN, shown, {}, {})
    survey.speak_of(view.campaign)
    return view
