"""What each type of indicator holds of its own: how its evidence is read and turned into points."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from service.domain.evaluate.canonical import Variant
from service.domain.modes import Text

FULL = Decimal(100)


@dataclass(frozen=True)
class Linear(Variant):
    """Points equal the figure."""

    def points(self, figure: Decimal) -> Decimal:
        return figure


@dataclass(frozen=True)
class Step:
    start: Decimal  # the step holds from here (included) to the next step's start (excluded)
    points: Decimal


@dataclass(frozen=True)
class Steps(Variant):
    """Quantified intervals with their own points (C09); the first step starts at the lowest value there is."""

    steps: tuple[Step, ...]

    def points(self, figure: Decimal) -> Decimal:
        return [step.points for step in self.steps if step.start <= figure][-1]


@dataclass(frozen=True)
class Target(Variant):
    """Full points from `target` on; each point below costs `deduction`, never under zero."""

    target: Decimal
    deduction: Decimal

    def points(self, figure: Decimal) -> Decimal:
        return max(Decimal(0), FULL - self.deduction * max(Decimal(0), self.target - figure))


@dataclass(frozen=True)
class ZeroAt(Variant):
    """Error points falling in a straight line from 100 at no errors to 0 at an error rate of `rate` percent."""

    rate: Decimal

    def points(self, figure: Decimal) -> Decimal:
        return max(Decimal(0), FULL - FULL * figure / self.rate)


@dataclass(frozen=True)
class Composite(Variant):
    """The weighted sum of its children."""


@dataclass(frozen=True)
class Survey(Variant):
    """Answers of one population, turned into one figure of 0..100 and that into points."""

    population: str
    questionnaire: str
    scale: str
    figure: str  # top3_rate | top2_rate | share | index:<mapping>
    share_of: tuple[str, ...]  # the option codes that `share` counts
    points: Linear | Steps | Target
    distributions: tuple[str, ...]
    modes: tuple[str, ...]
    min_n: int
    min_response: Decimal  # percent
    if_below: str

    @property
    def mapping(self) -> str | None:
        return self.figure.partition(":")[2] or None


@dataclass(frozen=True)
class Check(Variant):
    """A spot check of randomly drawn records (G35, G45): the error rate in percent becomes points."""

    attributes: tuple[str, ...]
    error_points: ZeroAt | Steps
    tolerable_rate: Decimal  # percent


@dataclass(frozen=True)
class Expert(Variant):
    """Scores of 0..100 by named raters."""

    raters: str
    aggregate: str
    min_raters: int


@dataclass(frozen=True)
class Counter(Variant):
    """A volume against its target, by the verified value; fulfilment above `cap` percent earns nothing more."""

    unit: Text
    level: str
    cap: Decimal
    denominator: str | None  # what "per worker" divides by; None at agency level


@dataclass(frozen=True)
class Ratio(Variant):
    """A part of a whole, both counted and named (G26, G38, G39, O01): 100 × numerator / denominator becomes points.

    `part`: the numerator is counted among the denominator and can never exceed it. Over `cap` percent earns no more.
    """

    numerator: Text
    denominator: Text
    points: Linear | Steps | Target | ZeroAt
    part: bool
    cap: Decimal


@dataclass(frozen=True)
class Measured(Variant):
    """A measured value that earns the points of its interval (C09, O12); below the first interval it earns nothing."""

    unit: Text
    steps: tuple[Step, ...]


@dataclass(frozen=True)
class Modifier:
    """What an event earns besides (a leader's instruction); `roles`: only who took this part gets it, empty for all."""

    label: Text
    points: Decimal
    roles: tuple[str, ...]


@dataclass(frozen=True)
class EventType:
    """Points of one event: one number, or one for each role; of the modifiers that apply all count, or the highest."""

    label: Text
    points: Decimal
    roles: Mapping[str, Decimal]
    modifiers: Mapping[str, Modifier]
    combine: str  # sum | max


@dataclass(frozen=True)
class Events(Variant):
    """What happened, by type (I03-I08): the sum from `base` on, within `floor` and `cap` where these are set."""

    types: Mapping[str, EventType]
    base: Decimal
    floor: Decimal | None
    cap: Decimal | None


@dataclass(frozen=True)
class Gate(Variant):
    """A condition that is met or not and earns nothing (C10). One not met fails the whole, or holds it up."""

    on_failure: str  # fail | hold


Spec = Composite | Survey | Check | Expert | Counter | Ratio | Measured | Events | Gate
