"""The editor's page for translating: every text in one language beside the same in another, missing ones marked."""

from typing import Any

from flask import Response, request, url_for
from flask_babel import gettext

from service.domain.collect import draft_edits as edits
from service.domain.collect import draft_views as views
from service.domain.errors import Refused
from service.web.auth import requires
from service.web.pages.desk.collect import editor_forms as forms
from service.web.pages.desk.collect.editor import Editing, apply, editor_page, opened
from service.web.pages.desk.home import blueprint

PAGE = 80  # texts on one page


@blueprint.get("/questionnaires/<id>/edit/texts")
@requires("questionnaires.write")
def edit_texts(id: str) -> Response:
    """`from` and `to` in the address are languages of the draft; `only=missing` leaves out what is there."""
    editing = opened(id)
    source, target = _languages(editing)
    every = views.lines(editing.data)
    found = [line for line in every if target not in line.text] if request.args.get("only") == "missing" else every
    page = _page(len(found))
    numbers = views.numbers(editing.data)
    return editor_page(
        "editor_texts.html",
        editing,
        source=source,
        target=target,
        lines=found[(page - 1) * PAGE : page * PAGE],
        numbers=numbers,
        only=request.args.get("only", ""),
        at=page,
        pages=-(-len(found) // PAGE),
        total=len(every),
        missing=views.missing(editing.data),
    )


def _languages(editing: Editing) -> tuple[str, str]:
    """The first language and the one that lacks most, unless others are asked for."""
    known, lacking = editing.languages, views.missing(editing.data)
    target = request.args.get("to", "")
    if target not in known:
        target = max(known[1:] or known, key=lambda each: lacking.get(each, 0))
    source = request.args.get("from", "")
    if source not in known:
        source = next((each for each in known if each != target), known[0])
    return source, target


def _page(count: int) -> int:
    asked = request.args.get("page", "1")
    wanted = int(asked) if asked.isascii() and asked.isdigit() and len(asked) < 6 else 1
    return min(max(wanted, 1), max(-(-count // PAGE), 1))


@blueprint.post("/questionnaires/<id>/edit/texts")
@requires("questionnaires.write")
def save_texts(id: str) -> Response:
    """Keep what was written in one language."""
    editing = opened(id)
    language = request.form.get("language", "")
    if language not in editing.languages:
        raise Refused("invalid")
    known = {line.path for line in views.lines(editing.data)}
    texts = {path: forms.line(request.form, f"text.{path}") for path in known if f"text.{path}" in request.form}
    more: dict[str, Any] = {name: value for name in ("from", "only", "page") if (value := request.form.get(name))}
    to = url_for("desk.edit_texts", id=id, to=language, **more)
    return apply(id, edits.put_texts(texts, language), to, gettext("Saved."))
