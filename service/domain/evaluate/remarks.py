"""What may be missing, left out or worth a remark in a score, and a remark's message."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

_BELOW = "n = {n} (minimum {min_n}), response rate {rate} % (minimum {min_rate} %)"
# English source texts; the writers translate them.
REMARKS: dict[str, str] = {
    "no_survey": "There is no survey result.",
    "no_figure": "The survey gives no figure: {reason}.",
    "census_needed": f"{_BELOW}: everyone must be asked and answer.",
    "not_scorable": f"{_BELOW}: not scorable.",
    "decision_needed": f"{_BELOW}: the lead must decide, with a reason.",
    "decided_not_scorable": "The lead decided that this is not scorable: {reason}",
    "decided_to_count": "Below the minimum; the lead decided to count it: {reason}",
    "census": "Below the minimum, but everyone answered.",
    "no_check": "There is no spot check.",
    "items_unchecked": "{count} drawn items are not checked yet; those checked first are no random sample.",
    "over_tolerable": "The error rate, {rate} %, is over the tolerable {tolerable} %.",
    "limit_over_tolerable": "The error rate could be over the tolerable {tolerable} %: its upper limit is {limit} %.",
    "too_few_raters": "{given} of at least {needed} scores are given.",
    "no_consensus": "The scores differ ({low} to {high}), and the scheme wants one that all agree on.",
    "rater_silent": "{rater} was asked and has not answered.",
    "judgements_blind": "Scores are hidden until everyone who was asked has given one.",
    "no_quantity": "There is no volume.",
    "no_target": "There is no target above zero.",
    "no_verified": "The volume has not been verified.",
    "not_verified_by_draw": "Claimed, unverified: the spot checks of the draw {draw} give no value ({reason}).",
    "verified_by_draw": "The verified value comes from the spot checks of the draw {draw}.",
    "no_workers": "The number of workers ({denominator}) is missing.",
    "claim_not_confirmed": "Claimed {claimed}, verified {verified}; the verified value counts.",
    "ambiguous": "There is more than one piece of evidence: {ids}. One must be chosen.",
    "distribution_inadmissible": "Collected as {value}, which does not count here.",
    "mode_inadmissible": "Collected by {value}, which does not count here.",
    "distribution_left_out": "Answers collected as {value} that do not count here: {count}.",
    "mode_left_out": "Answers collected by {value} that do not count here: {count}.",
    "assistance_left_out": "Answers helped by {value} that do not count here: {count}.",
    "rater_twice": "{rater} has given more than one score; one must be withdrawn.",
    "rater_not_asked": "{rater} was not asked to score this.",
    "no_ratio": "The two numbers of the ratio are missing.",
    "no_denominator": "There is nothing to divide by: {denominator} is 0.",
    "part_exceeds_whole": "{numerator} exceeds {denominator}, of which it is a part. One of the numbers is wrong.",
    "no_measure": "There is no measured value.",
    "unit_differs": "Measured in {given}; the scheme asks for {unit}.",
    "no_events": "No event has been entered.",
    "event_type_unknown": "The scheme has no event {type}.",
    "event_modifier_unknown": "An event {type} cannot have {modifier}.",
    "event_role_unknown": "An event {type} gives no points to the part {role}.",
    "event_role_missing": "An event {type} needs the part that was taken in it: {roles}.",
    "modifier_of_another_role": "{modifier} earns nothing for the part {role}.",
    "floor_reached": "The sum, {sum}, is under the floor; {floor} counts.",
    "cap_reached": "The sum, {sum}, is over the most that counts, {cap}.",
    "no_gate_finding": "It has not been established whether this condition is met.",
    "gate_passed": "The condition is met: {reason}",
    "gate_failed": "The condition is not met, and so the whole is failed: {reason}",
    "gate_held": "The condition is not met; until it is, there is no result: {reason}",
    "node_unknown": "The scheme has no node {node}.",
    "kind_unfit": "A node of the type {type} takes no evidence of this kind.",
}


@dataclass(frozen=True)
class Remark:
    """Something about a node: a code of REMARKS with its parameters; `subject` is the id of the evidence concerned."""

    node: str
    code: str
    params: Mapping[str, Any] = field(default_factory=dict)
    subject: str | None = None

    @property
    def message(self) -> str:
        return REMARKS[self.code].format(**self.params)
