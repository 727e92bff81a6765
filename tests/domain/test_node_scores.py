"""How surveys, spot checks, opinions and volumes become points, and every reason why they do not."""

from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal

import pytest
from scheme_files import CHECK, COUNT, EXPERT, SURVEY, check, codes, one, opinion, scheme_of, survey

from service.domain.errors import Refused
from service.domain.evaluate.evidence import Evidence, LeadDecision, Panel, Quantity
from service.domain.evaluate.node_scores import REMARKS
from service.domain.evaluate.scores import score

# --- surveys


@pytest.mark.parametrize(
    ("points", "figure", "expected"),
    [
        ("linear", "80.5", "80.5"),
        ("{target: 90, deduct_per_point: 2}", "95", "100"),
        ("{target: 90, deduct_per_point: 2}", "90", "100"),
        ("{target: 90, deduct_per_point: 2}", "84.5", "89"),
        ("{target: 90, deduct_per_point: 2}", "10", "0"),
        ("{steps: [{from: 0, points: 0}, {from: 60, points: 50}, {from: 80, points: 100}]}", "59.999", "0"),
        ("{steps: [{from: 0, points: 0}, {from: 60, points: 50}, {from: 80, points: 100}]}", "60", "50"),
        ("{steps: [{from: 0, points: 0}, {from: 60, points: 50}, {from: 80, points: 100}]}", "100", "100"),
    ],
)
def test_a_figure_becomes_points(points: str, figure: str, expected: str) -> None:
    scheme = scheme_of(f"id: x, weight: 100, {SURVEY.replace('points: linear', 'points: ' + points)}")
    tree = score(scheme, Evidence(surveys=(survey(value=figure),)))
    assert tree.total == Decimal(expected)
    arithmetic = tree.node("x").arithmetic
    assert arithmetic
    assert arithmetic.terms[0] == ("top3_rate", Decimal(figure))
    assert arithmetic.text.endswith(f"= {expected}")


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"distributions": ("all_present_provider",)}, "distribution_inadmissible"),
        ({"distributions": ("drawn_persons", "poster")}, "distribution_inadmissible"),
        ({"modes": ("own_phone", "staff_assisted")}, "mode_inadmissible"),
    ],
)
def test_inadmissible_answers_are_left_out_and_said_so(changes: dict[str, object], code: str) -> None:
    tree = score(one(SURVEY), Evidence(surveys=(survey(**changes),)))
    assert (tree.total, codes(tree)) == (0, ["no_survey"])
    assert [(remark.code, remark.subject) for remark in tree.excluded] == [(code, "c1")]
    beside = survey(campaign="c2", value="70")
    assert score(one(SURVEY), Evidence(surveys=(survey(**changes), beside))).total == 70


def test_answers_left_out_of_a_figure_are_listed_beside_it() -> None:
    left_out = (("assistance", "service_staff", 4), ("distribution", "poster", 7), ("mode", "paper", 2))
    tree = score(one(SURVEY), Evidence(surveys=(survey(left_out=left_out),)))
    assert tree.total == Decimal("80.5")
    assert [remark.message for remark in tree.excluded] == [
        "Answers helped by service_staff that do not count here: 4.",
        "Answers collected as poster that do not count here: 7.",
        "Answers collected by paper that do not count here: 2.",
    ]


def test_two_campaigns_for_one_node_are_not_chosen_between() -> None:
    tree = score(one(SURVEY), Evidence(surveys=(survey(), survey(campaign="c2"))))
    assert (tree.total, codes(tree)) == (0, ["ambiguous"])
    assert "c1, c2" in tree.missing[0].message


def test_a_survey_without_figure_gives_its_reason() -> None:
    tree = score(one(SURVEY), Evidence(surveys=(survey(value=None, reason="nobody answered"),)))
    assert codes(tree) == ["no_figure"]
    assert "nobody answered" in tree.missing[0].message


BELOW = [{"n": 29}, {"response_rate": Decimal("49.9")}, {"response_rate": None}]


@pytest.mark.parametrize("below", BELOW)
@pytest.mark.parametrize(
    ("rule", "code"),
    [("lead_decides", "decision_needed"), ("not_scorable", "not_scorable"), ("census", "census_needed")],
)
def test_below_the_minimum_the_scheme_decides(below: dict[str, object], rule: str, code: str) -> None:
    tree = score(one(SURVEY, if_below=rule), Evidence(surveys=(survey(**below),)))
    assert (tree.total, codes(tree)) == (0, [code])
    assert "minimum 30" in tree.missing[0].message


def test_the_minimum_itself_is_enough() -> None:
    assert score(one(SURVEY), Evidence(surveys=(survey(n=30, response_rate=Decimal(50)),))).total == Decimal("80.5")


def test_a_census_counts_however_few_there_are() -> None:
    everyone = survey(n=7, response_rate=Decimal(100), census=True)
    tree = score(one(SURVEY, if_below="census"), Evidence(surveys=(everyone,)))
    assert tree.total == Decimal("80.5")
    assert [remark.code for remark in tree.node("x").notes] == ["census"]


def test_a_few_drawn_persons_who_all_answer_are_no_census() -> None:
    drawn = survey(n=7, response_rate=Decimal(100))
    assert codes(score(one(SURVEY, if_below="census"), Evidence(surveys=(drawn,)))) == ["census_needed"]


def test_the_lead_decides_with_a_reason_that_stays_in_the_tree() -> None:
    few = survey(n=7)
    counts = score(one(SURVEY), Evidence(surveys=(few,), decisions=(LeadDecision("x", "count", "small village"),)))
    assert counts.total == Decimal("80.5")
    assert "small village" in counts.node("x").notes[0].message
    assert [item.kind for item in counts.node("x").inputs] == ["survey", "decision"]
    not_ = score(one(SURVEY), Evidence(surveys=(few,), decisions=(LeadDecision("x", "not_scorable", "too few"),)))
    assert (not_.total, codes(not_)) == (0, ["decided_not_scorable"])
    both = (LeadDecision("x", "count", "a"), LeadDecision("x", "not_scorable", "b"))
    assert codes(score(one(SURVEY), Evidence(surveys=(few,), decisions=both))) == ["decision_needed"]


# --- spot checks


def test_the_error_rate_becomes_points_and_the_limit_a_note() -> None:
    tree = score(one(CHECK), Evidence(checks=(check(upper_limit=48),)))
    node = tree.node("x")
    assert tree.total == 75  # 3 of 60 = 5 %, zero points at 20 %
    assert node.arithmetic
    assert node.arithmetic.text == "error rate 5 % (3 of 60); max(0, 100 - 100 × 5 / 20) = 75"
    assert [remark.code for remark in node.notes] == ["limit_over_tolerable"]  # 48 of 400 = 12 %
    assert not score(one(CHECK), Evidence(checks=(check(upper_limit=40),))).node("x").notes
    assert [r.code for r in score(one(CHECK), Evidence(checks=(check(errors=7),))).node("x").notes] == [
        "over_tolerable"
    ]


def test_a_rate_just_tolerable_is_no_fault() -> None:
    notes = score(one(CHECK), Evidence(checks=(check(errors=6, upper_limit=None),))).node("x").notes
    assert not notes  # 6 of 60 = 10 %, the tolerable rate itself


@pytest.mark.parametrize(("errors", "expected"), [(0, 100), (12, 0), (60, 0)])
def test_error_points_end_at_zero(errors: int, expected: int) -> None:
    assert score(one(CHECK), Evidence(checks=(check(errors=errors),))).total == expected


def test_a_stratified_rate_is_taken_as_it_is() -> None:
    assert score(one(CHECK), Evidence(checks=(check(rate=Decimal(8)),))).total == 60


@pytest.mark.rule("C09")
def test_error_points_by_steps() -> None:
    steps = "{steps: [{from: 0, points: 100}, {from: 5, points: 60}, {from: 10, points: 0}]}"
    scheme = scheme_of(f"id: x, weight: 100, {CHECK.replace('{zero_at: 20}', steps)}")
    totals = [score(scheme, Evidence(checks=(check(errors=errors),))).total for errors in (2, 3, 5, 6)]
    assert totals == [100, 60, 60, 0]


def test_a_check_scores_only_when_every_drawn_item_is_looked_up() -> None:
    tree = score(one(CHECK), Evidence(checks=(check(n=58, missing_items=("R007", "R011")),)))
    assert (tree.total, codes(tree)) == (0, ["items_unchecked"])
    assert tree.missing[0].params["items"] == ("R007", "R011")
    assert codes(score(one(CHECK), Evidence(checks=(check(n=0, errors=0),)))) == ["no_check"]
    assert codes(score(one(CHECK), Evidence(checks=(check(), check(draw="d2"))))) == ["ambiguous"]


# --- experts and institutions


@pytest.mark.parametrize(
    ("aggregate", "given_", "expected"),
    [
        ("mean", ("80", "90", "91"), "87"),
        ("median", ("80", "90", "91"), "90"),
        ("median", ("80", "90", "91", "99"), "90.5"),
        ("trimmed_mean", ("0", "90", "91", "100"), "90.5"),
        ("consensus", ("85.5", "85.50", "85.5"), "85.5"),
        ("mean", ("0", "0", "100"), "33.333333333"),
    ],
)
def test_scores_are_put_together_as_the_scheme_says(aggregate: str, given_: tuple[str, ...], expected: str) -> None:
    scheme = one(EXPERT, aggregate=aggregate, min_raters="3")
    raters = tuple(opinion("x", points, f"r{at}") for at, points in enumerate(given_))
    assert score(scheme, Evidence(judgements=raters)).total == Decimal(expected)


def test_scores_that_differ_are_no_consensus() -> None:
    raters = tuple(opinion("x", points, f"r{at}") for at, points in enumerate(("80", "85")))
    tree = score(one(EXPERT, aggregate="consensus"), Evidence(judgements=raters))
    assert (tree.total, codes(tree), tree.provisional) == (0, ["no_consensus"], True)


@pytest.mark.rule("G29")
def test_institutions_that_stay_silent_are_listed_and_not_guessed() -> None:
    scheme = one(EXPERT, raters="institutions", min_raters="2")
    panel = Panel("x", ("street", "police", "school"))
    two = (opinion("x", "80", "street"), opinion("x", "90", "school"))
    tree = score(scheme, Evidence(judgements=two, panels=(panel,)))
    assert (tree.total, codes(tree)) == (85, ["rater_silent"])
    assert tree.provisional
    one_only = score(scheme, Evidence(judgements=two[:1], panels=(panel,)))
    assert (one_only.total, codes(one_only)) == (0, ["too_few_raters", "rater_silent", "rater_silent"])


def test_a_rater_counts_once_and_only_if_asked() -> None:
    twice = (opinion("x", "80"), replace(opinion("x", "20"), id="again"), opinion("x", "60", "r2"))
    tree = score(one(EXPERT), Evidence(judgements=twice))
    assert tree.total == 60
    assert [remark.code for remark in tree.excluded] == ["rater_twice", "rater_twice"]
    stranger = score(one(EXPERT), Evidence(judgements=(opinion("x", "80"),), panels=(Panel("x", ("r2",)),)))
    assert (stranger.total, codes(stranger)) == (0, ["too_few_raters", "rater_silent"])
    assert [remark.code for remark in stranger.excluded] == ["rater_not_asked"]


# --- counters


def volume(
    target: str | None, verified: str | None, workers: str | None = None, claimed: str | None = None
) -> Quantity:
    return Quantity("q1", "x", *(None if v is None else Decimal(v) for v in (target, claimed, verified, workers)))


@pytest.mark.parametrize(
    ("quantity", "expected"),
    [(volume("12", "9"), "75"), (volume("12", "12"), "100"), (volume("12", "30"), "100"), (volume("12", "0"), "0")],
)
def test_the_verified_volume_over_the_target_up_to_the_cap(quantity: Quantity, expected: str) -> None:
    assert score(one(COUNT), Evidence(quantities=(quantity,))).total == Decimal(expected)


def test_the_claim_never_counts_and_its_difference_is_noted() -> None:
    tree = score(one(COUNT), Evidence(quantities=(volume("12", "9", claimed="12"),)))
    assert tree.total == 75
    assert [remark.message for remark in tree.node("x").notes] == ["Claimed 12, verified 9; the verified value counts."]


@pytest.mark.rule("G13")
def test_a_volume_per_worker_is_the_sum_over_the_workers() -> None:
    scheme = one(COUNT, level="per_worker, denominator: full_time_equivalent")
    assert score(scheme, Evidence(quantities=(volume("100", "300", workers="4"),))).total == 75
    assert codes(score(scheme, Evidence(quantities=(volume("100", "300"),)))) == ["no_workers"]
    assert codes(score(scheme, Evidence(quantities=(volume("100", "300", workers="0"),)))) == ["no_workers"]


@pytest.mark.parametrize(
    ("quantities", "expected"),
    [
        ((), ["no_quantity"]),
        ((volume(None, "9"),), ["no_target"]),
        ((volume("0", "9"),), ["no_target"]),
        ((volume("12", None, claimed="12"),), ["no_verified"]),
        ((volume(None, None),), ["no_target", "no_verified"]),
        ((volume("12", "9"), replace(volume("12", "9"), id="q2")), ["ambiguous"]),
    ],
)
def test_a_volume_that_is_not_known_is_missing(quantities: tuple[Quantity, ...], expected: list[str]) -> None:
    tree = score(one(COUNT), Evidence(quantities=quantities))
    assert (tree.total, codes(tree)) == (0, expected)


@pytest.mark.parametrize(
    "make",
    [
        lambda: survey(value="100.1"),
        lambda: survey(value="-1"),
        lambda: survey(value="NaN"),
        lambda: survey(response_rate=Decimal(101)),
        lambda: check(errors=61),
        lambda: check(n=401),
        lambda: check(rate=Decimal("100.1")),
        lambda: opinion("x", "Infinity"),
        lambda: volume("-1", "1"),
        lambda: LeadDecision("x", "maybe", "because"),
        lambda: LeadDecision("x", "count", " "),
    ],
)
def test_impossible_evidence_cannot_be_made(make: Callable[[], object]) -> None:
    with pytest.raises(Refused):
        make()


def test_every_remark_has_its_message() -> None:
    names = {"reason", "n", "min_n", "rate", "min_rate", "count", "tolerable", "limit", "given", "needed", "rater"}
    names |= {"draw", "denominator", "claimed", "verified", "ids", "value", "node", "type"}
    names |= {"numerator", "unit", "modifier", "role", "roles", "sum", "floor", "cap", "low", "high"}
    for text in REMARKS.values():
        assert "{" not in text.format(**dict.fromkeys(names, "?"))
