"""What the visits of a draw have come to: whether its parties may see what was drawn hangs on them."""

import mongoengine


def visit_states(draw: str) -> list[str]:
    """The state of each visit that looks up items of the draw."""
    visits = mongoengine.get_db()["visits"]
    return [str(stored.get("state", "")) for stored in visits.find({"draws": draw}, {"state": 1})]
