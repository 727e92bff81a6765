"""The desk's pages of a round: its score as a tree, and each node with its rule, arithmetic and evidence."""

from collections.abc import Iterator

from flask import Response

from service.domain.errors import Refused
from service.domain.evaluate.scores import NodeScore, ScoreTree
from service.operations import organisations, projects
from service.operations.evaluate import judgements, rounds, scores
from service.web.auth import actor, now, requires
from service.web.pages.desk.home import blueprint, page


@blueprint.get("/rounds/<id>")
@requires("scores.read")
def round(id: str) -> Response:
    """Total, grade, and every node with its points; each leads to its evidence."""
    scored = scores.of_round(actor(), now(), id)
    standards = [(standard, list(_rows(standard, 0))) for standard in scored.tree.standards]
    project = projects.project(actor(), scored.round.project)
    return page(
        "evaluate/round.html", scored=scored, tree=scored.tree, round=scored.round, project=project, standards=standards
    )


@blueprint.get("/rounds/<id>/nodes/<node>")
@requires("scores.read")
def node(id: str, node: str) -> Response:
    """One node: what it means, how its points came about, and what they rest on."""
    scored = scores.of_round(actor(), now(), id)
    found = {each.id: each for each in scored.tree.walk()}.get(node)
    if found is None:
        raise Refused("not_found", noun="indicator")
    return page(
        "evaluate/node.html",
        scored=scored,
        round=scored.round,
        found=found,
        rule=scored.scheme.node(node),
        above=_above(scored.tree, found),
        evidence=scored.evidence.of(node),
        judgements=[entry for entry in judgements.visible(actor(), scored.round) if entry.node == node],
        quantities=[entry for entry in rounds.quantities(scored.round) if entry.node == node],
        decisions=[entry for entry in rounds.decisions(scored.round) if entry.node == node],
        people=organisations.colleagues(actor()),
        labels={each.id: each.label for each in scored.tree.walk()},
    )


def _rows(node: NodeScore, depth: int) -> Iterator[tuple[int, NodeScore]]:
    """A node and all below it, parents first, with how deep each lies."""
    yield depth, node
    for child in node.children:
        yield from _rows(child, depth + 1)


def _above(tree: ScoreTree, node: NodeScore) -> list[NodeScore]:
    """The nodes above, the standard first."""
    path: list[NodeScore] = []
    while node.parent is not None:
        node = tree.node(node.parent)
        path.insert(0, node)
    return path
