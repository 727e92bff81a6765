"""The desk's pages of institutions: the list and its figures, and entering a signed opinion with its scan."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from typing import Any

from flask import Response, redirect, request, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response as Redirect

from schemas.collect.opinions import InstitutionSchema
from service.domain.collect.opinions import KINDS, REASONS, Institution, InstitutionList, Opinion
from service.domain.collect.questionnaires import Questionnaire
from service.domain.collect.questions import CANNOT_SAY, Question
from service.domain.collect.scans import MEDIA_TYPES, SCAN_LIMIT
from service.domain.errors import Fault, Refused
from service.operations import organisations, projects
from service.operations.collect import campaigns, opinions
from service.web.auth import actor, now, requires
from service.web.errors import fault_text, status_of
from service.web.pages.answer_texts import item_label
from service.web.pages.desk.forms import N_, Field, Form, ShownForm, save
from service.web.pages.desk.home import LARGE_FORMS, blueprint, message, page
from service.web.pages.desk.words import local, word

FORM_BYTES = 100_000  # what the form holds besides the scan
LARGE_FORMS["desk.enter_opinion"] = SCAN_LIMIT + FORM_BYTES
INPUTS = ("text", "number", "date")  # typed, as they are written on the form
ENTERED = ("single", "rating", "zero_to_ten", "matrix", "multiple", *INPUTS)

ADD = Form(
    InstitutionSchema,
    (Field("id", "", "new_id"), Field("name", N_("Name")), Field("kind", N_("Kind"), "choice")),
    key="add",
)
LATER = replace(ADD, fields=(*ADD.fields, Field("reason", N_("Reason"), required=True)))


@blueprint.get("/campaigns/<id>/institutions")
@requires("opinions.read")
def institutions(id: str) -> Response:
    """Who has answered, who is missing, and the means."""
    return _list_page(id)


@blueprint.post("/campaigns/<id>/institutions")
@requires("institutions.write")
def add_institution(id: str) -> Response:
    """Add one to the list; once opinions have come in, with a reason."""

    def act(values: dict[str, Any], version: int) -> Any:
        return opinions.add(actor(), now(), id, Institution(**values))

    form = _adding(opinions.read(actor(), id).listed)
    return save(form, act, lambda made: url_for("desk.institutions", id=id), lambda *again: _list_page(id, *again))


def _adding(listed: InstitutionList) -> Form:
    """Once opinions have come in, an addition needs a reason."""
    return (LATER if listed.frozen_at else ADD).having({"kind": [(code, local(text)) for code, text in KINDS.items()]})


def _list_page(id: str, shown: ShownForm | None = None, status: int = 200) -> Response:
    kind = request.args.get("kind", "")
    found = opinions.read(actor(), id, [kind] if kind else [])
    questionnaire = opinions.questionnaire_of(actor(), id)
    return page(
        "collect/institutions.html",
        status,
        found=found,
        campaign=found.campaign,
        state=campaigns.state(id),
        project=projects.project(actor(), found.campaign.project),
        kinds={code: local(text) for code, text in KINDS.items()},
        kind=kind,
        means=[(item_label(questionnaire, item.id), item) for item in found.figures.items if item.mapping],
        why={code: gettext(text) for code, text in REASONS.items()},
        shown=shown or _adding(found.listed).shown(),
    )


@blueprint.get("/campaigns/<id>/institutions/<institution>")
@requires("opinions.read")
def opinion(id: str, institution: str) -> Response:
    """The opinion that counts, those before it, and the form to enter another."""
    return _opinion_page(id, institution)


@blueprint.post("/campaigns/<id>/institutions/<institution>")
@requires("institutions.write")
def enter_opinion(id: str, institution: str) -> Response | Redirect:
    """Enter what the signed form says."""
    kept = request.form.get("keep_scan", "")[:32]
    try:
        if data := request.files["scan"].read() if "scan" in request.files else b"":
            kept = opinions.add_scan(actor(), now(), id, institution, data).name
        answers = _answers(opinions.questionnaire_of(actor(), id))
        opinions.enter(actor(), now(), _draft(id, institution, kept), answers)
    except Refused as refused:
        if refused.reason == "not_found":
            raise
        return _opinion_page(id, institution, status_of(refused), _told(refused), kept)
    return redirect(url_for("desk.institutions", id=id), 303)


def _draft(id: str, institution: str, scan: str) -> Opinion:
    number, signed_on = request.form.get("number", ""), request.form.get("signed_on", "")
    if not (number.isascii() and number.isdigit() and len(number) < 6):
        raise Refused("unconditional")
    try:
        day = date.fromisoformat(signed_on)
    except ValueError:
        expected = gettext("a date such as 2026-03-31")
        raise Refused("invalid", [Fault("signed_on", "wrong_type", {"expected": expected})]) from None
    signed = {name: request.form.get(name, "") for name in ("signer", "office", "reason")}
    return Opinion(
        "", id, institution, int(number) + 1, {}, signed_on=day, at=now(), by=actor().id, scan=scan, **signed
    )


def _answers(questionnaire: Questionnaire) -> dict[str, Any]:
    """The form's fields as the questionnaire's JSON shape; what was left empty is left out."""
    answers: dict[str, Any] = {}
    for question in questionnaire.questions:
        if question.kind == "matrix":
            rows = {row.id: request.form.get(f"a.{question.id}/{row.id}", "") for row in question.rows}
            given: Any = {row: code for row, code in rows.items() if code}
        elif question.kind == "multiple":
            given = request.form.getlist(f"a.{question.id}")
        else:
            given = request.form.get(f"a.{question.id}", "")
        if given:
            answers[question.id] = given
    return answers


def _opinion_page(
    id: str, institution: str, status: int = 200, errors: Sequence[str] = (), kept: str | None = None
) -> Response:
    found = opinions.read(actor(), id)
    versions = opinions.opinions(actor(), id, institution)
    questionnaire = opinions.questionnaire_of(actor(), id)
    counting = versions[-1] if versions else None
    sent = request.form if request.method == "POST" else None
    held = {f"a.{name}": value for name, value in (counting.answers if counting else {}).items()}
    values = {name: " ".join(sent.getlist(name)) for name in sent} if sent is not None else held
    return page(
        "collect/opinion.html",
        status,
        campaign=found.campaign,
        state=campaigns.state(id),
        institution=found.listed.institutions[institution],
        kind=local(KINDS[found.listed.institutions[institution].kind]),
        versions=[(each, _read(questionnaire, each)) for each in reversed(versions)],
        number=counting.number if counting else 0,
        groups=[_group(question, values) for question in questionnaire.questions if question.kind in ENTERED],
        values=values,
        people=organisations.colleagues(actor()),
        scan=kept if kept is not None else counting.scan if counting else "",
        keep=bool(kept),
        errors=errors,
    )


def _group(question: Question, values: dict[str, str]) -> dict[str, Any]:
    """One question as the entry form shows it: its inputs with their names, labels and what they hold."""
    rows = [(f"a.{question.id}/{row.id}", local(row.label)) for row in question.rows]
    inputs = rows or [(f"a.{question.id}", local(question.label))]
    return {
        "question": question,
        "label": local(question.label),
        "hint": local(question.hint),
        "inputs": [(name, label, values.get(name, "")) for name, label in inputs],
        "options": _options(question),
        "typed": question.kind if question.kind in INPUTS else "",
    }


def _options(question: Question) -> list[tuple[str, str]]:
    named = [(option.code, local(option.label)) for option in question.options]
    if question.kind == "zero_to_ten":
        ends = {"0": local(question.low), "10": local(question.high)}
        named = [(code, f"{code} {ends.get(code, '')}".strip()) for code in question.items[0].codes]
    return named + ([(CANNOT_SAY, word("answer", CANNOT_SAY))] if question.cannot_say else [])


def _read(questionnaire: Questionnaire, found: Opinion) -> list[tuple[str, str]]:
    """(question, answer) of what was answered, in the order of the form."""
    rows = []
    for question in questionnaire.questions:
        named = dict(_options(question))
        for name in [item.id for item in question.items] or [question.id]:
            if name in found.answers:
                label = item_label(questionnaire, name) if name in questionnaire.items else local(question.label)
                code = found.answers[name]
                rows.append((label, " · ".join(named.get(part, part) for part in code.split(" ")) if named else code))
    return rows


@blueprint.get("/campaigns/<id>/institutions/<institution>/scans/<scan>")
@requires("opinions.read")
def opinion_scan(id: str, institution: str, scan: str) -> Response:
    """The scan as a file to save: what others have made is not opened inside the desk."""
    found, data = opinions.scan(actor(), id, institution, scan)
    response = Response(data, mimetype=MEDIA_TYPES[found.kind])
    response.headers["Content-Disposition"] = f"attachment; filename=opinion-{found.name[:8]}.{found.kind}"
    return response


def _told(refused: Refused) -> list[str]:
    """The refusal in sentences: each fault with the field it is about."""
    fields = {
        "kind": gettext("Kind"),
        "name": gettext("Name"),
        "reason": gettext("Reason"),
        "signer": gettext("Signed by"),
        "office": gettext("Office held"),
        "signed_on": gettext("Signed on"),
        "scan": gettext("Scan of the signed form"),
    }
    if not refused.faults:
        return [message(refused)]
    return [f"{fields.get(fault.field, _about(fault.field))}: {fault_text(fault)}" for fault in refused.faults]


def _about(field: str) -> str:
    """`answers.aspects.results` -> the words of that question on the form."""
    name = field.removeprefix("answers.").replace(".", "/")
    form = opinions.questionnaire_of(actor(), (request.view_args or {})["id"])
    if name in form.items:
        return item_label(form, name)
    return local(form.by_id[name].label) if name in form.by_id else field
