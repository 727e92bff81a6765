"""The phone page: from a code to a receipt, and with the receipt back again. Complete without JavaScript.

Its forms carry no token against forged requests: nobody is signed in here and no cookie is set or read, so another
site's page could send nothing that its visitor's code or receipt does not allow anybody to send.
"""

from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from flask import Blueprint, Response, g, make_response, redirect, render_template, request, url_for
from flask_babel import gettext
from werkzeug.datastructures import MultiDict

from service.domain.collect import media, tickets
from service.domain.collect.campaigns import Campaign
from service.domain.collect.questionnaires import in_language
from service.domain.collect.questions import CANNOT_SAY
from service.domain.collect.responses import today_of
from service.domain.collect.tickets import Batch
from service.domain.errors import Fault, Kind, Refused
from service.operations.collect import quotas, responses
from service.operations.collect.campaigns import View
from service.operations.collect.responses import PUBLIC_MODES, Acknowledgement
from service.operations.health import LOST_DATABASE
from service.web import slowdown
from service.web.auth import now, public
from service.web.errors import RETRY_SECONDS, status_of
from service.web.extensions import keys
from service.web.languages import NAMES, language, speak, spoken
from service.web.pages import answer_texts, photos
from service.web.pages import sheet as sheets
from service.web.pages.desk.words import moment
from service.web.pages.fields import Form
from service.web.pages.question_words import how_to
from service.web.pages.sheet import Sheet
from service.web.pages.steps import Steps, few_kinds

blueprint = Blueprint("survey", __name__)
# Refusals after which there is nothing to fill in.
STOPS = (
    "batch_voided", "campaign_closed", "campaign_not_open", "campaign_paused", "code_attended", "code_spent",
    "quota_full", "session_not_begun", "session_over", "submission_differs",
)  # fmt: skip


@dataclass(frozen=True)
class Place:
    """Where the questions are answered: on a phone, on the evaluator's tablet (tablet), or on the desk (desk_trying).

    `action` takes the form, and has a query; the code's own address if it is empty. `mode` is what the answers are
    counted under. A draft that is tried out has `carried` fields of its own in the form, and a way `back`; so has an
    interview a way back to the `call` (desk_interviews). A `preview` shows every screen at the width of a phone.
    """

    mode: str = "own_phone"
    action: str = ""
    carried: Mapping[str, str] = field(default_factory=dict)
    back: str = ""
    call: str = ""
    preview: bool = False


HELPER = "helper"  # in the address of the page: somebody fills it in for the person
HELPERS_MODE = "staff_assisted"


def _place() -> Place:
    """The tablet sets its own."""
    found: Place = g.get("place") or Place(HELPERS_MODE if HELPER in request.args else "own_phone")
    return found


@blueprint.get("/s/<code>")
@public
def form(code: str) -> Response:
    """The questions, at the address that the code stands for."""
    return show(code)


@blueprint.post("/s/<code>")
@public
def send(code: str) -> Response:
    """Takes the answers in, once, and shows the receipt."""
    taken = take(code)
    if isinstance(taken, Response):
        return taken
    speak_of(taken.view.campaign)
    page = _page("thanks.html", campaign=taken.view.campaign, receipt=taken.receipt)
    return make_response(page, 200 if taken.repeated else 201)


def show(code: str) -> Response:
    """The questions. Creates and spends nothing: link scanners open addresses too.

    Nor does it tell whether the slip was answered: who printed the slips could watch them and set the moment beside the
    answer that appears then. Only sending whole answers tells, and that would spend the slip.
    """
    try:
        view, batch = _look_up(code)
        responses.refuse_if_closed(view, batch, now())
        quotas.refuse_if_full(view, batch)
    except Refused as refused:
        return _refused(refused, code)
    sheet = sheets.blank(keys())
    return questions(code, view, steps_of(view, MultiDict(), sheet.seed), 0, sheet)


def take(code: str) -> Acknowledgement | Response:
    """Accepts the answers once; until the last screen shows the next one, or the same with what is wrong on it."""
    try:
        view, batch = _look_up(code)
        photos.make_room(view.questionnaire)
        return _go_on(code, view, batch)
    except Refused as refused:
        return _refused(refused, code)
    except LOST_DATABASE:
        return _refused(Refused("busy"), code)


def _go_on(code: str, view: View, batch: Batch) -> Acknowledgement | Response:
    form, wrong = photos.taken_in(view, batch, code)
    g.form = form
    steps = steps_of(view, form, sheets.seed_of(form))
    if sheets.SWITCH in form:
        switch_to(form[sheets.SWITCH], view)
        return questions(code, view, steps, steps.at, faults=wrong)
    if form.get(sheets.GO) == sheets.BACK:
        return questions(code, view, steps, max(steps.at - 1, 0))
    if wrong or not steps.last:
        responses.refuse_if_closed(view, batch, now())
        faults = (*wrong, *steps.faults())
        return questions(code, view, steps, steps.at if faults else steps.at + 1, faults=faults)
    return _sent(code, view, form)


def _sent(code: str, view: View, form: Form) -> Acknowledgement:
    asked, mode = request.args.get("lang", ""), _place().mode
    submission = sheets.submission(form, view.questionnaire, asked if asked in NAMES else "", keys(), now(), mode)
    with slowdown.failures():
        return responses.submit(code, submission, now(), keys(), (*PUBLIC_MODES, mode))


@blueprint.get("/s")
@public
def enter() -> Response:
    """Where a code is typed by hand."""
    return make_response(_page("code.html", typed="", error=""))


@blueprint.post("/s")
@public
def entered() -> Response:
    """Leads to the page of the code, which says whether there is such a code."""
    typed = request.form.get("code", "")
    try:
        code = tickets.normalise(typed)
    except Refused as refused:
        return _check_the_code(refused, typed)
    return make_response(redirect(url_for("survey.form", code=code, **_asked()), 303))


@blueprint.get("/withdraw")
@public
def withdrawal() -> Response:
    """Where a receipt is typed."""
    return make_response(_page("withdraw.html", typed="", error=""))


@blueprint.post("/withdraw")
@public
def withdraw() -> Response:
    """Shows the answers to who holds the receipt, or takes them out; a repeat finds them gone and says the same."""
    typed = request.form.get("receipt", "")
    try:
        with slowdown.failures():
            if "show" in request.form:
                return _own(typed)
            responses.withdraw(typed)
    except Refused as refused:
        if refused.reason not in ("receipt_unknown", "answers_withdrawn", "kept_long_enough"):
            raise
        page = _page("withdraw.html", typed=typed[:120], error=gettext(refused.entry.message))
        return make_response(page, status_of(refused))
    return make_response(_page("withdrawn.html"))


def _own(receipt: str) -> Response:
    """What is kept of the answers, in the words of the questions (Personal Information Protection Law, art. 45)."""
    view, own = responses.own(receipt)
    speak_of(view.campaign)
    rows = answer_texts.read(view.questionnaire, own.answers)
    return make_response(_page("answers.html", campaign=view.campaign, receipt=receipt[:120], rows=rows))


def _look_up(code: str) -> tuple[View, Batch]:
    """The campaign and batch of a code; the campaign's languages are spoken from here on."""
    with slowdown.failures():
        view, batch = responses.form_of(code, keys(), _place().mode)
    speak_of(view.campaign)
    return view, batch


def switch_to(wanted: str, view: View) -> None:
    """Another of the campaign's languages."""
    if wanted in view.campaign.languages:
        speak(wanted)


def speak_of(campaign: Campaign) -> None:
    """The campaign's languages are spoken from here on."""
    g.offered = campaign.languages
    speak(language(campaign.languages))


def _asked() -> dict[str, Any]:
    """The language that the reader chose, for the next address."""
    return {"lang": spoken()} if "lang" in request.args else {}


def _action(code: str) -> str:
    """Where the form with the answers is sent."""
    place = _place()
    more: dict[str, Any] = {HELPER: 1} if place.mode == HELPERS_MODE else {}
    if place.action:
        return f"{place.action}&lang={spoken()}"
    return url_for("survey.send", code=tickets.normalise(code), lang=spoken(), **more)


def local(text: Any) -> str:
    """A text of the data in the reader's language."""
    return in_language(text, spoken())


def _page(template: str, **values: Any) -> str:
    offered = {name: NAMES.get(name, name) for name in g.get("offered", NAMES)}
    place = _place()
    common = {
        "offered": offered,
        "asked": _asked(),
        "local": local,
        "tablet": "place" in g and not place.back and not place.call,
    }
    common |= {"carried": place.carried, "back": place.back, "call": place.call, "preview": place.preview}
    return render_template(f"survey/{template}", **common, **values)


def steps_of(view: View, form: Form, seed: str) -> Steps:
    """The way through the questionnaire, as far as what was filled in decides it."""
    return Steps(view.questionnaire, form, seed if view.questionnaire.randomised else "", today_of(now()))


def questions(
    code: str,
    view: View,
    steps: Steps,
    screen: int,
    sheet: Sheet | None = None,
    *,
    faults: Sequence[Fault] = (),
    warning: str = "",
) -> Response:
    """One screen of the questions, with what was filled in."""
    shown, numbers, to_come = steps.screens[screen], steps.numbers(), steps.to_come(screen)
    sheet = sheet or sheets.again(steps.form, view.questionnaire)
    values = {
        "action": _action(code),
        "cannot_say": CANNOT_SAY,
        "few_kinds": few_kinds(shown.questions),
        "told": lambda text: steps.told(text, spoken()),
        "helper": _place().mode == HELPERS_MODE,
        "how_to": how_to,
        "numbers": numbers,
        "place": screen,
        "screen": shown,
        "screens": len(to_come),
        "questions": sum(question.kind != "note" for each in to_come for question in each.questions),
        "conditional": bool(view.questionnaire.logic.asked_if),
        "sheet": replace(sheet, problems=sheets.problems(steps.form, shown.questions, numbers, spoken(), faults)),
        "with_photo": any(question.kind == media.PHOTO for question in shown.questions),
    }
    return make_response(_page("form.html", view=view, warning=warning, **values), 422 if faults else 200)


def _refused(refused: Refused, code: str) -> Response:
    """The page for a refusal; those that no page of ours explains go on to the writer for all."""
    if refused.reason in ("code_mistyped", "code_unknown"):
        return _check_the_code(refused, code)
    filled_in = request.method == "POST" and refused.reason == "campaign_paused"  # what was filled in is not lost
    if refused.reason in STOPS and not filled_in:
        return _stopped(refused, code)
    if request.method == "POST" and refused.entry.kind in (Kind.INVALID, Kind.BUSY):
        return _once_more(refused, code)
    raise refused


def _check_the_code(refused: Refused, typed: str) -> Response:
    page = _page("code.html", typed=typed[:80], error=gettext(refused.entry.message))
    return make_response(page, status_of(refused))


def _stopped(refused: Refused, code: str) -> Response:
    campaign = None
    with suppress(Refused):  # without it the page still says what happened
        campaign = _look_up(code)[0].campaign
    times = {name: moment(at).striptags() for name, at in refused.params.items() if isinstance(at, datetime)}
    message = gettext(refused.entry.message).format(**refused.params | times)
    told = {"reason": refused.reason, "message": message, "moment": moment}
    page = _page("stopped.html", campaign=campaign, **told)
    return _come_back(make_response(page, status_of(refused)), refused)


def _come_back(response: Response, refused: Refused) -> Response:
    """Tell machines too when it is worth trying again."""
    if refused.entry.kind is Kind.BUSY:
        response.headers["Retry-After"] = str(refused.params.get("seconds", RETRY_SECONDS))
    return response


def _once_more(refused: Refused, code: str) -> Response:
    """The form with the answers kept: with faults to mend, or to be sent again when we were too busy."""
    view, _ = _look_up(code)
    form = g.get("form", request.form)
    steps = steps_of(view, form, sheets.seed_of(form))
    sheet = sheets.again(form, view.questionnaire)
    if any(fault.field == "submission_id" for fault in refused.faults):
        fresh = sheets.blank(keys())
        sheet = replace(sheet, id=fresh.id, started=fresh.started)
    warning = ""
    if refused.reason == "campaign_paused":
        warning = gettext("The survey is paused. Your answers are still here. Please press “Send” again later.")
    elif refused.entry.kind is Kind.BUSY:
        warning = gettext("The service is busy. Your answers are still here. Please press “Send” again.")
    screen = steps.with_fault(refused.faults)
    page = questions(code, view, steps, screen, sheet, faults=refused.faults, warning=warning)
    page.status_code = status_of(refused)
    return _come_back(page, refused)
