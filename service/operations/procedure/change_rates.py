"""Change rates: pairs sent by the provider, looked up by the group, which makes them the evidence of the node."""

from collections.abc import Collection, Mapping
from dataclasses import replace
from datetime import datetime
from decimal import Decimal

from service import store
from service.domain.access import Actor
from service.domain.errors import Fault, Refused
from service.domain.evaluate.entries import RoundRatio
from service.domain.evaluate.rounds import ENTERING, RoundQuantity
from service.domain.evaluate.schemes import Counter
from service.domain.procedure import change_rates as rules
from service.domain.procedure.change_rates import ChangePairs, ChangeRate
from service.operations import projects
from service.operations.acts import act, create_once, load
from service.operations.evaluate import rounds, schemes
from service.operations.procedure.self_evaluations import SAVING
from service.store import records


def send(actor: Actor, now: datetime, pairs: ChangePairs) -> tuple[ChangePairs, bool]:
    """The provider's pairs of one node, once. Raises Refused: invalid, state_conflict, id_taken."""
    round = rounds.get(actor, pairs.round, "change_rates.write")
    rounds.require_state(round, *SAVING)
    rules.check(schemes.parsed(round.scheme), pairs)
    made = replace(pairs, project=round.project, at=now, by=actor.id)
    ignoring = ("at", "by", "state", "checked", "struck", "decided_at", "decided_by", "version")
    scope, check = projects.scope(round.project), rounds.still(round.id, *SAVING)
    return create_once("change_rate.sent", actor, now, scope, made, ignoring, check=check)


def accept(
    actor: Actor, now: datetime, id: str, checked: Collection[str], struck: Mapping[str, str], version: int
) -> ChangePairs:
    """Take the pairs as evidence after some were looked up; what was struck counts as not improved.

    Raises Refused: invalid, stale, state_conflict; "invalid" for a node that has a value already.
    """
    there = load(ChangePairs, id, "change rate")
    round = rounds.get(actor, there.round, "change_rates.decide")
    rounds.require_state(round, *ENTERING)
    stored = replace(rules.accepted(there, checked, struck, now, actor.id), version=version + 1)
    found, claimed = rules.rate(stored), rules.rate(there)
    entry = _evidence(stored, found, claimed, isinstance(schemes.parsed(round.scheme).node(there.node).spec, Counter))

    check = rounds.still(round.id, *ENTERING)

    def write(tx: store.Tx) -> None:
        check(tx)
        records.replace(stored, version, tx)
        records.insert(entry, tx)

    details = {
        "node": there.node,
        "improved": found.improved,
        "assessed": found.assessed,
        "checked": len(stored.checked),
        "struck": len(stored.struck),
    }
    try:
        act("change_rate.accepted", actor, now, projects.scope(there.project), id, details, write)
    except records.Duplicate:
        raise Refused("invalid", [Fault("node", "has_a_value", {"node": there.node})]) from None
    return stored


def _evidence(stored: ChangePairs, found: ChangeRate, claimed: ChangeRate, counter: bool) -> RoundRatio | RoundQuantity:
    """What the score takes: a ratio, or for a counter node those assessed as its target and those improved."""
    source, at, by = f"change-rate:{stored.id}", stored.decided_at or stored.at, stored.decided_by
    improved, assessed = Decimal(found.improved), Decimal(found.assessed)
    if not counter:
        return RoundRatio(stored.id, stored.round, stored.node, improved, assessed, source, at, by)
    return RoundQuantity(
        stored.id, stored.round, stored.node, source, at, by, assessed, Decimal(claimed.improved), improved
    )


def one(actor: Actor, id: str, action: str = "change_rates.read") -> ChangePairs:
    """What was sent for one node."""
    there = load(ChangePairs, id, "change rate")
    rounds.get(actor, there.round, action)
    return there


def of_round(actor: Actor, round_id: str) -> list[ChangePairs]:
    """What was sent for a round: for the provider and for the group, since the pairs are about persons."""
    round = rounds.get(actor, round_id, "change_rates.read")
    return records.find(ChangePairs, round=round.id)
