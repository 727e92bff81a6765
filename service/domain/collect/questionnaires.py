"""Questionnaires: immutable versions of questions with what they declare, and the check of answers."""

import hashlib
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cached_property
from typing import Any

from service.domain.collect.declarations import (
    WEIGHT_LIMIT,
    Awareness,
    PassingOn,
    Scale,
    plain_declarations,
    read_awareness,
    read_help,
    read_pairs,
    read_passing_on,
    read_scales,
    read_weights,
)
from service.domain.collect.logic import Logic, read_logic
from service.domain.collect.questions import (
    CANNOT_SAY,
    ID,
    ID_ALLOWED,
    NOT_ASKED,
    ORDER,
    SEED,
    SKIPPED,
    Answers,
    Item,
    Question,
    check,
    plain_question,
    read_question,
)
from service.domain.collect.sections import Section, plain_section, read_sections
from service.domain.errors import Fault, Refused
from service.domain.modes import HELP_CODES, Text
from service.domain.shapes import LANGUAGE, Shape, shown
from service.domain.yaml_texts import load

QUESTIONNAIRE_ID = re.compile(r"[a-z][a-z0-9-]{0,59}")
# What nobody would fill in must not keep the service busy either.
LANGUAGE_LIMIT = 20
QUESTION_LIMIT = 1000  # a row of a matrix is a question too
OPTION_LIMIT = 10_000  # in all questions together
CONSULTATION = "consultation"
PURPOSES = ("evaluation", CONSULTATION, "service_rating", "institution")
"""What answers are for; those of a consultation are never scored."""


@dataclass(frozen=True)
class Questionnaire:
    """One version of a questionnaire. `weights` are single-choice items that become part of every tally's key.

    Without `sections` all questions are on one screen, if no condition stands against it (see screens).
    """

    id: str
    version: int
    title: Text
    languages: tuple[str, ...]
    population: str
    purpose: Text
    source: Text
    questions: tuple[Question, ...]
    scales: dict[str, Scale] = field(default_factory=dict)
    pairs: tuple[tuple[str, str], ...] = ()
    weights: tuple[str, ...] = ()
    awareness: Awareness | None = None
    help: str | None = None
    sections: tuple[Section, ...] = ()
    purpose_kind: str = PURPOSES[0]
    passing_on: PassingOn | None = None

    @cached_property
    def items(self) -> dict[str, Item]:
        """Every item answered by one option code, by its id, in order."""
        return {item.id: item for question in self.questions for item in question.items}

    @cached_property
    def by_id(self) -> dict[str, Question]:
        return {question.id: question for question in self.questions}

    @cached_property
    def logic(self) -> Logic:
        """Who is asked what, and what must hold of answers."""
        return read_logic(self.questions, self.sections)

    @property
    def scored(self) -> bool:
        """Whether its answers may earn points: a consultation asks what people need, not how good a service is."""
        return self.purpose_kind != CONSULTATION

    @cached_property
    def randomised(self) -> bool:
        """Whether the order in which it is asked depends on a seed."""
        shuffled = sum(section.random_order for section in self.sections)
        return shuffled > 1 or any(question.random_order for question in self.questions)

    @cached_property
    def digest(self) -> str:
        """SHA-256 (hex) of the canonical JSON of `to_plain`: what a published version is known by."""
        canonical = json.dumps(to_plain(self), ensure_ascii=False, sort_keys=True, separators=(",", ":"))
        return hashlib.sha256(canonical.encode()).hexdigest()


@dataclass(frozen=True)
class QuestionnaireVersion:
    """A published version as it is kept: `id` is `<questionnaire>@<number>`, `definition` the one JSON shape.

    `origin`: a "draft" that was tried out here with so many `trial_answers`, or a "file" that was tried elsewhere.
    """

    id: str
    questionnaire: str
    number: int
    digest: str
    definition: Mapping[str, Any]
    origin: str = "file"
    trial_answers: int = 0
    published_at: datetime | None = None


def parse(data: Mapping[str, Any]) -> Questionnaire:
    """A questionnaire from its one JSON shape. Raises Refused("questionnaire_invalid"): every fault with its path."""
    faults: list[Fault] = []
    shape = Shape(data, "", faults)
    languages = _languages(shape)
    questions = _questions(shape, languages)
    items = {item.id: item for question in questions for item in question.items} if not faults else None
    questionnaire = Questionnaire(
        id=shape.name("id", QUESTIONNAIRE_ID, "a lower-case letter, then lower-case letters, digits or hyphens"),
        version=shape.whole("version", None, 1, 1_000_000),
        title=shape.text("title", languages),
        languages=languages,
        population=shape.name("population", ID, ID_ALLOWED),
        purpose=shape.text("purpose", languages),
        source=shape.text("source", languages),
        questions=questions,
        scales=read_scales(shape, items),
        pairs=read_pairs(shape, items),
        weights=read_weights(shape, items),
        awareness=read_awareness(shape, items),
        help=read_help(shape, questions),
        sections=read_sections(shape, languages, questions),
        purpose_kind=_purpose_kind(shape),
        passing_on=read_passing_on(shape, questions),
    )
    shape.close()
    faults += () if faults else questionnaire.logic.faults
    if faults:
        raise Refused("questionnaire_invalid", faults)
    return questionnaire


def _languages(shape: Shape) -> tuple[str, ...]:
    languages = shape.words("languages")
    for place, language in enumerate(languages):
        if not LANGUAGE.fullmatch(language):
            shape.fault(f"languages.{place}", "bad_name", value=shown(language), allowed="BCP 47, such as zh-Hans")
    shape.few("languages", languages, LANGUAGE_LIMIT)
    return languages[:LANGUAGE_LIMIT]  # of each label one text a language is read


def _questions(shape: Shape, languages: tuple[str, ...]) -> tuple[Question, ...]:
    taken: set[str] = set()
    questions = tuple(
        read_question(Shape(data, path, shape.faults), languages, taken) for path, data in shape.each("questions")
    )
    shape.few("questions", [part for question in questions for part in question.rows or (question,)], QUESTION_LIMIT)
    if sum(len(question.options) for question in questions) > OPTION_LIMIT:
        shape.fault("questions", "too_many_options", limit=OPTION_LIMIT)
    if questions and all(question.kind == "note" for question in questions):
        shape.fault("questions", "only_notes")
    return questions


def _purpose_kind(shape: Shape) -> str:
    kind = shape.typed("purpose_kind", str, "text", needed=False) or PURPOSES[0]
    if kind not in PURPOSES:
        shape.fault("purpose_kind", "not_an_option", value=shown(kind), options=", ".join(PURPOSES))
    return kind


def to_plain(questionnaire: Questionnaire) -> dict[str, Any]:
    """The one JSON shape, for which parse(to_plain(q)) == q: what is empty or default is left out."""
    plain: dict[str, Any] = {
        "id": questionnaire.id,
        "version": questionnaire.version,
        "title": dict(questionnaire.title),
        "languages": list(questionnaire.languages),
        "population": questionnaire.population,
        "purpose": dict(questionnaire.purpose),
        "source": dict(questionnaire.source),
        "questions": [plain_question(question) for question in questionnaire.questions],
    }
    if questionnaire.sections:
        plain["sections"] = [plain_section(section) for section in questionnaire.sections]
    if questionnaire.purpose_kind != PURPOSES[0]:
        plain["purpose_kind"] = questionnaire.purpose_kind
    return plain | plain_declarations(
        questionnaire.scales,
        questionnaire.pairs,
        questionnaire.weights,
        questionnaire.awareness,
        questionnaire.help,
        questionnaire.passing_on,
    )


def parse_yaml(text: str) -> Questionnaire:
    """`parse` of a YAML text. Codes that look like numbers stand in quotes; `no` and `yes` are words, as in YAML 1.2.

    Refused("questionnaire_invalid") also for a key that stands twice, an alias, and a text over 1,000,000 characters.
    """
    return parse(load(text, "questionnaire_invalid"))


def asked(questionnaire: Questionnaire, answers: Mapping[str, str]) -> set[str]:
    """The ids of the questions that a person with these flat answers is asked; what was not asked counts as no answer.

    A pure function of the answers, so that counting them again gives the same.
    """
    conditions = questionnaire.logic.asked_if
    if not conditions:
        return set(questionnaire.by_id)
    given, found = dict(answers), set()
    for question in questionnaire.questions:
        own = conditions.get(question.id, ())
        if not own or all(each.true_for(given) for each in own):
            found.add(question.id)
        else:
            for key in question.keys:
                given.pop(key, None)
    return found


def check_answers(
    questionnaire: Questionnaire, answers: Mapping[str, Any], *, lenient: bool = False, today: date | None = None
) -> Answers:
    """The normalised flat answers {item or question: code or text}; what was skipped is absent.

    `answers` has the JSON shape of each kind: {"q1": "5", "m1": {"r1": "4"}, "t1": "text"}. None and "" mean skipped.
    `_order` may hold the seed of the order asked in. Texts are put in NFC with LF line ends and stripped. An answer to
    a question that was not asked is a fault, or left out if `lenient`: the phone page's own form carries it along.
    `today` is what constraints call so. Raises Refused("answers_invalid") with every fault, each under `answers.…`.
    """
    if not isinstance(answers, Mapping):
        raise Refused("answers_invalid", [Fault("answers", "wrong_type", {"expected": "a mapping"})])
    known = questionnaire.by_id
    faults = [
        Fault(f"answers.{shown(name)}", "unknown_question") for name in answers if name not in known and name != ORDER
    ]
    accepted: Answers = {}
    for question in questionnaire.questions:
        value, path = answers.get(question.id), f"answers.{question.id}"
        conditions = questionnaire.logic.asked_if.get(question.id, ())
        if not conditions or all(each.true_for(accepted) for each in conditions):
            found = check(question, value, path, faults)
            accepted |= found
            _constrain(questionnaire, question, found, today, accepted, faults)
        elif value not in (None, "", [], {}) and not lenient and not faults:
            # After another fault nobody knows what was asked: one that follows from it would only mislead.
            faults.append(Fault(path, "unknown_question"))
    if not accepted and not faults:
        faults.append(Fault("answers", "nothing_answered"))
    accepted |= _order(questionnaire, answers.get(ORDER), faults)
    if faults:
        raise Refused("answers_invalid", faults)
    return accepted


def _constrain(
    questionnaire: Questionnaire,
    question: Question,
    found: Answers,
    today: date | None,
    accepted: Answers,
    faults: list[Fault],
) -> None:
    """A constraint is held against what was answered; its message stands in every language of the questionnaire."""
    constraint, own = questionnaire.logic.constraints.get(question.id), found.get(question.id, CANNOT_SAY)
    if constraint and own != CANNOT_SAY and question.constraint and not constraint.true_for(accepted, own, today):
        texts = question.constraint.message
        params = {"text": next(iter(texts.values())), "texts": texts}
        faults.append(Fault(f"answers.{question.id}", "constraint", params))


def _order(questionnaire: Questionnaire, seed: Any, faults: list[Fault]) -> Answers:
    """The seed is kept only where something is shuffled by it."""
    if seed is None or seed == "":
        return {}
    if not isinstance(seed, str) or not SEED.fullmatch(seed):
        faults.append(Fault(f"answers.{ORDER}", "wrong_type", {"expected": "four hex digits in lower case"}))
        return {}
    return {ORDER: seed} if questionnaire.randomised else {}


def shaped(questionnaire: Questionnaire, answers: Mapping[str, str]) -> dict[str, Any]:
    """Flat answers in the JSON shape of each kind, which `check_answers` reads back as the same."""
    given: dict[str, Any] = {}
    for question in questionnaire.questions:
        there = {key: answers[key] for key in question.keys if key in answers}
        if question.kind == "matrix":
            rows = {
                row.id: there[item.id]
                for row, item in zip(question.rows, question.items, strict=True)
                if item.id in there
            }
            given |= {question.id: rows} if rows else {}
        elif there:
            many = question.kind in ("multiple", "rank") and there[question.id] != CANNOT_SAY
            given[question.id] = there[question.id].split() if many else there[question.id]
    return given


def assistance(questionnaire: Questionnaire, answers: Mapping[str, str]) -> str:
    """Who helped the person to answer (a code of modes.ASSISTANCE); "unknown" if not asked or not said."""
    return HELP_CODES.get(answers.get(questionnaire.help or "", ""), "unknown")


def weighting(questionnaire: Questionnaire, answers: Mapping[str, str]) -> tuple[str, str, str]:
    """The values of the weighting variables, SKIPPED or NOT_ASKED without an answer, "" where none is declared."""
    shown_to = asked(questionnaire, answers) if questionnaire.weights else set()
    values = [answers.get(name, SKIPPED if name in shown_to else NOT_ASKED) for name in questionnaire.weights]
    first, second, third = [*values, "", "", ""][:WEIGHT_LIMIT]
    return first, second, third


def in_language(text: Text, language: str) -> str:
    """`text` in `language`, else in the first language that it has."""
    return text.get(language) or next(iter(text.values()), "")


__all__ = [
    "CANNOT_SAY",
    "NOT_ASKED",
    "ORDER",
    "SKIPPED",
    "Answers",
    "Awareness",
    "Questionnaire",
    "Scale",
    "Section",
    "asked",
    "assistance",
    "check_answers",
    "in_language",
    "parse",
    "parse_yaml",
    "to_plain",
    "weighting",
]
