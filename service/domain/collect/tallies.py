"""Tallies: flat counts of answers by cell, a commutative group of integers from which every figure is computed.

Keys of one cell's counts (design §5; none holds a dot or a dollar sign, which document databases give a meaning):
`n`             persons
`c|item|code`   persons who gave this code to the item, also `_cannot_say`, `_skipped` and `_not_asked` (its condition
                was false); a text, number, date or photo: `_written`. Multiple choice and ranks: `_answered` besides
                each code that was chosen
`r|item|code|k` persons who ranked the option at place k, from 1
`u|item|k`      persons whose number lies in class k of the question's edges: 0 is below the first edge
`s|scale|n`     persons who chose a level for every item of the scale (complete cases)
`s|scale|i`     over these, the sum of item i's level; `s|scale|i|j` (i <= j) the sum of the product of two levels.
                i, j: positions in the scale's items from 0; a level counts from 1, the worst, upwards
`p|k|a|b`       persons who gave code a to the first and b to the second item of declared pair k (from 0)
`h|duration|k`  persons in duration class k (see duration_class)
`a|k`           persons who know k of the awareness facts; who skipped all of them is in none
"""

import hashlib
import json
from bisect import bisect_right
from collections.abc import Callable, Collection, Iterable, Mapping
from typing import Any, Final, NamedTuple

from service.domain.collect.questionnaires import (
    NOT_ASKED,
    SKIPPED,
    Awareness,
    Questionnaire,
    Scale,
    asked,
    assistance,
    weighting,
)
from service.domain.collect.questions import count
from service.domain.errors import Refused

DURATION_EDGES: Final = (0, 5, 10, 20, 30, 45, 60, 90, 120, 180, 300, 600, 1200, 3600)
"""Seconds. Fixed for ever: histograms of different seals add up only over the same edges."""


class Cell(NamedTuple):
    """What answers are kept apart by, besides the campaign. w1..w3: the questionnaire's weighting variables."""

    site: str
    session: str
    distribution: str
    mode: str
    assistance: str
    language: str
    w1: str
    w2: str
    w3: str


Counts = dict[str, int]
Tally = dict[Cell, Counts]
"""No zero counts and no empty cells, so that equal tallies are equal dicts."""


def duration_class(seconds: float | None) -> int:
    """k with DURATION_EDGES[k-1] <= seconds < DURATION_EDGES[k], the last class open; 0 if unknown or impossible."""
    if seconds is None or not seconds >= 0:  # also false for NaN
        return 0
    return bisect_right(DURATION_EDGES, seconds)


def cell_of(
    questionnaire: Questionnaire,
    answers: Mapping[str, str],
    *,
    site: str,
    session: str,
    distribution: str,
    mode: str,
    language: str,
) -> Cell:
    """The cell of one person's answers: assistance and weighting variables are read from the answers themselves.

    Who fills a page in for somebody says so before the first question (mode `staff_assisted`). If the answers then
    name no helper, it was the staff: such answers must not slip into the points (design §6).
    """
    helped = assistance(questionnaire, answers)
    if mode == "staff_assisted" and helped in ("none", "unknown"):
        helped = "service_staff"
    return Cell(site, session, distribution, mode, helped, language, *weighting(questionnaire, answers))


def tally_of(questionnaire: Questionnaire, cell: Cell, answers: Mapping[str, str], duration: int = 0) -> Tally:
    """The tally of one person. `answers` are accepted flat answers, `duration` a duration class."""
    counts: Counts = {"n": 1, f"h|duration|{duration}": 1}
    shown_to = asked(questionnaire, answers)
    missing: dict[str, str] = {}
    for question in questionnaire.questions:
        state = SKIPPED if question.id in shown_to else NOT_ASKED
        counts |= dict.fromkeys(count(question, answers, state), 1)
        missing |= dict.fromkeys(question.keys, state)
    for name, scale in questionnaire.scales.items():
        counts |= _products(name, scale, answers)
    for place, (first, second) in enumerate(questionnaire.pairs):
        counts[f"p|{place}|{answers.get(first, missing[first])}|{answers.get(second, missing[second])}"] = 1
    if questionnaire.awareness:
        counts |= _facts(questionnaire.awareness, answers)
    return {cell: counts}


def _products(name: str, scale: Scale, answers: Mapping[str, str]) -> Counts:
    levels = {code: place for place, code in enumerate(scale.levels, 1)}
    chosen = [levels.get(answers.get(item, "")) for item in scale.items]
    complete = [level for level in chosen if level is not None]
    if len(complete) < len(chosen):
        return {}
    counts = {f"s|{name}|n": 1}
    for i, level in enumerate(complete):
        counts[f"s|{name}|{i}"] = level
        counts |= {f"s|{name}|{i}|{j}": level * complete[j] for j in range(i, len(complete))}
    return counts


def _facts(awareness: Awareness, answers: Mapping[str, str]) -> Counts:
    given = [answers[item] for item in awareness.items if item in answers]
    return {f"a|{sum(code in awareness.known for code in given)}": 1} if given else {}


def _merge(into: Tally, tally: Tally, sign: int) -> None:
    for cell, counts in tally.items():
        held = into.get(cell)
        if held is None:
            into[cell] = dict(counts) if sign == 1 else {key: -number for key, number in counts.items()}
            continue
        for key, number in counts.items():
            held[key] = held.get(key, 0) + sign * number


def _lean(tally: Tally) -> Tally:
    lean = {cell: {key: number for key, number in counts.items() if number} for cell, counts in tally.items()}
    return {cell: counts for cell, counts in lean.items() if counts}


def total(tallies: Iterable[Tally]) -> Tally:
    """The sum of any number of tallies, in time linear in their entries; none of them is changed."""
    summed: Tally = {}
    for tally in tallies:
        _merge(summed, tally, 1)
    return _lean(summed)


def add(left: Tally, right: Tally) -> Tally:
    """The sum of two tallies; zeros and empty cells are left out."""
    return total((left, right))


def subtract(left: Tally, right: Tally) -> Tally:
    """`left` without `right`: add(subtract(a, b), b) == a, also where counts fall below zero between."""
    difference: Tally = {}
    _merge(difference, left, 1)
    _merge(difference, right, -1)
    return _lean(difference)


def to_plain(tally: Tally) -> list[dict[str, Any]]:
    """JSON shape [{"k": [the nine of a cell], "c": {key: count}}], in order of cells and keys."""
    return [{"k": list(cell), "c": dict(sorted(counts.items()))} for cell, counts in sorted(tally.items())]


def from_plain(plain: Iterable[Mapping[str, Any]]) -> Tally:
    """The inverse of `to_plain`."""
    return total({Cell(*entry["k"]): dict(entry["c"])} for entry in plain)


def digest(tally: Tally) -> str:
    """SHA-256 (hex) of the canonical JSON of `to_plain`."""
    canonical = json.dumps(to_plain(_lean(tally)), ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(canonical.encode()).hexdigest()


def dimension(questionnaire: Questionnaire, name: str) -> str:
    """The field of Cell for `name`: one of its fixed fields, or a weighting variable by its item id.

    Raises Refused("filter_unavailable") for anything else: it is not in the key, so no tally can tell (design §5).
    """
    if name in questionnaire.weights:
        return f"w{questionnaire.weights.index(name) + 1}"
    if name in Cell._fields and name not in {"w1", "w2", "w3"}:
        return name
    raise Refused("filter_unavailable", name=name)


def select(tally: Tally, **wanted: str | Collection[str]) -> Tally:
    """The cells whose fields have the wanted value, or one of the wanted values: select(t, site="A", mode=("paper",)).

    Raises Refused("filter_unavailable") for what is no field of Cell.
    """
    tests: list[tuple[int, Collection[str]]] = []
    for name, values in wanted.items():
        tests.append((_field(name), {values} if isinstance(values, str) else frozenset(values)))
    return {cell: counts for cell, counts in tally.items() if all(cell[at] in values for at, values in tests)}


def by(tally: Tally, *dimensions: str) -> dict[tuple[str, ...], Tally]:
    """The tally split by fields of Cell, in order of their values; the parts add up to the whole."""
    places = [_field(name) for name in dimensions]
    parts: dict[tuple[str, ...], Tally] = {}
    for cell, counts in sorted(tally.items()):
        parts.setdefault(tuple(cell[at] for at in places), {})[cell] = counts
    return parts


def _field(name: str) -> int:
    if name not in Cell._fields:
        raise Refused("filter_unavailable", name=name)
    return Cell._fields.index(name)


def counts_of(tally: Tally, where: Callable[[Cell], bool] | None = None) -> Counts:
    """The counts summed over all cells, or over those that `where` accepts."""
    summed: Counts = {}
    for cell, counts in tally.items():
        if where is None or where(cell):
            for key, number in counts.items():
                summed[key] = summed.get(key, 0) + number
    return {key: number for key, number in summed.items() if number}
