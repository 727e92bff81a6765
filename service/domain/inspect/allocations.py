"""How a draw is spread over strata: in proportion to their sizes, by fixed numbers, with a minimum for each."""

from collections.abc import Mapping
from fractions import Fraction

from service.domain.errors import Fault, Refused

Sizes = Mapping[str, int]  # stratum -> N; "" in a list without strata


def proportional(sizes: Sizes, n: int, minimum: int = 0) -> dict[str, int]:
    """`n` items over the strata in proportion to their sizes, at least `minimum` in each; strata in byte order.

    Largest remainder: each stratum gets the whole part of n x N_h / N, what is left goes to the largest fractions, of
    equal ones to the first stratum in byte order, so that everybody comes to the same numbers. Strata whose share is
    below the minimum get the minimum, and the rest is spread over the others. Refuses `draw_too_large` with the first
    stratum that holds less than the minimum, or when all hold less than n; `invalid` (n) when the minima need more.
    """
    total = sum(sizes.values())
    if n > total:
        raise Refused("draw_too_large", [Fault("n", "out_of_range", {"lower": 1, "upper": total})], **_one(total, n))
    _check_minimum(sizes, minimum)
    least = max(1, minimum * len(sizes))
    if n < least:
        raise Refused("invalid", [Fault("n", "out_of_range", {"lower": least, "upper": total})])
    raised: set[str] = set()
    while True:
        free = {name: sizes[name] for name in sorted(sizes, key=_bytes) if name not in raised}
        spread = _largest_remainder(free, n - minimum * len(raised))
        below = {name for name, share in spread.items() if share < minimum}
        if not below:
            return {name: minimum if name in raised else spread[name] for name in sorted(sizes, key=_bytes)}
        raised |= below


def _bytes(name: str) -> bytes:
    return name.encode("utf-8", "surrogatepass")


def _largest_remainder(sizes: Sizes, n: int) -> dict[str, int]:
    total = sum(sizes.values())
    if not total:
        return dict.fromkeys(sizes, 0)
    quotas = {name: Fraction(n * size, total) for name, size in sizes.items()}
    spread = {name: int(quota) for name, quota in quotas.items()}
    left = n - sum(spread.values())
    for name in sorted(quotas, key=lambda each: (spread[each] - quotas[each], _bytes(each)))[:left]:
        spread[name] += 1
    return spread


def fixed(sizes: Sizes, numbers: Mapping[str, int]) -> dict[str, int]:
    """The numbers as given, all strata named. Refuses unknown strata, and `draw_too_large` where one holds less."""
    faults = [Fault(f"strata.{name}", "stratum_unknown") for name in numbers if name not in sizes]
    if faults:
        raise Refused("invalid", faults)
    asked = {name: numbers.get(name, 0) for name in sorted(sizes, key=_bytes)}
    if any(number < 0 for number in asked.values()) or not any(asked.values()):
        raise Refused("invalid", [Fault("allocation", "out_of_range", {"lower": 1, "upper": sum(sizes.values())})])
    _check_sizes(sizes, asked)
    return asked


def equal(sizes: Sizes, take: int) -> dict[str, int]:
    """The same number of each stratum."""
    return fixed(sizes, dict.fromkeys(sizes, take))


def _check_minimum(sizes: Sizes, minimum: int) -> None:
    _check_sizes(sizes, dict.fromkeys(sizes, minimum))


def _check_sizes(sizes: Sizes, asked: Mapping[str, int]) -> None:
    small = [name for name in sorted(sizes, key=_bytes) if sizes[name] < asked[name]]
    if not small:
        return
    faults = [
        Fault(
            f"strata.{name}" if name else "take", "stratum_too_small", {"available": sizes[name], "take": asked[name]}
        )
        for name in small
    ]
    first = small[0]
    raise Refused("draw_too_large", faults, stratum=first or "-", available=sizes[first], take=asked[first])


def _one(available: int, take: int) -> dict[str, object]:
    return {"stratum": "-", "available": available, "take": take}
