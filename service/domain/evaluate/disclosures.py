"""What of a result others than the evaluator may see: points must not give back a figure of too few (design §7)."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import replace
from decimal import Decimal
from typing import Any

from service.domain.collect.release_units import EVERYBODY, MINIMUM
from service.domain.evaluate.evidence import Evidence
from service.domain.evaluate.node_scores import Remark
from service.domain.evaluate.results import nodes_of
from service.domain.evaluate.schemes import Expert, Scheme
from service.domain.evaluate.scores import NodeScore, ScoreTree

_EXTREMES = (Decimal(0), Decimal(100))


# --- Blind: nobody sees a node's points before all who were asked have scored


def without_judgements(evidence: Evidence, nodes: Collection[str]) -> Evidence:
    """The evidence as it may be seen while these nodes are blind."""
    kept = tuple(one for one in evidence.judgements if one.node not in nodes)
    return replace(evidence, judgements=kept, panels=tuple(one for one in evidence.panels if one.node not in nodes))


def blinded(tree: ScoreTree, nodes: Collection[str]) -> ScoreTree:
    """A tree of `without_judgements` in which these nodes say why they have no score, and not who is still silent."""
    hidden = {node: (Remark(node, "judgements_blind"),) for node in nodes}

    def node_of(node: NodeScore) -> NodeScore:
        children = tuple(node_of(child) for child in node.children)
        return replace(
            node, children=children, missing=hidden.get(node.id, node.missing) if node.score is None else node.missing
        )

    standards = tuple(node_of(standard) for standard in tree.standards)
    missing = tuple(remark for standard in standards for node in standard.walk() for remark in node.missing)
    return replace(tree, standards=standards, missing=missing)


# --- Withheld: what follows from too few answers


def too_few(evidence: Evidence) -> set[str]:
    """Survey nodes whose figure is about fewer than MINIMUM, or tells that fewer than EVERYBODY all answered alike.

    A node that cannot be scored has no figure to give back.
    """
    return {
        one.node
        for one in evidence.surveys
        if one.figure_value is not None and (one.n < MINIMUM or (one.n < EVERYBODY and one.figure_value in _EXTREMES))
    }


def withheld(scheme: Scheme, tree: ScoreTree, unsafe: Collection[str]) -> tuple[str, ...]:
    """The nodes that others may not see: those that are unsafe and whatever else must go with them.

    Wherever a shown sum has exactly one hidden part, that part follows by subtraction; so a second one is hidden too:
    of its siblings the one that nobody else can compute and that is worth least, else the sum itself. The total is
    always shown. In the order of the tree.
    """
    hidden = {node for node in unsafe if tree.node(node).score is not None}
    judged = {node.id for node in scheme.nodes if isinstance(node.spec, Expert)}
    while extra := _giving_back(tree, hidden, judged):
        hidden.add(extra)
    return tuple(node.id for node in tree.walk() if node.id in hidden)


def _giving_back(tree: ScoreTree, hidden: Collection[str], judged: Collection[str]) -> str | None:
    """One more node to hide; None when nothing hidden follows from what is shown. Leaves first, then upwards."""
    for node in reversed(list(tree.walk())):
        if node.id in hidden or not node.children:
            continue
        if (extra := _second(node.children, hidden, judged)) is not None:
            return extra or node.id
    extra = _second(tree.standards, hidden, judged)
    if extra:
        return extra
    # A hidden sum whose parts are all shown is none.
    for node in tree.walk():
        if node.id in hidden and node.children and not any(child.id in hidden for child in node.children):
            return _least(node.children, judged).id
    return None


def _second(parts: Iterable[NodeScore], hidden: Collection[str], judged: Collection[str]) -> str | None:
    """The part to hide beside a lone hidden one, "" where there is none to hide, None where nothing is to be done."""
    counted = [part for part in parts if part.score is not None or part.id in hidden]
    if sum(part.id in hidden for part in counted) != 1:
        return None
    others = [part for part in counted if part.id not in hidden]
    return _least(others, judged).id if others else ""


def _least(parts: Iterable[NodeScore], judged: Collection[str]) -> NodeScore:
    def rank(part: NodeScore) -> tuple[bool, bool, Decimal, str]:
        return part.id not in judged, bool(part.children), part.max_points, part.id

    return min((part for part in parts if part.score is not None), key=rank)


# --- What a reader gets


def for_reader(tree: Mapping[str, Any], hidden: Collection[str], names: bool) -> dict[str, Any]:
    """A result's tree as plain data without what is `hidden`, and without the names of scorers unless `names`.

    Hidden nodes are marked `withheld` and have neither score nor points, nor have sums an arithmetic that names them.
    Inputs of surveys lead to tallies, which are the evaluator's.
    """
    ids = {node["id"] for node in nodes_of(tree)}
    standards = [_node_for(node, hidden, names) for node in tree["standards"]]
    shown = {**tree, "standards": standards}
    if any(standard["id"] in hidden for standard in tree["standards"]):
        shown["arithmetic"] = None
    for list_ in ("missing", "excluded"):
        shown[list_] = [one for one in tree[list_] if _may_see(one, hidden, names) and one["node"] in ids]
    if hidden:
        shown["sources"] = []  # a source may have a single part that is hidden
    shown["withheld"] = [node["id"] for node in nodes_of(tree) if node["id"] in hidden]
    return shown


def _node_for(node: Mapping[str, Any], hidden: Collection[str], names: bool) -> dict[str, Any]:
    children = [_node_for(child, hidden, names) for child in node["children"]]
    shown = {**node, "children": children, "withheld": node["id"] in hidden}
    if node["id"] in hidden:
        nothing = {"score": None, "points": None, "max_scorable": None, "arithmetic": None}
        return {**shown, **nothing, "inputs": [], "missing": [], "excluded": [], "notes": []}
    if any(child["id"] in hidden for child in node["children"]):
        shown["arithmetic"] = None
    if node["type"] == "survey" or (node["type"] == "expert" and not names):
        shown["inputs"] = []
    if node["type"] == "expert" and not names:
        shown["arithmetic"] = None
    for list_ in ("missing", "excluded", "notes"):
        shown[list_] = [one for one in node[list_] if _may_see(one, hidden, names)]
    return shown


def _may_see(remark: Mapping[str, Any], hidden: Collection[str], names: bool) -> bool:
    """Remarks on raters name them; remarks on answers that were left out count people, however few."""
    if remark["node"] in hidden or remark["code"].endswith("_left_out"):
        return False
    return names or not remark["code"].startswith("rater_")
