"""What of a result others may see: no figure of too few follows from what is shown, by whatever adding and taking."""

import json
from decimal import Decimal
from fractions import Fraction
from itertools import combinations

import pytest
from scheme_files import CHECK, COMMON, EXPERT, SURVEY, check, opinion, scheme_of, survey

from service.domain.collect.questionnaires import Scale
from service.domain.collect.release_units import Layers, Shown
from service.domain.collect.releases import may_show
from service.domain.collect.tallies import Cell, Tally
from service.domain.evaluate.canonical import canonical
from service.domain.evaluate.disclosures import blinded, for_reader, too_few, withheld, without_judgements
from service.domain.evaluate.evidence import Evidence, Panel
from service.domain.evaluate.results import nodes_of
from service.domain.evaluate.scores import ScoreTree, score

SCHEME = scheme_of(
    f"id: views, weight: 30, {SURVEY}",
    f"id: work, weight: 40, type: composite, {COMMON}",
    f"id: records, parent: work, weight: 50, {CHECK}",
    f"id: care, parent: work, weight: 50, type: composite, {COMMON}",
    f"id: kin, parent: care, weight: 50, {SURVEY}",
    f"id: plans, parent: care, weight: 50, {EXPERT}",
    f"id: order, weight: 30, {EXPERT}",
)
EVIDENCE = Evidence(
    surveys=(survey("views"), survey("kin", "75.5", campaign="c2")),
    checks=(check(node="records"),),
    judgements=(opinion("plans", "70"), opinion("order", "60", "r9")),
    panels=(Panel("order", ("r9", "r8")),),
)
TREE = score(SCHEME, EVIDENCE)
LEAVES = [node.id for node in TREE.walk() if not node.children]


def spans(rows: list[list[Fraction]], wanted: list[Fraction]) -> bool:
    """Whether `wanted` is a sum of multiples of the rows."""
    basis: list[list[Fraction]] = []

    def reduced(row: list[Fraction]) -> list[Fraction]:
        for known in basis:
            lead = next(at for at, value in enumerate(known) if value)
            row = [value - row[lead] * other / known[lead] for value, other in zip(row, known, strict=True)]
        return row

    for row in rows:
        if any(left := reduced(row)):
            basis.append(left)
    return not any(reduced(wanted))


def computable(tree: ScoreTree, shown: dict, leaf: str) -> bool:
    """Whether the leaf's points follow from the total and the points that are shown, as sums of leaves."""

    def over_leaves(ids: set[str]) -> list[Fraction]:
        return [Fraction(each in ids) for each in LEAVES]

    below = {node.id: {each.id for each in node.walk()} for node in tree.walk()}
    sums = [over_leaves(below[node["id"]]) for node in nodes_of(shown) if node["points"] is not None]
    return spans([over_leaves(set(LEAVES)), *sums], over_leaves({leaf}))


@pytest.mark.parametrize("unsafe", [set(some) for size in (1, 2, 3) for some in combinations(LEAVES, size)])
def test_no_hidden_points_follow_from_those_that_are_shown(unsafe: set[str]) -> None:
    hidden = withheld(SCHEME, TREE, unsafe)
    assert unsafe <= set(hidden)
    shown = for_reader(json.loads(canonical(TREE)), hidden, names=True)
    assert Decimal(shown["total"]) == TREE.total
    for leaf in unsafe:
        assert not computable(TREE, shown, leaf)


def test_the_second_part_hidden_is_one_that_only_the_group_knows() -> None:
    """The provider knows its own records, so hiding them would not protect the persons asked."""
    assert withheld(SCHEME, TREE, {"kin"}) == ("kin", "plans")
    assert withheld(SCHEME, TREE, {"views"}) == ("views", "order")
    assert withheld(SCHEME, TREE, set()) == ()


def test_what_is_hidden_stands_nowhere_in_what_is_read() -> None:
    hidden = withheld(SCHEME, TREE, {"kin"})
    shown = for_reader(json.loads(canonical(TREE)), hidden, names=True)
    assert shown["withheld"] == ["kin", "plans"]
    text = json.dumps(shown)
    assert "75.5" not in text
    assert "c2" not in text
    by_id = {node["id"]: node for node in nodes_of(shown)}
    assert by_id["care"]["arithmetic"] is None
    assert by_id["work"]["arithmetic"] is not None
    assert (by_id["kin"]["score"], by_id["kin"]["points"], by_id["kin"]["inputs"]) == (None, None, [])


def test_names_of_scorers_are_for_those_who_lead_and_pay_only() -> None:
    whole = json.loads(canonical(TREE))
    led, told = for_reader(whole, (), names=True), for_reader(whole, (), names=False)
    assert "r9" in json.dumps(led["standards"])
    assert "r9" not in json.dumps(told)
    assert "r8" not in json.dumps(told)  # asked, and silent
    assert {node["id"]: node["score"] for node in nodes_of(told)} == {
        node["id"]: node["score"] for node in nodes_of(led)
    }


@pytest.mark.parametrize(
    ("n", "value", "hidden"),
    [(9, "50", True), (10, "50", False), (29, "100", True), (29, "0", True), (30, "100", False), (9, None, False)],
)
def test_too_few_are_fewer_than_ten_and_fewer_than_thirty_of_one_opinion(
    n: int, value: str | None, hidden: bool
) -> None:
    assert too_few(Evidence(surveys=(survey("views", value, n=n),))) == ({"views"} if hidden else set())


# --- beside the releases of the same answers

SCALE = Scale(("q",), "q", ("high",), ("low", "high"))
SLIP, POSTER = (Cell("s", "", way, "own_phone", "none", "en", "", "", "") for way in ("drawn_persons", "poster"))


def counts(low: int, high: int) -> dict[str, int]:
    return {"n": low + high, "c|q|low": low, "c|q|high": high}


def released(tally: Tally) -> Shown:
    return Shown((), (((),),), "with", ("q",), Layers(tally))


def test_a_figure_may_stand_beside_the_total_if_the_rest_is_of_enough() -> None:
    enough = {SLIP: counts(20, 20), POSTER: counts(20, 12)}
    assert may_show(SCALE, Layers(enough), {SLIP}, [released(enough)], ("q",))
    few = {SLIP: counts(20, 20), POSTER: counts(2, 1)}  # total - figure would tell of three
    assert not may_show(SCALE, Layers(few), {SLIP}, [released(few)], ("q",))
    alone = {SLIP: counts(20, 20)}
    assert may_show(SCALE, Layers(alone), {SLIP}, [released(alone)], ("q",))


def test_nor_may_the_change_since_an_earlier_release_be_of_too_few() -> None:
    before, after = {SLIP: counts(20, 20)}, {SLIP: counts(21, 22)}
    assert not may_show(SCALE, Layers(after), {SLIP}, [released(before)], ("q",))
    later = {SLIP: counts(40, 40)}
    assert may_show(SCALE, Layers(later), {SLIP}, [released(before)], ("q",))


# --- blind


def test_a_blind_node_has_no_score_and_does_not_tell_who_is_silent() -> None:
    seen = blinded(score(SCHEME, without_judgements(EVIDENCE, {"order"})), {"order"})
    node = seen.node("order")
    assert (node.score, node.points, node.inputs) == (None, 0, ())
    assert [remark.code for remark in node.missing] == ["judgements_blind"]
    assert [(one.node, one.code) for one in seen.missing] == [("order", "judgements_blind")]
    assert seen.total == TREE.total - TREE.node("order").points
    assert "60" not in [str(one.score) for one in without_judgements(EVIDENCE, {"order"}).judgements]
