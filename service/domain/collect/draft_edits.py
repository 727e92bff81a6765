"""Edits of a draft: each makes other plain data of plain data, however faulty; `edited` makes the text that says it."""

import copy
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from service.domain.collect.draft_blocks import (
    UNREADABLE,
    Block,
    blocks,
    free_name,
    free_question,
    languages,
    name_of,
    names,
    place_of,
    questions,
    readable,
    sections,
    unreadable,
    with_blocks,
)
from service.domain.collect.draft_codes import Hindered, Recoding, recoded, recoding
from service.domain.collect.draft_references import Plain, forgotten, rename_of, renamed
from service.domain.errors import Fault, Refused
from service.domain.yaml_edits import rewritten

Edit = Callable[[Plain], Plain]
FIRST = ""  # for "behind nothing": at the beginning


def edited(text: str, edit: Edit) -> str:
    """The text that says what `edit` makes of it; what it does not touch keeps its lines and comments (yaml_edits)."""
    return rewritten(text, edit(readable(text)), UNREADABLE, readable(text))


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


def add_help_question(question: Plain) -> Edit:
    """The question that asks who helped: it stands last and is declared as such."""

    def edit(data: Plain) -> Plain:
        found = blocks(data)
        found[-1].questions.append(question)
        return {**with_blocks(data, found), "help": name_of(question)}

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


def change_question(name: str, question: Plain, was: Mapping[str, Sequence[str]] | None = None) -> Edit:
    """Another question in its place. Where it, a row or an answer gets another name, the whole draft follows.

    `was`: what each of its `options` and `rows` was called, "" for a new one. Raises Refused("invalid") where a
    condition calculates with an answer whose code changes, or compares it with another answer.
    """

    def edit(data: Plain) -> Plain:
        place = place_of(questions(data), name)
        old, made = questions(data)[place], data
        before, now = name_of(old), name_of(question)
        if before and now and before != now and [name_of(each) for each in questions(data)].count(before) == 1:
            made = renamed(made, rename_of(before, now))
        if (rows := _new_names(old, question, "rows", "id", was)).codes:
            named = {f"{now}/{row}": f"{now}/{new}" for row, new in rows.codes.items()}
            made = renamed(made, lambda each: named.get(each, each))
        listed = list(questions(made))
        listed[place] = question
        return _followed({**made, "questions": listed}, place, old, _new_names(old, question, "options", "code", was))

    return edit


def _new_names(old: Any, new: Plain, key: str, own: str, was: Mapping[str, Sequence[str]] | None) -> Recoding:
    """The new names of options or rows; `items` are what is answered by the options."""
    before, after = ([str(part.get(own, "")) for part in _parts(each, key)] for each in (old, new))
    items = [f"{name_of(new)}/{name_of(row)}" for row in _parts(new, "rows")] or [name_of(new)]
    called = (was or {}).get(key, ())
    return recoding(items, before, after, called if len(called) == len(after) else [""] * len(after))


def _parts(question: Any, key: str) -> list[Plain]:
    found = question.get(key) if isinstance(question, Mapping) else None
    return [part if isinstance(part, dict) else {} for part in found] if isinstance(found, list) else []


def _followed(data: Plain, place: int, old: Any, codes: Recoding) -> Plain:
    """With the new codes. A check of the own answer that was not written anew follows too."""
    if not codes.codes:
        return data
    check = questions(data)[place].get("constraint")
    same = isinstance(old, Mapping) and check == old.get("constraint")
    made, hindered = recoded(data, codes, own=place if same else None)
    if hindered:
        raise Refused("invalid", _hindrances(", ".join(codes.codes), hindered))
    return made


def _hindrances(value: str, hindered: Sequence[Hindered]) -> list[Fault]:
    """A fault for the conditions that are not finished yet, and one for those that calculate."""
    faults = []
    for reason, unfinished in (("code_unfinished", True), ("code_calculated", False)):
        if named := [str(one) for one in hindered if one.unfinished == unfinished]:
            faults.append(Fault("options", reason, {"value": value, "names": "; ".join(named)}))
    return faults


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


__all__ = [
    "UNREADABLE",
    "Edit",
    "add_help_question",
    "add_question",
    "begin_section",
    "blocks",
    "change_fields",
    "change_question",
    "change_section",
    "copy_question",
    "edited",
    "free_name",
    "free_question",
    "languages",
    "move_question",
    "move_section",
    "name_of",
    "names",
    "place_of",
    "place_question",
    "put_texts",
    "questions",
    "readable",
    "remove_question",
    "remove_section",
    "sections",
    "unreadable",
]
