"""What can already be shown of a draft that has faults: its sound questions, with stopgaps for missing texts."""

from collections.abc import Mapping
from typing import Any

from service.domain.collect.draft_blocks import languages, name_of, questions
from service.domain.collect.draft_references import Plain
from service.domain.collect.draft_views import text_of
from service.domain.collect.logic import PIPE
from service.domain.collect.questionnaires import Questionnaire, parse
from service.domain.collect.questions import read_question
from service.domain.collect.screens import UNKNOWN
from service.domain.errors import Fault, Refused
from service.domain.shapes import Shape


def presentable(data: Plain) -> tuple[Questionnaire | None, list[str]]:
    """(a questionnaire of the questions that can be shown, the names of those that cannot).

    Conditions and checks are left out, answers inside texts are ellipses, and a text that lacks a language is shown in
    another one: for looking at, never for asking. None if there is no question to show.
    """
    known = tuple(languages(data)) or ("zh-Hans",)
    shown: list[Plain] = []
    left: list[str] = []
    taken: set[str] = set()
    for plain in questions(data):
        made = _filled(plain, known)
        faults: list[Fault] = []
        if made is not None:
            read_question(Shape(made, "", faults), known, taken)
        if made is None or faults:
            left.append(name_of(plain))
        else:
            shown.append(made)
    texts = {name: _in_all(text_of(data, name), known) for name in ("title", "purpose", "source")}
    whole = {"id": "preview", "version": 1, "languages": list(known), "population": "all", **texts, "questions": shown}
    try:
        return parse(whole), left
    except Refused:
        return None, left


def _in_all(text: Mapping[str, str], known: tuple[str, ...]) -> dict[str, str]:
    first = next(iter(text.values()), UNKNOWN)
    return {language: PIPE.sub(UNKNOWN, text.get(language, first)) for language in known}


def _filled(plain: Any, known: tuple[str, ...]) -> Plain | None:
    """The question without conditions, its texts in all languages; None for what is none."""
    if not isinstance(plain, Mapping):
        return None
    made = {key: value for key, value in plain.items() if key not in ("when", "constraint")}
    for name in ("label", "hint", "low", "high", "unit"):
        if name == "label" or made.get(name):
            made[name] = _in_all(text_of(made, name), known)
    for name in ("options", "rows"):
        if isinstance(parts := made.get(name), list):
            made[name] = [
                {**part, "label": _in_all(text_of(part, "label"), known)} if isinstance(part, Mapping) else part
                for part in parts
            ]
    return made
