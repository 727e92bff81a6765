"""Exports of answers: the columns of a questionnaire, a sealed answer as their cells, and the codebook.

A row holds what is kept of an answer and nothing else (design of the double envelope): a random id, what the tally is
kept apart by, the hour, the class of the duration, the answers. There is no slip, no receipt and no exact time.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from service.domain.collect.questionnaires import ORDER, Questionnaire
from service.domain.collect.questions import CANNOT_SAY, Question
from service.domain.collect.responses import Response
from service.domain.collect.tallies import DURATION_EDGES
from service.domain.modes import ASSISTANCE, DISTRIBUTIONS, MODES, Text
from service.domain.table_cells import Cell, plain_number

LISTED: Final = frozenset({"multiple", "rank"})
"""Kinds of questions whose cell holds several codes, parted by spaces as they are kept; in the order of a ranking."""

NUMBERS: Final = frozenset({"number", "zero_to_ten"})

ID, SITE, SESSION, HOUR, DURATION = "_id", "_site", "_session", "_hour", "_duration_class"
DISTRIBUTION, MODE, ASSISTED, LANGUAGE, SEED = "_distribution", "_mode", "_assistance", "_language", "_order"


@dataclass(frozen=True)
class Column:
    """One column: `name` as in the header; `values` are the labels of its codes, empty for free values.

    kind: id | code | hour | class, or that of the question: single, rating, matrix, multiple, rank, number, …
    """

    name: str
    kind: str
    label: Text = field(default_factory=dict)
    values: Mapping[str, Text] = field(default_factory=dict)
    cannot_say: bool = False


def columns(questionnaire: Questionnaire, sites: Mapping[str, str] | None = None) -> tuple[Column, ...]:
    """Our own columns first, then one a question, or row of a matrix (`question/row`), in order; notes have none.

    `sites` are their names by id.
    """
    own = (
        Column(ID, "id"),
        Column(SITE, "code", values=_in_every_language(sites, questionnaire)),
        Column(SESSION, "code"),
        Column(DISTRIBUTION, "code", values=DISTRIBUTIONS),
        Column(MODE, "code", values=MODES),
        Column(ASSISTED, "code", values=ASSISTANCE),
        Column(LANGUAGE, "code"),
        Column(HOUR, "hour"),
        Column(DURATION, "class", values=duration_labels()),
    )
    asked = tuple(column for question in questionnaire.questions for column in _of_question(question))
    return (*own, *asked, *((Column(SEED, "code"),) if questionnaire.randomised else ()))


def _of_question(question: Question) -> Iterator[Column]:
    values = {option.code: option.label for option in question.options}
    rows = {f"{question.id}/{row.id}": row.label for row in question.rows}
    for key in question.keys:
        label = _both(question.label, rows[key]) if key in rows else question.label
        yield Column(key, question.kind, label, values, question.cannot_say)


def _both(first: Text, second: Text) -> Text:
    return {language: f"{text} – {second.get(language, '')}" for language, text in first.items()}


def _in_every_language(names: Mapping[str, str] | None, questionnaire: Questionnaire) -> dict[str, Text]:
    return {id: dict.fromkeys(questionnaire.languages, name) for id, name in (names or {}).items()}


def duration_labels() -> dict[str, Text]:
    """The classes of durations in words: `30-44 s`; 0 is unknown, the last one open."""
    edges = DURATION_EDGES
    labels: dict[str, Text] = {"0": {"zh-Hans": "未知", "zh-Hant": "未知", "en": "unknown"}}
    for place, (low, high) in enumerate(zip(edges, edges[1:], strict=False), 1):
        labels[str(place)] = dict.fromkeys(("zh-Hans", "zh-Hant", "en"), f"{low}-{high - 1} s")
    labels[str(len(edges))] = dict.fromkeys(("zh-Hans", "zh-Hant", "en"), f"≥ {edges[-1]} s")
    return labels


def cells(asked: Sequence[Column], response: Response) -> tuple[Cell, ...]:
    """One answer in these columns, as codes; what was skipped or not asked is empty."""
    cell = response.cell
    own: dict[str, Cell] = {
        ID: response.final_id,
        SITE: cell.site,
        SESSION: cell.session or None,
        DISTRIBUTION: cell.distribution,
        MODE: cell.mode,
        ASSISTED: cell.assistance,
        LANGUAGE: cell.language,
        HOUR: response.hour,
        DURATION: response.duration,
        SEED: response.answers.get(ORDER),
    }
    return tuple(own[c.name] if c.name in own else _answer(c, response.answers) for c in asked)


def _answer(column: Column, answers: Mapping[str, str]) -> Cell:
    given = answers.get(column.name)
    return plain_number(given) if given is not None and column.kind in NUMBERS else given


def labelled(column: Column, cell: Cell, language: str, cannot_say: str) -> Cell:
    """A cell with the labels of its codes instead; several of one cell are parted by `; `. Free values stay."""
    if cell == CANNOT_SAY and column.cannot_say:
        return cannot_say
    if cell is None or not column.values:
        return cell
    codes = str(cell).split() if column.kind in LISTED else [str(cell)]
    return "; ".join(_label(column.values.get(code), language) or code for code in codes)


@dataclass(frozen=True)
class Coded:
    """A line of the codebook: a code of a column, or the column alone (`code` "") where it holds free values."""

    column: str
    kind: str
    label: str
    code: str = ""
    meaning: str = ""


def codebook(asked: Sequence[Column], language: str, own: Mapping[str, str], cannot_say: str) -> list[Coded]:
    """What every column and every code means. `own` are the labels of our own columns by name."""
    lines = []
    for column in asked:
        label = own.get(column.name) or _label(column.label, language)
        codes = [(code, _label(text, language)) for code, text in column.values.items()]
        codes += [(CANNOT_SAY, cannot_say)] if column.cannot_say else []
        lines += [Coded(column.name, column.kind, label, code, text) for code, text in codes or [("", "")]]
    return lines


def _label(text: Text | None, language: str) -> str:
    """In this language, else in the first that there is."""
    found = text or {}
    return found.get(language) or next(iter(found.values()), "")
