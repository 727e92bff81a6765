"""The parties' steps of a draw: agreeing to a redraw, depositing commitments, revealing secrets, declaring it void."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

from service.domain.access import ACTIONS, PARTY_OF_ROLE, Actor
from service.domain.errors import Refused
from service.domain.inspect import ceremonies as rules
from service.domain.inspect.draws import RecordedDraw
from service.domain.projects import Project
from service.operations import projects
from service.operations.acts import load
from service.operations.inspect import draws, frames
from service.store import records

TRIES = 5
Step = Callable[[RecordedDraw], RecordedDraw]


def parts_of(actor: Actor, owner: Project) -> tuple[str, ...]:
    """The parts that the actor's roles let them take in a draw of this project."""
    allowed = [PARTY_OF_ROLE[role] for role in actor.roles if role in ACTIONS["draws.commit"]]
    return tuple(part for part in allowed if owner.parties.get(part) == actor.organisation)


def agree(actor: Actor, now: datetime, id: str, part: str) -> RecordedDraw:
    """Agree to a redraw for one's organisation. It needs two organisations before anybody commits."""
    owner = _check_part(actor, id, part)
    step: Step = lambda found: rules.agree(found, part, owner.parties[part])  # noqa: E731
    return _step("draw.agreed", actor, now, id, step, {"party": part})


def commit(actor: Actor, now: datetime, id: str, part: str, commitment: str) -> RecordedDraw:
    """Deposit a party's commitment, for the actor's own organisation only."""
    _check_part(actor, id, part)
    details = {"party": part, "commitment": commitment}
    return _step("draw.committed", actor, now, id, lambda found: rules.commit(found, part, commitment), details)


def reveal(actor: Actor, now: datetime, id: str, part: str, secret: str) -> RecordedDraw:
    """Reveal a party's secret. The sealer's is not revealed by anybody: the server opens it when the visit starts."""
    _check_part(actor, id, part)
    step: Step = lambda found: rules.reveal(found, part, secret, now)  # noqa: E731
    return _step("draw.revealed", actor, now, id, step, {"party": part})


def name_public(actor: Actor, now: datetime, id: str, value: str) -> RecordedDraw:
    """Enter the public value, as its source published it."""
    _check_leads(actor, id)
    step: Step = lambda found: rules.name_public(found, value)  # noqa: E731
    return _step("draw.public_named", actor, now, id, step, {"public": value})


def void(actor: Actor, now: datetime, id: str, reason: str, version: int | None = None) -> RecordedDraw:
    """Declare a draw void, with a reason that all parties read. Nobody learns what it would have drawn."""
    _check_leads(actor, id, version)
    return _step("draw.void", actor, now, id, lambda present: rules.void(present, reason), {"reason": reason})


def close(actor: Actor, now: datetime, id: str, version: int | None = None) -> RecordedDraw:
    """Nothing is topped up any more: once its visits are over, seed and list are shown to the parties."""
    _check_leads(actor, id, version)

    def step(found: RecordedDraw) -> RecordedDraw:
        if found.state != rules.OPENED:
            raise Refused("draw_order", state=found.state)
        return replace(found, closed=True)

    return _step("draw.closed", actor, now, id, step, {})


def publish(actor: Actor, now: datetime, id: str, version: int | None = None) -> RecordedDraw:
    """Show everybody the draw with its serials. Refused("draw_order") before its visits are over."""
    _check_leads(actor, id, version)

    def step(found: RecordedDraw) -> RecordedDraw:
        if not draws.finished(found):
            raise Refused("draw_order", state=found.state)
        return replace(found, published=True)

    return _step("draw.published", actor, now, id, step, {})


def _check_leads(actor: Actor, id: str, version: int | None = None) -> None:
    """Refused("stale") when `version` is given and is not the stored one."""
    found = load(RecordedDraw, id, "draw")
    projects.project(actor, found.project, "draws.write")
    if version is not None and version != found.version:
        raise Refused("stale", version=found.version)


def _check_part(actor: Actor, id: str, part: str) -> Project:
    """The project of the draw. Raises Refused("forbidden") unless the actor's organisation has this part in it."""
    found = load(RecordedDraw, id, "draw")
    owner = frames.owner_of(actor, found.project, "draws.commit", "draw")
    if part not in found.parties or part not in parts_of(actor, owner):
        raise Refused("forbidden")
    return owner


def _step(name: str, actor: Actor, now: datetime, id: str, step: Step, details: Mapping[str, Any]) -> RecordedDraw:
    """Take one step from the state that follows from the deadlines. Two parties' steps at one moment both count."""
    for _ in range(TRIES):
        found = load(RecordedDraw, id, "draw")
        present = rules.as_of(found, now)
        try:
            stepped = step(present)
        except Refused:
            _keep_void(actor, now, found, present)
            raise
        changed = rules.as_of(stepped, now)
        if changed == found:
            return found
        act = name if stepped != present or changed.state == found.state else f"draw.{changed.state}"
        try:
            return draws.keep(act, actor, now, found, changed, {**details, **_why(changed)})
        except Refused as refused:
            if refused.reason != "stale":
                raise
    raise Refused("busy")


def _keep_void(actor: Actor, now: datetime, found: RecordedDraw, present: RecordedDraw) -> None:
    """A draw that a deadline made void is written down as such by whoever comes next, be it too late."""
    if present.state == rules.VOID and found.state != rules.VOID and records.get(RecordedDraw, found.id) == found:
        draws.keep("draw.void", actor, now, found, present, _why(present))


def _why(draw: RecordedDraw) -> dict[str, Any]:
    return {"why": draw.why_void, "missing": list(rules.unheard(draw))} if draw.state == rules.VOID else {}
