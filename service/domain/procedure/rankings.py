"""Results of several rounds beside one another: only of one measure, with ties, adjusted for many comparisons (S07)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import combinations
from math import erfc, sqrt

from service.domain.estimates.comparisons import FAMILY_RISK, holm

# What two results must have in common before their totals mean the same.
SCHEME, QUESTIONNAIRES, FIGURES, MODES, DISTRIBUTIONS = "scheme", "questionnaires", "figures", "modes", "distributions"
ASPECTS = (SCHEME, QUESTIONNAIRES, FIGURES, MODES, DISTRIBUTIONS)


@dataclass(frozen=True)
class Compared:
    """One result: its total with the standard error that sampling leaves, and what it was measured with.

    `aspects` maps each of ASPECTS to what stands for it, by node. `unstated`: the leaves that rest on answers from
    which no sampling error can be stated (self-selected ones); with any of them no order can be claimed.
    """

    round: str
    project: str
    name: str
    provider: str
    total: Decimal
    grade: str
    se: Decimal
    unstated: tuple[str, ...]
    aspects: Mapping[str, Mapping[str, str]]


@dataclass(frozen=True)
class Unlike:
    """An aspect in which results differ: which nodes, and the values that occur."""

    aspect: str
    nodes: tuple[str, ...]
    values: tuple[str, ...]

    @property
    def told(self) -> dict[str, str]:
        """What a fault says of it; what holds of the whole scheme has no node."""
        nodes = f" {', '.join(self.nodes)}" if any(self.nodes) else ""
        return {"aspect": self.aspect, "nodes": nodes, "values": " / ".join(self.values)}


@dataclass(frozen=True)
class Ranked:
    """One place: from `first` to `last`, both included. `ties` are the rounds that it is not separated from."""

    compared: Compared
    first: int
    last: int
    ties: tuple[str, ...]


@dataclass(frozen=True)
class Pair:
    """Two results: the difference of their totals, its p-value (None where none can be stated) and what is claimed."""

    one: str
    other: str
    difference: Decimal
    p: float | None
    separated: bool


def unlike(compared: Sequence[Compared]) -> list[Unlike]:
    """In what the results do not measure the same; empty when their totals may be put side by side."""
    found = []
    for aspect in ASPECTS:
        nodes = sorted({node for one in compared for node in one.aspects.get(aspect, {})})
        differing = [node for node in nodes if len({one.aspects.get(aspect, {}).get(node) for one in compared}) > 1]
        if differing:
            values = {one.aspects.get(aspect, {}).get(node, "–") for one in compared for node in differing}
            found.append(Unlike(aspect, tuple(differing), tuple(sorted(values))))
    return found


def pairs(compared: Sequence[Compared]) -> list[Pair]:
    """Every pair with its two-sided p-value by the normal approximation, those separated that Holm's procedure names.

    Holm (1979), as estimates.comparisons.holm: the chance of naming any difference that is none stays at 5 % over all
    m pairs, whatever their dependence.
    """
    raw = [(one, other, _p(one, other)) for one, other in combinations(compared, 2)]
    adjusted = holm([p for _, _, p in raw])
    return [
        Pair(one.round, other.round, one.total - other.total, p, held is not None and held <= FAMILY_RISK)
        for (one, other, p), held in zip(raw, adjusted, strict=True)
    ]


def _p(one: Compared, other: Compared) -> float | None:
    """Totals without any sampling are facts: they differ or they do not. Self-selected answers allow no test at all."""
    if one.unstated or other.unstated:
        return None
    difference = abs(one.total - other.total)
    se = sqrt(float(one.se) ** 2 + float(other.se) ** 2)
    if not se:
        return 0.0 if difference else 1.0
    return erfc(float(difference) / se / sqrt(2))


def ranking(compared: Sequence[Compared], found: Sequence[Pair]) -> list[Ranked]:
    """The places, best total first. A place is a range: it counts only those that are separated as better or worse."""
    above: dict[str, int] = {one.round: 0 for one in compared}
    below: dict[str, int] = {one.round: 0 for one in compared}
    ties: dict[str, list[str]] = {one.round: [] for one in compared}
    for pair in found:
        if not pair.separated:
            ties[pair.one].append(pair.other)
            ties[pair.other].append(pair.one)
            continue
        better, worse = (pair.one, pair.other) if pair.difference > 0 else (pair.other, pair.one)
        above[worse] += 1
        below[better] += 1
    ordered = sorted(compared, key=lambda one: (-one.total, one.round))
    return [
        Ranked(one, 1 + above[one.round], len(compared) - below[one.round], tuple(sorted(ties[one.round])))
        for one in ordered
    ]
