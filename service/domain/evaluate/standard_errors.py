"""Standard errors of figures that rest on a probability sample, from what is counted anyway (floats, then settled)."""

from collections.abc import Sequence
from decimal import Decimal
from math import sqrt
from statistics import NormalDist

from service.domain.collect.satisfaction import Estimate, IndexMapping
from service.domain.inspect.counter_corrections import CENSUS, WORST_CASE, Correction
from service.domain.proportions import effective_size, wilson
from service.domain.rounding import settled

Z = NormalDist().inv_cdf(0.975)  # of the intervals that are stated, 95 % on both sides
Z_ONE_SIDED = NormalDist().inv_cdf(0.95)


def of_figure(
    found: Estimate, levels: Sequence[str], figure: str, share_of: Sequence[str], mapping: IndexMapping | None
) -> Decimal | None:
    """Of what a scheme calls `top3_rate`, `top2_rate`, `share` or `index:<mapping>`, in points of 100.

    Only persons who were drawn from a frozen list give one (design §6): None wherever the estimate claims no interval,
    zero where everyone was asked and answered. `levels` of the scale from the worst to the best; `mapping` that of an
    index.
    """
    if found.interval is None or found.population is None or found.issued is None:
        return Decimal(0) if found.interval_reason == "census" else None
    if mapping is not None:
        return found.found("index").se
    codes = {"top3_rate": levels[-3:], "top2_rate": levels[-2:]}.get(figure, share_of)
    interval = found.found("share:" + "+".join(sorted(set(codes)))).interval
    return None if interval is None else settled(float(interval[1] - interval[0]) * 100 / (2 * Z))


def of_share(good: int, n: int, population: int, issued: int) -> Decimal | None:
    """Of a share, in points of 100: half of Wilson's interval over z, so that 0 % and 100 % are not taken as certain.

    `issued` of `population` were drawn and `n` of them answered; None if nobody did, zero where everyone was drawn and
    answered. Statistics §1: the sampling fraction counts what was issued.
    """
    if n == 0:
        return None
    if issued >= population:
        return Decimal(0) if n >= population else None
    low, high = wilson(good, n, effective_size(n, population, issued))
    return settled(float(high - low) * 100 / (2 * Z))


def of_error_rate(strata: Sequence[tuple[int, int, int]], limit: int | None) -> Decimal | None:
    """Of an error rate, in percent. Strata as (errors, drawn, population); `limit` of erring items in all of them.

    One stratum: as of a share. Several: Cochran 1977, 5.14, with n - 1; where all of that is zero (no error seen, or
    nothing but errors) the distance from the rate to the one-sided limit over its z. None if it cannot be known.
    """
    held = [stratum for stratum in strata if stratum[2]]
    population = sum(size for _, _, size in held)
    if not held or any(n == 0 for _, n, _ in held):
        return None
    if all(n == size for _, n, size in held):
        return Decimal(0)
    if len(held) == 1:
        [(errors, n, size)] = held
        return of_share(errors, n, size, n)
    if any(n == 1 < size for _, n, size in held):
        return None
    variance = sum(
        (size / population) ** 2 * (1 - n / size) * (errors / n) * (1 - errors / n) / (n - 1)
        for errors, n, size in held
        if n < size
    )
    if variance:
        return settled(100 * sqrt(variance))
    if limit is None:
        return None
    rate = sum(errors / n * size for errors, n, size in held) / population
    return settled(max(0.0, 100 * (limit / population - rate) / Z_ONE_SIDED))


def of_correction(found: Correction) -> Decimal | None:
    """Of a corrected volume, in its own unit, from the interval that was stated for it; zero if every item was seen.

    Of an interval of a higher confidence than 95 % it is too large rather than too small.
    """
    if found.corrected is None:
        return None
    if found.lower is None or found.upper is None:
        return Decimal(0) if found.reason == CENSUS else None
    one_sided = found.interval == WORST_CASE  # bounds from below what cannot be more than was claimed
    return settled(float(found.upper - found.lower) / (Z_ONE_SIDED if one_sided else 2 * Z))
