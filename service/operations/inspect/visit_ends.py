"""Whether the visits of a draw are over: only then its items are no longer a secret from who is checked."""

from service.domain.inspect.assignments import FIRST, WITHDRAWN, Assignment
from service.domain.inspect.draws import RecordedDraw
from service.domain.inspect.visits import Visit, all_finished
from service.store import records


def over(draw: RecordedDraw) -> bool:
    """All visits of the draw are finished, and each of its items belonged to one: none is still to be surprised."""
    if not draw.drawn or not all_finished(records.find(Visit, draws=draw.id)):
        return False
    handed = records.find(Assignment, draw=draw.id, part=FIRST)
    visited = {one.serial for one in handed if one.state != WITHDRAWN}
    return visited >= {item.serial for item in draw.items}
