"""Edits of a draft: each makes other plain data of plain data, however faulty; `edited` makes the text that says it.

Questions and sections are named by their ids, or by their place ("0") where an id is missing or stands twice.
"""

import copy
import itertools
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from service.domain.collect.draft_references import Plain, forgotten, renamed
from service.domain.errors import Refused
from service.domain.yaml_edits import rewritten
from service.domain.yaml_texts import load

Edit = Callable[[Plain], Plain]
UNREADABLE = "questionnaire_invalid"
FIRST = ""  # for "behind nothing": at the beginning


@dataclass
class Block:
    """The questions of one section, `section` None where there are no sections."""

    section: Plain | None
    questions: list[Any] = field(default_factory=list)


def readable(text: str) -> Plain:
    """What a draft says. Raises Refused("questionnaire_invalid") if it is no YAML or no mapping."""
    data = load(text, UNREADABLE)
    if data is None:
        return {}
    if not isinstance(data, Mapping):
        raise Refused(UNREADABLE)
    return dict(data)


def edited(text: str, edit: Edit) -> str:
    """The text that says what `edit` makes of it; what it does not touch keeps its lines and comments (yaml_edits)."""
    return rewritten(text, edit(copy.deepcopy(readable(text))), UNREADABLE)


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
    return [
        id if id and ids.count(id) == 1 and not id.isdigit() and "/" not in id else str(place)
        for place, id in enumerate(ids)
    ]


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


def _at(data: Plain, name: str) -> tuple[list[Block], int, int]:
    """The blocks, and where among them the question stands."""
    place, found = place_of(questions(data), name), blocks(data)
    wanted = questions(data)[place]
    for number, block in enumerate(found):
        for inner, question in enumerate(block.questions):
            if question is wanted:
                return found, number, inner
    raise Refused("not_found", noun="question")


# --- questions


def add_question(question: Plain, after: str = FIRST, section: str = "") -> Edit:
    """A question behind another one; at the beginning of a section (or of all) where `after` is empty."""

    def edit(data: Plain) -> Plain:
        if after:
            found, number, inner = _at(data, after)
            found[number].questions.insert(inner + 1, question)
            return with_blocks(data, found)
        found = blocks(data)
        number = place_of(sections(data), section, "section") if section else 0
        found[number].questions.insert(0, question)
        return with_blocks(data, found)

    return edit


def copy_question(name: str) -> Edit:
    """The same question once more, under a name of its own, behind it."""

    def edit(data: Plain) -> Plain:
        found, number, inner = _at(data, name)
        original = found[number].questions[inner]
        if not isinstance(original, Mapping):
            raise Refused("not_found", noun="question")
        made = {**copy.deepcopy(original), "id": free_question(data)}
        found[number].questions.insert(inner + 1, made)
        return with_blocks(data, found)

    return edit


def remove_question(name: str) -> Edit:
    """Without it, also in what is declared for counting. A condition that names it stays, as a fault."""

    def edit(data: Plain) -> Plain:
        found, number, inner = _at(data, name)
        gone = found[number].questions.pop(inner)
        made, id = with_blocks(data, found), name_of(gone)
        still = [name_of(question) for question in questions(made)]
        return forgotten(made, id) if id and id not in still else made

    return edit


def change_question(name: str, question: Plain) -> Edit:
    """Another question in its place. Where it or one of its rows gets another name, the whole draft follows."""

    def edit(data: Plain) -> Plain:
        place = place_of(questions(data), name)
        old, made = questions(data)[place], data
        was, now = name_of(old), name_of(question)
        if was and now and was != now and [name_of(each) for each in questions(data)].count(was) == 1:
            made = renamed(made, was, now)
        for before, after in _rows_renamed(old, question):
            made = renamed(made, f"{now}/{before}", f"{now}/{after}")
        listed = list(questions(made))
        listed[place] = question
        return {**made, "questions": listed}

    return edit


def _rows_renamed(old: Any, new: Plain) -> list[tuple[str, str]]:
    """Rows that stand where they stood, under another name."""
    before, after = (
        [name_of(row) for row in part.get("rows") or ()]
        if isinstance(part, Mapping) and isinstance(part.get("rows"), list)
        else []
        for part in (old, new)
    )
    if len(before) != len(after) or len(set(before) & set(after)) == len(before):
        return []
    return [
        (a, b) for a, b in zip(before, after, strict=True) if a and b and a != b and a not in after and b not in before
    ]


def move_question(name: str, by: int) -> Edit:
    """One place up (-1) or down (1): past a neighbour, or over the edge of its section into the next one."""

    def edit(data: Plain) -> Plain:
        found, number, inner = _at(data, name)
        here = found[number].questions
        there = number + by
        if 0 <= inner + by < len(here):
            here[inner], here[inner + by] = here[inner + by], here[inner]
        elif 0 <= there < len(found):
            moved = here.pop(inner)
            found[there].questions.insert(0 if by > 0 else len(found[there].questions), moved)
        return with_blocks(data, found)

    return edit


def place_question(name: str, after: str = FIRST, section: str = "") -> Edit:
    """Behind another question, or at the beginning of a section (of all)."""

    def edit(data: Plain) -> Plain:
        if name == after:
            return data
        found, number, inner = _at(data, name)
        target = (place_of(sections(data), section, "section") if section else 0, -1)
        if after:
            _, *behind = _at(data, after)
            target = (behind[0], behind[1])
        moved = found[number].questions[inner]
        found[number].questions[inner] = _GAP
        found[target[0]].questions.insert(target[1] + 1, moved)
        for block in found:
            block.questions = [each for each in block.questions if each is not _GAP]
        return with_blocks(data, found)

    return edit


_GAP = object()


# --- sections


def begin_section(before: str = "") -> Edit:
    """A new section from this question on; without one, an empty section at the end.

    Where there were none, what stands before it becomes a section too.
    """

    def edit(data: Plain) -> Plain:
        found, fresh = blocks(data), Block({})
        if not before:
            found.append(fresh)
        else:
            found, number, inner = _at(data, before)
            if not inner and found[number].section is not None:
                return data  # one begins there already
            here = found[number].questions
            fresh.questions, found[number].questions = here[inner:], here[:inner]
            found.insert(number + 1, fresh)
        if found[0].section is None:
            found = found if found[0].questions else found[1:]
            found[0].section = {}
        return with_blocks(data, _named(found))

    return edit


def _named(found: list[Block]) -> list[Block]:
    """New sections get a name."""
    taken = [name_of(block.section) for block in found]
    for block in found:
        if block.section == {}:
            block.section = {"id": free_name(taken, "s"), "questions": []}
            taken.append(block.section["id"])
    return found


def change_section(name: str, changed: Plain) -> Edit:
    """Its name, title, condition and order; which questions it holds stays."""

    def edit(data: Plain) -> Plain:
        found = blocks(data)
        block = found[place_of(sections(data), name, "section")]
        block.section = {**changed, "questions": []}
        return with_blocks(data, found)

    return edit


def remove_section(name: str) -> Edit:
    """Its questions join the section before it, of the first one the section behind it."""

    def edit(data: Plain) -> Plain:
        found = blocks(data)
        place = place_of(sections(data), name, "section")
        gone = found.pop(place)
        if not found:
            return with_blocks(data, [Block(None, gone.questions)])
        if place:
            found[place - 1].questions += gone.questions
        else:
            found[0].questions[:0] = gone.questions
        return with_blocks(data, found)

    return edit


def move_section(name: str, by: int) -> Edit:
    """One place up (-1) or down (1), with its questions."""

    def edit(data: Plain) -> Plain:
        found = blocks(data)
        place = place_of(sections(data), name, "section")
        if 0 <= place + by < len(found):
            found[place], found[place + by] = found[place + by], found[place]
        return with_blocks(data, found)

    return edit


# --- the whole


def change_fields(fields: Mapping[str, Any]) -> Edit:
    """Fields of the whole questionnaire: None takes one out. A language that is left out goes from every text."""

    def edit(data: Plain) -> Plain:
        made = {**data, **{key: value for key, value in fields.items() if value is not None}}
        made = {key: value for key, value in made.items() if fields.get(key, value) is not None}
        gone = set(languages(data)) - set(languages(made)) if "languages" in fields else set()
        return without_languages(made, gone) if gone else made

    return edit


_LANGUAGE = re.compile(r"[a-z]{2,3}(-[A-Za-z0-9]{2,8}){0,3}")


def languages(data: Plain) -> list[str]:
    """The languages of a draft, those that are written like one."""
    found = data.get("languages")
    if not isinstance(found, list):
        return []
    return list(dict.fromkeys(each for each in found if isinstance(each, str) and _LANGUAGE.fullmatch(each)))


def without_languages(value: Any, gone: set[str]) -> Any:
    """Without these languages in every text: in every mapping of texts that has one of them as a key."""
    if isinstance(value, list):
        return [without_languages(part, gone) for part in value]
    if not isinstance(value, Mapping):
        return value
    is_text = bool(value) and all(isinstance(part, str) for part in value.values()) and bool(gone & value.keys())
    return {key: without_languages(part, gone) for key, part in value.items() if not (is_text and key in gone)}


def put_texts(texts: Mapping[str, str], language: str) -> Edit:
    """Texts of one language by their paths, such as `questions.2.label`; an empty one is taken out."""

    def edit(data: Plain) -> Plain:
        for path, line in texts.items():
            _put(data, path.split("."), language, line)
        return data

    return edit


def _put(data: Any, steps: Sequence[str], language: str, line: str) -> None:
    """Where the path leads nowhere any more, nothing is put."""
    for step in steps[:-1]:
        if isinstance(data, list):
            data = data[int(step)] if step.isdigit() and int(step) < len(data) else None
        else:
            data = data.get(step) if isinstance(data, dict) else None
    if not isinstance(data, dict):
        return
    text = data.get(steps[-1])
    text = dict(text) if isinstance(text, Mapping) else {}
    text.pop(language, None)
    if line:
        text[language] = line
    if text or steps[-1] in data:
        data[steps[-1]] = text
