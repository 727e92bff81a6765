"""The desk's pages on which a round moves: what each step demands, the step itself, waivers, and deadlines put off."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from flask import Response, request, url_for
from flask_babel import gettext

from schemas.procedure.round_states import MoveSchema, PostponeSchema, WaiverSchema
from service.domain.errors import Fault, Refused
from service.domain.evaluate.rounds import NOTIFIED, OPENED, Round
from service.domain.evaluate.unmet import Unmet
from service.domain.inspect.notices import CHANNELS
from service.domain.procedure.waivers import Waiver
from service.operations import organisations
from service.operations.procedure import deadlines, gates, groups, moves
from service.operations.procedure.deadlines import Running
from service.operations.procedure.gates import Step
from service.web.auth import actor, now, requires
from service.web.errors import fault_text
from service.web.extensions import keys
from service.web.pages.desk.evaluate.one_round import OneRound, one_round, round_page, steps_to
from service.web.pages.desk.forms import N_, Field, Form, ShownForm, confirm_page, form_page, save
from service.web.pages.desk.home import blueprint
from service.web.pages.desk.procedure.round_words import CONSEQUENCES
from service.web.pages.desk.ways import way
from service.web.pages.desk.words import local, word

SERVICE = (
    Field("served_on", N_("Served on"), "date", required=True),
    Field("channel", N_("How it is served"), "choice", required=True),
    Field("received_by", N_("Received by"), required=True),
)
BODY = (
    Field("body", N_("Body that hears an appeal")),
    Field("address", N_("Address")),
    Field("phone", N_("Telephone")),
)
WHY = Field("reason", N_("Reason"), "long", hint=N_("Needed where something is late."))
WAIVER = Form(
    WaiverSchema,
    (
        Field("id", "", "new_id"),
        Field("gate", "", "hidden"),
        Field("subject", "", "hidden"),
        Field("reason", N_("Reason"), "long"),
    ),
)
POSTPONING = Form(PostponeSchema, (Field("on", N_("New last day"), "date"), Field("reason", N_("Reason"), "long")))
# Where what a gate misses is mended, a page of the round, and who may open it.
REMEDIES = {
    "terms_set": ("desk.terms", "rounds.lead"),
    "self_evaluation_filed_or_due": ("desk.self_evaluation", "self_evaluations.read"),
    "group_constituted": ("desk.group", "groups.read"),
    "judgements_complete": ("desk.judging", "scoring.read"),
    "nothing_missing": ("desk.entry", "rounds.write"),
    "report_built": ("desk.reports", "reports.read"),
    "publication_approved": ("desk.publications_of_round", "publications.read"),
}
OF_PROJECT = {
    "third_party_approved": ("desk.evaluator_approvals", "approvals.read"),
    "appeal_decided": ("desk.cases", "objections.read"),
}


@blueprint.get("/rounds/<id>/steps", endpoint="steps")
@requires("gates.read")
@way("round", N_("Steps and what they demand"), "gates.read", heading=N_("Steps"), order=10, endpoint="steps")
def show_steps(id: str) -> Response:
    """Each next step with what it demands, what is missing and where to mend it; deadlines and waivers."""
    found = one_round(id, "gates.read")
    return round_page(
        "procedure/steps.html",
        found,
        steps=gates.of_round(actor(), now(), id),
        unmet_text=lambda one: unmet_text(one, found),
        remedy=lambda one: _remedy(one, found),
        waivers=gates.waivers(found.round),
        waived_subject=lambda one: _subject(one, found),
        deadlines=deadlines.of_round(actor(), now(), id),
        people=organisations.colleagues(actor()),
    )


def unmet_text(one: Unmet, found: OneRound) -> str:
    """What is missing in the reader's language, with the scheme's words for its codes."""
    return fault_text(_worded(one.fault, found))


def _subject(one: Waiver, found: OneRound) -> str:
    """What was waived of a gate, in the words of scheme and group."""
    required = {f"{each.method}.{each.evidence}": each for each in found.scheme.methods_required}
    if method := required.get(one.subject):
        return f"{word('method', method.method)}, {local(method.label) or method.evidence}"
    members = {each.id: each.name for each in groups.of_round(actor(), found.round.id)}
    return local(found.labels.get(one.subject)) or members.get(one.subject, one.subject)


def _worded(fault: Fault, found: OneRound) -> Fault:
    params = dict(fault.params)
    if "node" in params:
        params["node"] = local(found.labels.get(params["node"])) or params["node"]
    if "deadline" in params:
        named = {one.id: one.label for one in found.scheme.deadlines}
        params["deadline"] = local(named.get(params["deadline"])) or params["deadline"]
    if "evidence" in params:
        required = {(one.method, one.evidence): one.label for one in found.scheme.methods_required}
        told = required.get((params["method"], params["evidence"]))
        params |= {"method": word("method", params["method"]), "evidence": local(told) or params["evidence"]}
    if fault.reason == "notice_lacks":
        params["name"] = word("notice_field", str(params["name"]))
    return replace(fault, field="", params=params)


def _remedy(one: Unmet, found: OneRound) -> str:
    """The page where what is missing is mended, if the reader may open it; "" where there is none.

    A score is missing where scores are awaited, not among the entries.
    """
    judged = {node.id for node in found.scheme.leaves() if node.type == "expert"}
    gate = "judgements_complete" if one.subject in judged else one.gate
    endpoint, action = REMEDIES.get(gate) or OF_PROJECT.get(gate) or ("", "")
    if not endpoint or not found.may(action) or (gate == "terms_set" and not found.leads):
        return ""
    place: dict[str, Any] = {"id": found.project.id if gate in OF_PROJECT else found.round.id}
    if gate == "nothing_missing":
        place["node"] = one.subject
    return url_for(endpoint, **place)


# --- The step


@blueprint.get("/rounds/<id>/steps/<state>", endpoint="step")
@requires("rounds.move")
def show_step(id: str, state: str) -> Response:
    """The page before a step: what follows from it, and what it is given."""
    found = one_round(id, "rounds.move")
    step = _step(found, state)
    return _step_page(found, step, _form(found, step).shown(_presumed(found.round, step), version=found.round.version))


@blueprint.post("/rounds/<id>/steps/<state>")
@requires("rounds.move")
def take_step(id: str, state: str) -> Response:
    """Take it; whatever a gate misses is told in words."""
    found = one_round(id, "rounds.move")
    step = _step(found, state)

    def act(values: dict[str, Any], version: int) -> Round:
        values.pop("state")
        try:
            return moves.move(actor(), now(), id, state, version, values, keys=keys())
        except Refused as refused:
            raise _in_words(refused, found) from None

    return save(
        _form(found, step),
        act,
        to=lambda made: url_for("desk.round", id=id),
        again=lambda shown, status: _step_page(found, step, shown, status),
        done=N_("The round has moved on."),
    )


def _step(found: OneRound, state: str) -> Step:
    """The step to `state` from where the round stands. Raises Refused("not_found")."""
    steps = [one for one in gates.of_round(actor(), now(), found.round.id) if one.state == state and not one.by]
    if not steps:
        raise Refused("not_found", noun="step")
    return steps[0]


def _form(found: OneRound, step: Step) -> Form:
    serves = step.state == NOTIFIED or (found.round.state == OPENED and not found.round.served.get("on"))
    fields = (*(SERVICE if serves else ()), *(BODY if step.state == NOTIFIED else ()), WHY)
    return Form(MoveSchema, fields).having(_channels(), fixed={"state": step.state})


def _channels() -> dict[str, list[tuple[str, str]]]:
    return {"channel": [(one, word("channel", one)) for one in CHANNELS]}


def _presumed(round: Round, step: Step) -> dict[str, str]:
    named = round.review_body or {}
    body = {"body": named.get("name", ""), "address": named.get("address", ""), "phone": named.get("phone", "")}
    return body if step.state == NOTIFIED else {}


def _step_page(found: OneRound, step: Step, shown: ShownForm, status: int = 200) -> Response:
    missing = [unmet_text(one, found) for one in step.unmet if one.gate not in ("scheme_served", "notice_complete")]
    consequences = [gettext(text) for text in CONSEQUENCES.get(step.state, ())]
    if missing:
        consequences = [gettext("This cannot be done yet: %(what)s", what=text) for text in missing] + consequences
    title = gettext("Next step: %(state)s", state=word("round_state", step.state))
    back = url_for("desk.steps", id=found.round.id)
    path = steps_to(found, (gettext("Steps and what they demand"), back))
    return confirm_page(title, shown, gettext("Take this step"), consequences, path, status, back)


def _in_words(refused: Refused, found: OneRound) -> Refused:
    """The refusal of a step with the scheme's words for nodes, methods and deadlines."""
    if refused.reason not in ("gate_unmet", "evidence_missing"):
        return refused
    faults = [_worded(fault, found) for fault in refused.faults]
    params = {**refused.params}
    if "state" in params:
        params["state"] = word("round_state", str(params["state"]))
    return Refused(refused.reason, faults, **params)


# --- Waivers


@blueprint.get("/rounds/<id>/waivers/new", endpoint="new_waiver")
@requires("rounds.lead")
def new_waiver(id: str) -> Response:
    """Why the round goes on without what `gate` and `subject` of the address name."""
    found = one_round(id, "rounds.lead", lead=True)
    asked = {name: request.args.get(name, "")[:200] for name in ("gate", "subject")}
    return _waiver_page(found, asked, WAIVER.shown(asked))


@blueprint.post("/rounds/<id>/waivers/new")
@requires("rounds.lead")
def waive(id: str) -> Response:
    """Let the round go on without it."""
    found = one_round(id, "rounds.lead", lead=True)

    def act(values: dict[str, Any], version: int) -> tuple[Waiver, bool]:
        return moves.waive(actor(), now(), Waiver(**values, round=id, at=now(), by=actor().id))

    return save(
        WAIVER,
        act,
        to=lambda made: url_for("desk.steps", id=id),
        again=lambda shown, status: _waiver_page(
            found, {name: shown.field(name).text for name in ("gate", "subject")}, shown, status
        ),
    )


def _waiver_page(found: OneRound, asked: Mapping[str, str], shown: ShownForm, status: int = 200) -> Response:
    wanting = [one for step in gates.of_round(actor(), now(), found.round.id) for one in (*step.unmet, *step.waived)]
    told = [unmet_text(one, found) for one in wanting if (one.gate, one.subject) == (asked["gate"], asked["subject"])]
    steps = steps_to(found, (gettext("Steps and what they demand"), url_for("desk.steps", id=found.round.id)))
    return form_page(gettext("Go on without it"), shown, gettext("Waive it"), steps, status, lead=" ".join(told))


# --- Deadlines


@blueprint.get("/rounds/<id>/deadlines/<deadline>", endpoint="deadline")
@requires("rounds.lead")
def show_deadline(id: str, deadline: str) -> Response:
    """A deadline, to be put off."""
    found = one_round(id, "rounds.lead", lead=True)
    running = _running(found, deadline)
    return _deadline_page(found, running, _postponing(running).shown({}, version=found.round.version))


@blueprint.post("/rounds/<id>/deadlines/<deadline>")
@requires("rounds.lead")
def postpone(id: str, deadline: str) -> Response:
    """Put it off; never forward."""
    found = one_round(id, "rounds.lead", lead=True)
    running = _running(found, deadline)
    return save(
        _postponing(running),
        lambda values, version: deadlines.postpone(actor(), now(), id, deadline, values, version),
        to=lambda made: url_for("desk.steps", id=id),
        again=lambda shown, status: _deadline_page(found, running, shown, status),
    )


def _running(found: OneRound, deadline: str) -> Running:
    for one in deadlines.of_round(actor(), now(), found.round.id):
        if one.deadline.id == deadline:
            return one
    raise Refused("not_found", noun="deadline")


def _postponing(running: Running) -> Form:
    """The provider was told of the old day: then it is told of the new one too."""
    told = SERVICE if running.deadline.served is not None else ()
    return Form(POSTPONING.schema, (*POSTPONING.fields, *told)).having(_channels())


def _deadline_page(found: OneRound, running: Running, shown: ShownForm, status: int = 200) -> Response:
    name = local(running.scheme.label)
    lead = gettext("%(name)s: last day %(day)s. It is put off, never shortened.", name=name, day=running.deadline.on)
    steps = steps_to(found, (gettext("Steps and what they demand"), url_for("desk.steps", id=found.round.id)))
    return form_page(gettext("Put a deadline off"), shown, gettext("Put off"), steps, status, lead=lead)
