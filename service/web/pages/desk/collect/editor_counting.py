"""The editor's pages of what is declared for counting: scales, weights, pairs, facts, who helped, what is passed on."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from flask import Response, request, url_for
from flask_babel import gettext

from service.domain.collect import draft_edits as edits
from service.domain.collect import draft_views as views
from service.domain.collect.declarations import WEIGHT_LIMIT
from service.domain.collect.draft_references import Plain
from service.domain.errors import Refused
from service.domain.modes import HELP_CODES
from service.web.auth import requires
from service.web.errors import fault_text
from service.web.pages.desk.collect import editor_forms as forms
from service.web.pages.desk.collect.editor import Editing, apply, editor_page, local_text, opened
from service.web.pages.desk.home import blueprint

DECLARED = ("scales", "pairs", "weights", "awareness", "help", "passing_on")
NEW = "new"  # in the address of a scale: one more
SPARE = 2  # empty places for pairs


@dataclass(frozen=True)
class Countable:
    """What is answered by one choice: a question, or a row of a table. `words` are those of its codes."""

    id: str
    label: str
    codes: tuple[str, ...]
    words: Mapping[str, str]


def countable(data: Plain) -> list[Countable]:
    """Everything that is answered by one choice, in order."""
    found = []
    for plain in edits.questions(data):
        question = views.nameable(plain)
        if question is None:
            continue
        label = local_text(views.text_of(plain, "label")) or question.id
        rows = {f"{question.id}/{name}": words for name, words in _words(plain, "rows", "id").items()}
        words = _words(plain, "options", "code")
        for item in question.items:
            row = f" – {rows[item.id]}" if item.id in rows else ""
            found.append(Countable(item.id, f"{label}{row}", item.codes, words))
    return found


def _words(plain: Mapping[str, Any], name: str, key: str) -> dict[str, str]:
    parts = plain.get(name)
    return {
        str(part.get(key)): local_text(views.text_of(part, "label")) or str(part.get(key))
        for part in (parts if isinstance(parts, list) else ())
        if isinstance(part, Mapping)
    }


def _choices(data: Plain, kind: str) -> list[tuple[str, str]]:
    """(id, label) of the questions of a kind."""
    found = [plain for plain in edits.questions(data) if isinstance(plain, Mapping) and plain.get("kind") == kind]
    return [(edits.name_of(each), local_text(views.text_of(each, "label")) or edits.name_of(each)) for each in found]


def _list(value: Any) -> list[str]:
    return [each for each in value if isinstance(each, str)] if isinstance(value, list) else []


def _mapping(value: Any) -> Mapping[str, Any]:
    return value if isinstance(value, Mapping) else {}


@blueprint.get("/questionnaires/<id>/edit/counting")
@requires("questionnaires.write")
def edit_counting(id: str) -> Response:
    """All declarations; each scale has a page of its own."""
    editing = opened(id)
    data, found = editing.data, countable(editing.data)
    pairs = (
        [each for each in data.get("pairs") or () if isinstance(each, list)]
        if isinstance(data.get("pairs"), list)
        else []
    )
    facts = _mapping(data.get("awareness"))
    codes = dict.fromkeys(code for each in found for code in each.codes if len(each.codes) < 4)
    return editor_page(
        "editor_counting.html",
        editing,
        items=found,
        scales=_mapping(data.get("scales")),
        weights=_list(data.get("weights")),
        most_weights=WEIGHT_LIMIT,
        pairs=[*pairs, *[["", ""]] * SPARE],
        facts={name: _list(facts.get(name)) for name in ("items", "known")} | {"at_least": facts.get("at_least", 3)},
        has_facts=bool(facts),
        codes=list(codes | dict.fromkeys(_list(facts.get("known")))),
        helps=[(id, label) for id, label in _choices(data, "single") if _is_help(data, id)],
        help=data.get("help") or "",
        several=_choices(data, "multiple"),
        passing_on=_mapping(data.get("passing_on")),
        faults=[(fault.field, fault_text(fault)) for fault in editing.faults if fault.field.split(".")[0] in DECLARED],
    )


def _is_help(data: Plain, id: str) -> bool:
    """Whether it is the last question and has the answers of one that asks who helped."""
    last = edits.questions(data)[-1]
    return edits.name_of(last) == id and set(_words(last, "options", "code")) == set(HELP_CODES)


@blueprint.post("/questionnaires/<id>/edit/counting")
@requires("questionnaires.write")
def save_counting(id: str) -> Response:
    """Keep the declarations; those of nothing are left out."""
    form = request.form
    firsts, seconds = form.getlist("pair_first"), form.getlist("pair_second")
    pairs = [[a, b] for a, b in zip(firsts, seconds, strict=False) if a and b]
    fields: dict[str, Any] = {
        "weights": form.getlist("weights") or None,
        "pairs": pairs or None,
        "help": form.get("help") or None,
        "awareness": None,
        "passing_on": None,
    }
    if items := form.getlist("facts"):
        at_least = forms.number(form.get("at_least", "").strip() or "3")
        fields["awareness"] = {"items": items, "known": form.getlist("known"), "at_least": at_least}
    if form.get("passing_on.what") or form.get("passing_on.whom"):
        fields["passing_on"] = {name: form.get(f"passing_on.{name}", "") for name in ("what", "whom")}
    return apply(id, edits.change_fields(fields), url_for("desk.edit_counting", id=id), gettext("Saved."))


# --- scales


@dataclass(frozen=True)
class Levels:
    """Items that are answered by the same codes, and so can form a scale."""

    codes: tuple[str, ...]
    words: Sequence[str]
    items: Sequence[Countable]


def _levels(found: Sequence[Countable]) -> list[Levels]:
    by_codes: dict[frozenset[str], list[Countable]] = {}
    for each in found:
        by_codes.setdefault(frozenset(each.codes), []).append(each)
    return [
        Levels(own[0].codes, [own[0].words.get(code, code) for code in own[0].codes], own)
        for own in by_codes.values()
        if len(own[0].codes) > 1
    ]


@blueprint.get("/questionnaires/<id>/edit/counting/<name>")
@requires("questionnaires.write")
def edit_scale(id: str, name: str) -> Response:
    """One scale: its questions, which of them is the headline, and which levels count as satisfied."""
    editing = opened(id)
    scale = _scale(editing, name)
    found = countable(editing.data)
    by_id = {each.id: each for each in found}
    items, levels = _list(scale.get("items")), _list(scale.get("levels"))
    words = next((by_id[item].words for item in items if item in by_id), {})
    path = f"scales.{name}"
    return editor_page(
        "editor_scale.html",
        editing,
        name=name,
        new=name == NEW,
        items=items,
        headline=scale.get("headline", ""),
        levels=[(code, words.get(code, code)) for code in levels],
        best=len(_list(scale.get("satisfied"))) or 2,
        groups=_levels(found),
        faults=[fault_text(fault) for each in views.faults_of(editing.faults, path).values() for fault in each],
    )


def _scale(editing: Editing, name: str) -> Mapping[str, Any]:
    scales = _mapping(editing.data.get("scales"))
    if name == NEW:
        return {}
    if name not in scales:
        raise Refused("not_found", noun="scale")
    return _mapping(scales[name])


@blueprint.post("/questionnaires/<id>/edit/counting/<name>")
@requires("questionnaires.write")
def save_scale(id: str, name: str) -> Response:
    """Keep the scale, or remove it. Levels follow the codes of its first question, the worst first."""
    form, editing = request.form, opened(id)
    old, to = _scale(editing, name), url_for("desk.edit_counting", id=id)
    if form.get("do") == "remove":
        return apply(id, _put_scale(name, "", {}), to, gettext("Removed."))
    items = form.getlist("items")
    by_id = {each.id: each for each in countable(editing.data)}
    levels = _ordered(by_id[items[0]].codes if items and items[0] in by_id else (), form.get("order", ""), old)
    best = forms.number(form.get("best", "2").strip())
    top = levels[-best:] if isinstance(best, int) and 0 < best <= len(levels) else []
    satisfied = _list(old.get("satisfied")) if set(_list(old.get("satisfied"))) == set(top) else top[::-1]
    headline = form.get("headline", "")
    made = {
        "items": items,
        "headline": headline if headline in items else (items or [""])[0],
        "satisfied": satisfied,
        "levels": levels,
    }
    return apply(id, _put_scale(name, forms.line(form, "name"), made), to, gettext("Saved."))


def _ordered(codes: Sequence[str], order: str, old: Mapping[str, Any]) -> list[str]:
    """Codes from the worst to the best: as they stood, as the answers stand, or the other way round."""
    before = _list(old.get("levels"))
    if order == "kept" and set(before) == set(codes):
        return before
    if order == "last_best":
        return list(codes)
    if order == "first_best":
        return list(codes)[::-1]
    return sorted(codes, key=lambda code: int(code)) if all(code.isdigit() for code in codes) else list(codes)[::-1]


def _put_scale(name: str, wanted: str, scale: Plain) -> edits.Edit:
    """The scale under the name that is wanted, in its place; without a name it is removed."""

    def edit(data: Plain) -> Plain:
        scales = dict(_mapping(data.get("scales")))
        made = {(wanted if key == name else key): (scale if key == name else each) for key, each in scales.items()}
        if name == NEW:
            made[wanted or edits.free_name(list(scales), "scale")] = scale
        made.pop("", None)
        return {**{key: each for key, each in data.items() if key != "scales"}, **({"scales": made} if made else {})}

    return edit
