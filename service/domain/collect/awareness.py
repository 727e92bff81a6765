"""Awareness: how many persons know enough facts about the service (Guangzhou's stations: three of five)."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from fractions import Fraction

from service.domain.collect.questionnaires import Questionnaire
from service.domain.collect.satisfaction import ways
from service.domain.collect.tallies import Tally, counts_of
from service.domain.modes import OUT_OF_POINTS
from service.domain.proportions import exact


@dataclass(frozen=True)
class AwarenessFigure:
    """`aware` of `n` persons know enough of the facts; `facts` counts persons by how many they know."""

    n: int
    aware: int
    share: Decimal | None
    facts: dict[int, int]
    distributions: tuple[str, ...] = ()
    modes: Mapping[str, int] = field(default_factory=dict)


def awareness(
    questionnaire: Questionnaire, tally: Tally, apart: Collection[str] = OUT_OF_POINTS
) -> AwarenessFigure | None:
    """How many know the service: aware from `at_least` of the declared facts; who skipped all is not counted.

    Answers whose assistance is in `apart` are left out: staff who help to answer can tell the facts (design §6).
    """
    declared = questionnaire.awareness
    if declared is None:
        return None
    own = {cell: counts for cell, counts in tally.items() if cell.assistance not in apart}
    counts = counts_of(own)
    facts = {known: counts.get(f"a|{known}", 0) for known in range(len(declared.items) + 1)}
    n, aware = sum(facts.values()), sum(number for known, number in facts.items() if known >= declared.at_least)
    return AwarenessFigure(n, aware, exact(Fraction(aware, n)) if n else None, facts, **ways(own))
