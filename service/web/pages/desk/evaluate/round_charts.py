"""The charts of how a round's points add up: as they stand, for the evaluator, and as frozen, for who may read them."""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from flask_babel import gettext

from service.domain.evaluate.scores import NodeScore
from service.operations.evaluate import result_readers, scores
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


@chart("rounds/<id>/charts/results/<number>", "results.read")
def result_score(id: str, number: str) -> Chart | None:
    """The same of a frozen version as this reader may see it: no bar where points are withheld, nor below."""
    if not (number.isascii() and number.isdecimal() and len(number) < 7):
        return None
    _, tree = result_readers.one(actor(), id, int(number))
    nodes = _shown(tree["standards"])
    rows = [
        (
            local(node["label"]),
            float(Decimal(node["points"])) if node["max_scorable"] and Decimal(node["max_scorable"]) else None,
            float(Decimal(node["max_points"])),
        )
        for node in nodes
    ]
    return wording.waterfall(gettext("How the points add up"), rows) if any(row[2] for row in rows) else None


def _shown(nodes: Sequence[Mapping[str, Any]]) -> Sequence[Mapping[str, Any]]:
    """As `cut` does it, without a node of which a part is withheld taken apart; nothing if a standard is withheld."""
    if any(node.get("withheld") for node in nodes):
        return []
    while True:
        below = [each for node in nodes for each in _parts(node)]
        if len(below) == len(nodes) or len(below) > MOST_ROWS:
            return nodes
        nodes = below


def _parts(node: Mapping[str, Any]) -> Sequence[Mapping[str, Any]]:
    children: Sequence[Mapping[str, Any]] = node["children"]
    return children if children and not any(child.get("withheld") for child in children) else (node,)


def cut(nodes: Sequence[NodeScore]) -> Sequence[NodeScore]:
    """The lowest nodes that are few enough; their points add up to those of `nodes`."""
    while any(node.children for node in nodes):
        below = [each for node in nodes for each in (node.children or (node,))]
        if len(below) > MOST_ROWS:
            break
        nodes = below
    return nodes
