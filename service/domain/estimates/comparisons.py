"""Figures beside one another: the difference of two with its interval, many comparisons held together, ties."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from itertools import combinations, pairwise
from math import sqrt
from typing import Final

from service.domain.estimates.figures import SHARE, Figure
from service.domain.estimates.intervals import quantile
from service.domain.proportions import Interval
from service.domain.rounding import settled

FAMILY_RISK = 0.05  # of naming any difference that is none, over all pairs together
EVERYONE = {"census", "attempted_census", "part_of_batch"}  # why a figure has no interval: everyone was asked
CHOSEN = {"self_selected", "handed_out_by_provider", "mixed_distributions"}  # or who answered was not drawn
NEWCOMBE, WELCH, FACTS, BOUNDS = "newcombe", "welch", "facts", "bounds"

METHODS: Final[dict[str, str]] = {
    NEWCOMBE: "Newcombe's hybrid score interval of two independent shares (1998, method 10)",
    WELCH: "Welch's t: difference ± t × √(SE² + SE²), degrees of freedom by Satterthwaite",
    FACTS: "Everyone was asked and answered: the difference is a fact",
    BOUNDS: "Everyone was asked, some stayed silent: different where the bounds do not meet",
}
REASONS: Final[dict[str, str]] = {
    "no_value": "One of the two has no value.",
    "not_drawn": "Answers that were not drawn allow no test: who answered chose to.",
    "no_bounds": "Some stayed silent, and what they could change is not known.",
    "mixed_designs": "One was drawn, of the other everyone was asked: the silent have no common measure.",
    "descriptive": "It describes the answers that came in: no interval and no test is made of it.",
    "no_interval": "One of the two has no interval: its own figure says why.",
}
"""Why two figures are not told apart by a test: stable codes and their English text."""


@dataclass(frozen=True)
class Member:
    """One of those compared. `bounds` of a share where everyone was asked and some stayed silent."""

    key: str
    name: str
    figure: Figure
    bounds: Interval | None = None


@dataclass(frozen=True)
class Pair:
    """Two members: `value` is one minus other. `p` two-sided, `adjusted` over all pairs (Holm); `separated` is claimed.

    `interval` is of this pair alone; `reason` a code of REASONS where nothing can be claimed.
    """

    one: str
    other: str
    value: Decimal | None
    interval: Interval | None
    method: str | None
    p: Decimal | None
    adjusted: Decimal | None
    separated: bool
    reason: str | None = None


@dataclass(frozen=True)
class Place:
    """One member's place, from `first` to `last`: only those count that it is separated from. `ties`: the others."""

    key: str
    first: int
    last: int
    ties: tuple[str, ...]


@dataclass(frozen=True)
class Unlike:
    """An aspect in which the members differ, and the values that occur."""

    aspect: str
    values: tuple[str, ...]


@dataclass(frozen=True)
class Comparison:
    """Members, best value first; every pair; the places. `differences`: what is unlike although a `label` allows it."""

    figure: str
    unit: str
    members: tuple[Member, ...]
    pairs: tuple[Pair, ...]
    places: tuple[Place, ...]
    differences: tuple[Unlike, ...] = ()
    label: str = ""
    adjustment: str = "Holm"
    risk: Decimal = Decimal("0.05")


def steps(members: Sequence[Member]) -> tuple[Pair, ...]:
    """From each member to the next (later minus earlier), adjusted together."""
    return _adjusted([_pair(later, earlier) for earlier, later in pairwise(members)])


def compare(
    members: Sequence[Member], differences: Sequence[Unlike] = (), label: str = "", figure: str = ""
) -> Comparison:
    """Every pair tested, adjusted together by Holm's procedure (1979), and the places that follow."""
    pairs = _adjusted([_pair(one, other) for one, other in combinations(members, 2)])
    ordered = tuple(sorted(members, key=lambda one: (one.figure.value is None, -(one.figure.value or 0), one.key)))
    unit = members[0].figure.unit if members else SHARE
    return Comparison(figure, unit, ordered, pairs, places(ordered, pairs), tuple(differences), label)


def holm(p_values: Sequence[float | None]) -> list[float | None]:
    """Adjusted p-values: p × (m - i) in ascending order, never falling, at most 1. None stays, and counts in m.

    A family counts all pairs that were looked at, also those that allow no test, so that adding some claims no more.
    """
    tested = sorted((p, at) for at, p in enumerate(p_values) if p is not None)
    adjusted: list[float | None] = [None] * len(p_values)
    highest = 0.0
    for place, (p, at) in enumerate(tested):
        highest = max(highest, min(1.0, p * (len(p_values) - place)))
        adjusted[at] = highest
    return adjusted


def _adjusted(raw: Sequence[Pair]) -> tuple[Pair, ...]:
    adjusted = holm([None if pair.p is None else float(pair.p) for pair in raw])
    return tuple(_claimed(pair, p) for pair, p in zip(raw, adjusted, strict=True))


def _claimed(pair: Pair, adjusted: float | None) -> Pair:
    separated = pair.separated if adjusted is None else adjusted <= FAMILY_RISK
    return replace(pair, adjusted=None if adjusted is None else settled(adjusted), separated=separated)


def _pair(one: Member, other: Member) -> Pair:
    a, b = one.figure, other.figure
    if a.value is None or b.value is None:
        return Pair(one.key, other.key, None, None, None, None, None, False, "no_value")
    value = a.value - b.value
    facts = {figure.reason for figure in (a, b)}
    if a.interval is not None and b.interval is not None:
        return _tested(one, other, value)
    if facts == {"census"}:
        return Pair(one.key, other.key, value, None, FACTS, None, None, bool(value))
    if facts <= EVERYONE:
        return _bounded(one, other, value)
    return Pair(one.key, other.key, value, None, None, None, None, False, _untested(facts))


def _untested(facts: set[str | None]) -> str:
    """Why two figures are not compared, from why they have no interval (None: it has one)."""
    if "descriptive" in facts:
        return "descriptive"
    if facts & CHOSEN:
        return "not_drawn"
    return "mixed_designs" if None in facts and facts & EVERYONE else "no_interval"


def _bounded(one: Member, other: Member, value: Decimal) -> Pair:
    """Different whatever the silent think: the lowest of one is above the highest of the other."""
    ends = [member.bounds or _fact(member) for member in (one, other)]
    if None in ends:
        return Pair(one.key, other.key, value, None, None, None, None, False, "no_bounds")
    (low, high), (under, over) = (end for end in ends if end)
    return Pair(one.key, other.key, value, (low - over, high - under), BOUNDS, None, None, low > over or high < under)


def _fact(member: Member) -> Interval | None:
    value = member.figure.value
    return (value, value) if member.figure.reason == "census" and value is not None else None


def _tested(one: Member, other: Member, value: Decimal) -> Pair:
    a, b = one.figure, other.figure
    found = newcombe(a, b) if a.unit == SHARE else welch(a, b)
    method = NEWCOMBE if a.unit == SHARE else WELCH
    return Pair(one.key, other.key, value, found[0], method, settled(found[1]), None, False)


def newcombe(one: Figure, other: Figure) -> tuple[Interval, float]:
    """(interval of the difference, p): from the limits of each share's own interval (Newcombe 1998, method 10).

    p is what makes the interval just touch zero when all its widths are scaled alike: so interval and test agree.
    """
    (l1, u1), (l2, u2) = (tuple(map(float, figure.interval or (0, 0))) for figure in (one, other))
    p1, p2 = float(one.value or 0), float(other.value or 0)
    below, above = sqrt((p1 - l1) ** 2 + (u2 - p2) ** 2), sqrt((u1 - p1) ** 2 + (p2 - l2) ** 2)
    interval = settled(p1 - p2 - below), settled(p1 - p2 + above)
    reach = below if p1 > p2 else above
    return interval, _two_sided(abs(p1 - p2) / reach * quantile(0)) if reach else float(p1 == p2)


def welch(one: Figure, other: Figure) -> tuple[Interval, float]:
    """(interval of the difference, p) of two means with their standard errors and degrees of freedom (Welch 1947)."""
    from scipy.special import stdtr

    errors = [float(figure.se or 0) for figure in (one, other)]
    difference, se = float((one.value or 0) - (other.value or 0)), sqrt(sum(error**2 for error in errors))
    if not se:
        return (settled(difference), settled(difference)), float(not difference)
    shares = [
        error**4 / figure.freedom
        for error, figure in zip(errors, (one, other), strict=True)
        if figure.freedom and error
    ]
    freedom = se**4 / sum(shares) if shares else 1e9
    from scipy.special import stdtrit

    half = float(stdtrit(freedom, 0.975)) * se
    p = 2 * float(stdtr(freedom, -abs(difference) / se))
    return (settled(difference - half), settled(difference + half)), p


def _two_sided(z: float) -> float:
    from math import erfc

    return erfc(z / sqrt(2))


def places(members: Sequence[Member], pairs: Sequence[Pair]) -> tuple[Place, ...]:
    """Places of those that have a value. A place is a range: it counts only those that are separated."""
    above: dict[str, int] = {one.key: 0 for one in members if one.figure.value is not None}
    below, ties = dict(above), {key: [] for key in above}  # type: dict[str, int], dict[str, list[str]]
    for pair in pairs:
        if pair.value is None:
            continue
        if not pair.separated:
            ties[pair.one].append(pair.other)
            ties[pair.other].append(pair.one)
            continue
        better, worse = (pair.one, pair.other) if pair.value > 0 else (pair.other, pair.one)
        above[worse], below[better] = above[worse] + 1, below[better] + 1
    return tuple(Place(key, 1 + above[key], len(above) - below[key], tuple(sorted(ties[key]))) for key in above)


def unlike(aspects: Mapping[str, Mapping[str, str]]) -> list[Unlike]:
    """From aspect -> member -> what stands for it: the aspects in which members differ."""
    return [
        Unlike(aspect, tuple(sorted(set(of_member.values()))))
        for aspect, of_member in aspects.items()
        if len(set(of_member.values())) > 1
    ]
