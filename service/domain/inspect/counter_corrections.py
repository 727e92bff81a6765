"""Counters corrected by spot checks: what a provider claims, and what of it the drawn items confirm (G14 to G24)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from fractions import Fraction
from typing import Any

from service.domain.inspect.findings import lost
from service.domain.inspect.spot_checks import SpotCheck
from service.domain.inspect.stratified_bounds import Stratum, lower_bound, upper_bound
from service.domain.rounding import settled

# Person-times and hours: an item claims an amount, so what counts is verified amount over claimed amount.
AMOUNTS = ("G15", "G16", "G17", "G22", "G24")
# Items: each counts one, so what counts is the share that was found and is true.
ITEMS = ("G14", "G18", "G19", "G20", "G21", "G23")
COUNTERS = tuple(sorted((*AMOUNTS, *ITEMS)))
CONFIDENCE = Fraction(95, 100)

CORRECTED, UNVERIFIED = "corrected", "claimed, unverified"
# Why a counter stays unverified, or has a value without interval.
NO_DRAW, UNCHECKED, NO_CLAIM, NO_AMOUNTS = "no_draw", "unchecked", "no_claim", "no_amounts"
SEVERAL, NOT_RANDOM, ONE_ITEM, CENSUS, NO_BOUND = "several_draws", "not_random", "one_item", "census", "no_bound"
REASONS: Mapping[str, str] = {
    NO_DRAW: "No planned draw was taken from a list of this counter.",
    UNCHECKED: "Drawn items have no accepted check yet.",
    NO_CLAIM: "It is not known how much is claimed.",
    NO_AMOUNTS: "Some drawn items lack the claimed or the verified amount.",
    SEVERAL: "There is more than one draw for this counter; each is shown, and one must be chosen.",
    NOT_RANDOM: "The draw was made because of a complaint or a report; it is no random sample.",
    ONE_ITEM: "Only one item was drawn of a stratum, so the spread cannot be computed.",
    CENSUS: "Every item was looked at, so there is no sampling error.",
    NO_BOUND: "There is no valid limit for all strata together.",
}
# How the interval was made.
RATIO_T, EXACT, WORST_CASE = "ratio_t", "exact", "worst_case"


@dataclass(frozen=True)
class ClaimedItem:
    """A drawn item of a claimed list: its stratum ("" without strata), the amount claimed for it, what was found."""

    serial: str
    stratum: str
    claimed: Decimal | None
    check: SpotCheck | None

    @property
    def verified(self) -> Decimal | None:
        """The amount that the check confirms: nothing of what was not found; None where no amount was entered."""
        if self.check is None:
            return None
        return Decimal(0) if lost(self.check) else self.check.amount


@dataclass(frozen=True)
class Claim:
    """One counter's list and draw: N by stratum, what is claimed in all, and `amounts` of the list's largest items.

    `amounts` are those of all items of the list, in any order, where the list has them; they bound what could be wrong
    when no drawn item was.
    """

    rule: str
    draw: str
    sizes: Mapping[str, int]
    claimed: Decimal | None
    items: Sequence[ClaimedItem]
    amounts: Sequence[Decimal] = field(default=(), repr=False)
    confidence: Fraction = CONFIDENCE


@dataclass(frozen=True)
class Correction:
    """What a counter comes to. `factor` is verified over claimed; `lower` and `upper` bound the corrected value.

    `interval` names how they were made: `ratio_t` (ratio estimator with finite population correction and Student's t),
    `exact` (hypergeometric, or its stratified bound), `worst_case` (no drawn item deviates, so at most so many of the
    list do, and those might be the largest ones and wholly unfounded). None with `reason` where there is none.
    """

    rule: str
    status: str
    claimed: Decimal | None
    corrected: Decimal | None = None
    factor: Decimal | None = None
    lower: Decimal | None = None
    upper: Decimal | None = None
    interval: str | None = None
    reason: str | None = None
    draw: str = ""
    n: int = 0
    population: int = 0
    wanting: int = 0


def unverified(rule: str, claimed: Decimal | None, reason: str, draw: str = "") -> Correction:
    """The claim as it stands: nothing says how much of it is true."""
    return Correction(rule, UNVERIFIED, claimed, reason=reason, draw=draw)


def correct(claim: Claim) -> Correction:
    """The counter corrected from its own draw: AMOUNTS by the ratio of sums, ITEMS by the share found and true.

    `complete` and `timely` never correct a counter. ValueError for a rule that is no counter. Rules: G14 to G24;
    estimators: Cochran 1977, 6.2 to 6.4 and 6.11; limits: stratified_bounds.
    """
    if claim.rule not in COUNTERS:
        raise ValueError(f"{claim.rule} is no counter")
    if claim.claimed is None:
        return unverified(claim.rule, None, NO_CLAIM, claim.draw)
    drawn = {item.stratum for item in claim.items}
    if any(item.check is None for item in claim.items) or any(
        size and name not in drawn for name, size in claim.sizes.items()
    ):
        return unverified(claim.rule, claim.claimed, UNCHECKED, claim.draw)
    return _by_amounts(claim) if claim.rule in AMOUNTS else _by_items(claim)


def _made(claim: Claim, factor: Fraction, wanting: int, **more: Any) -> Correction:
    assert claim.claimed is not None  # noqa: S101 - checked by `correct`
    return Correction(
        rule=claim.rule,
        status=CORRECTED,
        claimed=claim.claimed,
        corrected=_decimal(Fraction(claim.claimed) * factor),
        factor=_decimal(factor),
        draw=claim.draw,
        n=len(claim.items),
        population=sum(claim.sizes.values()),
        wanting=wanting,
        **more,
    )


def _decimal(value: Fraction | float) -> Decimal:
    exact = Fraction(value)
    return settled(Decimal(exact.numerator) / Decimal(exact.denominator))


# --- Items: the share found and true


def _by_items(claim: Claim) -> Correction:
    """Claimed × (1 − share not found or not true), with exact limits of confidence / two tails."""
    strata = _strata(claim, _unfounded)
    population = sum(claim.sizes.values())
    share = sum((Fraction(one.errors, one.n) * one.population for one in strata), Fraction(0)) / population
    wanting = sum(one.errors for one in strata)
    if all(one.n == one.population for one in strata):
        return _made(claim, 1 - share, wanting, reason=CENSUS)
    tail = 1 - (1 - claim.confidence) / 2
    most, least = upper_bound(strata, tail).limit, lower_bound(strata, tail).limit
    if most is None or least is None:
        return _made(claim, 1 - share, wanting, reason=NO_BOUND)
    whole = Fraction(claim.claimed or 0)
    return _made(
        claim,
        1 - share,
        wanting,
        lower=_decimal(whole * (1 - Fraction(most, population))),
        upper=_decimal(whole * (1 - Fraction(least, population))),
        interval=EXACT,
    )


def _unfounded(item: ClaimedItem) -> bool:
    """Not found, or found and not true."""
    return item.check is not None and (lost(item.check) or item.check.attributes.get("true") is False)


def _strata(claim: Claim, errs: Any) -> list[Stratum]:
    found = []
    for name, size in claim.sizes.items():
        items = [item for item in claim.items if item.stratum == name]
        if size:
            found.append(Stratum(size, len(items), sum(errs(item) for item in items)))
    return found


# --- Amounts: the ratio of sums


def _by_amounts(claim: Claim) -> Correction:
    """Σ verified ÷ Σ claimed, strata weighted by N / n (the combined ratio estimator)."""
    pairs = [(item.stratum, item.verified, item.claimed) for item in claim.items]
    if any(verified is None or claimed is None for _, verified, claimed in pairs):
        return unverified(claim.rule, claim.claimed, NO_AMOUNTS, claim.draw)
    groups: dict[str, list[tuple[Fraction, Fraction]]] = {name: [] for name, size in claim.sizes.items() if size}
    for stratum, verified, claimed in pairs:
        groups[stratum].append((Fraction(verified or 0), Fraction(claimed or 0)))
    weights = {name: Fraction(claim.sizes[name], len(group)) for name, group in groups.items()}
    total = sum((weights[name] * claimed for name, group in groups.items() for _, claimed in group), Fraction(0))
    if not total:
        return unverified(claim.rule, claim.claimed, NO_AMOUNTS, claim.draw)
    confirmed = sum((weights[name] * verified for name, group in groups.items() for verified, _ in group), Fraction(0))
    ratio, wanting = confirmed / total, sum(_deviates(item) for item in claim.items)
    if all(len(group) == claim.sizes[name] for name, group in groups.items()):
        return _made(claim, ratio, wanting, reason=CENSUS)
    if not wanting:
        return _made(claim, ratio, 0, **_worst_case(claim))
    if any(len(group) == 1 < claim.sizes[name] for name, group in groups.items()):
        return _made(claim, ratio, wanting, reason=ONE_ITEM)
    half = _half_width(claim, groups, ratio, total)
    whole = Fraction(claim.claimed or 0)
    return _made(
        claim,
        ratio,
        wanting,
        lower=_decimal(max(Fraction(0), whole * (ratio - half))),
        upper=_decimal(whole * (ratio + half)),
        interval=RATIO_T,
    )


def _deviates(item: ClaimedItem) -> bool:
    return item.verified != item.claimed


def _half_width(
    claim: Claim, groups: Mapping[str, Sequence[tuple[Fraction, Fraction]]], ratio: Fraction, total: Fraction
) -> Fraction:
    """t × SE of the combined ratio: residuals from the ratio, fpc in each stratum, n − 1 degrees of freedom of each."""
    from scipy.stats import t

    variance, freedom = Fraction(0), 0
    for name, group in groups.items():
        size, n = claim.sizes[name], len(group)
        if n == size:
            continue
        residuals = [verified - ratio * claimed for verified, claimed in group]
        mean = sum(residuals, Fraction(0)) / n
        spread = sum(((each - mean) ** 2 for each in residuals), Fraction(0)) / (n - 1)
        freedom += n - 1
        variance += Fraction(size) ** 2 * (1 - Fraction(n, size)) * spread / n
    quantile = float(t.ppf(float(1 - (1 - claim.confidence) / 2), freedom))
    return Fraction(quantile * float(variance) ** 0.5 / float(total))


def _worst_case(claim: Claim) -> dict[str, Any]:
    """No drawn item deviates: the estimated spread is zero, which claims too much. So the number of deviating items is
    bounded exactly, and the largest ones are taken to be the deviating ones, with nothing behind them.

    It bounds what is too much only: of amounts that are more than claimed the list says nothing.
    """
    most = upper_bound(_strata(claim, _deviates), claim.confidence).limit
    whole = sum((Fraction(amount) for amount in claim.amounts), Fraction(0))
    if most is None or len(claim.amounts) != sum(claim.sizes.values()) or not whole:
        return {"reason": NO_BOUND}
    largest = sum((Fraction(amount) for amount in sorted(claim.amounts)[len(claim.amounts) - most :]), Fraction(0))
    claimed = Fraction(claim.claimed or 0)
    return {
        "lower": _decimal(claimed * max(Fraction(0), 1 - largest / whole)),
        "upper": claim.claimed,
        "interval": WORST_CASE,
    }
