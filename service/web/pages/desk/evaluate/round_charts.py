"""The chart of how a round's points add up."""

from collections.abc import Sequence

from flask_babel import gettext

from service.domain.evaluate.scores import NodeScore
from service.operations.evaluate import scores
from service.web.auth import actor, now
from service.web.charts import wording
from service.web.charts.shapes import Chart
from service.web.pages.desk.charts import chart
from service.web.pages.desk.words import local

MOST_ROWS = 24  # more are shown by the indicators above them


@chart("rounds/<id>/charts/score", "scores.read")
def round_score(id: str) -> Chart | None:
    """What each indicator adds to the total, and what it misses."""
    tree = scores.of_round(actor(), now(), id).tree
    rows = [
        (local(node.label), float(node.points) if node.max_scorable else None, float(node.max_points))
        for node in cut(tree.standards)
    ]
    return wording.waterfall(gettext("How the points add up"), rows) if any(row[2] for row in rows) else None


def cut(nodes: Sequence[NodeScore]) -> Sequence[NodeScore]:
    """The lowest nodes that are few enough; their points add up to those of `nodes`."""
    while any(node.children for node in nodes):
        below = [each for node in nodes for each in (node.children or (node,))]
        if len(below) > MOST_ROWS:
            break
        nodes = below
    return nodes
