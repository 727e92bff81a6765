"""Sections: the questions of a questionnaire in blocks, each of which is one screen."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from service.domain.collect.question_parts import ID, ID_ALLOWED, Question
from service.domain.collect.questions import read_expression
from service.domain.modes import Text
from service.domain.shapes import Shape


@dataclass(frozen=True)
class Section:
    """A block of questions. Those with `random_order` are shuffled among their own places."""

    id: str
    questions: tuple[str, ...]
    title: Text = field(default_factory=dict)
    when: str = ""
    random_order: bool = False


def read_sections(shape: Shape, languages: tuple[str, ...], questions: Sequence[Question]) -> tuple[Section, ...]:
    """The sections; a fault names the first question that does not stand where the questions have it."""
    sections: list[Section] = []
    taken: set[str] = set()
    expected = [question.id for question in questions]
    for path, data in shape.each("sections", needed=False):
        inner = Shape(data, path, shape.faults)
        section = _section(inner, languages, taken)
        sections.append(section)
        for place, name in enumerate(section.questions):
            if not expected or name != expected[0]:
                inner.fault(f"questions.{place}", "not_in_order", value=name, expected=expected[0] if expected else "-")
                return tuple(sections)
            expected.pop(0)
    if sections and expected:
        shape.fault("sections", "not_in_a_section", value=expected[0])
    return tuple(sections)


def _section(shape: Shape, languages: tuple[str, ...], taken: set[str]) -> Section:
    name = shape.name("id", ID, ID_ALLOWED)
    if name in taken:
        shape.fault("id", "duplicate", value=name)
    taken.add(name)
    section = Section(
        name,
        shape.words("questions"),
        shape.text("title", languages, needed=False),
        read_expression(shape, "when"),
        shape.flag("random_order"),
    )
    shape.close()
    return section


def plain_section(section: Section) -> dict[str, Any]:
    """The JSON shape: what is empty or default is left out."""
    plain: dict[str, Any] = {"id": section.id, "questions": list(section.questions)}
    plain |= {"title": dict(section.title)} if section.title else {}
    plain |= {"when": section.when} if section.when else {}
    plain |= {"random_order": True} if section.random_order else {}
    return plain
