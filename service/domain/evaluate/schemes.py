"""An assessment scheme as frozen data: the tree of indicators, mappings, bands, rounding and required methods."""

import hashlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, fields, is_dataclass
from datetime import date
from decimal import ROUND_DOWN, ROUND_HALF_EVEN, ROUND_HALF_UP, Decimal
from typing import Any

from service.domain.modes import Text

# Vocabularies of the rules. A word outside them is refused by the loader.
NATURES = ("process", "result")  # G09
VIEWS = ("objective", "subjective")  # G09
OBJECTS = ("contract performance", "goal attainment", "social benefit", "beneficiary satisfaction")  # G01
METHODS = ("document_review", "interview", "observation", "spot_check")  # G41
FIGURES = ("top3_rate", "top2_rate", "share", "index")
IF_BELOW = ("census", "not_scorable", "lead_decides")
RATERS = ("scorers", "institutions")  # institutions: one signed opinion each, no sample (G29, G30)
AGGREGATES = ("mean", "median", "trimmed_mean")
LEVELS = ("agency", "per_worker")  # G13
DENOMINATORS = ("headcount", "full_time_equivalent", "person_months")  # G13: the measures are silent
BOUNDARIES = ("half_open", "truncate_first", "round_half_up_first")  # the three readings of G54
STAGES = ("display",)  # rounding a stage before the total would break "the standards sum to the total"
ROUNDINGS = {"half_up": ROUND_HALF_UP, "half_even": ROUND_HALF_EVEN, "down": ROUND_DOWN}

FULL = Decimal(100)


@dataclass(frozen=True)
class Linear:
    """Points equal the figure."""

    def points(self, figure: Decimal) -> Decimal:
        return figure


@dataclass(frozen=True)
class Step:
    start: Decimal  # the step holds from here (included) to the next step's start (excluded)
    points: Decimal


@dataclass(frozen=True)
class Steps:
    """Quantified intervals with their own points (C09); the first step starts at 0."""

    steps: tuple[Step, ...]

    def points(self, figure: Decimal) -> Decimal:
        return [step.points for step in self.steps if step.start <= figure][-1]


@dataclass(frozen=True)
class Target:
    """Full points from `target` on; each point below costs `deduction`, never under zero."""

    target: Decimal
    deduction: Decimal

    def points(self, figure: Decimal) -> Decimal:
        return max(Decimal(0), FULL - self.deduction * max(Decimal(0), self.target - figure))


@dataclass(frozen=True)
class ZeroAt:
    """Error points falling in a straight line from 100 at no errors to 0 at an error rate of `rate` percent."""

    rate: Decimal

    def points(self, figure: Decimal) -> Decimal:
        return max(Decimal(0), FULL - FULL * figure / self.rate)


@dataclass(frozen=True)
class Composite:
    """The weighted sum of its children."""


@dataclass(frozen=True)
class Survey:
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
class Check:
    """A spot check of randomly drawn records (G35, G45): the error rate in percent becomes points."""

    attributes: tuple[str, ...]
    error_points: ZeroAt | Steps
    tolerable_rate: Decimal  # percent


@dataclass(frozen=True)
class Expert:
    """Scores of 0..100 by named raters."""

    raters: str
    aggregate: str
    min_raters: int


@dataclass(frozen=True)
class Counter:
    """A volume against its target, by the verified value; fulfilment above `cap` percent earns nothing more."""

    unit: Text
    level: str
    cap: Decimal
    denominator: str | None  # what "per worker" divides by; None at agency level


Spec = Composite | Survey | Check | Expert | Counter


@dataclass(frozen=True)
class Tags:
    """G09's two pairs and G01's objects of evaluation (one or more)."""

    nature: str
    view: str
    objects: tuple[str, ...]


@dataclass(frozen=True)
class Node:
    """One indicator. `weight` is its share of the parent in percent; the standards have no parent."""

    id: str
    parent: str | None
    type: str
    label: Text
    description: Text | None
    weight: Decimal
    rules: tuple[str, ...]
    tags: Tags | None
    methods: tuple[str, ...]
    example: bool  # the weight or the scoring rule is an example, not in the measures
    spec: Spec


@dataclass(frozen=True)
class Band:
    """Grade from `lower` (included) to `upper` (excluded, except at 100)."""

    id: str
    label: Text
    lower: Decimal
    upper: Decimal


@dataclass(frozen=True)
class Rounding:
    """How the total is shown. It is banded unrounded whatever stands here (G54)."""

    stage: str
    mode: str
    places: int


@dataclass(frozen=True)
class OptionPoints:
    """What each option of a scale is worth, 0..100."""

    points: Mapping[str, Decimal]
    example: bool


@dataclass(frozen=True)
class RequiredMethod:
    """A minimum of evidence by one method before a round may close (G41-G45)."""

    method: str
    evidence: str
    label: Text
    minimum: int
    rules: tuple[str, ...]


@dataclass(frozen=True)
class Deadline:
    """A term of `n` days from an event; `n` is None where the measures are silent and the round must set it."""

    id: str
    label: Text
    from_event: str
    n: int | None
    unit: str  # day | workday
    hard: bool
    rules: tuple[str, ...]


@dataclass(frozen=True)
class Consequence:
    """What follows from a grade: a duty ("must") or a power ("may"), for so many months if it ends by itself."""

    id: str
    label: Text
    grade: str
    duty: str
    months: int | None
    rules: tuple[str, ...]


@dataclass(frozen=True)
class Change:
    """One deviation from the base scheme and its reason (G53, G64, G65)."""

    action: str  # replace | remove | add | mapping | quality | interviews
    subject: str
    reason: str


@dataclass(frozen=True)
class Scheme:
    """A whole scheme. Only `scheme_loading` makes one, so that whatever holds a Scheme holds a checked one."""

    id: str
    version: str
    title: Text
    legal_basis: str
    source: str
    valid_from: date | None
    valid_to: date | None
    extends: str | None  # "id@digest" of the base
    changes: tuple[Change, ...]
    boundary: str
    bands: tuple[Band, ...]
    rounding: Rounding
    mappings: Mapping[str, OptionPoints]
    methods_required: tuple[RequiredMethod, ...]
    deadlines: tuple[Deadline, ...]
    consequences: tuple[Consequence, ...]
    nodes: tuple[Node, ...]
    quality: Mapping[str, Mapping[str, Decimal]] = field(default_factory=dict)  # thresholds of quality marks, by kind
    interviews: Mapping[str, Any] = field(default_factory=dict)  # what it sets of InterviewRules

    def node(self, node_id: str) -> Node:
        """The node of that id; KeyError if there is none."""
        return {node.id: node for node in self.nodes}[node_id]

    def children(self, parent: str | None) -> tuple[Node, ...]:
        return tuple(node for node in self.nodes if node.parent == parent)

    @property
    def standards(self) -> tuple[Node, ...]:
        """The top level of the tree: the four standards of G10."""
        return self.children(None)

    def leaves(self) -> Iterator[Node]:
        return (node for node in self.nodes if not isinstance(node.spec, Composite))

    def examples(self) -> tuple[Node, ...]:
        """What the lead must adopt before a round opens outside the demo: weights and rules not in the measures."""
        return tuple(node for node in self.nodes if node.example)


_VARIANTS = (Composite, Survey, Check, Expert, Counter, Linear, Steps, Target, ZeroAt)  # named in canonical data


def grade(scheme: Scheme, total: Decimal) -> Band:
    """The band of `total` (0..100) under the scheme's reading of the gaps between whole numbers (G54).

    Truncating to an integer first and half-open bands give the same grade for every total; rounding half up does not.
    """
    value = total
    if scheme.boundary == "truncate_first":
        value = total.to_integral_value(ROUND_DOWN)
    elif scheme.boundary == "round_half_up_first":
        value = total.to_integral_value(ROUND_HALF_UP)
    return max((band for band in scheme.bands if band.lower <= value), key=lambda band: band.lower)


def shown(scheme: Scheme, value: Decimal) -> str:
    """`value` as the report prints it. Display only: 89.995 may print as 90.00 and is still graded as it is."""
    step = Decimal(1).scaleb(-scheme.rounding.places)
    return format(value.quantize(step, rounding=ROUNDINGS[scheme.rounding.mode]), "f")


def plain(value: Decimal) -> str:
    """One text for one number: 20, 20.0 and 2E+1 are all "20"."""
    if value.is_zero():
        return "0"
    text = format(value, "f")
    return text.rstrip("0").rstrip(".") if "." in text else text


def as_data(value: Any) -> Any:
    """Plain JSON data of a scheme, a score or evidence: numbers of points as text, so that no float comes near them."""
    if isinstance(value, Decimal):
        return plain(value)
    if is_dataclass(value) and not isinstance(value, type):
        named = {each.name: as_data(getattr(value, each.name)) for each in fields(value)}
        if isinstance(value, Scheme):  # schemes that were published before these existed keep their digests
            named = {name: given for name, given in named.items() if given or name not in ("quality", "interviews")}
        return {"is": type(value).__name__, **named} if isinstance(value, _VARIANTS) else named
    if isinstance(value, Mapping):
        return {str(key): as_data(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [as_data(item) for item in value]
    return value.isoformat() if isinstance(value, date) else value


def canonical(value: Any) -> bytes:
    """Canonical JSON in UTF-8: keys in order, no spaces, numbers of points as text."""
    return json.dumps(
        as_data(value), ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False
    ).encode()


def sha256(value: Any) -> str:
    """Lower-case hex SHA-256 of the canonical JSON of `value`."""
    return hashlib.sha256(canonical(value)).hexdigest()


def digest(scheme: Scheme) -> str:
    """The scheme's fingerprint: any change of weight, rule, mapping, band or wording changes it."""
    return sha256(scheme)


@dataclass(frozen=True)
class SchemeVersion:
    """A published scheme as its exact text; `bases` holds the texts of the schemes it extends, by their ids."""

    id: str
    scheme: str
    number: str
    digest: str
    text: str
    bases: Mapping[str, str]
