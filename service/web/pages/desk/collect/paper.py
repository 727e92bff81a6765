"""The desk's page for typing paper in: with the keyboard alone, and complete without JavaScript.

Enter sends the form, and the page comes back at the first field that is still empty; when none is, the sheet is saved.
With JavaScript Enter moves on by itself (static/paper.js), and only the last one sends.
"""

import secrets
from typing import Any

from flask import Response, make_response, redirect, request, url_for
from flask_babel import gettext

from service.domain.collect import paper as rules
from service.domain.collect.imports import CHINA
from service.domain.errors import Refused
from service.operations.collect import campaigns, paper, questionnaires
from service.operations.collect.responses import Submission
from service.web.auth import actor, now, requires
from service.web.errors import fault_text, status_of
from service.web.extensions import keys
from service.web.pages.desk.home import blueprint, page
from service.web.pages.desk.ways import N_, way

CODE, ID, LANGUAGE, RECEIVED = "_code", "_id", "_language", "_received"
_OF_CODE = ("code_mistyped", "code_unknown", "code_elsewhere", "code_spent", "submission_differs")
_OF_FIELD = {"lang": LANGUAGE, "received": RECEIVED, "answers": CODE}


@blueprint.get("/campaigns/<id>/paper")
@requires("responses.write")
@way("campaign", N_("Type in paper sheets"), "responses.write", heading=N_("Answers"), order=14)
def paper_form(id: str) -> Response:
    """An empty sheet. Language and day stay from one sheet to the next."""
    paper.check_open(actor(), id)
    saved = gettext("The sheet has been saved.") if request.args.get("saved") == "1" else ""
    if request.args.get("saved") == "0":
        saved = gettext("This sheet was there already; it counts once.")
    typed = {LANGUAGE: request.args.get("language", ""), RECEIVED: request.args.get("received", "")}
    return _sheet(id, typed, {}, CODE, saved=saved)


@blueprint.post("/campaigns/<id>/paper")
@requires("responses.write")
def enter_paper(id: str) -> Response:
    """On to the next field, or the sheet is whole and is saved."""
    paper.check_open(actor(), id)
    typed = request.form.to_dict()
    answers, faults, empty = rules.read(questionnaires.of_campaign(id), typed)
    errors = {fault.field: fault_text(fault) for fault in faults}
    try:
        if typed.get(CODE, "").strip():
            paper.check_code(id, typed[CODE], keys())
        else:
            empty.insert(0, CODE)
        if errors or empty:
            return _sheet(id, typed, errors, _first(id, errors) or empty[0], 422 if errors else 200)
        sheet = Submission(typed.get(ID, ""), answers, paper.MODE, typed.get(LANGUAGE, ""), lenient=True)
        new = paper.enter(actor(), now(), id, typed[CODE], sheet, typed.get(RECEIVED, ""), keys())
    except Refused as refused:
        errors |= _errors(refused)
        return _sheet(id, typed, errors, _first(id, errors) or CODE, status_of(refused))
    kept: dict[str, Any] = {"language": typed.get(LANGUAGE, ""), "received": typed.get(RECEIVED, "")}
    return make_response(redirect(url_for("desk.paper_form", id=id, saved=int(new), **kept), 303))


def _errors(refused: Refused) -> dict[str, str]:
    """What was refused, at the field where it can be mended."""
    if refused.reason in _OF_CODE:
        return {CODE: gettext(refused.entry.message)}
    if not refused.faults:
        raise refused
    found = {}
    for fault in refused.faults:
        name = fault.field.removeprefix("answers.").replace(".", "/")
        text = fault_text(fault)
        if fault.reason == "required":
            text = gettext("This had to be answered. A sheet without it cannot be counted: set it aside.")
        found[_OF_FIELD.get(name, name)] = text
    return found


def _first(id: str, errors: dict[str, str]) -> str:
    """The first field with an error, in the order of the page."""
    order = [CODE, LANGUAGE, RECEIVED, *(field.name for field in rules.fields(questionnaires.of_campaign(id)))]
    return next((name for name in order if name in errors), next(iter(errors), ""))


def _sheet(id: str, typed: dict[str, str], errors: Any, focus: str, status: int = 200, saved: str = "") -> Response:
    campaign = campaigns.get(actor(), id, "responses.write")
    today = now().astimezone(CHINA).date().isoformat()
    return page(
        "collect/paper.html",
        status,
        campaign=campaign,
        fields=rules.fields(questionnaires.of_campaign(id)),
        typed={RECEIVED: today} | {name: text for name, text in typed.items() if text},
        sheet_id=typed.get(ID) or secrets.token_hex(16),
        errors=errors,
        focus=focus,
        saved=saved,
        blank=rules.BLANK,
        unable=rules.UNABLE,
    )
