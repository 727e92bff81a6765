"""Two versions of a text for a person: lines that differ, questions side by side, values in words."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Any

from flask_babel import gettext

from service.domain.collect.questionnaires import Questionnaire, in_language
from service.domain.collect.questions import Question
from service.domain.collect.versions import Change
from service.web.languages import spoken
from service.web.pages.desk.words import word

MOST_LINES = 3000  # of a text whose lines are compared; the time for it grows with their square


OF_A_FIELD = ("setting", "option_setting", "row_setting", "scale", "whole")


@dataclass(frozen=True)
class LineDifference:
    """Lines `before` that stand in the place of lines `after`, each with its number."""

    before: tuple[tuple[int, str], ...]
    after: tuple[tuple[int, str], ...]


def line_differences(before: str, after: str) -> list[LineDifference]:
    """Where two texts differ, line by line; nothing for texts that are too long for it."""
    left, right = before.splitlines(), after.splitlines()
    if max(len(left), len(right)) > MOST_LINES:
        return []
    found = []
    for tag, i1, i2, j1, j2 in SequenceMatcher(None, left, right, autojunk=True).get_opcodes():
        if tag != "equal":
            old = tuple(enumerate(left[i1:i2], i1 + 1))
            found.append(LineDifference(old, tuple(enumerate(right[j1:j2], j1 + 1))))
    return found


@dataclass(frozen=True)
class Told:
    """One change in words: what and where, and the values before and after, each a list of lines."""

    what: str
    where: str
    before: tuple[str, ...]
    after: tuple[str, ...]


def by_question(left: Questionnaire, right: Questionnaire, changes: Sequence[Change]) -> list[tuple[str, list[Told]]]:
    """(the question's wording, or "" for the whole, its changes) in the order of the changes."""
    groups: dict[str, list[Told]] = {}
    for change in changes:
        groups.setdefault(change.question, []).append(_told(change))
    return [(_title(left, right, id) if id else "", told) for id, told in groups.items()]


def _title(left: Questionnaire, right: Questionnaire, id: str) -> str:
    question = right.by_id.get(id) or left.by_id[id]
    return f"{in_language(question.label, spoken())} ({id})"


def _told(change: Change) -> Told:
    where = change.part.split(".") if change.part else []
    if change.what in OF_A_FIELD:  # else it ends with a code, a row or a scale, which may be called like a field
        where[-1] = word("part", where[-1])
    if change.language:
        where.append(change.language)
    return Told(word("change", change.what), " · ".join(where), _lines(change.before), _lines(change.after))


def _lines(value: Any) -> tuple[str, ...]:
    """A value of the JSON shape for reading."""
    if value is None:
        return ()
    if isinstance(value, bool):
        return (gettext("yes") if value else gettext("no"),)
    if isinstance(value, list):
        return tuple(line for part in value for line in _lines(part))
    if not isinstance(value, dict):
        return (str(value),)
    if "label" in value:  # a question, an option, a row
        name = value.get("id") or value.get("code")
        inner = [line for part in ("options", "rows") for line in _lines(value.get(part))]
        return (f"{name}: {in_language(value['label'], spoken())}", *(f"– {line}" for line in inner))
    return tuple(f"{key}: {', '.join(_lines(part))}" for key, part in value.items())


@dataclass(frozen=True)
class Pair:
    """The question of either version in one row of the two texts; `changed` says how it differs."""

    left: Question | None
    right: Question | None
    left_number: int
    right_number: int
    changed: bool


def paired(left: Questionnaire, right: Questionnaire, changes: Sequence[Change]) -> list[Pair]:
    """All questions side by side in the order of the second version; a removed one stands where it was."""
    touched = {change.question for change in changes}
    places = {id: place for place, id in enumerate(left.by_id, 1)}
    numbers = {id: place for place, id in enumerate(right.by_id, 1)}
    return [
        Pair(left.by_id.get(id), right.by_id.get(id), places.get(id, 0), numbers.get(id, 0), id in touched)
        for id in _order(list(places), list(numbers))
    ]


def _order(before: Sequence[str], after: Sequence[str]) -> Iterator[str]:
    """The ids of `after`, and each of `before` alone behind the one that stood before it."""
    gone: dict[str, list[str]] = {}
    anchor = ""
    for id in before:
        if id in after:
            anchor = id
        else:
            gone.setdefault(anchor, []).append(id)
    yield from gone.get("", ())
    for id in after:
        yield id
        yield from gone.get(id, ())
