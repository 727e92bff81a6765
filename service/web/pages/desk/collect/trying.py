"""Trying out a draft: the phone page itself, shown on the desk, whose answers go to the test answers alone."""

from flask import Response, g, make_response, redirect, request, url_for
from flask_babel import gettext
from werkzeug.datastructures import MultiDict

from service.domain.collect.campaigns import NOTICE_TEXTS, OPEN, Campaign
from service.domain.collect.questionnaires import Questionnaire
from service.domain.collect.questions import ORDER
from service.domain.errors import Refused
from service.operations.collect import drafts, trials
from service.operations.collect.campaigns import View
from service.web import csrf
from service.web.auth import actor, now, requires
from service.web.errors import status_of
from service.web.extensions import keys
from service.web.languages import spoken
from service.web.pages import photos, survey
from service.web.pages import sheet as sheets
from service.web.pages.desk.home import LARGE_FORMS, blueprint, message, page
from service.web.pages.fields import Form
from service.web.pages.steps import Steps

LARGE_FORMS["desk.send_trial"] = photos.ROOM  # a questionnaire may ask for pictures
DIGEST = "_digest"
PICTURE = "0" * 32  # stands for a picture that was chosen: test answers keep none


@blueprint.get("/questionnaires/<id>/try")
@requires("questionnaires.write")
def try_draft(id: str) -> Response:
    """The draft as a phone would show it."""
    try:
        view = _prepare(id)
    except Refused as refused:
        return _stopped(id, refused)
    sheet = sheets.blank(keys())
    return survey.questions("", view, survey.steps_of(view, MultiDict(), sheet.seed), 0, sheet)


@blueprint.post("/questionnaires/<id>/try")
@requires("questionnaires.write")
def send_trial(id: str) -> Response:
    """The next screen, or the end: the answers are kept as a test and the draft is shown with its tally."""
    try:
        view = _prepare(id)
    except Refused as refused:
        return _stopped(id, refused)
    form = _form()
    steps = survey.steps_of(view, form, sheets.seed_of(form))
    if sheets.SWITCH in form:
        survey.switch_to(form[sheets.SWITCH], view)
        return survey.questions("", view, steps, steps.at)
    if form.get(sheets.GO) == sheets.BACK:
        return survey.questions("", view, steps, max(steps.at - 1, 0))
    if not steps.last:
        faults = steps.faults()
        return survey.questions("", view, steps, steps.at if faults else steps.at + 1, faults=faults)
    return _keep(id, view, steps)


def _keep(id: str, view: View, steps: Steps) -> Response:
    given = sheets.submission(steps.form, view.questionnaire, spoken(), keys(), now(), "own_phone")
    digest = steps.form.get(DIGEST, "")
    answers = {**given.answers, **({ORDER: given.order_seed} if given.order_seed else {})}
    try:
        trials.answer(actor(), now(), id, answers, spoken(), given.submission_id, digest, lenient=True)
    except Refused as refused:
        if refused.reason != "answers_invalid":
            return _stopped(id, refused)
        return survey.questions("", view, steps, steps.with_fault(refused.faults), faults=refused.faults)
    return make_response(redirect(url_for("desk.questionnaire", id=id), 303))


def _prepare(id: str) -> View:
    """What the phone page needs; from here on it speaks the questionnaire's languages."""
    draft = drafts.get(actor(), id)
    questionnaire = drafts.readable(draft)
    carried = {csrf.FIELD: csrf.token(), DIGEST: questionnaire.digest}
    back = url_for("desk.questionnaire", id=id)
    g.place = survey.Place(action=url_for("desk.send_trial", id=id, form=1), carried=carried, back=back)
    view = View(stand_in(questionnaire), OPEN, questionnaire, {}, {})
    survey.speak_of(view.campaign)
    return view


def stand_in(questionnaire: Questionnaire) -> Campaign:
    """Stands in for the campaign that there is not yet: what it would say about itself is left open."""
    open_text = {language: gettext("(as stated for the campaign)") for language in questionnaire.languages}
    return Campaign(
        id="",
        short_code="",
        project="",
        name="",
        questionnaire=questionnaire.id,
        questionnaire_version=questionnaire.version,
        population=questionnaire.population,
        sites=(),
        opens_at=now(),
        closes_at=now(),
        languages=questionnaire.languages,
        notice={**dict.fromkeys(NOTICE_TEXTS, open_text), "purpose": questionnaire.purpose, "phone": "000"},
    )


def _form() -> Form:
    """What was filled in; of a picture only that one was chosen."""
    form: Form = MultiDict(request.form)
    for name in form.getlist(photos.REMOVE):
        form.poplist(name)
    for name, file in request.files.items():
        if file.filename:
            form[name.removeprefix(photos.FIELD)] = PICTURE
    return form


def _stopped(id: str, refused: Refused) -> Response:
    """It has faults, or somebody changed it meanwhile: the draft's page says so."""
    if refused.reason not in ("draft_faulty", "stale", "trials_full", "submission_differs"):
        raise refused
    back = url_for("desk.questionnaire", id=id)
    return page("collect/trial_stopped.html", status_of(refused), id=id, message=message(refused), back=back)
