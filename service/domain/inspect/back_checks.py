"""Back-checks: a few finished items looked up again by somebody else, and how far the two agree."""

from collections import Counter
from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from fractions import Fraction
from math import ceil

from service.domain.errors import Fault, Refused
from service.domain.inspect import draws, frames
from service.domain.inspect.draws import Drawn
from service.domain.inspect.frames import Frame
from service.domain.inspect.spot_checks import ATTRIBUTES, SpotCheck

LEAST_SHARE, MOST_SHARE = Decimal("0.10"), Decimal("0.20")  # of what was checked: the usual practice of field surveys
OVERALL = "errs"  # whether the item errs at all
NO_PAIRS, ONE_VALUE = "no_pairs", "one_value"


@dataclass(frozen=True)
class BackCheckDraw:
    """What was drawn to be looked up again: `serials` and `auditors` are the finished items and who had checked them.

    `secret` (hex) was made by the server at this moment; with it, number and hash anybody can draw again.
    """

    id: str
    project: str
    draw: str
    number: int
    share: Decimal
    serials: tuple[str, ...]
    auditors: tuple[str, ...]
    sha256: str
    secret: str
    seed: str
    drawn: tuple[Sequence[str], ...]
    at: datetime
    by: str

    @property
    def items(self) -> list[Drawn]:
        return [Drawn(serial, auditor, ticket) for serial, auditor, ticket in self.drawn]


def check_share(share: Decimal) -> None:
    """Raises Refused("invalid") for less than 10 or more than 20 percent."""
    if not LEAST_SHARE <= share <= MOST_SHARE:
        raise Refused("invalid", [Fault("share", "out_of_range", {"lower": LEAST_SHARE, "upper": MOST_SHARE})])


def finished_frame(checked: Mapping[str, str]) -> Frame:
    """The frame of what was checked: serial -> auditor, each auditor a stratum."""
    serials = list(checked)
    return frames.freeze(serials, [checked[serial] for serial in serials])


def choose(frame: Frame, seed: str, share: Decimal) -> list[Drawn]:
    """`share` of each auditor's items, rounded up: everybody who has checked something is covered."""
    take = {auditor or "": ceil(share * size) for auditor, size in frame.sizes().items()}
    return draws.draw(frame, seed, take)


def hand_out(chosen: Sequence[Drawn], allowed: Mapping[str, Sequence[str]]) -> dict[str, str]:
    """Serial -> who looks it up again: of those `allowed` for it the one who has fewest so far, then in byte order.

    Raises Refused("invalid") when nobody is left for an item.
    """
    loads: Counter[str] = Counter()
    holders: dict[str, str] = {}
    for item in chosen:
        if not allowed[item.serial]:
            raise Refused("invalid", [Fault("auditors", "nobody_else", {"value": item.serial})])
        holder = min(allowed[item.serial], key=lambda person: (loads[person], person))
        loads[holder] += 1
        holders[item.serial] = holder
    return holders


@dataclass(frozen=True)
class Agreement:
    """How far two looks at the same `n` items agree. `observed` is the plain share; kappa None with a `reason`.

    Reasons: "no_pairs" (nothing was judged twice), "one_value" (both only ever gave the same one answer: agreement by
    chance is certain, so that kappa divides by zero).
    """

    attribute: str
    n: int
    agreed: int
    observed: Fraction | None
    kappa: Fraction | None
    reason: str | None


def agreement(attribute: str, pairs: Sequence[tuple[Hashable, Hashable]]) -> Agreement:
    """Cohen's kappa (Educational and Psychological Measurement 20, 1960, 37–46) of pairs (first, second), exactly."""
    n, agreed = len(pairs), sum(first == second for first, second in pairs)
    if not n:
        return Agreement(attribute, 0, 0, None, None, NO_PAIRS)
    firsts, seconds = Counter(first for first, _ in pairs), Counter(second for _, second in pairs)
    observed = Fraction(agreed, n)
    expected = Fraction(sum(count * seconds[value] for value, count in firsts.items()), n * n)
    if expected == 1:
        return Agreement(attribute, n, agreed, observed, None, ONE_VALUE)
    return Agreement(attribute, n, agreed, observed, (observed - expected) / (1 - expected), None)


@dataclass(frozen=True)
class Comparison:
    """The back-checks of one draw: agreement by attribute and overall, and where the two differ.

    `waiting` are items drawn to be looked up again that have not been yet.
    """

    waiting: int
    overall: Agreement
    attributes: tuple[Agreement, ...]
    differing: tuple[tuple[str, str], ...] = field(default=())  # (serial, attribute)


def compare(pairs: Iterable[tuple[SpotCheck, SpotCheck]], waiting: int) -> Comparison:
    """What two looks at the same items say. An attribute counts where both judged it: not where one found nothing."""
    both = sorted(pairs, key=lambda pair: pair[0].serial)
    found, differing = [], []
    for name in ATTRIBUTES:
        judged = [(one, one.attributes.get(name), two.attributes.get(name)) for one, two in both]
        counted = [(one, first, second) for one, first, second in judged if None not in (first, second)]
        found.append(agreement(name, [(first, second) for _, first, second in counted]))
        differing += [(one.serial, name) for one, first, second in counted if first != second]
    overall = agreement(OVERALL, [(one.errs, two.errs) for one, two in both])
    return Comparison(waiting, overall, tuple(found), tuple(sorted(differing)))
