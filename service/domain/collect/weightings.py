"""Which totals of a frozen frame answers are weighted to: how it is written, and how a list's words become codes."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from service.domain.collect.questionnaires import Questionnaire
from service.domain.collect.samples import Weights
from service.domain.collect.tallies import dimension
from service.domain.errors import Fault, Refused, invalid, problem
from service.domain.estimates.linearised import Cell

MOST_MARGINS = 3
STRATUM, SITE = "", "site"  # columns that every frame has


@dataclass(frozen=True)
class Margin:
    """Dimensions of the tally's key, each with the column of the frame that has its totals; "" for its strata.

    Written `age@frame` (the strata of a frame are its ages), `age@frame:age group`, `site+age@frame:site+age group`.
    """

    dimensions: tuple[str, ...]
    frame: str
    columns: tuple[str, ...]


def parse(written: Sequence[str]) -> tuple[Margin, ...]:
    """One margin: post-stratification. Several, of one dimension each: raking. Raises Refused("invalid")."""
    margins = tuple(_margin(text, at) for at, text in enumerate(written))
    names = [name for margin in margins for name in margin.dimensions]
    if len(margins) > MOST_MARGINS:
        raise invalid("weights", "at most {most} margins", most=MOST_MARGINS)
    if len(names) != len(set(names)):
        raise invalid("weights", "each dimension once")
    if len(margins) > 1 and any(len(margin.dimensions) > 1 for margin in margins):
        raise invalid("weights", "several margins have one dimension each; cells of several dimensions stand alone")
    return margins


def _margin(text: str, at: int) -> Margin:
    names, _, source = text.partition("@")
    frame, _, columns = source.partition(":")
    dimensions = tuple(name.strip() for name in names.split("+"))
    wanted = tuple(column.strip() for column in columns.split("+"))
    if not frame or not all(dimensions) or len(wanted) != len(dimensions):
        raise invalid(f"weights.{at}", "write dimension@frame, dimension@frame:column or a+b@frame:column+column")
    return Margin(dimensions, frame, wanted)


def codes(questionnaire: Questionnaire, name: str, sites: Mapping[str, str]) -> dict[str, str] | None:
    """What a list may say of a dimension -> the code it is in the key: codes, texts of options, names of sites.

    None where any text is its own code (sessions, languages).
    """
    if name == "site":
        return {text: id for id, title in sites.items() for text in (id, title)}
    if name not in questionnaire.weights:
        return None
    item = questionnaire.by_id[name.partition("/")[0]]
    found = {option.code: option.code for option in item.options}
    return {text: option.code for option in item.options for text in option.label.values()} | found


def weights(
    questionnaire: Questionnaire,
    margins: Sequence[Margin],
    counted: Sequence[Mapping[Cell, int]],
    sites: Mapping[str, str],
) -> Weights:
    """The totals by cell of the key, from those `counted` in each margin's frame under the list's own words.

    Raises Refused("invalid") for a word that is no code of the dimension, and for margins that do not add up to one N.
    """
    faults: list[Fault] = []
    totals: list[dict[Cell, int]] = []
    for at, (margin, of_list) in enumerate(zip(margins, counted, strict=True)):
        known = [codes(questionnaire, name, sites) for name in margin.dimensions]
        found: dict[Cell, int] = {}
        for words, number in of_list.items():
            cell = tuple(word if of is None else of.get(word, "") for word, of in zip(words, known, strict=True))
            if not all(cell):
                faults.append(_unknown(f"weights.{at}", words, margin))
                continue
            found[cell] = found.get(cell, 0) + number
        totals.append(found)
    sizes = {sum(found.values()) for found in totals}
    if not faults and len(sizes) > 1:
        told = ", ".join(map(str, sorted(sizes)))
        faults.append(problem("weights", "the margins have different totals: {totals}", totals=told))
    if faults:
        raise Refused("invalid", faults[:50])
    fields = tuple(dimension(questionnaire, name) for margin in margins for name in margin.dimensions)
    source = ", ".join(dict.fromkeys(margin.frame for margin in margins))
    if len(margins) == 1:
        return Weights(fields, cells=totals[0], source=source)
    return Weights(fields, margins=tuple({cell[0]: n for cell, n in of.items()} for of in totals), source=source)


def _unknown(field: str, words: Iterable[str], margin: Margin) -> Fault:
    said = " / ".join(word or "(nothing)" for word in words)
    text = "the frame {frame!r} says {said}, which is no code or text of {dimensions}"
    return problem(field, text, frame=margin.frame, said=said, dimensions="+".join(margin.dimensions))
