"""Figures of single questions from tallies: how many chose what, at which place, in which class; of how many asked."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from fractions import Fraction

from service.domain.collect.questionnaires import CANNOT_SAY, NOT_ASKED, SKIPPED, Questionnaire
from service.domain.collect.questions import ANSWERED, WRITTEN, Question
from service.domain.collect.tallies import Counts, Tally, counts_of
from service.domain.proportions import exact


@dataclass(frozen=True)
class QuestionFigure:
    """One question, or row of a matrix. answered + cannot_say + skipped == asked; asked + not_asked == persons.

    counts   by code how many chose it, in the order of the options; of a multiple choice they add up to more than
             `answered`. Of a ranking: how many gave it any place
    places   of a ranking: by code how many put it first, second, …
    edges    of a number: the limits of its classes; `classes` counts the persons below the first edge, from the first
             to below the second, …, from the last edge on
    """

    id: str
    question: str
    kind: str
    persons: int
    asked: int
    answered: int
    cannot_say: int
    skipped: int
    not_asked: int
    counts: dict[str, int] = field(default_factory=dict)
    places: dict[str, tuple[int, ...]] = field(default_factory=dict)
    edges: tuple[Decimal, ...] = ()
    classes: tuple[int, ...] = ()

    def share(self, code: str) -> Decimal | None:
        """Those who chose the code, of all who answered; None without an answer. KeyError for an unknown code."""
        return exact(Fraction(self.counts[code], self.answered)) if self.answered else None

    @property
    def mean(self) -> Decimal | None:
        """Of 0 to 10, the mean; of other kinds, and without an answer, None."""
        if self.kind != "zero_to_ten" or not self.answered:
            return None
        return exact(Fraction(sum(int(code) * number for code, number in self.counts.items()), self.answered))

    def mean_place(self, code: str) -> Decimal | None:
        """Of a ranking, the mean place (from 1, the best) among those who gave the option one."""
        given = sum(self.places[code])
        total = sum(place * number for place, number in enumerate(self.places[code], 1))
        return exact(Fraction(total, given)) if given else None


def question_figures(questionnaire: Questionnaire, tally: Tally) -> tuple[QuestionFigure, ...]:
    """One figure a question or row, in order; notes have none. Texts, dates and photos have no counts by code."""
    counts = counts_of(tally)
    return tuple(figure for question in questionnaire.questions for figure in _figures(question, counts))


def _figures(question: Question, counts: Counts) -> Iterator[QuestionFigure]:
    for key in question.keys:
        chosen = _chosen(question, key, counts)
        state = {name: counts.get(f"c|{key}|{name}", 0) for name in (CANNOT_SAY, SKIPPED, NOT_ASKED)}
        persons = counts.get("n", 0)
        asked = persons - state[NOT_ASKED]
        places = _places(question, counts)
        yield QuestionFigure(
            id=key,
            question=question.id,
            kind=question.kind,
            persons=persons,
            asked=asked,
            answered=_answered(question, key, counts, chosen),
            cannot_say=state[CANNOT_SAY],
            skipped=state[SKIPPED],
            not_asked=state[NOT_ASKED],
            counts={code: sum(places[code]) for code in places} or chosen,
            places=places,
            edges=question.edges,
            classes=_classes(question, counts),
        )


def _chosen(question: Question, key: str, counts: Counts) -> dict[str, int]:
    return {code: counts.get(f"c|{key}|{code}", 0) for code in question.codes}


def _answered(question: Question, key: str, counts: Counts, chosen: Mapping[str, int]) -> int:
    if question.kind in ("multiple", "rank"):
        return counts.get(f"c|{key}|{ANSWERED}", 0)
    return sum(chosen.values()) if question.codes else counts.get(f"c|{key}|{WRITTEN}", 0)


def _places(question: Question, counts: Counts) -> dict[str, tuple[int, ...]]:
    if question.kind != "rank":
        return {}
    places = range(1, question.places + 1)
    return {
        code: tuple(counts.get(f"r|{question.id}|{code}|{place}", 0) for place in places) for code in question.codes
    }


def _classes(question: Question, counts: Counts) -> tuple[int, ...]:
    classes = range(len(question.edges) + 1) if question.edges else ()
    return tuple(counts.get(f"u|{question.id}|{number}", 0) for number in classes)
