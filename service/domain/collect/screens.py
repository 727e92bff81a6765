"""Screens: the order in which it is asked for a seed, what stands on one screen, answers inside later texts."""

import hashlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TypeVar

from service.domain.collect.logic import PIPE, pipes
from service.domain.collect.questionnaires import Questionnaire, asked, in_language
from service.domain.collect.questions import CANNOT_SAY, Question
from service.domain.collect.sections import Section
from service.domain.modes import Text

Part = TypeVar("Part")
UNKNOWN = "…"
PIPED_LIMIT = 200  # characters of an answer inside a text
_DEPTH = 3  # an option that is put into a text may itself hold an answer


@dataclass(frozen=True)
class Presented:
    """Sections and questions in the order shown, each question with its options and rows in the order shown."""

    seed: str
    sections: tuple[Section, ...]
    questions: tuple[Question, ...]


@dataclass(frozen=True)
class Screen:
    """What is shown at once; `section` is None where the questionnaire has none."""

    section: Section | None
    questions: tuple[Question, ...]


def presented(questionnaire: Questionnaire, seed: str = "") -> Presented:
    """The order for a seed (four hex digits); without a seed that of the definition. A pure function.

    What is shuffled is put in the order of the SHA-256 (hex) of `seed|scope|name`: scope and name are a question's id
    and the option's code or the row's id, or "sections" and the section's id. What is fixed keeps its place.
    """
    sections = _shuffled(questionnaire.sections, seed, "sections", lambda part: part.id, lambda part: part.random_order)
    order = [name for section in sections for name in section.questions] or list(questionnaire.by_id)
    return Presented(seed, tuple(sections), tuple(_question(questionnaire.by_id[name], seed) for name in order))


def _question(question: Question, seed: str) -> Question:
    if not seed or not question.random_order:
        return question
    if question.kind == "matrix":
        rows = _shuffled(question.rows, seed, question.id, lambda row: row.id, lambda row: not row.fixed)
        return replace(question, rows=tuple(rows))
    options = _shuffled(
        question.options, seed, question.id, lambda option: option.code, lambda option: not option.fixed
    )
    return replace(question, options=tuple(options))


def _shuffled(
    parts: Sequence[Part], seed: str, scope: str, name: Callable[[Part], str], moves: Callable[[Part], bool]
) -> list[Part]:
    """The parts that move, in the order of their hashes, on the places that they hold together."""
    if not seed:
        return list(parts)

    def drawn(part: Part) -> str:
        return hashlib.sha256(f"{seed}|{scope}|{name(part)}".encode()).hexdigest()

    moving = iter(sorted((part for part in parts if moves(part)), key=drawn))
    return [next(moving) if moves(part) else part for part in parts]


def screens(
    questionnaire: Questionnaire, seed: str = "", answers: Mapping[str, str] | None = None
) -> tuple[Screen, ...]:
    """The screens in order: one a section (all questions, where there are none).

    A question whose condition or text hangs on an answer of the same screen begins a new one, so that it can be left
    out or worded without a script. With flat `answers` what is not asked is left out, and screens without a question.
    """
    shown = presented(questionnaire, seed)
    wanted = None if answers is None else asked(questionnaire, answers)
    by_id = {question.id: question for question in shown.questions}
    blocks: list[tuple[Section | None, list[Question]]]
    blocks = [(section, [by_id[name] for name in section.questions]) for section in shown.sections]
    found = []
    for section, questions in blocks or [(None, list(shown.questions))]:
        for part in _parted(questionnaire, questions):
            kept = tuple(question for question in part if wanted is None or question.id in wanted)
            if kept:
                found.append(Screen(section, kept))
    return tuple(found)


def _parted(questionnaire: Questionnaire, questions: Sequence[Question]) -> Iterator[list[Question]]:
    hangs_on, nothing = questionnaire.logic.hangs_on, frozenset[str]()
    screen: dict[str, Question] = {}
    for question in questions:
        if any(name in screen for name in hangs_on.get(question.id, nothing)):
            yield list(screen.values())
            screen = {}
        screen[question.id] = question
    if screen:
        yield list(screen.values())


def piped(text: Text | str, questionnaire: Questionnaire, answers: Mapping[str, str], language: str) -> str:
    """`text` in `language` with each `${question}` replaced by its flat answer: labels of options, else what was typed.

    What is not answered, or cannot be said, is an ellipsis. Plain text: whoever puts it into a page escapes it.
    """
    return _piped(text if isinstance(text, str) else in_language(text, language), questionnaire, answers, language, 0)


def _piped(line: str, questionnaire: Questionnaire, answers: Mapping[str, str], language: str, depth: int) -> str:
    if "${" not in line:
        return line

    def said(name: str) -> str:
        given = answers.get(name)
        question = questionnaire.by_id.get(name.partition("/")[0])
        if given is None or given == CANNOT_SAY or question is None or depth >= _DEPTH:
            return UNKNOWN
        text = _said(question, given, language)
        text = _piped(text, questionnaire, answers, language, depth + 1) if question.options else text
        return text if len(text) <= PIPED_LIMIT else text[:PIPED_LIMIT] + UNKNOWN

    known = {name: said(name) for name in set(pipes(line))}
    return PIPE.sub(lambda found: known[found[1]], line)


def _said(question: Question, given: str, language: str) -> str:
    labels = {option.code: in_language(option.label, language) for option in question.options}
    if labels:
        comma = "、" if language.startswith("zh") else ", "
        return comma.join(labels.get(code, UNKNOWN) for code in given.split())
    return f"{given} {in_language(question.unit, language)}" if question.unit else given


__all__ = ["Presented", "Screen", "piped", "presented", "screens"]
