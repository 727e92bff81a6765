"""The states of a round as data: who may move it from which to which, and what must be met before (G46-G58)."""

from dataclasses import dataclass

from service.domain.errors import Fault, Refused
from service.domain.evaluate.rounds import (
    APPEAL,
    EVIDENCE,
    FINAL,
    NOTIFIED,
    OPENED,
    PUBLISHED,
    REPORTED,
    SCORING,
    SELF_EVALUATION,
    Round,
)
from service.domain.procedure.round_deadlines import (
    AGREED_DATE,
    APPEAL_ACCEPTED,
    ENDED,
    EXPIRY,
    RESULT_FINAL,
    RESULT_SERVED,
    STARTED,
)

LEAD, EVALUATOR = "lead", "evaluator"
ALL_KINDS = ("pre", "mid_term", "final", "re_evaluation")
WITH_SELF_EVALUATION = ("mid_term", "final", "re_evaluation")  # G46: the rules of G47-G53 bind mid-term and final
WITHOUT_SELF_EVALUATION = ("pre", "re_evaluation")


@dataclass(frozen=True)
class Transition:
    """One step. `parts` may take it; "lead" stands for the part that leads the round (G04).

    `gates` must be met. The step begins the deadlines of the events `begins` and ends those of `ends`; when one of
    `explains` is over by then, it wants a reason but is not held up (G51). `by` names the act of another noun that
    alone takes this step ("appeals", "publication"); nobody takes such a step by hand.
    """

    from_: str
    to: str
    parts: tuple[str, ...]
    gates: tuple[str, ...] = ()
    begins: tuple[str, ...] = ()
    ends: tuple[str, ...] = ()
    explains: tuple[str, ...] = ()
    kinds: tuple[str, ...] = ALL_KINDS
    by: str = ""


_SERVED = ("terms_set", "scheme_served")
_FORMED = ("third_party_approved", "group_constituted")
_SELF = (AGREED_DATE, EXPIRY)

TRANSITIONS = (
    Transition(OPENED, SELF_EVALUATION, (LEAD,), _SERVED, begins=_SELF, kinds=WITH_SELF_EVALUATION),
    Transition(OPENED, EVIDENCE, (LEAD,), (*_SERVED, *_FORMED), begins=(STARTED,), kinds=WITHOUT_SELF_EVALUATION),
    Transition(
        SELF_EVALUATION,
        EVIDENCE,
        (LEAD,),
        ("self_evaluation_filed_or_due", *_FORMED),
        begins=(STARTED,),
        ends=_SELF,
        kinds=WITH_SELF_EVALUATION,
    ),
    Transition(EVIDENCE, SCORING, (LEAD, EVALUATOR), ("methods_met",)),
    Transition(
        SCORING,
        REPORTED,
        (LEAD, EVALUATOR),
        ("judgements_complete", "nothing_missing"),
        begins=(ENDED,),
        ends=(STARTED,),
        explains=(STARTED,),
    ),
    Transition(
        REPORTED,
        NOTIFIED,
        (LEAD,),
        ("report_built", "notice_complete"),
        begins=(RESULT_SERVED,),
        ends=(ENDED,),
        explains=(ENDED,),
    ),
    Transition(NOTIFIED, APPEAL, (), begins=(APPEAL_ACCEPTED,), ends=(RESULT_SERVED,), by="appeals"),
    # An objection to a check was upheld after the provider had the result: the corrected one is notified anew (C20).
    Transition(NOTIFIED, REPORTED, (), begins=(ENDED,), ends=(RESULT_SERVED,), by="objections"),
    Transition(NOTIFIED, FINAL, (LEAD,), ("appeal_window_passed",), begins=(RESULT_FINAL,), ends=(RESULT_SERVED,)),
    Transition(APPEAL, FINAL, (), ("appeal_decided",), begins=(RESULT_FINAL,), ends=(APPEAL_ACCEPTED,), by="appeals"),
    # The appeal that had been taken up was withdrawn: the result stands as notified, and its window is what it was.
    Transition(APPEAL, NOTIFIED, (), ("appeal_decided",), ends=(APPEAL_ACCEPTED,), by="appeals"),
    Transition(FINAL, PUBLISHED, (), ("publication_approved",), by="publication"),
)


def steps(round: Round) -> tuple[Transition, ...]:
    """The steps that lead on from where the round stands."""
    return tuple(one for one in TRANSITIONS if one.from_ == round.state and round.kind in one.kinds)


def transition(round: Round, to: str) -> Transition:
    """The step to `to`. Raises Refused("round_step") naming the steps that there are."""
    found = [one for one in steps(round) if one.to == to]
    if not found:
        options = ", ".join(one.to for one in steps(round)) or "-"
        raise Refused("round_step", [Fault("state", "not_an_option", {"value": to, "options": options})])
    return found[0]
