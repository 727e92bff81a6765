"""What a draft consists of, however faulty: its questions in their sections, how each is called, its languages.

Questions and sections are named by their ids, or by their place ("0") where an id is missing or stands twice.
"""

import copy
import itertools
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from service.domain.collect.draft_references import Plain
from service.domain.collect.question_parts import ID
from service.domain.errors import Refused
from service.domain.yaml_texts import load_once

UNREADABLE = "questionnaire_invalid"


@dataclass
class Block:
    """The questions of one section, `section` None where there are no sections."""

    section: Plain | None
    questions: list[Any] = field(default_factory=list)


def readable(text: str) -> Plain:
    """What a draft says. Raises Refused("questionnaire_invalid") if it is no YAML or no mapping."""
    data = load_once(text, UNREADABLE)
    if data is None:
        return {}
    if not isinstance(data, Mapping):
        raise Refused(UNREADABLE)
    return copy.deepcopy(dict(data))


def unreadable(text: str) -> bool:
    """Whether nothing can be edited but the text itself."""
    try:
        readable(text)
    except Refused:
        return True
    return False


def questions(data: Plain) -> list[Any]:
    """The questions, whatever each of them is; none where there is no list of them."""
    found = data.get("questions")
    return found if isinstance(found, list) else []


def sections(data: Plain) -> list[Plain]:
    """The sections that are mappings at all."""
    found = data.get("sections")
    return [each for each in found if isinstance(each, dict)] if isinstance(found, list) else []


def name_of(part: Any) -> str:
    """The id of a question or section, empty if it has none."""
    id = part.get("id") if isinstance(part, Mapping) else None
    return id if isinstance(id, str) else ""


def names(parts: Sequence[Any]) -> list[str]:
    """How each part is called in an address: its id, or its place where that is not its own."""
    ids = [name_of(part) for part in parts]
    return [id if ID.fullmatch(id) and ids.count(id) == 1 else str(place) for place, id in enumerate(ids)]


def place_of(parts: Sequence[Any], name: str, noun: str = "question") -> int:
    """Raises Refused("not_found")."""
    called = names(parts)
    if name not in called:
        raise Refused("not_found", noun=noun)
    return called.index(name)


def blocks(data: Plain) -> list[Block]:
    """Questions by section. One that no section lists stands with the question before it."""
    listed = {id: place for place, each in reversed(list(enumerate(sections(data)))) for id in _ids(each)}
    found = [Block(section) for section in sections(data)] or [Block(None)]
    at = 0
    for question in questions(data):
        at = listed.get(name_of(question), at)
        found[at].questions.append(question)
    return found


def _ids(section: Plain) -> list[str]:
    found = section.get("questions")
    return [id for id in found if isinstance(id, str)] if isinstance(found, list) else []


def with_blocks(data: Plain, found: Sequence[Block]) -> Plain:
    """The draft with these blocks: its questions in their order, each section listing its own."""
    made = {**data, "questions": [question for block in found for question in block.questions]}
    kept = [
        {**block.section, "questions": [id for question in block.questions if (id := name_of(question))]}
        for block in found
        if block.section is not None
    ]
    made.pop("sections", None)
    return {**made, "sections": kept} if kept else made


def free_name(taken: Sequence[str], stem: str) -> str:
    """The first of `stem1`, `stem2` … that is not taken."""
    return next(name for number in itertools.count(1) if (name := f"{stem}{number}") not in taken)


def free_question(data: Plain) -> str:
    """A name for one more question."""
    return free_name([name_of(question) for question in questions(data)], "q")


_LANGUAGE = re.compile(r"[a-z]{2,3}(-[A-Za-z0-9]{2,8}){0,3}")


def languages(data: Plain) -> list[str]:
    """The languages of a draft, those that are written like one."""
    found = data.get("languages")
    if not isinstance(found, list):
        return []
    return list(dict.fromkeys(each for each in found if isinstance(each, str) and _LANGUAGE.fullmatch(each)))
