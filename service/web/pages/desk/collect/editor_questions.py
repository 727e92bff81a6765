"""The editor's page of one question: every property of its kind, with faults beside the fields."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from flask import Response, request, url_for
from flask_babel import gettext

from service.domain.collect import draft_conditions as conditions
from service.domain.collect import draft_edits as edits
from service.domain.collect import draft_views as views
from service.domain.collect import ready_questions
from service.domain.collect.draft_references import Plain
from service.domain.collect.question_kinds import KINDS
from service.domain.collect.question_parts import PHOTO_LIMIT, TEXT_DEFAULT
from service.domain.errors import Refused
from service.web.auth import requires
from service.web.errors import status_of
from service.web.pages.desk.collect import editor_forms as forms
from service.web.pages.desk.collect.editor import Editing, apply, editor_page, local_text, opened, texts_of, to_question
from service.web.pages.desk.home import blueprint

MOST_PARTS = 200  # options and rows that one form holds; more of them are edited in the text
SPARE = 2  # empty places for conditions


@dataclass(frozen=True)
class Condition:
    """How a condition is shown: `way` is "always", "chosen" (from `offers`, joined by `word`) or "written"."""

    way: str
    word: str
    parts: Sequence[str]
    text: str
    offers: Sequence[tuple[str, Sequence[tuple[str, str]]]]


def condition_of(data: Plain, place: int, text: Any) -> Condition:
    """A condition of the question at `place`, with what can be chosen there."""
    text = text if isinstance(text, str) else ""
    earlier = [
        each for plain in edits.questions(data)[:place] if (each := views.nameable(plain, edits.languages(data)))
    ]
    offers = conditions.offered(earlier)
    known = {offer.text for offer in offers}
    found = conditions.taken_apart(text, views.names_before(data, place)) if text.strip() else ("and", [])
    word, parts = found or ("and", [])
    chosen = found is not None and known.issuperset(parts)
    way = "always" if not text.strip() else "chosen" if chosen else "written"
    shown = [*(parts if chosen else []), *[""] * SPARE]
    numbers = dict(zip(edits.names(edits.questions(data)), views.numbers(data), strict=True))
    groups: dict[str, list[tuple[str, str]]] = {}
    for offer in offers:
        label = local_text(offer.question.label) or offer.question.id
        row = f" – {local_text(offer.row.label) or offer.row.id}" if offer.row else ""
        number = numbers.get(offer.question.id) or "–"
        groups.setdefault(f"{number}. {label}{row}", []).append((offer.text, f"{number}{row}: {_offer(offer)}"))
    return Condition(way, word, shown, text, list(groups.items()))


def _offer(offer: conditions.Offer) -> str:
    """The relation in words."""
    said = (local_text(offer.option.label) if offer.option else "") or offer.code
    return {
        "is": gettext("is “%(answer)s”", answer=said),
        "is_not": gettext("is answered, but not “%(answer)s”", answer=said),
        "at_most": gettext("is %(answer)s or less", answer=offer.code),
        "at_least": gettext("is %(answer)s or more", answer=offer.code),
        "answered": gettext("was answered"),
        "not_answered": gettext("was not answered"),
    }[offer.relation]


@blueprint.get("/questionnaires/<id>/edit/questions/<name>")
@requires("questionnaires.write")
def edit_question(id: str, name: str) -> Response:
    """The question with all its properties. `new` in the address: it has just begun, so nothing is complained of."""
    editing = opened(id)
    plain, place = _found(editing, name)
    return _shown(editing, name, place, plain, fresh="new" in request.args)


def _found(editing: Editing, name: str) -> tuple[Plain, int]:
    place = edits.place_of(edits.questions(editing.data), name)
    plain = edits.questions(editing.data)[place]
    return (dict(plain) if isinstance(plain, Mapping) else {}), place


def _shown(
    editing: Editing,
    name: str,
    place: int,
    plain: Plain,
    *,
    fresh: bool = False,
    focus: str = "",
    version: str = "",
    refused: Refused | None = None,
) -> Response:
    kind = str(plain.get("kind"))
    kind = kind if kind in KINDS else "single"
    faults = {} if fresh else texts_of(views.faults_of(editing.faults, f"questions.{place}"))
    if refused is not None:
        faults = texts_of({fault.field: [fault] for fault in refused.faults})
    return editor_page(
        "editor_question.html",
        editing,
        200 if refused is None else status_of(refused),
        version=version or editing.draft.version,
        name=name,
        place=place,
        number=views.numbers(editing.data)[place] if place < len(views.numbers(editing.data)) else None,
        asked=plain,
        kind=kind,
        extras=KINDS[kind].extras,
        kinds=list(KINDS),
        lists=list(ready_questions.LISTS),
        faults=faults,
        shown=Values(plain),
        condition=condition_of(editing.data, place, plain.get("when")),
        unknown=[key for key in plain if key not in forms.KNOWN],
        dropped=[key for key in plain if key in forms.KNOWN - forms.COMMON - KINDS[kind].extras],
        too_many=sum(len(plain.get(key) or ()) for key in ("options", "rows") if isinstance(plain.get(key), list))
        > MOST_PARTS,
        defaults={"max_length": TEXT_DEFAULT, "max_bytes": PHOTO_LIMIT},
        fresh=fresh,
        focus=focus,
    )


class Values:
    """The values of a question as fields show them: whatever has not the right shape is shown as nothing."""

    def __init__(self, plain: Mapping[str, Any]) -> None:
        self.plain = plain

    def text(self, name: str, language: str) -> str:
        """The line of a text in one language."""
        return views.text_of(self.plain, name).get(language, "")

    def word(self, name: str) -> str:
        """A word or a number."""
        value = self.plain.get(name)
        return "" if value is None or isinstance(value, bool | dict | list) else str(value)

    def was(self, key: str) -> str:
        """What an option or a row is called as stored."""
        return self.word(forms.WAS if forms.WAS in self.plain else key)

    def flag(self, name: str) -> bool:
        """Whether it is ticked."""
        return self.plain.get(name) is True

    def several(self, name: str) -> str:
        """A list of words or numbers in one line."""
        found = self.plain.get(name)
        return ", ".join(map(str, found)) if isinstance(found, list) else ""

    def parts(self, name: str) -> list["Values"]:
        """Options or rows."""
        found = self.plain.get(name)
        return [Values(each if isinstance(each, Mapping) else {}) for each in found] if isinstance(found, list) else []

    def inner(self, name: str) -> "Values":
        """What stands inside of it."""
        found = self.plain.get(name)
        return Values(found if isinstance(found, Mapping) else {})


@blueprint.post("/questionnaires/<id>/edit/questions/<name>")
@requires("questionnaires.write")
def save_question(id: str, name: str) -> Response:
    """Save it, or show the form again with one more answer, another order, another kind or a ready list."""
    editing = opened(id)
    old, place = _found(editing, name)
    what, _, detail = request.form.get("do", "").partition(" ")
    made = forms.question(request.form, old, editing.languages)
    if what in ("more", "up", "down", "drop", "list", "kind"):
        made = _rearranged(_as_typed(made, editing), what, detail, editing)
        return _again(editing, name, place, made, f"{what} {detail}")
    own = made["id"] if made["id"] else name
    to = {
        "add": url_for("desk.add_draft_question", id=id, after=own),
        "preview": url_for("desk.preview_draft", id=id, question=own),
        "stay": url_for("desk.edit_question", id=id, name=own),
    }.get(what, to_question(id, own))
    try:
        change = edits.change_question(name, made, forms.was(request.form, editing.languages))
        return apply(id, change, to, gettext("Saved."))
    except Refused as refused:
        if refused.reason != "invalid":
            raise
        return _again(editing, name, place, _as_typed(made, editing), "", refused)


def _again(
    editing: Editing, name: str, place: int, made: Plain, focus: str, refused: Refused | None = None
) -> Response:
    """The form as it was filled in, nothing saved; the version stays the one that it was made of."""
    version = request.form.get("version", "")
    return _shown(editing, name, place, made, fresh=True, focus=focus, version=version, refused=refused)


def _as_typed(made: Plain, editing: Editing) -> Plain:
    """With the options and rows in which nothing was written, too."""
    for key, own in (("options", "code"), ("rows", "id")):
        if key in made:
            made[key] = forms.all_parts(request.form, key, own, editing.languages)
    return made


def _rearranged(made: Plain, what: str, detail: str, editing: Editing) -> Plain:
    if what == "list":
        wanted = request.form.get("ready_list", "")
        if wanted in ready_questions.LISTS:
            made["options"] = ready_questions.options_of(wanted, editing.languages)
        return made
    if what == "kind":
        return _of_kind(made, request.form.get("new_kind", ""), editing)
    key, _, at = detail.partition(".")
    if isinstance(made.get(key), list):
        made[key] = forms.rearranged(made[key], what, int(at) if at.isdigit() else -1)
    return made


def _of_kind(made: Plain, kind: str, editing: Editing) -> Plain:
    """The question as one of another kind: what that kind has is kept, what it needs besides is begun."""
    if kind not in KINDS:
        raise Refused("invalid")
    begun = ready_questions.fresh(ready_questions.first_of(kind), made["id"], editing.languages)
    kept = {
        key: value for key, value in made.items() if key in forms.COMMON | KINDS[kind].extras or key not in forms.KNOWN
    }
    return {
        **{key: value for key, value in begun.items() if key in ("options", "rows", "low", "high")},
        **kept,
        "kind": kind,
    }
