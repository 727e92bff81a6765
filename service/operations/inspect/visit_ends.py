"""Whether the visits of a draw are over: only then its items are no longer a secret from who is checked."""

from service.domain.inspect.assignments import FIRST, WITHDRAWN, Assignment
from service.domain.inspect.draws import RecordedDraw
from service.domain.inspect.frames import FrozenFrame
from service.domain.inspect.visits import Visit, all_finished
from service.operations.acts import load
from service.operations.inspect.handing_out import looked_up
from service.store import records


def over(draw: RecordedDraw) -> bool:
    """All visits of the draw are finished, and each of its items belonged to one: none is still to be surprised."""
    return bool(draw.drawn) and all_finished(records.find(Visit, draws=draw.id)) and not left_over(draw)


def left_over(draw: RecordedDraw) -> set[str]:
    """The drawn items that no visit has taken up yet: those of a site to which nobody has gone."""
    if not looked_up(load(FrozenFrame, draw.frame, "frame")):
        return set()
    handed = records.find(Assignment, draw=draw.id, part=FIRST)
    visited = {one.serial for one in handed if one.state != WITHDRAWN}
    return {item.serial for item in draw.items} - visited
