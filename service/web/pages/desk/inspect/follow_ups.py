"""The desk's pages of follow-ups: a project's cases and their month, and one case from opening to look-back."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from flask import Response, request, url_for

from schemas.inspect.follow_ups import AnswerSchema, LookBackSchema, NewFollowUpSchema, VerdictSchema
from service.domain import access
from service.domain.collect.scans import MEDIA_TYPES, SCAN_LIMIT
from service.domain.days import day_of
from service.domain.errors import Fault, Refused
from service.domain.inspect.follow_ups import (
    ANSWERED,
    CALL_BACKS,
    DEVIATION,
    FELL_BACK,
    FINDING,
    HELD,
    RATING,
    RETURNED,
    VERIFIED,
    WAITING_FOR_PROVIDER,
    FollowUp,
)
from service.domain.projects import Project
from service.operations import organisations, projects
from service.operations.collect.questionnaires import of_campaign
from service.operations.inspect import follow_ups
from service.web.auth import actor, now, requires
from service.web.downloads import attachment
from service.web.errors import status_of
from service.web.pages.answer_texts import read
from service.web.pages.desk.forms import Field, Form, ShownForm, save
from service.web.pages.desk.home import LARGE_FORMS, blueprint, page, told
from service.web.pages.desk.ways import N_, way
from service.web.pages.desk.words import word

FORM_BYTES = 100_000  # what the form holds besides the files
FILES = 3  # of one sending; more come with the API
LARGE_FORMS["desk.answer_follow_up"] = FILES * SCAN_LIMIT + FORM_BYTES
OPENING = Form(
    NewFollowUpSchema,
    (
        Field("id", "", "new_id"),
        Field("title", N_("Title")),
        Field("text", N_("What is to be put right"), "long"),
        Field("working_days", N_("Working days for the answer"), "number"),
        Field("subject", N_("Spot check or notice that found it, if there is one")),
    ),
)
ANSWER = Form(
    AnswerSchema,
    (
        Field("text", N_("What was done"), "long", lines=5),
        Field("evidence", N_("Evidence: up to 3 files, PDF, JPEG or PNG"), "files"),
    ),
    key="answer",
)
CALL_BACK = Field("call_back", N_("Called back: what the person said"), "choice")
VERDICT = Form(
    VerdictSchema,
    (
        Field(
            "state",
            N_("Does it stand up?"),
            "radio",
            choices=((VERIFIED, N_("yes, verified")), (RETURNED, N_("no, back to the provider"))),
        ),
        Field("comment", N_("How it was verified, or what is missing"), "long", lines=3),
        Field("look_back_on", N_("If verified: day to look again whether it lasted"), "date"),
        Field("working_days", N_("If returned: working days for the new answer"), "number"),
    ),
    key="verdict",
)
LOOK_BACK = Form(
    LookBackSchema,
    (
        Field("result", N_("Did the measure last?"), "choice"),
        Field("comment", N_("What was seen"), "long", lines=3),
    ),
    key="look_back",
)


@blueprint.get("/projects/<id>/follow-ups", endpoint="follow_ups")
@requires("follow_ups.read")
@way("project", N_("Follow-ups"), "follow_ups.read", heading=N_("Inspecting"), order=48, endpoint="follow_ups")
def list_follow_ups(id: str) -> Response:
    """The project's cases with what is late, this month's numbers, and the form to open one."""
    return _list(id)


@blueprint.post("/projects/<id>/follow-ups")
@requires("follow_ups.write")
def open_follow_up(id: str) -> Response:
    """Open a case on a finding or another deviation."""

    def act(values: dict[str, Any], version: int) -> tuple[FollowUp, bool]:
        source = FINDING if values["subject"] else DEVIATION
        return follow_ups.open_case(actor(), now(), project=id, **values | {"source": source})

    return save(OPENING, act, _address, lambda shown, status: _list(id, shown, status))


def _address(case: FollowUp) -> str:
    return url_for("desk.follow_up", id=case.id)


def _list(id: str, shown: ShownForm | None = None, status: int = 200) -> Response:
    project = projects.project(actor(), id, "follow_ups.read")
    today, wrong = day_of(now()), None
    wanted = request.args.get("month", "") or today.isoformat()[:7]
    try:
        month = follow_ups.month(actor(), now(), id, wanted)
    except Refused as refused:
        month, wrong = follow_ups.month(actor(), now(), id, today.isoformat()[:7]), refused
    return page(
        "inspect/follow_ups.html",
        status if wrong is None else status_of(wrong),
        project=project,
        found=follow_ups.of_project(actor(), id),
        month=month,
        today=today,
        writes=access.may(actor(), "follow_ups.write", project.parties),
        errors=told(wrong),
        shown=shown or OPENING.shown({"subject": request.args.get("subject", "")}),
    )


@blueprint.get("/follow-ups/<id>", endpoint="follow_up")
@requires("follow_ups.read")
def show_follow_up(id: str) -> Response:
    """One case."""
    return _one(id)


@blueprint.post("/follow-ups/<id>/answer", endpoint="answer_follow_up")
@requires("follow_ups.answer")
def answer_follow_up(id: str) -> Response:
    """What the provider did, with files."""

    def act(values: dict[str, Any], version: int) -> FollowUp:
        if len(values["evidence"]) > FILES:
            raise Refused("invalid", [Fault("evidence", "too_many", {"limit": FILES})])
        names = [follow_ups.add_evidence(actor(), now(), id, sent.read()).name for sent in values["evidence"]]
        return follow_ups.answer(actor(), now(), id, version, values["text"], tuple(dict.fromkeys(names)))

    return _step(id, ANSWER, act)


@blueprint.post("/follow-ups/<id>/verdict")
@requires("follow_ups.write")
def judge_follow_up(id: str) -> Response:
    """Verify the answer, or give it back with a new term."""

    def act(values: dict[str, Any], version: int) -> FollowUp:
        comment = values["comment"]
        if values["state"] == RETURNED:
            return follow_ups.give_back(actor(), now(), id, version, comment, values["working_days"])
        return follow_ups.verify(actor(), now(), id, version, comment, values["look_back_on"], values["call_back"])

    return _step(id, VERDICT, act)


@blueprint.post("/follow-ups/<id>/look-back")
@requires("follow_ups.write")
def look_back_at_follow_up(id: str) -> Response:
    """Whether the measure lasted."""
    return _step(id, LOOK_BACK, lambda values, version: follow_ups.look_back(actor(), now(), id, version, **values))


def _step(id: str, form: Form, act: Callable[[dict[str, Any], int], FollowUp]) -> Response:
    def again(shown: ShownForm, status: int) -> Response:
        return _one(id, status, {form.key: shown})

    return save(_seen(form, follow_ups.get(actor(), id)), act, _address, again)


def _seen(form: Form, case: FollowUp) -> Form:
    """The form of a step with what its page shows of the case; a rating's verdict says what the person said."""
    last: Mapping[str, Any] = case.answers[-1] if case.answers else {"text": "", "evidence": ()}
    seen = {
        N_("State"): word("case_state", case.state),
        N_("Last day for the answer"): str(case.due_on),
        N_("Answer"): last["text"],
        N_("Files"): "\n".join(name[:12] for name in last["evidence"]),
        N_("Look-back on"): str(case.look_back_on or ""),
    }
    if form.key == VERDICT.key and case.source == RATING:
        form = replace(form, fields=(*form.fields[:2], CALL_BACK, *form.fields[2:]))
    words = {
        "call_back": [(one, word("call_back", one)) for one in CALL_BACKS],
        "result": [(one, word("look_back", one)) for one in (HELD, FELL_BACK)],
    }
    return form.having(words, seen=seen)


@blueprint.get("/follow-ups/<id>/evidence/<name>", endpoint="evidence_of_follow_up")
@requires("follow_ups.read")
def evidence_of_follow_up(id: str, name: str) -> Response:
    """A file that came with an answer, to save: never shown among our own pages."""
    found, data = follow_ups.evidence(actor(), id, name)
    return attachment(f"{found.name[:12]}.{found.kind}", data, MEDIA_TYPES[found.kind])


def _one(id: str, status: int = 200, refused: Mapping[str, ShownForm] | None = None) -> Response:
    case = follow_ups.get(actor(), id)
    project = projects.project(actor(), case.project, "follow_ups.read")
    today = day_of(now())
    steps = _steps(case, project)
    shown = {form.key: _seen(form, case).shown(version=case.version) for form in steps}
    return page(
        "inspect/follow_up.html",
        status,
        case=case,
        project=project,
        passed=_passed(case),
        site=(case.passed or {}).get("#site", ""),
        people=organisations.colleagues(actor()),
        late=case.overdue(today),
        shown=shown | {key: form for key, form in (refused or {}).items() if key in shown},
        failed=next(iter((refused or {}).values()), None),
    )


def _steps(case: FollowUp, project: Project) -> list[Form]:
    """What the reader may do with the case now."""
    writes = access.may(actor(), "follow_ups.write", project.parties)
    answers = access.may(actor(), "follow_ups.answer", project.parties)
    found = [ANSWER] if answers and case.state in WAITING_FOR_PROVIDER else []
    found += [VERDICT] if writes and case.state == ANSWERED else []
    return found + ([LOOK_BACK] if writes and case.look_back_due(day_of(now())) else [])


def _passed(case: FollowUp) -> list[tuple[str, str]]:
    """What the person allowed to be passed on, in words."""
    if not case.passed:
        return []
    questionnaire = of_campaign(case.subject.partition("/")[0])
    given = {key: said for key, said in case.passed.items() if key != "#site"}
    return [(label, said) for label, said, _ in read(questionnaire, given) if said]
