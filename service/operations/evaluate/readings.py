"""Who first looked at a round's evidence, and when."""

from datetime import datetime

from service.domain.access import Actor
from service.domain.errors import Refused
from service.domain.evaluate.evidence import Evidence
from service.domain.evaluate.readings import EvidenceReading, says_something
from service.domain.evaluate.rounds import Round
from service.operations import projects
from service.operations.acts import create_once
from service.store import records


def note(actor: Actor, now: datetime, round: Round, evidence: Evidence) -> None:
    """Remember the first look at evidence that says something, with its journal entry; later ones are nothing new."""
    if not says_something(evidence) or records.get(EvidenceReading, round.id) is not None:
        return
    made = EvidenceReading(round.id, now, actor.id)
    try:
        create_once("evidence.first_read", actor, now, projects.scope(round.project), made, ("at", "by"))
    except Refused as refused:  # somebody else was first, a moment ago
        if refused.reason != "id_taken":
            raise


def first(round: Round) -> datetime | None:
    """When evidence of this round was first looked at; None while nobody has."""
    found = records.get(EvidenceReading, round.id)
    return found.at if found else None
