"""Spot checks: drawn records looked up in the field, attribute by attribute, and what their errors say about all."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from fractions import Fraction
from math import comb
from typing import Any

from service.domain.errors import Fault, Refused
from service.domain.inspect.draws import Drawn
from service.domain.shapes import has_forbidden

# G35: records are to be complete, true and on time; G45: what was drawn and is not found counts too.
ATTRIBUTES = ("found", "complete", "true", "timely")
FOUND = "found"  # without it there is nothing to judge
FIRST, BACK_CHECK, OBSERVATION = "first", "back_check", "observation"
PARTS = (FIRST, BACK_CHECK, OBSERVATION)
WAITING, RECEIVED, ACCEPTED, RETURNED, REJECTED = "waiting", "received", "accepted", "returned", "rejected"
CONFLICT, SUPERSEDED = "conflict", "superseded"
STATES = (WAITING, RECEIVED, ACCEPTED, RETURNED, REJECTED, CONFLICT, SUPERSEDED)
CONFIDENCE = Fraction(95, 100)
MAX_NOTE = 2000  # characters


@dataclass(frozen=True)
class SpotCheck:
    """One drawn item looked up: each attribute holds (True) or fails (False); None or absent means not judged.

    `at` is the auditor's clock. What is looked at once a visit has no draw and serial, and is of part "observation".
    What came by a phone also has its checklist (`case-record@1`), flat `answers`, the finer attributes of the checklist
    in `details`, and the rest of what the phone sent (see submissions). `circumstances` are facts such as "late", never
    verdicts; `measures` has for each what was measured and the threshold. `slot` is what only one record in force may
    hold: the item and part, or the record's own id once it no longer counts. `digest` is of what was sent.
    """

    id: str
    draw: str
    serial: str
    attributes: Mapping[str, bool | None]
    at: datetime
    by: str
    note: str = ""
    project: str = ""
    visit: str = ""
    assignment: str = ""
    checklist: str = ""
    answers: Mapping[str, Any] = field(default_factory=dict)
    details: Mapping[str, bool | None] = field(default_factory=dict)
    part: str = FIRST
    started_at: datetime | None = None
    signed_at: datetime | None = None
    sent_at: datetime | None = None
    elapsed_s: float | None = None
    timings: Mapping[str, float] = field(default_factory=dict)
    changes: tuple[Mapping[str, Any], ...] = ()
    position: Mapping[str, Any] = field(default_factory=dict)
    signatures: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    media: tuple[Mapping[str, Any], ...] = ()
    source: str = "api"
    device: str = ""
    app_version: str = ""
    state: str = RECEIVED
    reason: str = ""
    reviews: tuple[Mapping[str, Any], ...] = ()
    circumstances: tuple[str, ...] = ()
    measures: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    amount: Decimal | None = None
    received_at: datetime | None = None
    supersedes: str = ""
    origin: str = ""
    slot: str = ""
    digest: str = ""
    version: int = 1

    @property
    def failed(self) -> tuple[str, ...]:
        """The attributes that fail, in the order in which they were recorded."""
        return tuple(name for name, holds in self.attributes.items() if holds is False)

    @property
    def errs(self) -> bool:
        """An item errs if any attribute fails; not found is such a failure (G45: it stays in the denominator)."""
        return bool(self.failed)


def slot_of(draw: str, serial: str, part: str) -> str:
    """What only one record in force may hold: the drawn item, once for each part."""
    return f"{part}/{draw}/{serial}"


def check(spot: SpotCheck, attributes: Sequence[str] = ATTRIBUTES) -> SpotCheck:
    """The spot check itself if it holds together.

    Refuses (`invalid`, field `attributes.<name>`): a found item with an attribute not judged (silence must not pass
    for "no error"), a judgement of what was not found, unknown attributes, values other than true and false; and a
    time without offset, a note that is too long or has control characters.
    """
    if faults := [*_attribute_faults(spot.attributes, attributes), *_record_faults(spot)]:
        raise Refused("invalid", faults)
    return spot


def _attribute_faults(given: Mapping[str, bool | None], attributes: Sequence[str]) -> Iterable[Fault]:
    for name in given:
        if name not in attributes:
            yield Fault(f"attributes.{name}", "unknown_attribute", {"attributes": ", ".join(attributes)})
    lost = FOUND in attributes and given.get(FOUND) is False
    for name in attributes:
        value = given.get(name)
        if value is not None and not isinstance(value, bool):
            yield Fault(f"attributes.{name}", "wrong_type", {"expected": "true or false"})
        elif lost and name != FOUND and value is not None:
            yield Fault(f"attributes.{name}", "void_when_not_found")
        elif value is None and not (lost and name != FOUND):
            yield Fault(f"attributes.{name}", "missing")


def _record_faults(spot: SpotCheck) -> Iterable[Fault]:
    for name in ("id", "draw", "serial", "by"):
        if not getattr(spot, name):
            yield Fault(name, "missing")
    if spot.at.utcoffset() is None:
        yield Fault("at", "wrong_type", {"expected": "a time with its offset from UTC"})
    if len(spot.note) > MAX_NOTE:
        yield Fault("note", "too_long", {"limit": MAX_NOTE})
    if has_forbidden(spot.note):
        yield Fault("note", "control_characters")


@dataclass(frozen=True)
class Findings:
    """What the checks of one draw found, in one stratum or (`stratum` None) in all.

    `failures` counts each attribute's failures: of `found` among all `n` checked, of the others among those found.
    `rate` is the estimated share of erring items, in several strata weighted by their sizes; None while a stratum has
    no check. `limit` is the exact upper limit of erring items among all `population`; None with a `limit_reason`:
    `unchecked` (drawn items are still missing: those checked first are no random sample) or `stratified` (a limit
    pooled over strata would claim too little: see `strata`).
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

    @property
    def limit_share(self) -> Fraction | None:
        """The limit as a share of the population."""
        return None if self.limit is None else Fraction(self.limit, self.population)


def tabulate(
    checks: Iterable[SpotCheck],
    drawn: Sequence[Drawn],
    population: int | Mapping[str | None, int],
    attributes: Sequence[str] = ATTRIBUTES,
) -> Findings:
    """Findings over one draw; `population` is N, or N of each stratum (`Frame.sizes()`).

    With several strata the result has `strata`, in the order of `population`, and no overall limit. Refuses
    (`invalid`) a check of an item that was not drawn, and a second check of the same item: the caller passes those
    in force. Rules: G35, G45; limits: exact hypergeometric, one-sided 95 %.
    """
    by_serial = _by_serial(checks, {item.serial for item in drawn})
    sizes: Mapping[str | None, int] = {None: population} if isinstance(population, int) else population
    if len(sizes) == 1:
        [(stratum, size)] = sizes.items()
        return _findings(stratum, [item.serial for item in drawn], by_serial, size, attributes)
    groups: dict[str | None, list[str]] = {stratum: [] for stratum in sizes}
    for item in drawn:
        groups[item.stratum].append(item.serial)
    return _overall([_findings(name, groups[name], by_serial, size, attributes) for name, size in sizes.items()])


def _by_serial(checks: Iterable[SpotCheck], drawn: set[str]) -> dict[str, SpotCheck]:
    found: dict[str, SpotCheck] = {}
    for spot in checks:
        if spot.serial not in drawn:
            raise Refused("invalid", [Fault("serial", "not_drawn", {"value": spot.serial})])
        if spot.serial in found:
            raise Refused("invalid", [Fault("serial", "duplicate", {"value": spot.serial})])
        found[spot.serial] = spot
    return found


def _findings(
    stratum: str | None, serials: list[str], checks: Mapping[str, SpotCheck], population: int, attributes: Sequence[str]
) -> Findings:
    checked = [checks[serial] for serial in serials if serial in checks]
    missing = tuple(serial for serial in serials if serial not in checks)
    errors = sum(spot.errs for spot in checked)
    n = len(checked)
    complete = n > 0 and not missing
    return Findings(
        stratum=stratum,
        population=population,
        drawn=len(serials),
        n=n,
        errors=errors,
        failures={name: sum(spot.attributes.get(name) is False for spot in checked) for name in attributes},
        missing=missing,
        rate=Fraction(errors, n) if n else None,
        limit=upper_limit(errors, n, population) if complete else None,
        limit_reason=None if complete else "unchecked",
    )


def _overall(strata: Sequence[Findings]) -> Findings:
    population = sum(part.population for part in strata)
    rates = [part.rate * part.population for part in strata if part.rate is not None]
    return Findings(
        stratum=None,
        population=population,
        drawn=sum(part.drawn for part in strata),
        n=sum(part.n for part in strata),
        errors=sum(part.errors for part in strata),
        failures={name: sum(part.failures[name] for part in strata) for name in strata[0].failures},
        missing=tuple(serial for part in strata for serial in part.missing),
        # A stratum without checks is never silently left out of the weights.
        rate=sum(rates, Fraction(0)) / population if len(rates) == len(strata) else None,
        limit=None,
        limit_reason="stratified",
        strata=tuple(strata),
    )


def upper_limit(errors: int, n: int, population: int, confidence: Fraction = CONFIDENCE) -> int:
    """Exact one-sided upper limit: the largest number D of erring items in the population that is still plausible.

    D is plausible while P(at most `errors` among `n` drawn without replacement) > 1 - confidence. Whole numbers
    throughout, so a probability that equals 1 - confidence decides the same everywhere. n = population gives `errors`.
    ValueError unless 0 <= errors <= n <= population and n > 0.
    """
    if not (0 <= errors <= n <= population and n > 0):
        raise ValueError(f"impossible: {errors} errors among {n} of {population}")
    risk = 1 - confidence
    bound = comb(population, n) * risk.numerator
    low, high = errors, population - (n - errors)  # what was seen is possible with `low`; more than `high` is not
    while low < high:
        middle = (low + high + 1) // 2
        if _ways_up_to(errors, n, middle, population) * risk.denominator > bound:
            low = middle
        else:
            high = middle - 1
    return low


def _ways_up_to(errors: int, n: int, bad: int, population: int) -> int:
    """In how many of the comb(population, n) samples at most `errors` of the `bad` items are."""
    good = population - bad
    seen = max(0, n - good)
    ways = comb(bad, seen) * comb(good, n - seen)
    total = 0
    while seen <= errors and ways:
        total += ways
        ways = ways * (bad - seen) * (n - seen) // ((seen + 1) * (good - n + seen + 1))
        seen += 1
    return total
