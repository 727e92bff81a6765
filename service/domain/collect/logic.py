"""The logic of a questionnaire: who is asked what, what must hold of answers, and whose answers stand in texts.

Read and judged once, when a questionnaire is parsed; every reference leads to an earlier question.
"""

import re
from collections import ChainMap
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial

from service.domain.collect.expression_tree import Reference, Type, references
from service.domain.collect.expressions import Expression, parse_expression
from service.domain.collect.question_parts import Question
from service.domain.collect.questions import faces
from service.domain.collect.reachability import OWN, Reachability
from service.domain.collect.sections import Section
from service.domain.errors import Fault, Refused
from service.domain.modes import Text
from service.domain.shapes import shown

PIPE = re.compile(r"\$\{([^{}]{0,90})\}")


@dataclass(frozen=True)
class Logic:
    """By question; those to which nothing applies do not stand in it.

    asked_if   what must all hold for it to be asked
    hangs_on   the questions whose answers decide whether, or in which words, it is asked
    """

    asked_if: Mapping[str, tuple[Expression, ...]]
    constraints: Mapping[str, Expression]
    hangs_on: Mapping[str, frozenset[str]]
    faults: tuple[Fault, ...] = ()


@dataclass
class _Reading:
    """What is known while the conditions are read."""

    questions: Sequence[Question]
    sections: Sequence[Section]
    faults: list[Fault] = field(default_factory=list)
    whens: dict[str, Expression] = field(default_factory=dict)
    section_whens: dict[str, Expression] = field(default_factory=dict)
    constraints: dict[str, Expression] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.names: dict[str, Reference] = {}
        self.owner: dict[str, Question] = {}
        self.at: dict[str, int] = {}  # question or row -> place of its question
        for place, question in enumerate(self.questions):
            for name, reference in references(question):
                self.names[name], self.owner[name], self.at[name] = reference, question, place
        self.section_of = {name: number for number, each in enumerate(self.sections) for name in each.questions}
        shuffled = [number for number, section in enumerate(self.sections) if section.random_order]
        self.last_shuffled = shuffled[-1] if len(shuffled) > 1 else -1

    def settled(self, name: str, place: int) -> bool:
        """Whether an earlier question stays earlier, however sections are shuffled."""
        there = self.section_of.get(self.owner[name].id, -1)
        here = self.section_of.get(self.questions[place].id, -1)
        shuffled = self.last_shuffled >= 0 and self.sections[there].random_order
        return here == there or not shuffled or here > self.last_shuffled

    def expression(self, text: str, path: str, place: int, own: Question | None = None) -> Expression | None:
        """A condition of the question at `place` (of a section: its first one); None after noting a fault."""
        names: Mapping[str, Reference] = self.names
        if own:
            names = ChainMap({OWN: self.names[own.id]}, self.names)
        try:
            expression = parse_expression(text, names)
        except Refused as refused:
            self.faults.extend(Fault(path, fault.reason, fault.params) for fault in refused.faults)
            return None
        before = len(self.faults)
        for name in expression.names:
            reason = None if name.key == OWN else self._misplaced(name.key, place)
            if reason:
                self.faults.append(Fault(path, reason, {"column": name.column, "value": name.key}))
        return expression if len(self.faults) == before else None

    def _misplaced(self, name: str, place: int) -> str | None:
        if self.at[name] >= place:
            return "expr_itself" if self.at[name] == place else "expr_later"
        return None if self.settled(name, place) else "expr_shuffled"

    def asked_if(self, question: str) -> tuple[Expression, ...]:
        section = self.sections[self.section_of[question]].id if question in self.section_of else ""
        both = (self.section_whens.get(section), self.whens.get(question))
        return tuple(each for each in both if each is not None)


def read_logic(questions: Sequence[Question], sections: Sequence[Section]) -> Logic:
    """The conditions of a questionnaire whose questions and sections are sound in themselves."""
    reading = _Reading(questions, sections)
    place = {question.id: number for number, question in enumerate(questions)}
    for number, section in enumerate(sections):
        if section.when:
            found = reading.expression(section.when, f"sections.{number}.when", place[section.questions[0]])
            reading.section_whens |= {section.id: found} if found else {}
    for number, question in enumerate(questions):
        if question.when:
            found = reading.expression(question.when, f"questions.{number}.when", number)
            reading.whens |= {question.id: found} if found else {}
        if question.constraint:
            path = f"questions.{number}.constraint.expr"
            found = reading.expression(question.constraint.expr, path, number, question)
            reading.constraints |= {question.id: found} if found else {}
    _judge_pipes(reading, place)
    if not reading.faults:
        _judge(reading)
    asked_if = {question.id: conditions for question in questions if (conditions := reading.asked_if(question.id))}
    hangs_on = {question.id: names for question in questions if (names := _hangs_on(question, asked_if))}
    return Logic(asked_if, reading.constraints, hangs_on, tuple(reading.faults))


def _hangs_on(question: Question, asked_if: Mapping[str, tuple[Expression, ...]]) -> frozenset[str]:
    names = [name.key for each in asked_if.get(question.id, ()) for name in each.names]
    names += [name for _, text in faces(question) for line in text.values() for name in pipes(line)]
    return frozenset(name.partition("/")[0] for name in names)


def _judge(reading: _Reading) -> None:
    """Faults for what can never be true. What hangs on a question that is never asked is not named again."""
    reach = Reachability(reading.owner, reading.asked_if, reading.at)
    dead: set[str] = set()
    for number, section in enumerate(reading.sections):
        condition = reading.section_whens.get(section.id)
        if condition and not _hangs(reading, condition, dead) and reach.never([condition]):
            reading.faults.append(Fault(f"sections.{number}.when", "never_true"))
            dead |= set(section.questions)
    for number, question in enumerate(reading.questions):
        condition = reading.whens.get(question.id)
        if condition and (question.id in dead or _hangs(reading, condition, dead)):
            dead.add(question.id)
        elif condition and reach.never(reading.asked_if(question.id)):
            reading.faults.append(Fault(f"questions.{number}.when", "never_true"))
            dead.add(question.id)
        constraint = reading.constraints.get(question.id)
        if constraint and question.id not in dead and not _hangs(reading, constraint, dead):
            if reach.never([*reading.asked_if(question.id), constraint], question):
                reading.faults.append(Fault(f"questions.{number}.constraint.expr", "never_true"))


def _hangs(reading: _Reading, condition: Expression, dead: set[str]) -> bool:
    return any(name.key != OWN and reading.owner[name.key].id in dead for name in condition.names)


def pipes(text: str) -> Iterator[str]:
    """The questions and rows whose answers stand in a text, as in `${q1}`."""
    return (found[1] for found in PIPE.finditer(text)) if "${" in text else iter(())


def _judge_pipes(reading: _Reading, place: Mapping[str, int]) -> None:
    for number, question in enumerate(reading.questions):
        for path, text in faces(question):
            _judge_text(reading, text, f"questions.{number}.{path}", number)
    for number, section in enumerate(reading.sections):
        _judge_text(reading, section.title, f"sections.{number}.title", place[section.questions[0]])


def _judge_text(reading: _Reading, text: Text, path: str, place: int) -> None:
    for language, line in text.items():
        fault = partial(Fault, f"{path}.{language}")
        for name in pipes(line):
            if name not in reading.names or reading.names[name].type in (Type.PICTURE, Type.MATRIX):
                reading.faults.append(fault("pipe_no_question", {"value": shown(name)}))
            elif reading.at[name] >= place or not reading.settled(name, place):
                reading.faults.append(fault("pipe_later", {"value": shown(name)}))
