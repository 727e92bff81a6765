"""What a score is computed from: frozen, already accepted evidence, each piece bound to one node of the scheme."""

from collections.abc import Mapping
from dataclasses import dataclass, fields
from datetime import date
from decimal import Decimal
from typing import Any, get_type_hints

from service.domain.errors import Fault, Refused
from service.domain.evaluate.canonical import as_data, canonical, later
from service.domain.evaluate.plain_records import record

HUNDRED = Decimal(100)
DECISIONS = ("count", "not_scorable")


def _within(name: str, value: Decimal | None, upper: Decimal | None = HUNDRED) -> None:
    """Refused("invalid") for what is not finite, negative or over `upper`: such evidence must not come to exist."""
    if value is not None and (not value.is_finite() or value < 0 or (upper is not None and value > upper)):
        raise Refused(
            "invalid", [Fault(name, "out_of_range", {"lower": 0, "upper": upper if upper is not None else "∞"})]
        )


@dataclass(frozen=True)
class SurveyEvidence:
    """The figure of one campaign, 0..100, from the answers that may count; None with a `reason` if there is none.

    `response_rate` in percent; `distributions` and `modes` are those of the answers behind the figure. `left_out` tells
    how many answers of the campaign do not count, and why: (distribution | mode | assistance, its code, number).
    `census` if everyone was asked and answered for themselves: a drawn part that answers in full is none. `se` is the
    figure's standard error; None where no probability sample was drawn.
    """

    node: str
    campaign: str
    figure_value: Decimal | None
    n: int
    response_rate: Decimal | None
    distributions: tuple[str, ...]
    modes: tuple[str, ...]
    reason: str | None
    digest: str
    left_out: tuple[tuple[str, str, int], ...] = ()
    census: bool = False
    se: Decimal | None = later(None)

    def __post_init__(self) -> None:
        _within("figure_value", self.figure_value)
        _within("response_rate", self.response_rate)
        _within("n", Decimal(self.n), None)

    id = property(lambda self: self.campaign)


@dataclass(frozen=True)
class CheckEvidence:
    """The findings of one draw: `errors` among `n` checked of `population`; drawn and not yet checked is missing.

    `rate` in percent, for a stratified draw (weighted by the strata); None means errors / n. `upper_limit` is the
    exact one-sided limit of erring records in the population, `se` the standard error of the rate.
    """

    node: str
    draw: str
    n: int
    errors: int
    per_attribute: Mapping[str, int]
    upper_limit: int | None
    population: int
    digest: str
    missing_items: tuple[str, ...] = ()
    rate: Decimal | None = None
    se: Decimal | None = later(None)

    def __post_init__(self) -> None:
        _within("errors", Decimal(self.errors), Decimal(self.n))
        _within("n", Decimal(self.n), Decimal(self.population))
        _within("rate", self.rate)

    id = property(lambda self: self.draw)


@dataclass(frozen=True)
class Judgement:
    """One rater's score, 0..100, with the reason for it; from an institution: its signed opinion (G29, G30)."""

    id: str
    node: str
    rater: str
    score: Decimal
    reason: str

    def __post_init__(self) -> None:
        _within("score", self.score)


@dataclass(frozen=True)
class Panel:
    """Who was asked to judge a node; whoever of them stays silent is listed as missing."""

    node: str
    raters: tuple[str, ...]

    id = property(lambda self: self.node)


@dataclass(frozen=True)
class Quantity:
    """A volume: the contract's target, what the provider claims, what was verified; None where it is not known.

    At the level of "per worker" `target` is per worker and `verified` the sum over all, divided by `workers` in the
    unit that the scheme names as denominator (G13). `source` says where the verified value comes from,
    `draw` which spot checks it was computed from, `unverified` why these give none, `se` its standard error.
    """

    id: str
    node: str
    target: Decimal | None
    claimed: Decimal | None
    verified: Decimal | None
    workers: Decimal | None = None
    source: str = ""
    draw: str = ""
    unverified: str = ""
    se: Decimal | None = later(None)

    def __post_init__(self) -> None:
        for name in ("target", "claimed", "verified", "workers"):
            _within(name, getattr(self, name), None)


@dataclass(frozen=True)
class LeadDecision:
    """The lead's decision, with its reason, on a survey that stays below the scheme's minimum."""

    node: str
    decision: str  # count | not_scorable
    reason: str

    def __post_init__(self) -> None:
        if self.decision not in DECISIONS:
            options = ", ".join(DECISIONS)
            raise Refused("invalid", [Fault("decision", "not_an_option", {"value": self.decision, "options": options})])
        if not self.reason.strip():
            raise Refused("invalid", [Fault("reason", "empty")])

    id = property(lambda self: self.node)


@dataclass(frozen=True)
class Ratio:
    """A part and its whole, both counted (G26, G38, G39, O01): what nobody rated is in neither."""

    id: str
    node: str
    numerator: Decimal
    denominator: Decimal
    source: str = ""

    def __post_init__(self) -> None:
        _within("numerator", self.numerator, None)
        _within("denominator", self.denominator, None)


@dataclass(frozen=True)
class Measure:
    """One measured value in the scheme's unit (C09)."""

    id: str
    node: str
    value: Decimal
    unit: str
    source: str = ""

    def __post_init__(self) -> None:
        if not self.value.is_finite():
            raise Refused("invalid", [Fault("value", "wrong_type", {"expected": "a number"})])


@dataclass(frozen=True)
class Event:
    """So many events of one type (I03-I08); `modifiers` hold for each of them, `role` is the part taken in it."""

    id: str
    node: str
    type: str
    quantity: Decimal = Decimal(1)
    modifiers: tuple[str, ...] = ()
    role: str = ""
    on: date | None = None
    source: str = ""

    def __post_init__(self) -> None:
        _within("quantity", self.quantity, None)


@dataclass(frozen=True)
class GateFinding:
    """Whether a condition that is not scored is met, with the reason (C10)."""

    id: str
    node: str
    passed: bool
    reason: str
    source: str = ""


@dataclass(frozen=True)
class Evidence:
    """All accepted evidence of one round, or of one node. Kinds that came later are left out of data while empty."""

    surveys: tuple[SurveyEvidence, ...] = ()
    checks: tuple[CheckEvidence, ...] = ()
    judgements: tuple[Judgement, ...] = ()
    panels: tuple[Panel, ...] = ()
    quantities: tuple[Quantity, ...] = ()
    decisions: tuple[LeadDecision, ...] = ()
    ratios: tuple[Ratio, ...] = later(())
    measures: tuple[Measure, ...] = later(())
    events: tuple[Event, ...] = later(())
    gates: tuple[GateFinding, ...] = later(())

    def of(self, node: str) -> "Evidence":
        """What concerns one node."""
        found = {kind.name: getattr(self, kind.name) for kind in fields(self)}
        return Evidence(**{name: tuple(one for one in items if one.node == node) for name, items in found.items()})


def to_plain(evidence: Evidence) -> dict[str, list[dict[str, Any]]]:
    """JSON data, the same for the same evidence in whatever order it was read: kind -> its pieces.

    `canonical` of it is stable byte for byte, and `from_plain` makes equal evidence of it again.
    """
    found: dict[str, list[Any]] = as_data(evidence)
    return {kind: sorted(items, key=canonical) for kind, items in found.items()}


def from_plain(data: Mapping[str, Any]) -> Evidence:
    """What `to_plain` gave, as evidence. Raises Refused("invalid") naming the place of what does not fit."""
    kinds = get_type_hints(Evidence)
    if unknown := sorted(set(data) - set(kinds)):
        raise Refused("invalid", [Fault(name, "unknown_field") for name in unknown])
    return record(Evidence, data, "")


def ordered(evidence: Evidence) -> Evidence:
    """The same evidence in the order of `to_plain`, so that its score is the same byte for byte."""
    return from_plain(to_plain(evidence))
