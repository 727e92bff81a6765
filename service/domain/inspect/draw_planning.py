"""How many to draw: for a limit of the error rate, for a survey, to separate a grade boundary; and plans in stages."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import ceil, comb
from statistics import NormalDist
from typing import Any

from service.domain.errors import Fault, Refused, invalid, problem

CHI_SQUARE = Fraction(3841, 1000)  # of one degree of freedom at 95 percent, as Krejcie and Morgan print it
MOST_ERRORS = 10
MOST_N = 100_000
MOST_STAGES = 4


@dataclass(frozen=True)
class ErrorPlan:
    """A test of the error rate: with at most `errors` among `n`, the rate is below the tolerable one, at `risk`."""

    errors: int
    n: int
    risk: Fraction  # the exact probability of so few errors when the rate is just the tolerable one


def tolerable_count(tolerable: Fraction, population: int) -> int:
    """The smallest number of erring items that is a rate of `tolerable` or more."""
    return ceil(tolerable * population)


def error_rate_plans(
    tolerable: Fraction, risk: Fraction, population: int | None = None, most: int = 4
) -> list[ErrorPlan]:
    """For 0, 1, 2 ... `most` allowed errors the smallest n with P(at most so many | tolerable rate) <= risk.

    Exact: hypergeometric in a list of `population`, binomial without one (the tables of AICPA and GAO; where GAO prints
    78 for one error at 5 and 10 percent, 77 already suffice). In a list too small for a number of errors the plan is
    left out. Refuses shares outside 0.001 ... 0.999, and lists of more than 100,000.
    """
    _check_shares(tolerable=tolerable, risk=risk)
    if population is not None and not 1 <= population <= MOST_N:
        raise Refused("invalid", [Fault("population", "out_of_range", {"lower": 1, "upper": MOST_N})])
    plans = []
    for errors in range(min(most, MOST_ERRORS) + 1):
        n = _smallest(errors, tolerable, risk, population)
        if n is not None:
            plans.append(ErrorPlan(errors, n, acceptance((n,), (errors,), tolerable, population)))
    return plans


def _check_shares(**shares: Fraction) -> None:
    faults = [
        Fault(name, "out_of_range", {"lower": "0.001", "upper": "0.999"})
        for name, share in shares.items()
        if not Fraction(1, 1000) <= share <= Fraction(999, 1000)
    ]
    if faults:
        raise Refused("invalid", faults)


def _smallest(errors: int, tolerable: Fraction, risk: Fraction, population: int | None) -> int | None:
    if population is not None and tolerable_count(tolerable, population) <= errors:
        return None  # so many errors would be tolerable in the whole list
    most = population or MOST_N
    high = min(errors + 1, most)
    while not _small_enough(errors, high, tolerable, risk, population):
        if high == most:
            return None
        high = min(2 * high, most)
    low = high // 2
    while low < high:  # the probability falls as n grows
        middle = (low + high) // 2
        if _small_enough(errors, middle, tolerable, risk, population):
            high = middle
        else:
            low = middle + 1
    return low


def _small_enough(errors: int, n: int, tolerable: Fraction, risk: Fraction, population: int | None) -> bool:
    """Whether P(at most `errors` among n | tolerable rate) <= risk."""
    if population is None:
        ways, whole = _ways(n, 0, 0, errors, tolerable, None)
    else:  # the same probability with sample and bad items exchanged: the smaller of both makes smaller numbers
        less, more = sorted((n, tolerable_count(tolerable, population)))
        ways, whole = _ways_in_list(population, more, less, errors), comb(population, less)
    return sum(ways) * risk.denominator <= risk.numerator * whole


def acceptance(
    sizes: Sequence[int], limits: Sequence[int], tolerable: Fraction, population: int | None = None
) -> Fraction:
    """The probability that a list with just the tolerable error rate passes, exactly.

    `sizes` are the items of each stage, `limits` the errors allowed in all stages so far: who is at or below passes,
    who is above goes on to the next stage, and fails after the last. That is what looking again after an error does:
    45/0, then 78/1, then 105/2 accept a rate of 5 percent with .0994, .1428, .1742 (the escalation trap).
    """
    # Whole numbers over one common denominator: reducing fractions of a hundred thousand digits would take minutes.
    reached, passed, whole = {0: 1}, 0, 1
    taken, most = 0, limits[-1]
    for size, limit in zip(sizes, limits, strict=True):
        following: dict[int, int] = {}
        for seen, chance in reached.items():
            ways, part = _ways(size, taken, seen, most - seen, tolerable, population)
            for more, way in enumerate(ways):
                following[seen + more] = following.get(seen + more, 0) + chance * way
        whole *= part
        passed = passed * part + sum(chance for seen, chance in following.items() if seen <= limit)
        reached = {seen: chance for seen, chance in following.items() if seen > limit}
        taken += size
        if not reached:
            break
    return Fraction(passed, whole)


def _ways(
    size: int, taken: int, seen: int, most: int, tolerable: Fraction, population: int | None
) -> tuple[list[int], int]:
    """(in how many ways the next `size` hold 0, 1 ... `most` errors, all ways), after `seen` among `taken` before."""
    counts = range(min(most, size) + 1)
    if population is None:
        top, rest = tolerable.numerator, tolerable.denominator - tolerable.numerator
        ways = [comb(size, number) * top**number * rest ** (size - number) for number in counts]
        return ways, int(tolerable.denominator**size)
    left, bad = population - taken, max(0, tolerable_count(tolerable, population) - seen)
    return _ways_in_list(left, bad, size, most), comb(left, size)


def _ways_in_list(population: int, bad: int, n: int, most: int) -> list[int]:
    """In how many of the samples of n are 0, 1 ... `most` of the bad items."""
    good = population - bad
    first = max(0, n - good)
    if good < 0 or first > most:
        return []
    found = [0] * first + [comb(bad, first) * comb(good, n - first)]
    for seen in range(first, min(most, n, bad)):  # each from the one before: large binomials are slow
        found.append(found[-1] * (bad - seen) * (n - seen) // ((seen + 1) * (good - n + seen + 1)))
    return found


def check_plan(plan: Mapping[str, Any], n: int, sizes: Mapping[str, int]) -> dict[str, Any]:
    """A test planned with a draw of `n` items, with the exact risk of all its stages: what is fixed before the draw.

    `plan` has `tolerable` and `risk` as texts of decimals and `stages`, each {"n", "errors"}: errors allowed in all
    stages so far. Refuses `invalid` by field, and `plan_risk` when the stages together exceed the risk: the risk is
    split over them, never spent anew. Only for one stratum: a limit pooled over strata would claim too little.
    """
    if not plan:
        return {}
    tolerable, risk = (Fraction(str(plan[name])) for name in ("tolerable", "risk"))
    _check_shares(tolerable=tolerable, risk=risk)
    stages = plan["stages"]
    taken, limits = [stage["n"] for stage in stages], [stage["errors"] for stage in stages]
    population = sum(sizes.values())
    if len(sizes) > 1:
        raise invalid(
            "plan",
            "a test over several strata cannot be planned; draw from the whole list, or plan each stratum by itself",
        )
    check_stages(stages, n, population)
    total = acceptance(taken, limits, tolerable, population)
    if total > risk:
        raise Refused("plan_risk", total=shown(total), risk=str(plan["risk"]))
    kept = [{"n": size, "errors": limit} for size, limit in zip(taken, limits, strict=True)]
    return {
        "tolerable": str(plan["tolerable"]),
        "risk": str(plan["risk"]),
        "stages": kept,
        "total_risk": shown(total),
    }


def check_stages(stages: Sequence[Mapping[str, int]], n: int, population: int) -> None:
    """Refuses (`invalid`) stages that do not begin with the draw's `n`, take more than there is, or allow ever less."""
    taken, limits = [stage["n"] for stage in stages], [stage["errors"] for stage in stages]
    if faults := [*_stage_faults(taken, limits, n, population)]:
        raise Refused("invalid", faults)


def _stage_faults(taken: Sequence[int], limits: Sequence[int], n: int, population: int) -> Iterator[Fault]:
    if not 1 <= len(taken) <= MOST_STAGES:
        yield Fault("plan.stages", "out_of_range", {"lower": 1, "upper": MOST_STAGES})
        return
    if taken[0] != n:
        yield problem("plan.stages.0.n", "the draw takes {n}", n=n)
    if any(size < 1 for size in taken) or sum(taken) > population:
        yield problem("plan.stages", "the stages take 1 to {population} in all", population=population)
    if list(limits) != sorted(limits) or limits[0] < 0 or limits[-1] > MOST_ERRORS:
        yield problem("plan.stages", "errors allowed are 0 to {most_errors} and never fall", most_errors=MOST_ERRORS)


def shown(share: Fraction) -> str:
    """Four decimals, rounded up: a risk is never shown smaller than it is."""
    return f"{ceil(share * 10_000) / 10_000:.4f}"


def continues(plan: Mapping[str, Any], done: Sequence[int], n: int) -> bool:
    """Whether a further stage of `n` items is the next one of the plan, after stages of `done` items."""
    sizes = [stage["n"] for stage in plan.get("stages", ())]
    return len(sizes) > len(done) and sizes[: len(done)] == list(done) and sizes[len(done)] == n


def krejcie_morgan(population: int) -> int:
    """Sample size of Krejcie and Morgan (1970): chi-square 3.841, p = .5, d = .05, rounded as in their table."""
    if not 1 <= population <= 100_000_000:
        raise Refused("invalid", [Fault("population", "out_of_range", {"lower": 1, "upper": 100_000_000})])
    quarter, d2 = Fraction(1, 4), Fraction(25, 10_000)
    size = CHI_SQUARE * population * quarter / (d2 * (population - 1) + CHI_SQUARE * quarter)
    return int(size + Fraction(1, 2))


@dataclass(frozen=True)
class Separation:
    """`n` effective answers separate the expected rate from the edge, `issue` is how many persons must be drawn.

    `base` is n without list size and design effect. `census`: the list is too small for it; ask everybody.
    """

    base: int
    n: int
    issue: int
    census: bool


def separate(
    edge: float,
    expected: float,
    population: int | None = None,
    *,
    confidence: float = 0.95,
    power: float = 0.8,
    design_effect: float = 1.0,
    response: float = 1.0,
) -> Separation:
    """How many answers tell an expected rate from the rate at a grade's boundary.

    n0 = ((z_c sqrt(e(1-e)) + z_p sqrt(x(1-x))) / (x - e))^2, the usual one-sided test of one proportion against a fixed
    one; then the finite list n0 / (1 + (n0 - 1) / N), times the design effect, rounded up once; divided by the expected
    response for how many to draw. Limits: a normal approximation, poor where n x rate is below 5 or either rate is at 0
    or 1; one rate only, the other parts of the score taken as known; non-response is taken as unrelated to the answer,
    which no sample size mends. Refuses (`invalid`) rates outside (0, 1), equal rates, and other impossible values.
    """
    _check_separation(edge, expected, confidence, power, design_effect, response, population)
    z_risk, z_power = NormalDist().inv_cdf(confidence), NormalDist().inv_cdf(power)
    spread = z_risk * (edge * (1 - edge)) ** 0.5 + z_power * (expected * (1 - expected)) ** 0.5
    base = (spread / (expected - edge)) ** 2
    finite = base if population is None else base / (1 + (base - 1) / population)
    n = ceil(finite * design_effect - 1e-9)
    issue = to_issue(n, response)
    census = population is not None and issue > population
    if census and population is not None:
        n, issue = min(n, population), population
    return Separation(ceil(base - 1e-9), n, issue, census)


def to_issue(n: int, response: float) -> int:
    """How many must be drawn so that about `n` answer: n / response, rounded up. Refuses a response outside (0, 1]."""
    if not 0.01 <= response <= 1:
        raise Refused("invalid", [Fault("response", "out_of_range", {"lower": "0.01", "upper": 1})])
    return ceil(n / response - 1e-9)


def rate_at_edge(expected: float, distance: float, points: float) -> float:
    """The rate at which the total reaches a band's edge, if this rate alone moves it.

    `distance` is edge minus expected total in points, `points` what the rate earns at 1 (linear). Refuses what no rate
    can bridge: then the other parts of the score decide, not this sample.
    """
    edge = expected + distance / points if points > 0 else -1.0
    if not 0 < edge < 1:
        raise invalid("distance", "this rate alone cannot reach the edge")
    return edge


def _check_separation(
    edge: float,
    expected: float,
    confidence: float,
    power: float,
    design_effect: float,
    response: float,
    population: int | None,
) -> None:
    shares = {"edge": edge, "expected": expected, "confidence": confidence, "power": power}
    faults = [
        Fault(name, "out_of_range", {"lower": "0.001", "upper": "0.999"})
        for name, share in shares.items()
        if not 0.001 <= share <= 0.999
    ]
    if abs(edge - expected) < 0.0005:
        faults.append(problem("expected", "the two rates are the same; no sample can separate them"))
    if not 0.1 <= design_effect <= 100:
        faults.append(Fault("design_effect", "out_of_range", {"lower": "0.1", "upper": 100}))
    if not 0.01 <= response <= 1:
        faults.append(Fault("response", "out_of_range", {"lower": "0.01", "upper": 1}))
    if population is not None and population < 1:
        faults.append(Fault("population", "out_of_range", {"lower": 1, "upper": MOST_N}))
    if faults:
        raise Refused("invalid", faults)
