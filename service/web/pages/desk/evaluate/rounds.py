"""The desk's pages of rounds: the list, one round with its score as a tree, and each node with what it rests on."""

from collections.abc import Iterator
from typing import Any
from urllib.parse import urlencode

from flask import Response, request
from marshmallow import ValidationError

from schemas.evaluate.rounds import RoundsQuerySchema
from service.domain.days import day_of
from service.domain.errors import Refused
from service.domain.evaluate.results import ResultVersion
from service.domain.evaluate.rounds import KINDS, LEADS, STATES
from service.domain.evaluate.scores import NodeScore, ScoreTree
from service.operations import organisations, projects
from service.operations.evaluate import result_readers, rounds, scores
from service.operations.procedure import deadlines
from service.web.auth import actor, now, requires
from service.web.pages.desk.evaluate.node_evidence import of_node
from service.web.pages.desk.evaluate.one_round import OneRound, one_round, round_page
from service.web.pages.desk.home import blueprint, page
from service.web.pages.desk.ways import N_, way

PAGE_SIZE = 100
FILTERS = ("state", "kind", "project", "lead", "due")


@blueprint.get("/rounds", endpoint="round_list")
@requires("rounds.read")
@way("desk", N_("Rounds"), "rounds.read", order=20, endpoint="round_list")
def round_list() -> Response:
    """The rounds of the reader's projects, the latest first, filtered by what stands in the address."""
    asked, wrong = _filters()
    found = rounds.listed(actor(), **asked)
    start = _start(len(found))
    names = {one.id: one.name for one in projects.projects(actor())}
    return page(
        "evaluate/rounds.html",
        422 if wrong else 200,
        rounds=found[start : start + PAGE_SIZE],
        count=len(found),
        start=start,
        earlier=_address(start - PAGE_SIZE) if start else "",
        later=_address(start + PAGE_SIZE) if start + PAGE_SIZE < len(found) else "",
        names=names,
        asked={name: request.args.get(name, "") for name in FILTERS},
        wrong=wrong,
        states=STATES,
        kinds=KINDS,
        leads=LEADS,
        today=day_of(now()),
    )


def _filters() -> tuple[dict[str, Any], list[str]]:
    """(the filters of the address, the names of those that fit nothing; these are left out)."""
    given = {name: value for name in FILTERS if (value := request.args.get(name, "").strip())}
    try:
        return RoundsQuerySchema().load(given), []
    except ValidationError as error:
        wrong = sorted(error.messages_dict)
        return RoundsQuerySchema().load({name: value for name, value in given.items() if name not in wrong}), wrong


def _start(count: int) -> int:
    given = request.args.get("start", "0")
    start = int(given) if given.isascii() and given.isdecimal() and len(given) < 7 else 0
    return start // PAGE_SIZE * PAGE_SIZE if start < count else 0


def _address(start: int) -> str:
    kept = {name: value for name in FILTERS if (value := request.args.get(name, ""))}
    return "?" + urlencode({**kept, "start": max(0, start)})


@blueprint.get("/rounds/<id>", endpoint="round")
@requires("rounds.read")
def show_round(id: str) -> Response:
    """Where the round stands and what it came to: the score as a tree for the evaluator, what is frozen for others."""
    found = one_round(id)
    scored = scores.of_round(actor(), now(), id) if found.may("scores.read") else None
    names = {one.id: one.name for one in organisations.organisations(actor())}
    return round_page(
        "evaluate/round.html",
        found,
        scored=scored,
        tree=scored.tree if scored else None,
        standards=[(standard, list(tree_rows(standard))) for standard in scored.tree.standards] if scored else [],
        result=_result(found),
        scheme=found.scheme,
        deadlines=deadlines.of_round(actor(), now(), id),
        parties=_named(found, names),
    )


def _named(found: OneRound, names: dict[str, str]) -> dict[str, str]:
    return {part: names.get(id, id) for part, id in found.project.parties.items()}


def _result(found: OneRound) -> ResultVersion | None:
    """The frozen version that stands, if there is one that the reader may know of."""
    versions = result_readers.of_round(actor(), found.round.id) if found.may("results.read") else []
    return versions[-1] if versions else None


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
        project=projects.project(actor(), scored.round.project),
        found=found,
        rule=scored.scheme.node(node),
        above=_above(scored.tree, found),
        people=organisations.colleagues(actor()),
        **of_node(actor(), scored, node),
    )


def tree_rows(node: NodeScore, depth: int = 0) -> Iterator[tuple[int, NodeScore]]:
    """A node and all below it, parents first, with how deep each lies."""
    yield depth, node
    for child in node.children:
        yield from tree_rows(child, depth + 1)


def _above(tree: ScoreTree, node: NodeScore) -> list[NodeScore]:
    """The nodes above, the standard first."""
    path: list[NodeScore] = []
    while node.parent is not None:
        node = tree.node(node.parent)
        path.insert(0, node)
    return path
