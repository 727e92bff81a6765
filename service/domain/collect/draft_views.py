"""What an editor shows of a draft, however faulty: its texts and which are missing, faults by part, sound questions."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from service.domain.collect.draft_blocks import languages, name_of, names, questions, sections
from service.domain.collect.draft_references import Plain
from service.domain.collect.expression_tree import Reference, references
from service.domain.collect.expressions import parse_expression
from service.domain.collect.question_kinds import KINDS
from service.domain.collect.questions import Question, read_question
from service.domain.errors import Fault, Refused
from service.domain.shapes import Shape

WHOLE = ("title", "purpose", "source")


@dataclass(frozen=True)
class Line:
    """One text of a draft. `owner` is the place of its question or section, None of the whole; `what` its field.

    `path` is where it stands, `part` the option's code or the row's id.
    """

    path: str
    what: str
    text: Mapping[str, str]
    question: int | None = None
    section: int | None = None
    part: str = ""


def lines(data: Plain) -> list[Line]:
    """Every text that a person may read, in order; those that nobody needs only where they were begun."""
    found = [Line(name, name, text_of(data, name)) for name in WHOLE]
    for place, section in enumerate(sections(data)):
        if text_of(section, "title"):
            found.append(Line(f"sections.{place}.title", "title", text_of(section, "title"), section=place))
    for place, question in enumerate(questions(data)):
        if isinstance(question, Mapping):
            found += _of_question(question, place)
    return found


def _of_question(question: Mapping[str, Any], place: int) -> Iterator[Line]:
    path, kind = f"questions.{place}", question.get("kind")
    needed = {"label"} | ({"low", "high"} if kind == "zero_to_ten" else set())
    for name in ("label", "hint", "low", "high", "unit"):
        if name in needed or text_of(question, name):
            yield Line(f"{path}.{name}", name, text_of(question, name), place)
    for name, key in (("options", "code"), ("rows", "id")):
        parts = question.get(name)
        for number, part in enumerate(parts if isinstance(parts, list) else ()):
            if isinstance(part, Mapping):
                known = str(part.get(key, ""))
                yield Line(f"{path}.{name}.{number}.label", name, text_of(part, "label"), place, part=known)
    if isinstance(constraint := question.get("constraint"), Mapping):
        yield Line(f"{path}.constraint.message", "message", text_of(constraint, "message"), place)


def text_of(part: Mapping[str, Any], name: str) -> Mapping[str, str]:
    """The lines of a text that are there, by language."""
    text = part.get(name)
    if not isinstance(text, Mapping):
        return {}
    return {str(language): line for language, line in text.items() if isinstance(line, str) and line.strip()}


def missing(data: Plain) -> dict[str, int]:
    """How many texts each language of the draft still lacks."""
    every = lines(data)
    return {language: sum(language not in line.text for line in every) for language in languages(data)}


def sound_questions(data: Plain) -> list[Question | None]:
    """Each question by itself, None where it has faults. Conditions are not judged."""
    taken: set[str] = set()
    found: list[Question | None] = []
    for plain in questions(data):
        faults: list[Fault] = []
        question = read_question(Shape(plain, "", faults), tuple(languages(data)), taken)
        found.append(None if faults else question)
    return found


def nameable(plain: Any, known: Sequence[str] = ()) -> Question | None:
    """A question that conditions can refer to although its texts may still be missing. None without kind or codes.

    Its texts are those of the languages in `known`, empty where they are missing.
    """
    if not isinstance(plain, Mapping) or plain.get("kind") not in KINDS or not name_of(plain):
        return None
    faults: list[Fault] = []
    question = read_question(Shape({**plain}, "", faults), tuple(known), set())
    return question if not any(fault.field == "id" or ".code" in fault.field for fault in faults) else None


def names_before(data: Plain, place: int) -> dict[str, Reference]:
    """What a condition of the question at `place` may name."""
    earlier = (nameable(plain) for plain in questions(data)[:place])
    return {name: reference for each in earlier if each for name, reference in references(each)}


def condition_faults(data: Plain) -> list[Fault]:
    """Faults of conditions by themselves, for a draft that has others: those hide what the whole would say of them."""
    found: list[Fault] = []
    places = {name_of(question): place for place, question in enumerate(questions(data))}
    for number, section in enumerate(sections(data)):
        listed = section.get("questions")
        first = places.get(listed[0]) if isinstance(listed, list) and listed and isinstance(listed[0], str) else None
        if first is not None:
            found += _judged(section.get("when"), f"sections.{number}.when", names_before(data, first))
    for place, question in enumerate(questions(data)):
        if not isinstance(question, Mapping):
            continue
        known = names_before(data, place) if question.get("when") or question.get("constraint") else {}
        found += _judged(question.get("when"), f"questions.{place}.when", known)
        constraint, own = question.get("constraint"), nameable(question)
        if isinstance(constraint, Mapping) and own:
            mine = dict(references(own)).get(own.id)
            known = {**known, **({".": mine} if mine else {})}
            found += _judged(constraint.get("expr"), f"questions.{place}.constraint.expr", known)
    return found


def _judged(text: Any, path: str, known: Mapping[str, Reference]) -> list[Fault]:
    if not isinstance(text, str) or not text.strip():
        return []
    try:
        parse_expression(text, known)
    except Refused as refused:
        return [Fault(path, fault.reason, fault.params) for fault in refused.faults]
    return []


def all_faults(data: Plain, faults: Sequence[Fault]) -> list[Fault]:
    """The faults of the whole, and those of conditions which they hide."""
    seen = {fault.field for fault in faults}
    return [*faults, *(fault for fault in condition_faults(data) if fault.field not in seen)] if faults else []


def faults_of(faults: Sequence[Fault], part: str) -> dict[str, list[Fault]]:
    """The faults of one part, such as `questions.2`, by the rest of their path; empty for the part itself."""
    found: dict[str, list[Fault]] = {}
    for fault in faults:
        if fault.field == part or fault.field.startswith(f"{part}."):
            found.setdefault(fault.field[len(part) + 1 :], []).append(fault)
    return found


def faults_elsewhere(faults: Sequence[Fault]) -> list[Fault]:
    """Those that belong to no single question or section."""
    return [fault for fault in faults if not _is_of_part(fault.field.split("."))]


def _is_of_part(steps: Sequence[str]) -> bool:
    return len(steps) > 1 and steps[0] in ("questions", "sections") and steps[1].isdigit()


def numbers(data: Plain) -> list[int | None]:
    """The number of each question as it is asked; notes have none."""
    counted, found = 0, list[int | None]()
    for question in questions(data):
        is_note = isinstance(question, Mapping) and question.get("kind") == "note"
        counted += not is_note
        found.append(None if is_note else counted)
    return found


__all__ = [
    "Line",
    "all_faults",
    "condition_faults",
    "faults_elsewhere",
    "faults_of",
    "lines",
    "missing",
    "nameable",
    "names",
    "names_before",
    "numbers",
    "sound_questions",
    "text_of",
]
