"""What a draw's verifier reads: for everybody once the draw is published, for its parties once its visits are over."""

from typing import Any

from service.domain import access
from service.domain.access import Actor
from service.domain.errors import Refused
from service.domain.inspect import published_draws as rules
from service.domain.inspect.draws import RecordedDraw
from service.domain.inspect.frames import FrozenFrame
from service.domain.projects import Project
from service.operations.acts import load
from service.operations.inspect import draws
from service.store import records


def public(id: str) -> dict[str, Any]:
    """The published file of a draw. Raises Refused("not_found") for one that is not published, as for none at all."""
    draw = records.get(RecordedDraw, id)
    if draw is None or not (draw.seed and draw.published):
        raise Refused("not_found", noun="published draw")
    return _file(draw)


def of_party(actor: Actor, id: str) -> dict[str, Any]:
    """The same for the parties, before publication too.

    Whoever works with the draw reads it as soon as it is opened, the other parties once its visits are over: until
    then the list would tell a provider what will be looked at. Raises Refused("draw_sealed") before.
    """
    draw = load(RecordedDraw, id, "draw")
    parties = load(Project, draw.project, "project").parties
    if not access.may(actor, "projects.read", parties):
        raise Refused("not_found", noun="draw")
    access.require(actor, "draws.follow", parties)
    at_work = access.may(actor, "draws.read", parties)
    if not (draw.seed and (at_work or draw.published or draws.finished(draw))):
        raise Refused("draw_sealed", id=id)
    return _file(draw)


def _file(draw: RecordedDraw) -> dict[str, Any]:
    return rules.plain_form(draw, load(FrozenFrame, draw.frame, "frame").frame)
