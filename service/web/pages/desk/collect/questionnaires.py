"""The desk's pages of authoring: questionnaires with their drafts and versions, editing, publishing, comparing."""

from typing import Any

from flask import Response, make_response, redirect, request, url_for
from flask_babel import gettext

from service.domain import access, yaml_texts
from service.domain.collect import draft_edits
from service.domain.collect.drafts import QuestionnaireDraft
from service.domain.collect.questionnaires import Questionnaire, QuestionnaireVersion
from service.domain.errors import Refused
from service.operations.collect import drafts, questionnaires, templates, trials
from service.web.auth import actor, now, requires
from service.web.errors import fault_text, status_of
from service.web.pages import answer_texts
from service.web.pages.desk.collect.version_texts import by_question, line_differences, paired
from service.web.pages.desk.home import blueprint, message, page
from service.web.pages.desk.ways import N_, way

# Refusals that the page of the draft explains itself, with the draft still there.
EXPLAINED = ("not_tried", "draft_faulty", "stale", "invalid", "id_taken")


@blueprint.get("/questionnaires")
@requires("questionnaires.read")
@way("desk", N_("Questionnaires"), "questionnaires.read", order=30)
def questionnaire_list() -> Response:
    """Every questionnaire with its versions and, for who may write, its draft; and what a draft can begin from."""
    return _list()


def _list(status: int = 200, error: str = "", typed: str = "") -> Response:
    writes = access.may(actor(), "questionnaires.write")
    versions: dict[str, list[QuestionnaireVersion]] = {}
    for version in sorted(questionnaires.versions(actor()), key=lambda each: each.number):
        versions.setdefault(version.questionnaire, []).append(version)
    drafted = {draft.id: _state(draft) for draft in drafts.drafts(actor())} if writes else {}
    return page(
        "collect/questionnaires.html",
        status,
        versions=versions,
        drafts=drafted,
        ids=sorted({*versions, *drafted}),
        templates=templates.templates(actor()) if writes else [],
        writes=writes,
        error=error,
        typed=typed,
    )


def _state(draft: QuestionnaireDraft) -> dict[str, Any]:
    reading = drafts.read(draft)
    trial = trials.trial(draft, reading.questionnaire)
    return {"draft": draft, "reading": reading, "trial": trial, "questionnaire": reading.questionnaire}


@blueprint.post("/questionnaires")
@requires("questionnaires.write")
def begin_draft() -> Response:
    """Begin a draft from a template, a version, or nothing."""
    form = request.form
    id = form.get("id", "").strip()
    try:
        if form.get("from_version"):
            draft, _ = drafts.from_version(actor(), now(), form["from_version"])
        elif form.get("template"):
            draft, _ = drafts.from_template(actor(), now(), form["template"], id)
        else:
            draft, _ = drafts.create(actor(), now(), id, f"id: {id}\nlanguages: [zh-Hans]\n")
    except Refused as refused:
        if refused.reason not in EXPLAINED:
            raise
        told = [message(refused), *(fault_text(fault) for fault in refused.faults)]
        return _list(status_of(refused), " ".join(told), id[:60])
    return _to_draft(draft.id)


def _to_draft(id: str) -> Response:
    return make_response(redirect(url_for("desk.questionnaire", id=id), 303))


@blueprint.get("/questionnaires/<id>")
@requires("questionnaires.read")
def questionnaire(id: str) -> Response:
    """A version (`id@number`) to read, or a draft to write."""
    return _version(id) if "@" in id else _draft(id)


def _version(id: str) -> Response:
    found = questionnaires.get(actor(), id)
    others = [each for each in questionnaires.versions(actor()) if each.questionnaire == found.questionnaire]
    return page(
        "collect/questionnaire_version.html",
        version=found,
        questionnaire=questionnaires.parsed(id),
        text=yaml_texts.dump(found.definition),
        others=sorted((each for each in others if each.id != id), key=lambda each: each.number),
        writes=access.may(actor(), "questionnaires.write"),
    )


def _draft(id: str, status: int = 200, error: str = "") -> Response:
    draft = drafts.get(actor(), id)
    state = _state(draft)
    reading, trial = state["reading"], state["trial"]
    faults = [(fault.field, reading.line(fault.field), fault_text(fault)) for fault in reading.faults]
    of_version = "@" in draft.based_on
    return page(
        "collect/questionnaire_draft.html",
        status,
        **state,
        faults=faults,
        tally=_tally(reading.questionnaire, trial.counts) if reading.questionnaire else [],
        error=error,
        unreadable=draft_edits.unreadable(draft.text),
        based_on_version=draft.based_on if of_version else "",
        template_name="" if of_version else draft.based_on.removeprefix("template:"),
    )


def _tally(asked: Questionnaire, counts: Any) -> list[tuple[str, list[tuple[str, int]]]]:
    """(question, ((answer, persons), …)) in the reader's words; how often something was written is told by a code."""
    rows = []
    for item, given in trials.counted(asked, counts):
        label = answer_texts.item_label(asked, item) if item in asked.items else _label(asked, item)
        rows.append((label, [(_answer(asked, item, code), persons) for code, persons in given]))
    return rows


def _label(asked: Questionnaire, id: str) -> str:
    return answer_texts.in_language(asked.by_id[id].label, answer_texts.spoken())


def _answer(asked: Questionnaire, item: str, code: str) -> str:
    words = {
        "_skipped": gettext("left out"),
        "_written": gettext("something written"),
        "_answered": gettext("answered"),
        "_not_asked": gettext("not asked"),
    }
    if code in words:
        return words[code]
    if item in asked.items:
        return answer_texts.option_label(asked, item, code)
    chosen, _, place = code.partition("|")
    options = {option.code: option.label for option in asked.by_id[item].options}
    label = answer_texts.in_language(options[chosen], answer_texts.spoken()) if chosen in options else chosen
    return gettext("%(option)s in place %(place)s", option=label, place=place) if place else label


@blueprint.post("/questionnaires/<id>")
@requires("questionnaires.write")
def save_draft(id: str) -> Response:
    """Keep the text as it is, faults or not. Who comes too late sees both texts and loses neither."""
    text = request.form.get("text", "").replace("\r\n", "\n").replace("\r", "\n")
    try:
        drafts.change(actor(), now(), id, text, read_version())
    except Refused as refused:
        if refused.reason == "stale":
            return conflict(id, refused)
        if refused.reason != "invalid":
            raise
        return _draft(id, status_of(refused), " ".join(fault_text(fault) for fault in refused.faults))
    return _to_draft(id)


def read_version() -> int:
    """The version of the draft that the page was made of."""
    text = request.form.get("version", "")
    if not (text.isascii() and text.isdigit() and len(text) < 10):
        raise Refused("unconditional")
    return int(text)


def conflict(id: str, refused: Refused) -> Response:
    """Both texts of a draft side by side, with the way to save one's own."""
    sides = refused.params["sides"]
    differences = line_differences(sides["theirs"]["text"], sides["yours"]["text"])
    draft = drafts.get(actor(), id)
    return page(
        "collect/questionnaire_conflict.html", status_of(refused), draft=draft, sides=sides, differences=differences
    )


@blueprint.post("/questionnaires/<id>/publish")
@requires("questionnaires.write")
def publish_draft(id: str) -> Response:
    """Publish what was tried out; it never changes again."""
    try:
        version = drafts.publish(actor(), now(), id, read_version())
    except Refused as refused:
        if refused.reason not in EXPLAINED:
            raise
        return _draft(id, status_of(refused), message(refused))
    return _to_draft(version.id)


@blueprint.post("/questionnaires/<id>/delete")
@requires("questionnaires.write")
def delete_draft(id: str) -> Response:
    """Delete a draft with its test answers."""
    try:
        drafts.delete(actor(), now(), id, read_version())
    except Refused as refused:
        if refused.reason != "stale":
            raise
        return _draft(id, status_of(refused), message(refused))
    return make_response(redirect(url_for("desk.questionnaire_list"), 303))


@blueprint.post("/questionnaires/<id>/answers/delete")
@requires("questionnaires.write")
def delete_trials(id: str) -> Response:
    """Delete all test answers of a draft."""
    trials.delete(actor(), now(), id)
    return _to_draft(id)


@blueprint.get("/questionnaires/<id>/compare/<other>")
@requires("questionnaires.read")
def compare_questionnaires(id: str, other: str) -> Response:
    """What changed, in words, and both texts side by side."""
    left, right, changes = drafts.comparison(actor(), id, other)
    return page(
        "collect/questionnaire_comparison.html",
        a=id,
        b=other,
        left=left,
        right=right,
        changes=by_question(left, right, changes),
        count=len(changes),
        pairs=paired(left, right, changes),
    )
