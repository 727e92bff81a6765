"""Paper: what a typist enters for a filled-in sheet, field by field, as numbers of the options where there are any."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from service.domain.collect.questionnaires import Questionnaire
from service.domain.collect.questions import CANNOT_SAY, Question, Row
from service.domain.errors import Fault
from service.domain.shapes import shown

BLANK, UNABLE = "-", "*"  # left blank on the sheet; "cannot say" was ticked. Both stand on a numeric pad
_BY_NUMBER = frozenset({"single", "rating", "matrix"})
_BY_NUMBERS = frozenset({"multiple", "rank"})
_NOT_ON_PAPER = frozenset({"note", "photo"})
_BETWEEN = re.compile(r"[\s,;+./，、；]+")


@dataclass(frozen=True)
class Field:
    """One thing to type: a question, or a row of a matrix. `name` is its key in flat answers."""

    name: str
    question: Question
    row: Row | None = None

    @property
    def numbered(self) -> bool:
        """Whether options are typed by their numbers, the first one being 1."""
        return self.question.kind in _BY_NUMBER | _BY_NUMBERS


def fields(questionnaire: Questionnaire) -> list[Field]:
    """What is typed for one sheet, in the order of the questions."""
    found = []
    for question in questionnaire.questions:
        if question.kind in _NOT_ON_PAPER:
            continue
        if question.rows:
            found += [Field(f"{question.id}/{row.id}", question, row) for row in question.rows]
        else:
            found.append(Field(question.id, question))
    return found


def read(questionnaire: Questionnaire, typed: Mapping[str, str]) -> tuple[dict[str, Any], list[Fault], list[str]]:
    """(answers in their JSON shape, faults by field, fields in which nothing was typed yet).

    A field is done when something stands in it: the answer, BLANK or UNABLE. So nothing is passed over unseen.
    """
    answers: dict[str, Any] = {}
    faults: list[Fault] = []
    empty: list[str] = []
    for field in fields(questionnaire):
        text = typed.get(field.name, "").strip()
        if not text:
            empty.append(field.name)
            continue
        value = _value(field, text, faults)
        if value is not None and field.row:
            answers.setdefault(field.question.id, {})[field.row.id] = value
        elif value is not None:
            answers[field.question.id] = value
    return answers, faults, empty


def _value(field: Field, text: str, faults: list[Fault]) -> Any:
    """The answer that was typed, or None: left blank, or not understood, which is then a fault."""
    question = field.question
    if text == BLANK:
        return None
    if text == UNABLE:
        if not question.cannot_say:
            faults.append(Fault(field.name, "cannot_say_not_offered"))
        return CANNOT_SAY
    if question.kind in _BY_NUMBER:
        return _code(field, text, faults)
    if question.kind in _BY_NUMBERS:
        codes = [_code(field, part, faults) for part in _BETWEEN.split(text) if part]
        return [code for code in codes if code is not None]
    return text


def _code(field: Field, text: str, faults: list[Fault]) -> str | None:
    options = field.question.options
    if text.isascii() and text.isdigit() and len(text) < 5 and 1 <= int(text) <= len(options):
        return options[int(text) - 1].code
    faults.append(Fault(field.name, "no_such_number", {"value": shown(text), "last": len(options)}))
    return None
