"""Moving a round from state to state: who may, what its gates demand, and what follows from the step."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

from service.domain import access
from service.domain.access import PARTY_OF_ROLE, Actor
from service.domain.errors import Refused
from service.domain.evaluate.rounds import Round
from service.domain.procedure.round_states import LEAD, Transition, transition
from service.domain.projects import Project
from service.operations.acts import load
from service.operations.evaluate import rounds
from service.operations.procedure import gates
from service.store import Tx


def move(
    actor: Actor,
    now: datetime,
    id: str,
    to: str,
    version: int,
    facts: Mapping[str, Any],
    by: str = "",
    also: Callable[[Tx], object] | None = None,
) -> Round:
    """Take the step to `to`. `by` names the noun whose act takes it, `also` writes what belongs to the same act.

    Raises Refused: round_step, forbidden, gate_unmet, stale, invalid.
    """
    there = rounds.get(actor, id, "rounds.read" if by else "rounds.move")
    step = transition(there, to)
    _require(actor, there, step, by)
    if wanting := gates.unmet(there, step, now):
        raise Refused("gate_unmet", [one.fault for one in wanting], state=to)
    moved = replace(there, state=to)
    details = {"from": there.state, "to": to, "reason": str(facts.get("reason", ""))}
    return rounds.put("round.moved", actor, now, moved, version, details, also)


def _require(actor: Actor, round: Round, step: Transition, by: str) -> None:
    """Raises Refused("round_step_by") for a step of another noun, ("forbidden") for another part's step."""
    if step.by != by:
        raise Refused("round_step_by", state=step.to, by=step.by)
    if step.by:
        return
    owner = load(Project, round.project, "project")
    parts = {round.lead if part == LEAD else part for part in step.parts}
    mine = {PARTY_OF_ROLE[role] for role in actor.roles if role in PARTY_OF_ROLE}
    if not any(part in mine and owner.parties[part] == actor.organisation for part in parts):
        raise Refused("forbidden")
    access.require(actor, "rounds.move", owner.parties)
