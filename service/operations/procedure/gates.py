"""Gates: what each of them finds wanting in a round, asked of those who know; waivers of the lead are taken off."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime

from service.domain.access import PARTY_OF_ROLE, Actor
from service.domain.days import day_of
from service.domain.evaluate import methods as method_rules
from service.domain.evaluate import scores as score_rules
from service.domain.evaluate.rounds import Round
from service.domain.evaluate.unmet import Unmet
from service.domain.inspect import user_notifications
from service.domain.inspect.user_notifications import UserNotification
from service.domain.procedure import appeals
from service.domain.procedure import round_gates as rules
from service.domain.procedure.appeals import Appeal
from service.domain.procedure.publications import Publication
from service.domain.procedure.round_states import LEAD as STEP_OF_LEAD
from service.domain.procedure.round_states import Transition, steps
from service.domain.procedure.waivers import Waiver
from service.domain.projects import TO_THE_PUBLIC, Project
from service.operations.acts import load
from service.operations.evaluate import judgements, methods, rounds, schemes, scores
from service.operations.procedure import approvals, groups, reports, self_evaluations
from service.store import records

Gate = Callable[[Round, datetime], list[Unmet]]


def _terms(round: Round, _: datetime) -> list[Unmet]:
    return rules.terms(round, schemes.parsed(round.scheme), load(Project, round.project, "project"))


def _methods(round: Round, _: datetime) -> list[Unmet]:
    """G41-G45 by what was gathered; C13 where the service is one to the public (C01)."""
    required = schemes.parsed(round.scheme).methods_required
    found = rules.methods(method_rules.progress(required, methods.gather(round.project)))
    if load(Project, round.project, "project").service_class == TO_THE_PUBLIC:
        told = records.find(UserNotification, project=round.project)
        found += rules.users_told(user_notifications.summary(told))
    return found


def _judgements(round: Round, _: datetime) -> list[Unmet]:
    return judgements.unmet(round)


def _missing(round: Round, _: datetime) -> list[Unmet]:
    scheme = schemes.parsed(round.scheme)
    return rules.missing(score_rules.score(scheme, scores.gather(round, scheme)))


def _appeal_window(round: Round, now: datetime) -> list[Unmet]:
    """The last day is over, and no appeal waits to be taken up."""
    pending = appeals.undecided("appeal_window_passed", records.find(Appeal, round=round.id))
    return [*rules.appeal_window(round, day_of(now)), *pending]


def _appeals(round: Round, _: datetime) -> list[Unmet]:
    return appeals.undecided("appeal_decided", records.find(Appeal, round=round.id))


def _publication(round: Round, _: datetime) -> list[Unmet]:
    return rules.publication(records.find(Publication, round=round.id))


GATES: Mapping[str, Gate] = {
    "terms_set": _terms,
    "scheme_served": lambda round, _: rules.scheme_served(round),
    "self_evaluation_filed_or_due": self_evaluations.unmet,
    "third_party_approved": lambda round, _: approvals.unmet(round),
    "group_constituted": lambda round, _: groups.constituted(round),
    "methods_met": _methods,
    "judgements_complete": _judgements,
    "nothing_missing": _missing,
    "report_built": reports.unmet,
    "notice_complete": lambda round, _: rules.notice(round),
    "appeal_window_passed": _appeal_window,
    "appeal_decided": _appeals,
    "publication_approved": _publication,
}


def unmet(round: Round, step: Transition, now: datetime) -> list[Unmet]:
    """Everything that the gates of this step find wanting, the waived left out."""
    return _parted(round, wanting(round, step, now))[0]


def wanting(round: Round, step: Transition, now: datetime) -> list[Unmet]:
    """The same with what was waived."""
    return [one for name in step.gates for one in GATES[name](round, now)]


def _parted(round: Round, found: list[Unmet]) -> tuple[list[Unmet], list[Unmet]]:
    """(what is still wanting, what of it the lead waived)."""
    said = {(one.gate, one.subject) for one in waivers(round)}
    waived = [one for one in found if one.waivable and (one.gate, one.subject) in said]
    return [one for one in found if one not in waived], waived


def waivers(round: Round) -> list[Waiver]:
    return records.find(Waiver, round=round.id)


@dataclass(frozen=True)
class Step:
    """A next state with what it demands, and what of that is missing or waived. `by`: who takes it, if no person.

    `late` is what the step will want a reason for, because its day is over; `yours` whether the reader may take it.
    """

    state: str
    gates: tuple[str, ...]
    by: str
    unmet: tuple[Unmet, ...]
    waived: tuple[Unmet, ...]
    late: tuple[Unmet, ...]
    yours: bool


def of_round(actor: Actor, now: datetime, id: str) -> list[Step]:
    """Each next state of the round."""
    there = rounds.get(actor, id, "gates.read")
    owner = load(Project, there.project, "project")
    return [_step(there, one, now, not one.by and takes(actor, owner, there, one)) for one in steps(there)]


def takes(actor: Actor, owner: Project, round: Round, step: Transition) -> bool:
    """Whether the actor acts for a part of the project that may take this step."""
    parts = {round.lead if part == STEP_OF_LEAD else part for part in step.parts}
    mine = {PARTY_OF_ROLE[role] for role in actor.roles if role in PARTY_OF_ROLE}
    return any(part in mine and owner.parties[part] == actor.organisation for part in parts)


def _step(round: Round, step: Transition, now: datetime, yours: bool) -> Step:
    open_, waived = _parted(round, wanting(round, step, now))
    late = rules.late(round, step, day_of(now), "")
    return Step(step.to, step.gates, step.by, tuple(open_), tuple(waived), tuple(late), yours)
