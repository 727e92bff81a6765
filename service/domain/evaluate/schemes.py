"""An assessment scheme as frozen data: the tree of indicators, mappings, bands, rounding and required methods."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_DOWN, ROUND_HALF_EVEN, ROUND_HALF_UP, Decimal
from functools import cached_property
from typing import Any

from service.domain.evaluate.canonical import as_data, canonical, later, plain, sha256
from service.domain.evaluate.scheme_parameters import PARAMETERS
from service.domain.evaluate.scheme_parts import (
    Calendar,
    Change,
    Consequence,
    Deadline,
    Exclusion,
    Group,
    Link,
    RequiredMethod,
    Source,
    Task,
)
from service.domain.evaluate.scheme_specs import (
    FULL,
    Check,
    Composite,
    Counter,
    Events,
    EventType,
    Expert,
    Gate,
    Linear,
    Measured,
    Modifier,
    Ratio,
    Spec,
    Step,
    Steps,
    Survey,
    Target,
    ZeroAt,
)
from service.domain.modes import Text

__all__ = [
    "AGGREGATES",
    "BOUNDARIES",
    "Band",
    "Calendar",
    "Change",
    "Check",
    "Composite",
    "Consequence",
    "Counter",
    "DENOMINATORS",
    "Deadline",
    "EventType",
    "Events",
    "Exclusion",
    "Expert",
    "FIGURES",
    "FULL",
    "Gate",
    "Group",
    "LEVELS",
    "Linear",
    "Link",
    "METHODS",
    "Measured",
    "Modifier",
    "NATURES",
    "Node",
    "OBJECTS",
    "OptionPoints",
    "RATERS",
    "ROUNDINGS",
    "Ratio",
    "RequiredMethod",
    "Rounding",
    "STAGES",
    "Scheme",
    "SchemeVersion",
    "Source",
    "Spec",
    "Step",
    "Steps",
    "Survey",
    "Tags",
    "Target",
    "Task",
    "VIEWS",
    "ZeroAt",
    "as_data",
    "canonical",
    "digest",
    "grade",
    "plain",
    "sha256",
    "shown",
]

# Vocabularies of the rules. A word outside them is refused by the loader.
NATURES = ("process", "result")  # G09
VIEWS = ("objective", "subjective")  # G09
OBJECTS = ("contract performance", "goal attainment", "social benefit", "beneficiary satisfaction")  # G01
METHODS = ("document_review", "interview", "observation", "spot_check")  # G41
FIGURES = ("top3_rate", "top2_rate", "share", "index")
IF_BELOW = ("census", "not_scorable", "lead_decides")
RATERS = ("scorers", "institutions")  # institutions: one signed opinion each, no sample (G29, G30)
AGGREGATES = ("mean", "median", "trimmed_mean", "consensus")
LEVELS = ("agency", "per_worker")  # G13
DENOMINATORS = ("headcount", "full_time_equivalent", "person_months")  # G13: the measures are silent
BOUNDARIES = ("half_open", "truncate_first", "round_half_up_first")  # the three readings of G54
STAGES = ("display",)  # rounding a stage before the total would break "the standards sum to the total"
ROUNDINGS = {"half_up": ROUND_HALF_UP, "half_even": ROUND_HALF_EVEN, "down": ROUND_DOWN}


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
    source: str = later("")  # whose judgement it is (C23)
    not_quantified: Text = later(dict)  # why an indicator that could be counted is not (C02)

    @property
    def gate(self) -> bool:
        """A gate is never scored (C10)."""
        return isinstance(self.spec, Gate)


@dataclass(frozen=True)
class Band:
    """Grade from `lower` (included) to `upper` (excluded, except at 100)."""

    id: str
    label: Text
    lower: Decimal
    upper: Decimal
    example: bool = later(False)  # not in the source: to be adopted


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
    quality: Mapping[str, Mapping[str, Decimal]] = later(dict)  # thresholds of quality marks, by kind
    interviews: Mapping[str, Any] = later(dict)  # what it sets of InterviewRules
    kind: str = later("evaluation")
    parameters: Mapping[str, Any] = later(dict)
    sources: tuple[Source, ...] = later(())
    calendar: Calendar | None = later(None)
    groups: tuple[Group, ...] = later(())
    links: tuple[Link, ...] = later(())
    conflicts: tuple[Exclusion, ...] = later(())
    tasks: tuple[Task, ...] = later(())

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

    @cached_property
    def fingerprint(self) -> str:
        """Made once for a scheme, which cannot change: half the time of a score would go into it."""
        return sha256(self)

    def parameter(self, name: str) -> Any:
        """What the scheme sets, or the default; KeyError for a name that is none of PARAMETERS."""
        return self.parameters.get(name, PARAMETERS[name].default)

    def examples(self) -> tuple[Node, ...]:
        """What the lead must adopt before a round opens outside the demo: weights and rules not in the measures."""
        return tuple(node for node in self.nodes if node.example)


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


def digest(scheme: Scheme) -> str:
    """The scheme's fingerprint: any change of weight, rule, mapping, band or wording changes it."""
    return scheme.fingerprint


@dataclass(frozen=True)
class SchemeVersion:
    """A published scheme as its exact text; `bases` holds the texts of the schemes it extends, by their ids.

    With a `project` it holds that project's adjustments (G65), with their `reason`, and is for its rounds alone.
    """

    id: str
    scheme: str
    number: str
    digest: str
    text: str
    bases: Mapping[str, str]
    project: str = ""
    reason: str = ""
