"""The questionnaire editor: the questions of a draft in their sections, put in order, added, copied and removed.

Whatever is done is an edit of the draft's text (domain draft_edits). Faults do not hinder it; they stand beside their
part.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from flask import Response, make_response, redirect, request, url_for
from flask_babel import gettext

from service.domain.collect import draft_edits as edits
from service.domain.collect import draft_views as views
from service.domain.collect import ready_questions
from service.domain.collect.draft_edits import Edit
from service.domain.collect.draft_references import Plain, uses
from service.domain.collect.drafts import QuestionnaireDraft, Reading
from service.domain.errors import Fault, Refused
from service.operations.collect import draft_editing, drafts
from service.web.auth import actor, now, requires
from service.web.errors import fault_text
from service.web.languages import spoken
from service.web.pages.desk.collect.questionnaires import conflict, read_version
from service.web.pages.desk.forms import NOTHING, ShownForm, confirm_page, save, say
from service.web.pages.desk.home import blueprint, page
from service.web.pages.desk.words import word

SHOWN_OPTIONS = 8
# The order of the tiles: what is asked most stands first.
TILES = (
    *("satisfied", "yes_no", "single", "multiple", "matrix", "stars", "smileys", "zero_to_ten", "number", "line"),
    *("text", "date", "rank", "photo", "note", "age", "helped"),
)


@dataclass(frozen=True)
class Editing:
    """A draft that can be edited: what its text says, and what is wrong with it."""

    draft: QuestionnaireDraft
    data: Plain
    reading: Reading
    faults: Sequence[Fault]

    @property
    def languages(self) -> list[str]:
        return edits.languages(self.data) or ["zh-Hans"]


def opened(id: str) -> Editing:
    """The draft. Raises Refused("questionnaire_invalid") where nothing can be read in its text."""
    draft = drafts.get(actor(), id)
    data, reading = edits.readable(draft.text), drafts.read(draft)
    return Editing(draft, data, reading, views.all_faults(data, reading.faults))


def editor_page(template: str, editing: Editing, status: int = 200, **values: Any) -> Response:
    """A page of the editor, with what all of them show."""
    lacking = {language: count for language, count in views.missing(editing.data).items() if count}
    title = local_text(views.text_of(editing.data, "title")) or editing.draft.id
    more = {"draft": editing.draft, "reading": editing.reading, "title": title, "lacking": lacking}
    more |= {"tongues": editing.languages, "called": called, "version": editing.draft.version}
    return page(f"collect/{template}", status, **{**more, **values})


def called(language: str) -> str:
    """A language by its own name."""
    return {"zh-Hans": "简体中文", "zh-Hant": "繁體中文", "en": "English"}.get(language, language)


def local_text(text: Mapping[str, str]) -> str:
    """A text in the reader's language, else the first that is there."""
    return text.get(spoken()) or next((line for line in text.values() if line), "")


def apply(id: str, change: Edit, to: str, told: str = "") -> Response:
    """Make the edit and go on; who comes too late sees both texts, the own one with the edit in theirs."""
    try:
        draft_editing.edit(actor(), now(), id, read_version(), change)
    except Refused as refused:
        if refused.reason == "stale":
            return conflict(id, refused)
        raise
    response = make_response(redirect(to, 303))
    return say(response, told) if told else response


def to_question(id: str, name: str) -> str:
    """The address of a question's place among the others."""
    return f"{url_for('desk.edit_draft', id=id)}#q-{name}"


def texts_of(faults: Mapping[str, Sequence[Fault]]) -> dict[str, list[str]]:
    """The faults of a part in the reader's language, by the rest of their path."""
    return {path: list(dict.fromkeys(fault_text(fault) for fault in found)) for path, found in faults.items()}


@dataclass(frozen=True)
class Card:
    """A question as it stands in the list."""

    name: str
    number: int | None
    kind: str
    label: str
    options: Sequence[str]
    more: int
    plain: Mapping[str, Any]
    faults: Sequence[str]
    lacks: Sequence[str]


@dataclass(frozen=True)
class Group:
    """A section with its cards; `section` is None where there are none."""

    name: str
    section: Mapping[str, Any] | None
    title: str
    cards: Sequence[Card]
    faults: Sequence[str]


@blueprint.get("/questionnaires/<id>/edit")
@requires("questionnaires.write")
def edit_draft(id: str) -> Response:
    """All questions in their order. `moved` and `by` in the address: which button was pressed, for the keyboard."""
    try:
        editing = opened(id)
    except Refused as refused:
        if refused.reason != edits.UNREADABLE:
            raise
        return make_response(redirect(url_for("desk.questionnaire", id=id), 303))
    cards = _cards(editing)
    groups, at = [], 0
    called_sections = edits.names(edits.sections(editing.data))
    for place, block in enumerate(edits.blocks(editing.data)):
        own = cards_of(block.questions, cards, editing.data)
        at += len(own)
        section = block.section
        found = views.faults_of(editing.faults, f"sections.{place}") if section is not None else {}
        title = local_text(views.text_of(section or {}, "title"))
        told = [text for texts in texts_of(found).values() for text in texts]
        name = called_sections[place] if section is not None else ""
        groups.append(Group(name, section, title, own, told))
    elsewhere = [(fault.field, fault_text(fault)) for fault in views.faults_elsewhere(editing.faults)]
    return editor_page(
        "editor.html",
        editing,
        groups=groups,
        count=at,
        elsewhere=elsewhere[:50],
        moved=request.args.get("moved", ""),
        by=request.args.get("by", ""),
    )


def _cards(editing: Editing) -> list[Card]:
    data, numbers = editing.data, views.numbers(editing.data)
    lacking: dict[int, list[str]] = {}
    for line in views.lines(data):
        if line.question is not None:
            lacking.setdefault(line.question, []).extend(each for each in editing.languages if each not in line.text)
    by_place: dict[int, list[Fault]] = {}
    for fault in editing.faults:
        steps = fault.field.split(".")
        if steps[0] == "questions" and len(steps) > 1 and steps[1].isdigit():
            by_place.setdefault(int(steps[1]), []).append(fault)
    return [
        _card(
            name,
            plain if isinstance(plain, Mapping) else {},
            numbers[place],
            by_place.get(place, []),
            lacking.get(place, []),
        )
        for place, (name, plain) in enumerate(
            zip(edits.names(edits.questions(data)), edits.questions(data), strict=True)
        )
    ]


def _card(
    name: str, plain: Mapping[str, Any], number: int | None, faults: Sequence[Fault], lacks: Sequence[str]
) -> Card:
    options = plain.get("options")
    shown = (
        [local_text(views.text_of(each, "label")) for each in options if isinstance(each, Mapping)]
        if isinstance(options, list)
        else []
    )
    # What is only missing yet is counted, not complained of line by line.
    told = [fault_text(fault) for fault in faults if not _is_unwritten(fault)]
    return Card(
        name,
        number,
        str(plain.get("kind", "")),
        local_text(views.text_of(plain, "label")),
        [text for text in shown if text][:SHOWN_OPTIONS],
        max(len(shown) - SHOWN_OPTIONS, 0),
        plain,
        list(dict.fromkeys(told))[:6],
        sorted(set(lacks)),
    )


def _is_unwritten(fault: Fault) -> bool:
    return fault.reason in ("missing", "empty") and fault.field.split(".")[-1] not in ("questions", "options", "rows")


def cards_of(block: Sequence[Any], cards: Sequence[Card], data: Plain) -> list[Card]:
    """The cards of the questions in a block."""
    places = {id(plain): place for place, plain in enumerate(edits.questions(data))}
    return [cards[places[id(plain)]] for plain in block]


MOVES = {"up": -1, "down": 1}


@blueprint.post("/questionnaires/<id>/edit")
@requires("questionnaires.write")
def change_draft(id: str) -> Response:
    """One step of putting in order: the button says what, such as `up q3` or `place q3 q5`."""
    what, name, *rest = [*request.form.get("do", "").split(" "), "", ""]
    here = url_for("desk.edit_draft", id=id)
    # Where a button was pressed to move something the page has no fragment: browsers then would not focus the button.
    if what in MOVES:
        to = url_for("desk.edit_draft", id=id, moved=name, by=what)
        return apply(id, edits.move_question(name, MOVES[what]), to, gettext("Moved."))
    if what in ("section-up", "section-down"):
        to = url_for("desk.edit_draft", id=id, moved=name, by=what)
        change = edits.move_section(name, MOVES[what.removeprefix("section-")])
        return apply(id, change, to, gettext("Moved."))
    if what == "place":
        section = request.form.get("section", "")
        return apply(id, edits.place_question(name, rest[0], section), to_question(id, name), gettext("Moved."))
    if what == "copy":
        return apply(id, edits.copy_question(name), to_question(id, name), gettext("Copied: the copy stands below."))
    if what == "begin-section":
        return apply(id, edits.begin_section(name), here)
    if what == "join-section":
        return apply(id, edits.remove_section(name), here)
    raise Refused("invalid", [Fault("do", "missing")])


@blueprint.get("/questionnaires/<id>/edit/add")
@requires("questionnaires.write")
def add_draft_question(id: str) -> Response:
    """The kinds of questions to choose from."""
    after, section = request.args.get("after", ""), request.args.get("section", "")
    return editor_page("editor_add.html", opened(id), tiles=TILES, after=after, section=section)


@blueprint.post("/questionnaires/<id>/edit/add")
@requires("questionnaires.write")
def begin_draft_question(id: str) -> Response:
    """A new question with what its kind starts with; its words are written on its own page."""
    starter = request.form.get("starter", "")
    if starter not in ready_questions.STARTERS:
        raise Refused("invalid", [Fault("do", "missing")])
    editing = opened(id)
    name = edits.free_question(editing.data)
    plain = ready_questions.fresh(starter, name, editing.languages)
    change = edits.add_question(plain, request.form.get("after", ""), request.form.get("section", ""))
    if starter == "helped":
        change = edits.add_help_question(plain)
    return apply(id, change, url_for("desk.edit_question", id=id, name=name, new=1))


@blueprint.get("/questionnaires/<id>/edit/questions/<name>/remove")
@requires("questionnaires.write")
def ask_to_remove_question(id: str, name: str) -> Response:
    """What a question is used for, before it is removed."""
    return _to_remove(id, name, NOTHING.shown(version=drafts.get(actor(), id).version))


def _to_remove(id: str, name: str, shown: ShownForm, status: int = 200) -> Response:
    editing = opened(id)
    plain = edits.questions(editing.data)[edits.place_of(edits.questions(editing.data), name)]
    own = edits.name_of(plain)
    label = local_text(views.text_of(plain if isinstance(plain, Mapping) else {}, "label")) or name
    told = [gettext("The question “%(label)s” and its answers are taken out of the draft.", label=label)]
    for use in uses(editing.data, own) if own else ():
        text = word("use", use.what).format(where=use.where)
        if use.what in ("condition", "constraint", "text"):
            told.append(gettext("It is named in %(use)s, which must be changed then.", use=text))
        else:
            told.append(gettext("It is no longer part of: %(use)s.", use=text))
    back = to_question(id, name)
    path = [(gettext("Questionnaires"), url_for("desk.questionnaire_list")), (id, url_for("desk.edit_draft", id=id))]
    return confirm_page(gettext("Remove this question"), shown, gettext("Remove"), told, path, status, back)


@blueprint.post("/questionnaires/<id>/edit/questions/<name>/remove")
@requires("questionnaires.write")
def remove_draft_question(id: str, name: str) -> Response:
    """Take the question out."""

    def remove(values: dict[str, Any], version: int) -> Any:
        try:
            return draft_editing.edit(actor(), now(), id, version, edits.remove_question(name))
        except Refused as refused:
            if refused.reason == "stale":
                return conflict(id, refused)
            raise

    return save(
        NOTHING,
        remove,
        to=lambda draft: url_for("desk.edit_draft", id=id),
        again=lambda shown, status: _to_remove(id, name, shown, status),
        done=gettext("Removed."),
    )
