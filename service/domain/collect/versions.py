"""What differs between two versions of a questionnaire, question by question: for people who read it, and for figures.

Compared is the one JSON shape (`questionnaires.to_plain`), so that a field which is new in the question model is
compared too: as a setting, until it gets a word of its own here.
"""

from bisect import bisect_left
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from service.domain.collect.questionnaires import Questionnaire, to_plain

Plain = Mapping[str, Any]

WHAT: Mapping[str, str] = {
    "added": "Question added",
    "removed": "Question removed",
    "moved": "Question moved",
    "label": "Wording changed",
    "hint": "Hint changed",
    "kind": "Kind of question changed",
    "required": "Required or optional changed",
    "when": "Condition for being asked changed",
    "constraint": "Constraint on the answer changed",
    "option_added": "Option added",
    "option_removed": "Option removed",
    "option_label": "Option worded differently",
    "option_setting": "Setting of an option changed",
    "options_order": "Order of the options changed",
    "row_added": "Row added",
    "row_removed": "Row removed",
    "row_label": "Row worded differently",
    "row_setting": "Setting of a row changed",
    "rows_order": "Order of the rows changed",
    "setting": "Setting changed",
    "scale_joined": "Now an item of a scale",
    "scale_left": "No longer an item of a scale",
    "scale": "Declaration of a scale changed",
    "whole": "Questionnaire changed",
}
"""Every kind of change: stable codes and their English text."""

_OWN_WORD = ("label", "hint", "kind", "required", "when", "constraint")
_TEXTS = frozenset({"label", "hint", "title", "purpose", "source", "low", "high", "unit"})
_APART = frozenset({"version", "questions", "scales"})


@dataclass(frozen=True)
class Change:
    """One difference. `question` is empty for what is said of the whole questionnaire.

    part            the option's code, the row's id, the scale, or the field
    language        of a text that changed in this language
    before, after   the values in JSON shape, None where there is none; of a moved question its number from 1
    """

    what: str
    question: str = ""
    part: str = ""
    language: str = ""
    before: Any = None
    after: Any = None


def compare(a: Questionnaire, b: Questionnaire) -> list[Change]:
    """Every change from `a` to `b` in order of b's questions, then the removed ones, then what concerns all.

    Total: any two questionnaires can be compared; nothing is left out but the version number. Empty exactly if both
    are equal apart from it. O(n log n) in questions, options and rows.
    """
    left, right = to_plain(a), to_plain(b)
    olds, news = _by_id(left["questions"], "id"), _by_id(right["questions"], "id")
    moved = _moved(list(olds), list(news))
    places = {id: place for place, id in enumerate(olds, 1)}
    joins = _membership(left.get("scales", {}), right.get("scales", {}))
    changes: list[Change] = []
    for number, (id, new) in enumerate(news.items(), 1):
        if id not in olds:
            changes.append(Change("added", id, before=None, after=new))
        else:
            changes += [Change("moved", id, before=places[id], after=number)] if id in moved else []
            changes += question_changes(olds[id], new)
        changes += joins.pop(id, [])
    for id, old in olds.items():
        changes += [Change("removed", id, before=old)] if id not in news else []
        changes += joins.pop(id, [])
    return [*changes, *_scales(left.get("scales", {}), right.get("scales", {})), *_whole(left, right)]


def question_changes(old: Plain, new: Plain) -> list[Change]:
    """The changes from one question to another of the same id, both in JSON shape; its position is not looked at."""
    id = new["id"]
    changes: list[Change] = []
    others = (set(old) | set(new)) - {*_OWN_WORD, "id", "options", "rows"}
    for field in [*_OWN_WORD, *sorted(others)]:
        what, part = (field, "") if field in _OWN_WORD else ("setting", field)
        changes += [
            Change(what, id, part, language, before, after)
            for language, before, after in _differences(field, old.get(field), new.get(field))
        ]
    for noun, key, plural in (("option", "code", "options"), ("row", "id", "rows")):
        changes += _parts(noun, id, _by_id(old.get(plural, ()), key), _by_id(new.get(plural, ()), key))
    return changes


def _by_id(parts: Sequence[Plain], key: str) -> dict[str, Plain]:
    return {part[key]: part for part in parts}


def _differences(field: str, old: Any, new: Any) -> Iterator[tuple[str, Any, Any]]:
    """(language, before, after); a text is compared language by language."""
    if field in _TEXTS and isinstance(old or {}, Mapping) and isinstance(new or {}, Mapping):
        before, after = old or {}, new or {}
        for language in {**before, **after}:
            if before.get(language) != after.get(language):
                yield language, before.get(language), after.get(language)
    elif old != new:
        yield "", old, new


def _parts(noun: str, question: str, old: Mapping[str, Plain], new: Mapping[str, Plain]) -> Iterator[Change]:
    """Changes of the options or rows of one question."""
    for id, part in new.items():
        if id not in old:
            yield Change(f"{noun}_added", question, id, after=part)
            continue
        for field in sorted(set(old[id]) | set(part)):
            what = f"{noun}_label" if field == "label" else f"{noun}_setting"
            for language, before, after in _differences(field, old[id].get(field), part.get(field)):
                named = id if field == "label" else f"{id}.{field}"
                yield Change(what, question, named, language, before, after)
    for id, part in old.items():
        if id not in new:
            yield Change(f"{noun}_removed", question, id, before=part)
    before, after = [id for id in old if id in new], [id for id in new if id in old]
    if before != after:
        yield Change(f"{noun}s_order", question, before=before, after=after)


def _moved(before: Sequence[str], after: Sequence[str]) -> set[str]:
    """The fewest ids that must be moved to bring the common ids from one order into the other.

    The others are a longest increasing subsequence (patience sorting, Schensted 1961).
    """
    places = {id: place for place, id in enumerate(before)}
    common = [id for id in after if id in places]
    tops: list[int] = []  # of each pile the place on top
    owner: list[str] = []  # and whose it is
    under: dict[str, str | None] = {}
    for id in common:
        pile = bisect_left(tops, places[id])
        tops[pile : pile + 1], owner[pile : pile + 1] = [places[id]], [id]
        under[id] = owner[pile - 1] if pile else None
    stays: set[str] = set()
    at = owner[-1] if owner else None
    while at is not None:
        stays.add(at)
        at = under[at]
    return set(common) - stays


def _membership(old: Mapping[str, Plain], new: Mapping[str, Plain]) -> dict[str, list[Change]]:
    """Items that joined or left a scale, by question; `before` or `after` names the item."""
    found: dict[str, list[Change]] = {}
    for scale in {**old, **new}:
        before, after = (side.get(scale, {}).get("items", []) for side in (old, new))
        for item in dict.fromkeys([*after, *before]):
            question = item.partition("/")[0]
            if item not in before:
                found.setdefault(question, []).append(Change("scale_joined", question, scale, after=item))
            elif item not in after:
                found.setdefault(question, []).append(Change("scale_left", question, scale, before=item))
    return found


def _scales(old: Mapping[str, Plain], new: Mapping[str, Plain]) -> Iterator[Change]:
    """Changed declarations; of the items their order only, their membership is told with the questions."""
    for scale in {**old, **new}:
        left, right = old.get(scale, {}), new.get(scale, {})
        for field in {**left, **right}:
            before, after = left.get(field), right.get(field)
            if field == "items":
                if before is None or after is None:
                    continue
                before, after = [i for i in before if i in after], [i for i in after if i in before]
            if before != after:
                yield Change("scale", part=f"{scale}.{field}", before=before, after=after)


def _whole(old: Plain, new: Plain) -> Iterator[Change]:
    for field in {**old, **new}:
        if field not in _APART:
            for language, before, after in _differences(field, old.get(field), new.get(field)):
                yield Change("whole", part=field, language=language, before=before, after=after)
