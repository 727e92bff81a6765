"""The interviewer's pages, made for a phone: my lists, the person in hand, the first questions, the questionnaire."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from flask import Response, g, make_response, redirect, request, url_for
from werkzeug.datastructures import MultiDict

from service.domain import access
from service.domain.collect.questionnaires import in_language
from service.domain.errors import Fault, Refused
from service.domain.inspect import interview_rules
from service.domain.inspect.interview_rules import CHINA, MODES, ON_SITE
from service.domain.inspect.interviews import OPEN, InterviewPlan
from service.operations import projects
from service.operations.collect import campaigns
from service.operations.collect.campaigns import View
from service.operations.inspect import frames, interview_answers, interview_plans, interviews
from service.web import csrf
from service.web.auth import actor, now, requires
from service.web.errors import fault_text, status_of
from service.web.extensions import keys
from service.web.languages import spoken
from service.web.pages import sheet as sheets
from service.web.pages import survey
from service.web.pages.desk.home import blueprint, page
from service.web.pages.desk.inspect import interview_words
from service.web.pages.desk.ways import N_, way

SERIAL, RECEIPT, BEGIN = "_serial", "_earlier", "_begin"


@blueprint.get("/interviews")
@requires("interviews.conduct")
@way("desk", N_("My interviews"), "interviews.conduct", order=35)
def interview_list() -> Response:
    """My lists, with whom I have in hand."""
    return _lists()


def _lists(status: int = 200, problem: str = "", done: Any = None) -> Response:
    shown = [_summary(plan) for plan in interview_plans.mine(actor())]
    held = interviews.held(actor())
    return _page("inspect/interviews.html", status, plans=shown, held=held, problem=problem, done=done)


def _summary(plan: InterviewPlan) -> dict[str, Any]:
    there = interview_plans.persons(plan)
    left = {mode: sum(not person.closed and person.mode == mode for person in there) for mode in MODES}
    due = sorted(person.appointment for person in there if person.appointment and not person.closed)
    project = projects.project(actor(), plan.project)
    names = _names(plan)
    may = access.may(actor(), "interviews.read", project.parties)
    return {"plan": plan, "left": left, "due": due, "supervises": may, "working": plan.state == OPEN, **names}


def _names(plan: InterviewPlan) -> dict[str, str]:
    view = campaigns.view(plan.campaign)
    return {"campaign": view.campaign.name, "site": view.site_names.get(plan.site, plan.site)}


@blueprint.post("/interviews/<id>/next")
@requires("interviews.conduct")
def next_person(id: str) -> Response:
    """The next person, or the one already in hand."""
    mode = request.form.get("mode", "")
    try:
        interviews.hand_out(actor(), now(), id, mode, request.form.get("serial", "") if mode == ON_SITE else "")
    except Refused as refused:
        if refused.reason not in ("nobody_to_call", "interview_unfinished", "campaign_closed", "campaign_paused"):
            raise
        return _lists(status_of(refused), interview_words.why_not(refused))
    return _to("desk.interview_person", id)


@blueprint.get("/interviews/<id>/person")
@requires("interviews.conduct")
def interview_person(id: str) -> Response:
    """The person in hand with the one number, what to say, and how to record what came of it."""
    try:
        return _person(id)
    except Refused as refused:
        if refused.reason != "nobody_in_hand":
            raise
        return _to("desk.interview_list")


def _person(id: str, status: int = 200, errors: Any = (), at: str = "") -> Response:
    shown = interviews.show(actor(), now(), keys(), id)
    view = campaigns.view(shown.plan.campaign)
    tried = interview_rules.tried(shown.plan.settings, shown.person.tries)
    return _page(
        "inspect/interview_person.html",
        status,
        shown=shown,
        person=shown.person,
        plan=shown.plan,
        view=view,
        tried=tried,
        errors=errors,
        at=at,
        typed=request.form if request.method == "POST" else {},
        notice=lambda name: _told(view.campaign.notice.get(name)),
        phones=[text for text in shown.contact.values() if _is_number(text)],
        names=_names(shown.plan),
    )


def _told(text: Any) -> str:
    return in_language(dict(text), spoken()) if isinstance(text, Mapping) else ""


def _is_number(text: str) -> bool:
    digits = [character for character in text if character.isdigit()]
    return 5 <= len(digits) <= 15 and all(c.isdigit() or c in "+-() 　" for c in text)


@blueprint.post("/interviews/<id>/outcome")
@requires("interviews.conduct")
def record_outcome(id: str) -> Response:
    """How the try ended."""
    outcome = request.form.get("outcome", "")
    try:
        appointment = _moment(request.form.get("appointment", "")) if outcome == "call_back" else None
        interviews.record(actor(), now(), keys(), id, request.form.get(SERIAL, ""), outcome, appointment)
    except Refused as refused:
        return _again(id, refused, "outcome")
    return _to("desk.interview_list")


@blueprint.post("/interviews/<id>/return")
@requires("interviews.conduct")
def return_person(id: str) -> Response:
    """Not called: somebody else will."""
    try:
        interviews.give_back(actor(), now(), id, request.form.get(SERIAL, ""), request.form.get("reason", ""))
    except Refused as refused:
        return _again(id, refused, "return")
    return _to("desk.interview_list")


@blueprint.post("/interviews/<id>/verification")
@requires("interviews.conduct")
def verify_person(id: str) -> Response:
    """The first questions; on to the questionnaire, or the person is closed."""
    said = {name: request.form.get(name, "") for name in interview_rules.VERIFICATION}
    try:
        person = interviews.verify(actor(), now(), keys(), id, request.form.get(SERIAL, ""), said)
    except Refused as refused:
        return _again(id, refused, "verification")
    if person.closed:
        return _to("desk.interview_list")
    if interview_plans.get(actor(), id).linked:  # the receipt of the earlier answer is asked for there
        return _to("desk.interview_person", id)
    return _to("desk.interview_questions", id, lang=spoken())


@blueprint.get("/interviews/<id>/questions")
@requires("interviews.conduct")
def interview_questions(id: str) -> Response:
    """The campaign's questionnaire, as everybody else sees it."""
    person = interviews.in_hand(actor(), id)
    if not person.verification:
        return _to("desk.interview_person", id)
    view = _prepare(id, person.serial)
    return _first_screen(view)


def _first_screen(view: View) -> Response:
    sheet = sheets.blank(keys())
    return survey.questions("", view, survey.steps_of(view, MultiDict(), sheet.seed), 0, sheet)


@blueprint.post("/interviews/<id>/questions")
@requires("interviews.conduct")
def send_interview(id: str) -> Response:
    """The next screen; after the last one the answers are taken in and the person is closed."""
    serial = request.form.get(SERIAL, "")
    interviews.mine(actor(), id, serial)
    view, form = _prepare(id, serial), MultiDict(request.form)
    if BEGIN in form:
        return _first_screen(view)
    steps = survey.steps_of(view, form, sheets.seed_of(form))
    if sheets.SWITCH in form:
        survey.switch_to(form[sheets.SWITCH], view)
        return survey.questions("", view, steps, steps.at)
    if form.get(sheets.GO) == sheets.BACK:
        return survey.questions("", view, steps, max(steps.at - 1, 0))
    if not steps.last:
        faults = steps.faults()
        return survey.questions("", view, steps, steps.at if faults else steps.at + 1, faults=faults)
    given = sheets.submission(form, view.questionnaire, spoken(), keys(), now(), interview_answers.MODE)
    try:
        done = interview_answers.answer(actor(), now(), keys(), id, serial, given, form.get(RECEIPT, ""))
    except Refused as refused:
        if refused.reason not in ("answers_invalid", "receipt_unknown", "answers_withdrawn"):
            raise
        warning = "" if refused.faults else interview_words.why_not(refused)
        screen = steps.with_fault(refused.faults) if refused.faults else steps.at
        return survey.questions("", view, steps, screen, faults=refused.faults, warning=warning)
    return _lists(done=done)


def _prepare(id: str, serial: str) -> View:
    """From here on the page speaks the campaign's languages; its form leads back to this interview."""
    plan = interview_plans.get(actor(), id)
    carried = {csrf.FIELD: csrf.token(), SERIAL: serial}
    if plan.linked:
        carried[RECEIPT] = request.form.get(RECEIPT, "")[:120]
    action = url_for("desk.send_interview", id=id, form=1)
    back = url_for("desk.interview_person", id=id)
    g.place = survey.Place(interview_answers.MODE, action, carried, call=back)
    view = campaigns.view(plan.campaign)
    survey.speak_of(view.campaign)
    return view


@blueprint.get("/interviews/<id>/visit")
@requires("interviews.conduct")
def interview_visit(id: str) -> Response:
    """Who is to be asked on site: serials and what is known of their records, one contact at a time as ever."""
    plan = interview_plans.get(actor(), id)
    there = [person for person in interview_plans.persons(plan) if person.mode == ON_SITE and not person.closed]
    rows = frames.rows_of(plan.frame, [person.serial for person in there])
    ordered = sorted(there, key=lambda person: (person.stratum, person.place))
    values: dict[str, Any] = {"plan": plan, "persons": ordered, "rows": rows, "now": now(), "names": _names(plan)}
    return _page("inspect/interview_visit.html", **values)


def _again(id: str, refused: Refused, form: str) -> Response:
    """The page once more, with what is wrong at the form it was sent from."""
    if refused.reason == "nobody_in_hand":  # a page of an earlier call
        return _lists(status_of(refused), interview_words.why_not(refused))
    if refused.reason not in ("invalid", "too_few_tries"):
        raise refused
    errors = [fault_text(fault) for fault in refused.faults] or [interview_words.why_not(refused)]
    return _person(id, status_of(refused), errors, form)


def _moment(text: str) -> datetime:
    """A time of day in China, as browsers send it."""
    try:
        return datetime.fromisoformat(text.strip()).replace(tzinfo=CHINA)
    except ValueError:
        raise Refused("invalid", [Fault("appointment", "not_a_moment")]) from None


def _page(template: str, status: int = 200, **values: Any) -> Response:
    return page(template, status, **interview_words.HELPERS, serial_field=SERIAL, **values)


def _to(endpoint: str, id: str = "", **more: Any) -> Response:
    values = {"id": id, **more} if id else more
    return make_response(redirect(url_for(endpoint, **values), 303))
