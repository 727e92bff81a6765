"""What the group enters beside volumes and judgements: ratios, measured values, events, and whether gates are met."""

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from service.domain.errors import Fault, Refused, invalid
from service.domain.evaluate.evidence import Event, GateFinding, Measure, Ratio
from service.domain.evaluate.node_scores_events import unfit
from service.domain.evaluate.remarks import REMARKS
from service.domain.evaluate.rounds import check_node
from service.domain.evaluate.schemes import Events, Gate, Measured, Scheme
from service.domain.evaluate.schemes import Ratio as RatioSpec


@dataclass(frozen=True)
class RoundRatio:
    """Numerator and denominator of one ratio node; `source` says what they were read from."""

    id: str
    round: str
    node: str
    numerator: Decimal
    denominator: Decimal
    source: str
    at: datetime
    by: str


@dataclass(frozen=True)
class RoundMeasure:
    """The measured value of one node, in the scheme's unit."""

    id: str
    round: str
    node: str
    value: Decimal
    unit: str
    source: str
    at: datetime
    by: str


@dataclass(frozen=True)
class RoundEvent:
    """So many events of one type on one day."""

    id: str
    round: str
    node: str
    type: str
    quantity: Decimal
    on: date
    source: str
    at: datetime
    by: str
    modifiers: tuple[str, ...] = ()
    role: str = ""


@dataclass(frozen=True)
class RoundGateFinding:
    """Whether a condition is met. A later finding stands in the place of an earlier one, which is kept."""

    id: str
    round: str
    node: str
    passed: bool
    reason: str
    source: str
    at: datetime
    by: str


Entry = RoundRatio | RoundMeasure | RoundEvent | RoundGateFinding


def check_entry(scheme: Scheme, entry: Entry) -> None:
    """The node is there and takes this kind of entry, which says where it comes from. Raises Refused("invalid")."""
    if not entry.source.strip():
        raise Refused("invalid", [Fault("source", "empty")])
    if isinstance(entry, RoundRatio):
        _check_ratio(scheme, entry)
    elif isinstance(entry, RoundMeasure):
        _check_measure(scheme, entry)
    elif isinstance(entry, RoundEvent):
        _check_event(scheme, entry)
    else:
        check_node(scheme, entry.node, Gate, "gate")
        if not entry.reason.strip():
            raise Refused("invalid", [Fault("reason", "empty")])


def _check_ratio(scheme: Scheme, entry: RoundRatio) -> None:
    check_node(scheme, entry.node, RatioSpec, "ratio")
    as_ratio(entry)
    spec = scheme.node(entry.node).spec
    if isinstance(spec, RatioSpec) and spec.part and entry.numerator > entry.denominator:
        raise Refused("invalid", [Fault("numerator", "part_exceeds_whole", {"whole": entry.denominator})])


def _check_measure(scheme: Scheme, entry: RoundMeasure) -> None:
    check_node(scheme, entry.node, Measured, "steps")
    as_measure(entry)
    spec = scheme.node(entry.node).spec
    units = list(dict.fromkeys(spec.unit.values())) if isinstance(spec, Measured) else []
    if entry.unit not in units:
        raise Refused("invalid", [Fault("unit", "not_an_option", {"value": entry.unit, "options": ", ".join(units)})])


def _check_event(scheme: Scheme, entry: RoundEvent) -> None:
    check_node(scheme, entry.node, Events, "events")
    spec = scheme.node(entry.node).spec
    if entry.quantity <= 0:
        raise Refused("invalid", [Fault("quantity", "out_of_range", {"lower": 1, "upper": "∞"})])
    if isinstance(spec, Events) and (found := unfit(entry.node, spec, as_event(entry))):
        raise invalid("type", REMARKS[found.code], **found.params)


def as_ratio(entry: RoundRatio) -> Ratio:
    """The ratio as the score takes it."""
    return Ratio(entry.id, entry.node, entry.numerator, entry.denominator, entry.source)


def as_measure(entry: RoundMeasure) -> Measure:
    """The measured value as the score takes it."""
    return Measure(entry.id, entry.node, entry.value, entry.unit, entry.source)


def as_event(entry: RoundEvent) -> Event:
    """The events as the score takes them."""
    more = (tuple(entry.modifiers), entry.role, entry.on, entry.source)
    return Event(entry.id, entry.node, entry.type, entry.quantity, *more)


def as_finding(entry: RoundGateFinding) -> GateFinding:
    """The finding as the score takes it."""
    return GateFinding(entry.id, entry.node, entry.passed, entry.reason, entry.source)
