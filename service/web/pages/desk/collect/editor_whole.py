"""The editor's pages of the whole questionnaire (title, languages, who is asked) and of one section."""

from collections.abc import Mapping
from typing import Any

from flask import Response, request, url_for
from flask_babel import gettext

from service.domain.collect import draft_edits as edits
from service.domain.collect import draft_views as views
from service.domain.collect.questionnaires import PURPOSES
from service.web.auth import requires
from service.web.languages import NAMES
from service.web.pages.desk.collect import editor_forms as forms
from service.web.pages.desk.collect.editor import apply, editor_page, opened, texts_of
from service.web.pages.desk.collect.editor_questions import Values, condition_of
from service.web.pages.desk.collect.editor_words import EDITOR_WORDS
from service.web.pages.desk.home import blueprint

SECTION_FIELDS = frozenset({"id", "title", "when", "random_order", "questions"})


@blueprint.get("/questionnaires/<id>/edit/whole")
@requires("questionnaires.write")
def edit_whole(id: str) -> Response:
    """Title, purpose, source, languages, who is asked and what for."""
    editing = opened(id)
    known = list(dict.fromkeys([*editing.languages, *NAMES]))
    whole = (*views.WHOLE, "languages", "population", "purpose_kind")
    faults = texts_of({path: found for name in whole for path, found in _faults(editing.faults, name).items()})
    kind = editing.data.get("purpose_kind")
    return editor_page(
        "editor_whole.html",
        editing,
        shown=Values(editing.data),
        faults=faults,
        known=known,
        kind=kind if kind in PURPOSES else PURPOSES[0],
        kinds=PURPOSES,
        populations=list(EDITOR_WORDS["population"]),
    )


def _faults(faults: Any, name: str) -> dict[str, Any]:
    return {f"{name}.{path}" if path else name: found for path, found in views.faults_of(faults, name).items()}


@blueprint.post("/questionnaires/<id>/edit/whole")
@requires("questionnaires.write")
def save_whole(id: str) -> Response:
    """Keep them. The texts of a language that is no longer ticked are taken out."""
    form, editing = request.form, opened(id)
    wanted = [*form.getlist("languages"), *form.get("more_languages", "").replace(",", " ").split()]
    languages = [each for each in editing.languages if each in wanted]
    languages += [each for each in dict.fromkeys(wanted) if each not in languages]
    fields: dict[str, Any] = {"languages": languages or editing.languages}
    fields["population"] = forms.line(form, "population") or None
    kind = form.get("purpose_kind", PURPOSES[0])
    fields["purpose_kind"] = None if kind == PURPOSES[0] else kind
    for name in views.WHOLE:
        # A language that was just added has no field yet: what stands there stays.
        fields[name] = {**views.text_of(editing.data, name), **dict.fromkeys(editing.languages, "")}
        fields[name] = {**fields[name], **forms.text(form, name, editing.languages)}
        fields[name] = {each: line for each, line in fields[name].items() if line and each in fields["languages"]}
    to = "desk.edit_whole" if languages != editing.languages else "desk.edit_draft"
    return apply(id, edits.change_fields(fields), url_for(to, id=id), gettext("Saved."))


@blueprint.get("/questionnaires/<id>/edit/sections/<name>")
@requires("questionnaires.write")
def edit_section(id: str, name: str) -> Response:
    """Its title, who is asked it, and whether it is shuffled with others."""
    editing = opened(id)
    sections = edits.sections(editing.data)
    place = edits.place_of(sections, name, "section")
    first = _first_question(editing.data, place)
    return editor_page(
        "editor_section.html",
        editing,
        name=name,
        number=place + 1,
        section=sections[place],
        shown=Values(sections[place]),
        faults=texts_of(views.faults_of(editing.faults, f"sections.{place}")),
        condition=condition_of(editing.data, first, sections[place].get("when")),
        unknown=[key for key in sections[place] if key not in SECTION_FIELDS],
    )


def _first_question(data: Mapping[str, Any], place: int) -> int:
    """How many questions stand before the section."""
    return sum(len(block.questions) for block in edits.blocks(dict(data))[:place])


@blueprint.post("/questionnaires/<id>/edit/sections/<name>")
@requires("questionnaires.write")
def save_section(id: str, name: str) -> Response:
    """Keep them; the questions in it stay."""
    form, editing = request.form, opened(id)
    sections = edits.sections(editing.data)
    old = sections[edits.place_of(sections, name, "section")]
    made: dict[str, Any] = {"id": forms.line(form, "id"), **forms.condition(form)}
    if title := forms.text(form, "title", editing.languages):
        made["title"] = title
    if form.get("random_order"):
        made["random_order"] = True
    made |= {key: value for key, value in old.items() if key not in SECTION_FIELDS and key not in form.getlist("drop")}
    return apply(id, edits.change_section(name, made), url_for("desk.edit_draft", id=id), gettext("Saved."))
