"""The desk's pages of follow-ups: what is due, one case with its turns, and the next step for whoever may take it."""

from secrets import token_hex

from flask import Response, redirect, request, url_for
from werkzeug.wrappers import Response as Redirect

from service.domain import access
from service.domain.collect.scans import MEDIA_TYPES, SCAN_LIMIT
from service.domain.days import day_of
from service.domain.errors import Fault, Refused
from service.domain.inspect.follow_ups import CALL_BACKS, DEVIATION, FELL_BACK, FINDING, HELD, RATING, FollowUp
from service.operations import organisations, projects
from service.operations.collect.questionnaires import of_campaign
from service.operations.inspect import follow_ups
from service.web.auth import actor, now, requires
from service.web.downloads import attachment
from service.web.errors import status_of
from service.web.pages.answer_texts import read
from service.web.pages.desk.home import LARGE_FORMS, blueprint, page
from service.web.pages.desk.inspect.notices import told, typed_day, typed_version
from service.web.pages.desk.ways import N_, way

FORM_BYTES = 100_000  # what the form holds besides the files
FILES = 3  # of one sending; more come with the API
LARGE_FORMS["desk.answer_follow_up"] = FILES * SCAN_LIMIT + FORM_BYTES


@blueprint.get("/projects/<id>/follow-ups", endpoint="follow_ups")
@requires("follow_ups.read")
@way("project", N_("Follow-ups"), "follow_ups.read", heading=N_("Inspecting"), order=48, endpoint="follow_ups")
def list_follow_ups(id: str) -> Response:
    """The project's cases with what is late, this month's numbers, and the form to open one."""
    return _list(id)


@blueprint.post("/projects/<id>/follow-ups")
@requires("follow_ups.write")
def open_follow_up(id: str) -> Response | Redirect:
    """Open a case on a finding or another deviation."""
    form = request.form
    subject = form.get("subject", "").strip()
    try:
        made, _ = follow_ups.open_case(
            actor(),
            now(),
            token_hex(8),
            id,
            form.get("title", ""),
            form.get("text", "").replace("\r\n", "\n"),
            _days(),
            FINDING if subject else DEVIATION,
            subject,
        )
    except Refused as refused:
        return _list(id, refused)
    return redirect(url_for("desk.follow_up", id=made.id), 303)


def _list(id: str, refused: Refused | None = None) -> Response:
    project = projects.project(actor(), id, "follow_ups.read")
    today = day_of(now())
    wanted = request.args.get("month", "") or today.isoformat()[:7]
    try:
        month = follow_ups.month(actor(), now(), id, wanted)
    except Refused as wrong:
        month, refused = follow_ups.month(actor(), now(), id, today.isoformat()[:7]), refused or wrong
    return page(
        "inspect/follow_ups.html",
        200 if refused is None else status_of(refused),
        project=project,
        found=follow_ups.of_project(actor(), id),
        month=month,
        today=today,
        writes=access.may(actor(), "follow_ups.write", project.parties),
        errors=told(refused),
        typed=request.form or request.args,
    )


@blueprint.get("/follow-ups/<id>", endpoint="follow_up")
@requires("follow_ups.read")
def show_follow_up(id: str) -> Response:
    """One case."""
    return _one(id)


@blueprint.post("/follow-ups/<id>/answer", endpoint="answer_follow_up")
@requires("follow_ups.answer")
def answer_follow_up(id: str) -> Response | Redirect:
    """What the provider did, with files."""
    try:
        files = [sent.read() for sent in request.files.getlist("evidence") if sent.filename][: FILES + 1]
        if len(files) > FILES:
            raise Refused("invalid", [Fault("evidence", "too_many", {"limit": FILES})])
        names = tuple(follow_ups.add_evidence(actor(), now(), id, data).name for data in files)
        text = request.form.get("text", "").replace("\r\n", "\n")
        follow_ups.answer(actor(), now(), id, typed_version(), text, tuple(dict.fromkeys(names)))
    except Refused as refused:
        return _one(id, refused)
    return redirect(url_for("desk.follow_up", id=id), 303)


@blueprint.post("/follow-ups/<id>/verdict")
@requires("follow_ups.write")
def judge_follow_up(id: str) -> Response | Redirect:
    """Verify the answer, or give it back with a new term."""
    form = request.form
    comment, said = form.get("comment", ""), form.get("call_back", "")
    try:
        if form.get("state") == "returned":
            follow_ups.give_back(actor(), now(), id, typed_version(), comment, _days())
        else:
            follow_ups.verify(actor(), now(), id, typed_version(), comment, typed_day("look_back_on"), said)
    except Refused as refused:
        return _one(id, refused)
    return redirect(url_for("desk.follow_up", id=id), 303)


@blueprint.post("/follow-ups/<id>/look-back")
@requires("follow_ups.write")
def look_back_at_follow_up(id: str) -> Response | Redirect:
    """Whether the measure lasted."""
    form = request.form
    try:
        follow_ups.look_back(actor(), now(), id, typed_version(), form.get("result", ""), form.get("comment", ""))
    except Refused as refused:
        return _one(id, refused)
    return redirect(url_for("desk.follow_up", id=id), 303)


@blueprint.get("/follow-ups/<id>/evidence/<name>", endpoint="evidence_of_follow_up")
@requires("follow_ups.read")
def evidence_of_follow_up(id: str, name: str) -> Response:
    """A file that came with an answer, to save: never shown among our own pages."""
    found, data = follow_ups.evidence(actor(), id, name)
    return attachment(f"{found.name[:12]}.{found.kind}", data, MEDIA_TYPES[found.kind])


def _one(id: str, refused: Refused | None = None) -> Response:
    case = follow_ups.get(actor(), id)
    project = projects.project(actor(), case.project, "follow_ups.read")
    today = day_of(now())
    return page(
        "inspect/follow_up.html",
        200 if refused is None else status_of(refused),
        case=case,
        project=project,
        passed=_passed(case),
        site=(case.passed or {}).get("#site", ""),
        people=organisations.colleagues(actor()),
        late=case.overdue(today),
        answers=access.may(actor(), "follow_ups.answer", project.parties),
        writes=access.may(actor(), "follow_ups.write", project.parties),
        looks=case.look_back_due(today),
        call_backs=CALL_BACKS if case.source == RATING else (),
        results=(HELD, FELL_BACK),
        files=FILES,
        errors=told(refused),
        typed=request.form,
    )


def _passed(case: FollowUp) -> list[tuple[str, str]]:
    """What the person allowed to be passed on, in words."""
    if not case.passed:
        return []
    questionnaire = of_campaign(case.subject.partition("/")[0])
    given = {key: said for key, said in case.passed.items() if key != "#site"}
    return [(label, said) for label, said, _ in read(questionnaire, given) if said]


def _days() -> int:
    given = request.form.get("working_days", "")
    return int(given) if given.isdecimal() and len(given) < 5 else 0
