"""Points of a published tree never give back a hidden figure: an adversary who solves for it is left in doubt."""

from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import linprog

from service.domain.procedure import public_trees
from service.domain.procedure.public_trees import TOTAL, walk

Node = dict[str, Any]


def node(id: str, most: Any, points: Any, *children: Node) -> Node:
    return {"id": id, "max_points": str(most), "points": str(points), "children": list(children)}


def tree(*standards: Node) -> Node:
    return {"standards": list(standards)}


def interval(whole: Node, hidden: frozenset[str], leaf: str) -> tuple[float, float]:
    """What of the leaf's points can be computed from everything shown: a linear program, no idea of our rule."""
    leaves = [one for one in walk(whole["standards"]) if not one["children"]]
    place = {one["id"]: at for at, one in enumerate(leaves)}
    rows, sums = [], []
    everything = node(TOTAL, 100, sum(Decimal(one["points"]) for one in whole["standards"]), *whole["standards"])
    for one in walk([everything]):
        if one["id"] not in hidden:
            row = [0.0] * len(leaves)
            for below in walk([one]):
                if not below["children"]:
                    row[place[below["id"]]] = 1.0
            rows.append(row)
            sums.append(float(one["points"]))
    bounds = [(0.0, float(one["max_points"])) for one in leaves]
    ends = []
    for sign in (1.0, -1.0):
        goal = [0.0] * len(leaves)
        goal[place[leaf]] = sign
        found = linprog(goal, A_eq=rows or None, b_eq=sums or None, bounds=bounds)
        assert found.status == 0, found.message
        ends.append(sign * found.fun)
    return ends[0], ends[1]


def leaf_points(most: int) -> st.SearchStrategy[Decimal]:
    return st.sampled_from([Decimal(0), Decimal(most) / 4, Decimal(most) / 2, Decimal(most) * 9 / 10, Decimal(most)])


@st.composite
def trees(draw: st.DrawFn, depth: int = 2, name: str = "s") -> Node:
    standards = []
    for at in range(draw(st.integers(1, 4))):
        id = f"{name}{at}"
        if depth and draw(st.booleans()):
            children = draw(trees(depth - 1, f"{id}."))["standards"]
            most = sum(Decimal(child["max_points"]) for child in children)
            points = sum(Decimal(child["points"]) for child in children)
            standards.append(node(id, most, points, *children))
        else:
            most = draw(st.sampled_from([1, 4, 10, 40]))
            standards.append(node(id, most, draw(leaf_points(most))))
    return tree(*standards)


@settings(max_examples=60, deadline=None)
@given(trees(), st.data())
@pytest.mark.rule("C27")
def test_no_hidden_figure_can_be_computed_from_what_is_shown(whole: Node, data: st.DataObject) -> None:
    """Design §7: whoever solves all sums still does not know a sensitive leaf to better than a third of its range."""
    leaves = [one["id"] for one in walk(whole["standards"]) if not one["children"]]
    sensitive = data.draw(st.sets(st.sampled_from(leaves), max_size=3))
    hidden = public_trees.hidden(whole, sensitive)
    assert sensitive <= hidden
    mosts = {one["id"]: float(one["max_points"]) for one in walk(whole["standards"])}
    for leaf in sensitive:
        lowest, highest = interval(whole, hidden, leaf)
        assert highest - lowest >= mosts[leaf] / 3, (leaf, lowest, highest, hidden)


def test_nothing_is_hidden_where_nothing_is_sensitive_and_no_more_than_is_needed() -> None:
    whole = tree(node("a", 40, 30, node("a1", 20, 15), node("a2", 10, 8), node("a3", 10, 7)), node("b", 60, 50))
    assert public_trees.hidden(whole, ()) == frozenset()
    assert public_trees.hidden(whole, {"a2"}) == {"a2", "a3"}  # the smallest that covers it; the sums stay


def test_where_a_whole_sum_gives_it_back_the_sum_is_hidden_too() -> None:
    alone = tree(node("a", 40, 30, node("a1", 40, 30)), node("b", 60, 30, node("b1", 30, 10), node("b2", 30, 20)))
    assert public_trees.hidden(alone, {"a1"}) == {"a", "a1", "b", "b1", "b2"}
    full = tree(node("a", 40, 40, node("a1", 20, 20), node("a2", 20, 20)), node("b", 60, 30))
    assert public_trees.hidden(full, {"a1"}) == {"a", "a1", "a2", "b"}  # full marks of a tell full marks of a1
    only = tree(node("a", 100, 100))
    assert public_trees.hidden(only, {"a"}) == {"a", TOTAL}


EVIDENCE = {
    "surveys": [{"node": "s", "campaign": "c", "n": 12, "left_out": [["assistance", "staff", 3]]}],
    "judgements": [{"node": "i"}, {"node": "i"}, {"node": "e"}],
    "quantities": [{"node": "w", "workers": "2"}, {"node": "v", "workers": "5"}, {"node": "x", "workers": None}],
}
LEAVES = {"i": "institutions", "w": "headcount", "v": "headcount", "x": "headcount"}
RELEASE = {"valid": [12], "minimum": 10}


@pytest.mark.rule("C27")
@pytest.mark.parametrize(
    ("change", "release", "why"),
    [
        ({}, RELEASE, None),
        ({}, None, "not_released"),
        ({"n": 9}, RELEASE | {"valid": [9]}, "too_few"),
        ({}, RELEASE | {"minimum": 15}, "too_few"),
        ({}, RELEASE | {"valid": [15]}, "differs_by_few"),
        ({}, RELEASE | {"valid": [12, 14]}, "differs_by_few"),
        ({}, RELEASE | {"valid": [22]}, None),
        ({"left_out": [["mode", "phone", 4]]}, RELEASE, "differs_by_few"),
        ({"left_out": [["distribution", "poster", 40]]}, RELEASE | {"valid": [52]}, None),
    ],
)
def test_a_survey_is_shown_only_if_a_release_shows_it_and_the_difference_tells_of_nobody(
    change: dict[str, Any], release: dict[str, Any] | None, why: str | None
) -> None:
    """Points beside a release must not tell how the few between the two answered."""
    evidence = EVIDENCE | {"surveys": [EVIDENCE["surveys"][0] | change]}
    assert public_trees.sensitive(evidence, LEAVES, {"c": release}, 10).get("s") == why


@pytest.mark.rule("C27")
def test_few_institutions_and_few_workers_are_not_shown() -> None:
    found = public_trees.sensitive(EVIDENCE, LEAVES, {"c": RELEASE}, 10)
    assert found == {"i": "too_few", "w": "few_workers"}
