"""Quality marks: hints that an answer or a place needs a look, as data with their formulas, and people's decisions.

A mark is never a verdict: nothing is left out of a figure before somebody has decided so, with a reason, and the figure
with all answers stays beside it. Marks are kept apart from the answers, with the version of these rules.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final

from service.domain.errors import Fault, Refused

RULE_VERSION: Final = 1
PERSON, PLACE = "person", "place"  # what is marked: one answer, or all answers of a cell or an hour
KEEP, EXCLUDE = "keep", "exclude"
OWN = "our own choice, no printed source; set your own"


@dataclass(frozen=True)
class Parameter:
    """A threshold: its default, the values it may take, and where the default comes from."""

    default: float
    lowest: float
    highest: float
    source: str


@dataclass(frozen=True)
class Rule:
    """One kind of mark. `limits` says what it cannot know, from what is kept of an answer."""

    subject: str
    formula: str
    parameters: Mapping[str, Parameter]
    limits: str


@dataclass(frozen=True)
class Mark:
    """`place` holds fields of the answer's cell and `hour` (UTC): of one answer, or what the marked answers share.

    value      what was computed         threshold   what it was compared with
    reference  what it was compared to (a median, an expected number, slips)        n   answers marked
    final_id   of the answer marked for itself, "" for a place        since   number of the scan that first saw it
    """

    kind: str
    place: Mapping[str, str]
    value: float
    threshold: float
    reference: float = 0
    n: int = 1
    final_id: str = ""
    since: int = 0


@dataclass(frozen=True)
class MarkedResponse:
    """Everything that is marked about one answer, in one scan; places that it belongs to as well."""

    final_id: str
    campaign: str
    generation: str
    marks: tuple[Mark, ...]


@dataclass(frozen=True)
class QualityScan:
    """The last scan of a campaign, whose id it has; `version` rises with each scan and each decision.

    `generation` names the marks that this scan wrote; `counts` are answers marked, by kind; `contacts` hold site and n.
    """

    id: str
    number: int
    generation: str
    at: datetime
    by: str
    rule_version: int
    parameters: Mapping[str, Mapping[str, float]]
    contacts: tuple[Mapping[str, Any], ...]
    answers: int
    counts: Mapping[str, int]
    not_judged: tuple[str, ...]
    places: tuple[Mark, ...]
    version: int = 1


@dataclass(frozen=True)
class QualityDecision:
    """What somebody decided about the marks of a kind that the scan `scan` or an earlier one had found.

    `place` narrows it to marks whose place has these values, `final_ids` to these answers; both empty: all of the kind.
    """

    id: str
    campaign: str
    number: int
    scan: int
    kind: str
    verdict: str
    reason: str
    by: str
    at: datetime
    place: Mapping[str, str] = field(default_factory=dict)
    final_ids: tuple[str, ...] = ()


RULES: Final[dict[str, Rule]] = {
    "too_fast": Rule(
        PERSON,
        "the upper edge of the answer's duration class <= share_of_median x the lower edge of the median's class, or "
        "<= seconds_per_item x items answered",
        {
            "share_of_median": Parameter(0.5, 0.05, 1, "half the median time, a rule of online panels"),
            "seconds_per_item": Parameter(1, 0.1, 10, "Wood et al. 2017 (1 s); Huang et al. 2012 use 2 s"),
            "least_answers": Parameter(20, 1, 10_000, f"timed answers before a median says anything; {OWN}"),
        },
        "Durations are kept as classes, so only an answer whose whole class lies below the limit is marked; paper has "
        "no duration.",
    ),
    "straight_line": Rule(
        PERSON,
        "over the items of a declared scale in their order: longest run of equal answers >= share_of_items x items, "
        "and standard deviation within the person (n - 1) <= deviation",
        {
            "least_items": Parameter(8, 2, 60, f"shorter scales are not judged; {OWN}"),
            "share_of_items": Parameter(1, 0.3, 1, f"all items alike; {OWN}"),
            "deviation": Parameter(0, 0, 2, f"no variation at all; {OWN}"),
        },
        "In a short scale whose items all point one way identical answers are normal, as satisfied people give them; "
        "longest run and deviation are weak detectors alone (Goldammer et al. 2024): look for other marks beside it.",
    ),
    "identical_text": Rule(
        PERSON,
        "normalised open text (NFKC, case folded, letters and digits only) of at least least_length characters that "
        "is the same in at least least_answers answers to one question",
        {
            "least_answers": Parameter(3, 2, 1000, f"two can be chance; {OWN}"),
            "least_length": Parameter(8, 2, 200, f"short polite words are shared by many; {OWN}"),
        },
        "Rewording escapes it.",
    ),
    "before_session": Rule(
        PERSON,
        "the hour of the answer ended before its session began",
        {},
        "The hour is the finest time that is kept: within the session's first hour nothing can be told.",
    ),
    "night": Rule(
        PERSON,
        "the local hour of the answer is from_hour or later, or before to_hour",
        {
            "from_hour": Parameter(23, 0, 23, OWN),
            "to_hour": Parameter(6, 0, 23, OWN),
            "utc_offset": Parameter(8, -12, 14, "China Standard Time"),
        },
        "Who works at night answers at night. Paper is typed in later, so its hour says nothing.",
    ),
    "burst": Rule(
        PLACE,
        "Poisson tail P(X >= seen | expected) < alpha / hours tested; expected = the site's answers in its other hours "
        "/ (days from first to last x hours of the day that it ever used - 1), at least least_expected",
        {
            "alpha": Parameter(0.01, 1e-9, 0.2, f"over all hours together (Bonferroni); {OWN}"),
            "least_expected": Parameter(1, 0.01, 1000, f"so that a quiet site's few answers are no burst; {OWN}"),
        },
        "Answers of a session are left out, since a session's end is a burst by itself; so are paper and interviews, "
        "whose hour is not kept. Bursts of minutes within an hour cannot be seen: the hour is the finest time that is "
        "kept.",
    ),
    "one_hour": Rule(
        PLACE,
        "of the answers of one site, session and way of handing out slips, at least least_answers, "
        "share or more came within one hour",
        {
            "share": Parameter(0.9, 0.5, 1, OWN),
            "least_answers": Parameter(10, 2, 1000, OWN),
        },
        "Whether a batch was used up within minutes cannot be known: no minute is kept, and which slip gave which "
        "answer is not kept on purpose, so batches of the same kind are one here. Slips that the evaluator hands to "
        "all present are not judged: they are filled in together.",
    ),
    "staff_assisted": Rule(
        PLACE,
        "answers helped by staff of the rated service / answers of the site >= share, with at least least_answers",
        {"share": Parameter(0.3, 0.01, 1, OWN), "least_answers": Parameter(10, 1, 1000, OWN)},
        "Only help that was told is known.",
    ),
    "all_satisfied": Rule(
        PLACE,
        "every valid answer of the site to the headline item is a satisfied one, with at least least_answers",
        {"least_answers": Parameter(30, 5, 10_000, "100 % good with n >= 30 deserves a look")},
        "Good services exist.",
    ),
    "more_than_slips": Rule(
        PLACE,
        "answers of one site, session and way of handing out > slips handed out (printed, where nobody counted)",
        {},
        "A slip counts once, so this shows answers that came in another way, such as from a tablet.",
    ),
    "more_than_contacts": Rule(
        PLACE,
        "answers of the site > share x the service contacts that the scan was told for it",
        {"share": Parameter(1, 0.01, 10, OWN)},
        "Contacts are the evaluator's own figures, given with the scan; sites without one are not judged.",
    ),
}
"""kind -> rule. The formulas are texts for readers; the functions stand in quality_persons and quality_places."""


def parameters(given: Mapping[str, Mapping[str, float]]) -> dict[str, dict[str, float]]:
    """All parameters: the given ones, the defaults for the others. Raises Refused("invalid") naming each wrong one."""
    faults = []
    for kind, values in given.items():
        if kind not in RULES:
            faults.append(Fault(f"parameters.{kind}", "not_an_option", {"value": kind, "options": ", ".join(RULES)}))
            continue
        for name, value in values.items():
            known = RULES[kind].parameters.get(name)
            if known is None:
                faults.append(Fault(f"parameters.{kind}.{name}", "unknown_field"))
            elif not known.lowest <= value <= known.highest:
                expected = f"a number from {known.lowest:g} to {known.highest:g}"
                faults.append(Fault(f"parameters.{kind}.{name}", "wrong_type", {"expected": expected}))
    if faults:
        raise Refused("invalid", faults)
    return {
        kind: {name: float(given.get(kind, {}).get(name, one.default)) for name, one in rule.parameters.items()}
        for kind, rule in RULES.items()
    }


def fixed_by(
    scheme: Mapping[str, Mapping[str, float]], given: Mapping[str, Mapping[str, float]]
) -> dict[str, dict[str, float]]:
    """`given` with the thresholds of the scheme in it, which hold from the opening of the round.

    Raises Refused("invalid") for a given one that differs from the scheme's.
    """
    faults = [
        Fault(f"parameters.{kind}.{name}", "fixed_by_scheme", {"value": f"{value:g}"})
        for kind, values in scheme.items()
        for name, value in values.items()
        if given.get(kind, {}).get(name, value) != value
    ]
    if faults:
        raise Refused("invalid", faults)
    return overlaid(given, scheme)


def overlaid(
    under: Mapping[str, Mapping[str, float]], over: Mapping[str, Mapping[str, float]]
) -> dict[str, dict[str, float]]:
    """Thresholds by kind: where both name one, that of `over`."""
    return {kind: {**under.get(kind, {}), **over.get(kind, {})} for kind in {**under, **over}}


def check_decision(decision: QualityDecision) -> None:
    """Raises Refused("invalid"): unknown kind or verdict, no reason, a place that marks of no kind have."""
    faults = []
    for name, value, options in (
        ("kind", decision.kind, RULES),
        ("verdict", decision.verdict, {KEEP: 0, EXCLUDE: 0}),
    ):
        if value not in options:
            faults.append(Fault(name, "not_an_option", {"value": value, "options": ", ".join(options)}))
    if not decision.reason.strip():
        faults.append(Fault("reason", "missing"))
    if faults:
        raise Refused("invalid", faults)


def verdict(mark: Mark, decisions: Sequence[QualityDecision], final_id: str = "") -> str | None:
    """The latest decision about the mark, None while nobody has decided. `decisions` in the order of their numbers.

    Marks found after a decision was made wait for another one: nobody decides on what was not there to be seen.
    """
    for decision in reversed(decisions):
        if decision.kind != mark.kind or mark.since > decision.scan:
            continue
        if decision.final_ids and (mark.final_id or final_id) not in decision.final_ids:
            continue
        if all(mark.place.get(name) == value for name, value in decision.place.items()):
            return decision.verdict
    return None


def is_excluded(marked: MarkedResponse, decisions: Sequence[QualityDecision]) -> bool:
    """Whether one of the answer's marks was decided to exclude it. Keeping it under one mark does not undo another."""
    return any(verdict(mark, decisions, marked.final_id) == EXCLUDE for mark in marked.marks)


def excluded(marked: Iterable[MarkedResponse], decisions: Sequence[QualityDecision]) -> list[str]:
    """The final ids of the answers that are left out "without marked"."""
    deciding = [decision for decision in decisions if decision.verdict == EXCLUDE]
    return [one.final_id for one in marked if is_excluded(one, decisions)] if deciding else []


def carried_over(found: Sequence[Mark], earlier: Sequence[Mark], scan: int) -> tuple[Mark, ...]:
    """The marks of a new scan, each with the number of the scan that saw it first: decisions are about those."""
    seen = {(mark.kind, tuple(sorted(mark.place.items()))): mark.since for mark in earlier}
    return tuple(
        Mark(**vars(mark) | {"since": seen.get((mark.kind, tuple(sorted(mark.place.items()))), scan)}) for mark in found
    )
