"""A figure as it is shown: value, interval or the reason why there is none, and what it rests on (design §6)."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from service.domain.proportions import Interval

SHARE, POINTS = "share", "points"  # of 1; of 100 (a net score: of -100 to 100)
COEFFICIENT = "coefficient"  # at most 1

DESIGNS: Final[dict[str, str]] = {
    "simple": "One random draw from a frozen list.",
    "stratified": "A random draw from each of several frozen lists, weighted by their sizes.",
    "clustered": "Answers of the same session or site count as alike: the interval is that of the groups.",
    "post_stratified": "Weighted so that each cell counts as much as in the frozen list.",
    "raked": "Weighted so that each margin is that of the frozen list.",
    "two_phase": "Corrected by a random part that was asked again.",
    "all_asked": "Everyone on the list, or everyone present, was asked.",
    "not_drawn": "Who answered was not drawn: the figure speaks for those who answered.",
}
"""How the answers came about and how they are weighted: stable codes and their English text."""

REASONS: Final[dict[str, str]] = {
    "no_answers": "Nobody has given a valid answer.",
    "too_few": "Fewer than two valid answers: nothing tells how much they vary.",
    "no_spread": "The groups or cells do not differ at all: nothing tells how much others would.",
    "stratum_with_one": "A list has a single valid answer: nothing tells how much answers vary in it. Merge lists.",
    "stratum_without_answers": "A list has no valid answer, so nothing can be said of all lists together. Merge lists.",
    "cell_without_answers": "A cell of the frozen list has no valid answer. Use fewer or wider cells.",
    "too_few_clusters": "Answers of a single group: nothing tells how much groups differ.",
    "raking_did_not_settle": "No weights meet all margins: some combination that the list needs did not answer.",
    "not_linear": "A person's own mean can be had from the counts only with equal steps from 0 to 100.",
    "too_few_items": "Fewer than three items tell nothing about their agreement.",
    "too_few_persons": "Fewer than thirty persons answered all items.",
    "descriptive": "It describes the answers that came in: no interval and no test is made of it.",
    "all_alike": "Every person has the same sum: there is nothing that items could agree on.",
}
"""Why a value or an interval is missing, besides the reasons of service.domain.collect.satisfaction."""

LIMITS: Final[dict[str, str]] = {
    "silent": "Some who were asked stayed silent; the interval does not cover what they think (see the bounds).",
    "part_of_draw": "A part of one draw: the sampling fraction is that of the whole draw, the part's own N is unknown.",
    "items_taken_as_correlated": "The items' errors are added up as if they went together: rather too wide.",
    "part_of_weighted": "A part: its answers keep the weights that all answers together have.",
    "unknown_cells": "Persons whose cell is not known are left out of the weighted figure.",
    "thin_cells": "A cell has fewer than ten answers: its weight rests on few persons.",
    "uneven_weights": "A weight is more than five times the median: few persons carry much of the figure.",
    "few_clusters": "Fewer than ten groups: the interval is wide and rests on little.",
    "staff_helped": "Answers helped by staff of the service are left out and shown apart.",
    "several_modes": "People answered in several ways, which can move a figure by itself.",
    "no_finite_correction": "Not narrowed for the size of the list: rather too wide.",
}
"""What to keep in mind when reading a figure that has a value: stable codes and their English text."""


@dataclass(frozen=True)
class Figure:
    """One estimate. Shares and their limits are fractions of 1, means and indices points of 100.

    reason        why there is no value, or else no interval: a code of REASONS (or of satisfaction.REASONS)
    formula       the name of what computed the value; `method` of what computed the interval
    n             valid answers behind it; `population` N of the frozen list(s), where it is known
    effective_n   of how many answers of a simple draw the interval is; `design_effect` n over that, by variances
    freedom       degrees of freedom of `se`
    """

    name: str
    value: Decimal | None
    unit: str
    formula: str
    design: str
    n: int
    population: int | None = None
    interval: Interval | None = None
    method: str | None = None
    reason: str | None = None
    se: Decimal | None = None
    freedom: int | None = None
    effective_n: Decimal | None = None
    design_effect: Decimal | None = None
    limits: tuple[str, ...] = ()
    confidence: Decimal = Decimal("0.95")

    @property
    def interval_reason(self) -> str | None:
        """Why there is no interval; None where there is one."""
        return self.reason if self.interval is None else None
