"""Form fields to answers: what people type and tap, in the JSON shape that each kind of question has."""

import unicodedata
from collections.abc import Callable, Mapping
from typing import Any

from werkzeug.datastructures import MultiDict

from service.domain.collect.questionnaires import Questionnaire
from service.domain.collect.questions import CANNOT_SAY, Question
from service.web.pages import typed

Form = MultiDict[str, str]


def ours(name: str) -> bool:
    """Our own fields begin with an underscore, as no question does."""
    return name.startswith("_")


def answers_of(questionnaire: Questionnaire, form: Form) -> dict[str, Any]:
    """{"q": "5", "m/r": "4"} -> {"q": "5", "m": {"r": "4"}}. What contradicts itself: a list, which none takes."""
    special = {question.id: question for question in questionnaire.questions if question.kind in _READERS}
    answers: dict[str, Any] = {}
    for name, texts in form.lists():
        question, slash, row = name.partition("/")
        if ours(name) or question in special:
            continue
        value = texts[0] if len(texts) == 1 else texts
        if not slash:
            answers[question] = [value] if question in answers else value
        elif isinstance(rows := answers.setdefault(question, {}), dict):
            rows[row] = value
        else:
            answers[question] = [value]
    for asked in special.values():
        value = _READERS[asked.kind](asked, form)
        if value:
            answers[asked.id] = value
    return answers


def _written(question: Question, form: Form) -> list[str]:
    return [text.strip() for text in form.getlist(question.id) if text.strip()]


def _several(question: Question, form: Form) -> Any:
    """The codes that were ticked. “Cannot say” beside others is a list that no question takes."""
    chosen = _written(question, form)
    return CANNOT_SAY if chosen == [CANNOT_SAY] else chosen


def _ranked(question: Question, form: Form) -> Any:
    """The options by place. A place left out before another one stays empty, which is no option."""
    places = [form.get(f"{question.id}/{place}", "") for place in range(1, question.places + 1)]
    while places and not places[-1]:
        places.pop()
    cannot_say = _written(question, form)
    return places + cannot_say if places else cannot_say[0] if len(cannot_say) == 1 else cannot_say


def _one(read: Callable[[Question, str], str]) -> Callable[[Question, Form], Any]:
    """For a field with “cannot say” beside it: one text, or a list when somebody gave both."""

    def reader(question: Question, form: Form) -> Any:
        written = _written(question, form)
        if len(written) != 1:
            return written
        return written[0] if written[0] == CANNOT_SAY else read(question, written[0])

    return reader


def _number(question: Question, text: str) -> str:
    """12, １２, 1,200 and “12 times” are numbers to a person."""
    plain = unicodedata.normalize("NFKC", text).strip()
    for unit in question.unit.values():
        plain = plain.removesuffix(unicodedata.normalize("NFKC", unit)).strip()
    return typed.number(plain)


_READERS: Mapping[str, Callable[[Question, Form], Any]] = {
    "multiple": _several,
    "rank": _ranked,
    "number": _one(_number),
    "date": _one(lambda question, text: typed.day(text)),
    "photo": _one(lambda question, text: text),
}


def gave_both(question: Question, form: Form) -> bool:
    """An answer, and “cannot say” as well."""
    given = [text for name in names_of(question) for text in form.getlist(name) if text.strip()]
    return question.kind in _READERS and CANNOT_SAY in given and len(given) > 1


def names_of(question: Question) -> list[str]:
    """The form fields of a question, in order; the first one has the question's place on the page."""
    if question.kind == "rank":
        return [f"{question.id}/{place}" for place in range(1, question.places + 1)] + [question.id]
    return [item.id for item in question.items] or [question.id]
