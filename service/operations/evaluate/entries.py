"""Ratios, measured values, events and findings on gates: entered by the group, read as evidence."""

from datetime import datetime
from typing import TypeVar

from service.domain.access import Actor
from service.domain.errors import Fault, Refused
from service.domain.evaluate import entries as rules
from service.domain.evaluate import scheme_periods
from service.domain.evaluate.entries import RoundEvent, RoundGateFinding, RoundMeasure, RoundRatio
from service.domain.evaluate.evidence import Event, GateFinding, Measure, Ratio
from service.domain.evaluate.rounds import ENTERING, Round
from service.domain.evaluate.scheme_periods import Standing
from service.operations import projects
from service.operations.acts import create_once
from service.operations.evaluate import rounds, schemes
from service.store import records

E = TypeVar("E", RoundRatio, RoundMeasure, RoundEvent, RoundGateFinding)
ACTS = {
    RoundRatio: "ratio.entered",
    RoundMeasure: "measure.entered",
    RoundEvent: "event.entered",
    RoundGateFinding: "gate.found",
}


def enter(actor: Actor, now: datetime, entry: E) -> tuple[E, bool]:
    """Store one entry with its journal entry; it is never changed, only repeated. Raises Refused("invalid")."""
    there = rounds.get(actor, entry.round, "rounds.write")
    rounds.require_state(there, *ENTERING)
    rules.check_entry(schemes.parsed(there.scheme), entry)
    try:
        scope, check = projects.scope(there.project), rounds.still(there.id, *ENTERING)
        return create_once(ACTS[type(entry)], actor, now, scope, entry, ("at", "by"), check=check)
    except Refused as refused:
        if refused.reason == "id_taken" and records.get(type(entry), entry.id) is None:
            raise Refused("invalid", [Fault("node", "entered_already")]) from None
        raise


def of_round(actor: Actor, id: str, kind: type[E]) -> list[E]:
    """All entries of one kind."""
    return records.find(kind, round=rounds.get(actor, id, "judgements.read").id)


def standings(actor: Actor, id: str, group: str) -> tuple[Standing, ...]:
    """What the events of a round earned in each period of the scheme's year, against the targets of a group of units.

    Raises Refused("invalid") for an unknown group.
    """
    there = rounds.get(actor, id, "scores.read")
    return scheme_periods.standings(schemes.parsed(there.scheme), group, events(there))


def ratios(round: Round) -> tuple[Ratio, ...]:
    return tuple(rules.as_ratio(one) for one in records.find(RoundRatio, round=round.id))


def measures(round: Round) -> tuple[Measure, ...]:
    return tuple(rules.as_measure(one) for one in records.find(RoundMeasure, round=round.id))


def events(round: Round) -> tuple[Event, ...]:
    return tuple(rules.as_event(one) for one in records.find(RoundEvent, round=round.id))


def findings(round: Round) -> tuple[GateFinding, ...]:
    """The last finding on each gate."""
    last: dict[str, RoundGateFinding] = {}
    for one in sorted(records.find(RoundGateFinding, round=round.id), key=lambda one: (one.at, one.id)):
        last[one.node] = one
    return tuple(rules.as_finding(last[node]) for node in sorted(last))
