"""Gates: what each of them finds wanting in a round, asked of those who know."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime

from service.domain.access import Actor
from service.domain.evaluate.rounds import Round
from service.domain.evaluate.unmet import Unmet
from service.domain.procedure.round_states import Transition, steps
from service.operations.evaluate import rounds

Gate = Callable[[Round, datetime], list[Unmet]]
GATES: Mapping[str, Gate] = {}


def unmet(round: Round, step: Transition, now: datetime) -> list[Unmet]:
    """Everything that the gates of this step find wanting."""
    return [one for name in step.gates if name in GATES for one in GATES[name](round, now)]


@dataclass(frozen=True)
class Step:
    """A next state with what it demands and what of that is missing."""

    state: str
    gates: tuple[str, ...]
    unmet: tuple[Unmet, ...]


def of_round(actor: Actor, now: datetime, id: str) -> list[Step]:
    """Each next state of the round."""
    there = rounds.get(actor, id, "gates.read")
    return [Step(one.to, one.gates, tuple(unmet(there, one, now))) for one in steps(there)]
