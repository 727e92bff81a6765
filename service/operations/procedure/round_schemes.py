"""Changing the scheme of a round that is open: proposed with a reason, approved by the authority, served again."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime

from service.domain.access import Actor
from service.domain.days import day_of
from service.domain.errors import Fault, Refused
from service.domain.evaluate import rounds as round_rules
from service.domain.evaluate.rounds import Round
from service.domain.inspect.notices import check_service
from service.domain.procedure import round_schemes as rules
from service.domain.procedure.appeals import DECIDED, Appeal
from service.domain.procedure.due import Due
from service.domain.procedure.round_schemes import (
    APPROVED,
    PROPOSED,
    REFUSED,
    SERVED,
    RoundSchemeChange,
)
from service.operations import projects
from service.operations.acts import act, create_once, load
from service.operations.evaluate import readings, results, rounds, schemes
from service.store import Tx, journal, records

UPHELD = ("upheld", "partly")
OPEN = (PROPOSED, APPROVED)
_FILLED_IN = (
    *("project", "before", "before_digest", "after_digest", "proposed_at", "proposed_by", "state", "version"),
    *("decided_at", "decided_by", "decision_reason", "served"),
)


def propose(
    actor: Actor, now: datetime, change: RoundSchemeChange, adoption_needed: bool
) -> tuple[RoundSchemeChange, bool]:
    """Propose another version for a round, with the reason. Raises Refused: invalid, scheme_fixed, state_conflict."""
    there = rounds.get(actor, change.round, "scheme_changes.propose")
    known = records.get(RoundSchemeChange, change.id)
    if known is not None:  # a repeat is answered as the first time, whatever has become of it since
        return create_once("scheme_change.proposed", actor, now, projects.scope(there.project), change, _FILLED_IN)
    after = schemes.for_project(change.after, there.project)
    whole = replace(
        change,
        project=there.project,
        before=there.scheme,
        before_digest=there.scheme_digest,
        after_digest=after.digest,
    )
    rules.check_change(whole, there, readings.first(there), _upheld(there, whole.review))
    if any(one.state in OPEN for one in records.find(RoundSchemeChange, round=there.id)):
        raise Refused("scheme_change_pending")
    _check_new(there, whole, adoption_needed)
    return create_once("scheme_change.proposed", actor, now, projects.scope(there.project), whole, _FILLED_IN)


def _check_new(round: Round, change: RoundSchemeChange, adoption_needed: bool) -> None:
    """The new scheme's examples are adopted, and what is bound to its nodes still fits."""
    scheme = schemes.parsed(change.after)
    round_rules.check_opening(round.kind, change.adoption, adoption_needed and bool(scheme.examples()))
    round_rules.check_bindings(scheme, round.surveys, round.checks, round.panels, round.counters)


def _upheld(round: Round, review: str) -> bool:
    """Whether the appeal that is named is this round's, decided, and in the appellant's favour at least in part."""
    found = records.get(Appeal, review) if review else None
    return found is not None and found.round == round.id and found.state == DECIDED and found.outcome in UPHELD


def decide(
    actor: Actor, now: datetime, round_id: str, id: str, approve: bool, reason: str, version: int
) -> RoundSchemeChange:
    """The authority approves or refuses, with its reason. Raises Refused: state_conflict, invalid, stale."""
    rounds.get(actor, round_id, "scheme_changes.approve")
    there = _of(round_id, id)
    if there.state != PROPOSED:
        raise Refused("state_conflict", noun="change", state=there.state)
    if not reason.strip():
        raise Refused("invalid", [Fault("reason", "empty")])
    state = APPROVED if approve else REFUSED
    decided = replace(
        there,
        state=state,
        decided_at=now,
        decided_by=actor.id,
        decision_reason=reason.strip(),
        version=version + 1,
    )
    details = {"round": there.round, "state": state, "reason": reason.strip()}
    scope = projects.scope(there.project)
    act("scheme_change.decided", actor, now, scope, id, details, lambda tx: records.replace(decided, version, tx))
    return decided


def serve(
    actor: Actor,
    now: datetime,
    round_id: str,
    id: str,
    served_on: date,
    channel: str,
    received_by: str,
    version: int,
) -> tuple[RoundSchemeChange, Round]:
    """Say when and how the new scheme reached the provider; with it, the round's scheme is the new one.

    Raises Refused: not_lead, state_conflict, invalid, scheme_fixed, stale.
    """
    round = rounds.get(actor, round_id, "rounds.lead")
    rounds.require_lead(actor, round)
    there = _of(round_id, id)
    if there.state != APPROVED:
        raise Refused("state_conflict", noun="change", state=there.state)
    rules.check_change(there, round, readings.first(round), _upheld(round, there.review))
    check_service(served_on, channel, received_by, day_of(there.decided_at or now), day_of(now))
    round_rules.check_bindings(
        schemes.parsed(there.after), round.surveys, round.checks, round.panels, round.counters
    )  # what was bound since it was proposed
    service = {"on": served_on.isoformat(), "channel": channel, "received_by": received_by.strip()}
    service |= {"at": now.isoformat(), "by": actor.id, "scheme": there.after, "digest": there.after_digest}
    served = replace(there, state=SERVED, served=service, version=version + 1)
    switched = replace(
        round,
        scheme=there.after,
        scheme_digest=there.after_digest,
        adoption=there.adoption or round.adoption,
        served=service,
    )

    details = {"change": id, "from": there.before, "to": there.after, "served_on": served_on.isoformat()}
    if there.review:
        return served, _rescored(actor, now, switched, served, details)
    put = "scheme_change.served", actor, now, switched, round.version, details
    return served, rounds.put(*put, also=lambda tx: records.replace(served, version, tx))


def _rescored(
    actor: Actor, now: datetime, switched: Round, served: RoundSchemeChange, details: Mapping[str, str]
) -> Round:
    """After an upheld review there is a result: with the scheme, its next version under it, in one transaction."""
    stored = replace(switched, version=switched.version + 1)

    def write(tx: Tx) -> None:
        records.replace(stored, switched.version, tx)
        records.replace(served, served.version - 1, tx)
        journal.append(tx, projects.scope(stored.project), "scheme_change.served", actor.id, now, stored.id, details)

    results.rescored(actor, now, stored, served.review, write)
    return stored


def of_round(actor: Actor, round_id: str) -> list[RoundSchemeChange]:
    """All changes of a round, in the order in which they were proposed; its parties read them."""
    there = rounds.get(actor, round_id, "rounds.read")
    return sorted(records.find(RoundSchemeChange, round=there.id), key=lambda one: (one.proposed_at, one.id))


def _of(round_id: str, id: str) -> RoundSchemeChange:
    found = load(RoundSchemeChange, id, "change")
    if found.round != round_id:
        raise Refused("not_found", noun="change")
    return found


_LABELS = {
    PROPOSED: {"zh-Hans": "审批方案变更", "zh-Hant": "審批方案變更", "en": "Decide on a change of the scheme"},
    APPROVED: {"zh-Hans": "送达变更后的方案", "zh-Hant": "送達變更後的方案", "en": "Serve the changed scheme"},
}


def due(project_ids: Sequence[str], today: date) -> list[Due]:
    """Proposals that wait for the authority, and approved ones that the lead has not served yet."""
    found = records.find(RoundSchemeChange, project=tuple(project_ids)) if project_ids else []
    return [
        Due(
            project=one.project,
            round=one.round,
            kind="scheme_change",
            subject=one.id,
            label=_LABELS[one.state],
            on=day_of(one.decided_at or one.proposed_at),
            provisional=False,
            whom="authority" if one.state == PROPOSED else load(Round, one.round, "round").lead,
        )
        for one in found
        if one.state in OPEN
    ]
