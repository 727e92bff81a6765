"""Findings: what the checks of one draw say about its whole frame, attribute by attribute and stratum by stratum."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from fractions import Fraction

from service.domain.errors import Fault, Refused
from service.domain.inspect.draws import Drawn
from service.domain.inspect.spot_checks import ATTRIBUTES, FOUND, SpotCheck
from service.domain.inspect.stratified_bounds import CONFIDENCE, Stratum, upper_bound

# Which rules an attribute is evidence for. What was not found or is not true also corrects the counter claimed for the
# frame; what is incomplete or late never does: the work was done, its record is poor.
FEEDS: Mapping[str, tuple[str, ...]] = {
    "found": ("G35",),
    "complete": ("G35",),
    "true": ("G35",),
    "timely": ("G35", "G36"),
}


@dataclass(frozen=True)
class AttributeFindings:
    """One attribute in one stratum, or in all of them.

    `judged` items could be judged and `failed` of them; `lost` items were not found. An item that was not found has not
    shown the attribute either, so both estimates are over all items: `rate` is the share of those failed or lost, in
    several strata weighted by their sizes, and at most `limit` items of the population fail or are lost. Of those
    judged alone there is no limit: how many could be judged among all is not known, and losing records would pay.
    """

    name: str
    n: int
    judged: int
    failed: int
    lost: int
    rate: Fraction | None
    limit: int | None
    limit_method: str | None
    limit_reason: str | None
    feeds: tuple[str, ...] = ()

    @property
    def wanting(self) -> int:
        """Items that do not have it: failed or not found."""
        return self.failed + self.lost

    @property
    def rate_of_judged(self) -> Fraction | None:
        """The plain share among those judged, for description only."""
        return Fraction(self.failed, self.judged) if self.judged else None


@dataclass(frozen=True)
class Findings:
    """What the checks of one draw found, in one stratum or (`stratum` None) in all.

    `failures` counts each attribute's failures: of `found` among all `n` checked, of the others among those found.
    `rate` is the estimated share of erring items, in several strata weighted by their sizes; None while a stratum has
    no check. `limit` is the exact upper limit of erring items among all `population`, by `limit_method` (see
    stratified_bounds.METHODS); None with a `limit_reason`: `unchecked` (drawn items are still missing: those checked
    first are no random sample), `unchecked_stratum` (nothing was drawn of a stratum) or `not_random` (the draw was made
    because of a complaint or a report).
    """

    stratum: str | None
    population: int
    drawn: int
    n: int
    errors: int
    failures: Mapping[str, int]
    missing: tuple[str, ...]
    rate: Fraction | None
    limit: int | None
    limit_reason: str | None
    strata: tuple["Findings", ...] = field(default=())
    limit_method: str | None = None
    attributes: tuple[AttributeFindings, ...] = field(default=())

    @property
    def limit_share(self) -> Fraction | None:
        """The limit as a share of the population."""
        return None if self.limit is None else Fraction(self.limit, self.population)

    def attribute(self, name: str) -> AttributeFindings:
        """Raises KeyError for an attribute that the table has not."""
        return {found.name: found for found in self.attributes}[name]


def tabulate(
    checks: Iterable[SpotCheck],
    drawn: Sequence[Drawn],
    population: int | Mapping[str | None, int],
    attributes: Sequence[str] = ATTRIBUTES,
    confidence: Fraction = CONFIDENCE,
) -> Findings:
    """Findings over one draw; `population` is N, or N of each stratum (`Frame.sizes()`).

    With several strata the result has `strata`, in the order of `population`. `attributes` may name finer ones too,
    which are read from the checks' `details`. Refuses (`invalid`) a check of an item that was not drawn, and a second
    check of the same item: the caller passes those in force. Rules: G35, G45; limits one-sided, see stratified_bounds.
    """
    by_serial = _by_serial(checks, {item.serial for item in drawn})
    sizes: Mapping[str | None, int] = {None: population} if isinstance(population, int) else population
    groups: dict[str | None, list[str]] = {stratum: [] for stratum in sizes}
    for item in drawn:
        groups[item.stratum if len(sizes) > 1 else next(iter(sizes))].append(item.serial)
    parts = [_Part(name, size, groups[name], by_serial) for name, size in sizes.items()]
    if len(parts) == 1:
        return _findings(parts, attributes, confidence)
    strata = tuple(_findings([part], attributes, confidence) for part in parts)
    return replace(_findings(parts, attributes, confidence), stratum=None, strata=strata)


def not_random(found: Findings) -> Findings:
    """The same counts without any estimate: what a complaint or the media pointed to is no sample (C15)."""
    attributes = tuple(
        replace(one, rate=None, limit=None, limit_method=None, limit_reason="not_random") for one in found.attributes
    )
    strata = tuple(not_random(part) for part in found.strata)
    bare = replace(found, rate=None, limit=None, limit_method=None, limit_reason="not_random")
    return replace(bare, attributes=attributes, strata=strata)


def _by_serial(checks: Iterable[SpotCheck], drawn: set[str]) -> dict[str, SpotCheck]:
    found: dict[str, SpotCheck] = {}
    for spot in checks:
        if spot.serial not in drawn:
            raise Refused("invalid", [Fault("serial", "not_drawn", {"value": spot.serial})])
        if spot.serial in found:
            raise Refused("invalid", [Fault("serial", "duplicate", {"value": spot.serial})])
        found[spot.serial] = spot
    return found


class _Part:
    """One stratum: its size, what was drawn of it, and the checks there are."""

    def __init__(self, name: str | None, size: int, serials: list[str], checks: Mapping[str, SpotCheck]) -> None:
        self.name, self.size, self.serials = name, size, serials
        self.checked = [checks[serial] for serial in serials if serial in checks]
        self.missing = tuple(serial for serial in serials if serial not in checks)

    def judgements(self, attribute: str) -> list[bool | None]:
        return [judgement(spot, attribute) for spot in self.checked]


def judgement(spot: SpotCheck, attribute: str) -> bool | None:
    """What a check says of an attribute, of the core or a finer one of its checklist."""
    return spot.attributes[attribute] if attribute in spot.attributes else spot.details.get(attribute)


def lost(spot: SpotCheck) -> bool:
    """Whether the item was not found."""
    return spot.attributes.get(FOUND) is False


def _findings(parts: Sequence[_Part], attributes: Sequence[str], confidence: Fraction) -> Findings:
    errors = [sum(spot.errs for spot in part.checked) for part in parts]
    rate, limit, method, reason = _estimate(parts, errors, confidence)
    return Findings(
        stratum=parts[0].name,
        population=sum(part.size for part in parts),
        drawn=sum(len(part.serials) for part in parts),
        n=sum(len(part.checked) for part in parts),
        errors=sum(errors),
        failures={name: sum(part.judgements(name).count(False) for part in parts) for name in attributes},
        missing=tuple(serial for part in parts for serial in part.missing),
        rate=rate,
        limit=limit,
        limit_reason=reason,
        limit_method=method,
        attributes=tuple(_attribute(parts, name, confidence) for name in attributes),
    )


def _attribute(parts: Sequence[_Part], name: str, confidence: Fraction) -> AttributeFindings:
    all_lost = [sum(lost(spot) for spot in part.checked) for part in parts]
    failed = [0 if name == FOUND else part.judgements(name).count(False) for part in parts]
    wanting = [one + other for one, other in zip(failed, all_lost, strict=True)]
    rate, limit, method, reason = _estimate(parts, wanting, confidence)
    judged = sum(value is not None for part in parts for value in part.judgements(name))
    return AttributeFindings(
        name=name,
        n=sum(len(part.checked) for part in parts),
        judged=judged,
        failed=sum(failed),
        lost=sum(all_lost),
        rate=rate,
        limit=limit,
        limit_method=method,
        limit_reason=reason,
        feeds=FEEDS.get(name, ()),
    )


def _estimate(
    parts: Sequence[_Part], errors: Sequence[int], confidence: Fraction
) -> tuple[Fraction | None, int | None, str | None, str | None]:
    """(rate, limit, method, reason). A stratum without checks is never silently left out of the weights."""
    population = sum(part.size for part in parts)
    rate = None
    if all(part.checked for part in parts):
        pairs = zip(parts, errors, strict=True)
        rate = sum((Fraction(error, len(part.checked)) * part.size for part, error in pairs), Fraction(0)) / population
    if any(part.missing for part in parts) or not any(part.checked for part in parts):
        return rate, None, None, "unchecked"
    strata = [Stratum(part.size, len(part.checked), error) for part, error in zip(parts, errors, strict=True)]
    found = upper_bound(strata, confidence)
    return rate, found.limit, found.method, found.reason
