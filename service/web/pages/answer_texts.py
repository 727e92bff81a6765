"""Answers in the words of their questionnaire, for the desk and for whoever holds the receipt."""

from collections.abc import Mapping

from flask_babel import gettext

from service.domain.collect.questionnaires import Questionnaire, in_language
from service.domain.collect.questions import CANNOT_SAY, Question
from service.web.languages import spoken


def read(questionnaire: Questionnaire, given: Mapping[str, str]) -> list[tuple[str, str, bool]]:
    """(question, answer, whether there is one) in the order of the questions."""
    rows = []
    for question in questionnaire.questions:
        for item in question.items:
            code = given.get(item.id)
            text = "" if code is None else option_label(questionnaire, item.id, code)
            rows.append((item_label(questionnaire, item.id), text, code is not None))
        for key in () if question.items else question.keys:
            there = key in given
            rows.append((in_language(question.label, spoken()), _written(question, given[key]) if there else "", there))
    return rows


def _written(question: Question, answer: str) -> str:
    """What is not answered by one option: several of them, a number with its unit, a picture, words."""
    if answer == CANNOT_SAY:
        return gettext("Cannot say")
    if question.options:
        labels = {option.code: in_language(option.label, spoken()) for option in question.options}
        return "; ".join(labels.get(code, code) for code in answer.split())
    if question.kind == "photo":
        return gettext("a picture")
    return " ".join(filter(None, (answer, in_language(question.unit, spoken()))))


def item_label(questionnaire: Questionnaire, id: str) -> str:
    """The question of an item, or the label of its row in a matrix."""
    question = questionnaire.by_id[questionnaire.items[id].question]
    row = next((row for row in question.rows if f"{question.id}/{row.id}" == id), None)
    return in_language(row.label if row else question.label, spoken())


def option_label(questionnaire: Questionnaire, item: str, code: str) -> str:
    """What the person chose, as it was worded."""
    if code == CANNOT_SAY:
        return gettext("Cannot say")
    question = questionnaire.by_id[questionnaire.items[item].question]
    return next((in_language(option.label, spoken()) for option in question.options if option.code == code), code)
