"""Sites and campaigns beside one another, trends, weights to frozen frames: from slips to what is claimed."""

from datetime import timedelta
from decimal import Decimal

import pytest
from factories import EVALUATOR, KEY, NOTICE, NOW, OTHER_EVALUATOR, Opened, issue, make_project, open_campaign
from questionnaire_samples import sample

from service.domain.collect.campaigns import Campaign
from service.domain.errors import Refused
from service.operations.collect import campaigns, comparisons, questionnaires, satisfaction
from service.operations.collect.comparisons import Asking
from service.operations.collect.responses import Submission, submit
from service.operations.inspect import frames

pytestmark = pytest.mark.usefixtures("database")


def answer(name: str, codes: list[str], good: int) -> None:
    for place, code in enumerate(codes):
        level = "High" if place < good else "Low"
        answers = {"satisfaction": level, "influence": "Low", "contact": "High"}
        submit(code, Submission(f"submission-{name}-{place}", answers), NOW, (KEY,))


def fault(caught: pytest.ExceptionInfo[Refused]) -> str:
    return "; ".join(f"{one.field}: {one.message}" for one in caught.value.faults)


def asked_at(opened: Opened, at: int, count: int, good: int, **more: str) -> Opened:
    """Another campaign of the project that opens `at` years later, with answers of drawn persons."""
    opens = NOW + timedelta(days=365 * at)
    first = opened.campaign
    draft = Campaign(
        f"campaign-{at + 1}", "", first.project, f"Year {at}", first.questionnaire, first.questionnaire_version,
        "recipient", ("east", "west"), opens, opens + timedelta(days=90), first.languages, NOTICE,
    )  # fmt: skip
    campaigns.create(EVALUATOR, NOW, draft)
    later = Opened(campaigns.change_state(EVALUATOR, NOW, draft.id, "open", 1), KEY)
    later.codes = issue(later, count, distribution="drawn_persons", **more)
    for place, code in enumerate(later.codes):
        level = "High" if place < good else "Low"
        answers = {"satisfaction": level, "influence": "Low", "contact": "High"}
        submit(code, Submission(f"{draft.id}-{place}", answers), opens + timedelta(days=1), (KEY,))
    return later


def test_sites_of_one_draw_are_told_apart_or_tied() -> None:
    opened = open_campaign(30, distribution="drawn_persons")
    west = issue(opened, 30, site="west", distribution="drawn_persons")
    answer("east", opened.codes, 29)
    answer("west", west, 12)
    found = comparisons.of_sites(EVALUATOR, opened.id)
    assert [(one.key, one.name) for one in found.members] == [("east", "East"), ("west", "West")]
    [pair] = found.pairs
    assert pair.value == found.members[0].figure.value - found.members[1].figure.value  # type: ignore[operator]
    assert (pair.method, pair.separated, pair.p == pair.adjusted) == ("newcombe", True, True)
    assert pair.interval is not None
    assert pair.interval[0] > 0
    assert [(one.first, one.last, one.ties) for one in found.places] == [(1, 1, ()), (2, 2, ())]
    # The same figures as the campaign's own page has by site.
    own = {key[0]: estimate for key, estimate in satisfaction.figures(EVALUATOR, opened.id, ["site"]).groups}
    assert {one.key: one.figure for one in found.members} == {key: one.found("satisfied") for key, one in own.items()}
    index = comparisons.of_sites(EVALUATOR, opened.id, Asking(figure="index"))
    assert index.pairs[0].method == "welch"


def test_where_everyone_was_asked_only_bounds_that_do_not_meet_are_a_difference() -> None:
    opened = open_campaign(20)
    west = issue(opened, 20, site="west")
    answer("east", opened.codes[:18], 18)
    answer("west", west[:18], 6)
    [pair] = comparisons.of_sites(EVALUATOR, opened.id).pairs
    assert (pair.method, pair.p, pair.separated) == ("bounds", None, True)  # 90 to 100 against 30 to 40 %
    [facts] = comparisons.of_sites(EVALUATOR, opened.id, Asking(figure="top2")).pairs
    assert (facts.separated, facts.reason) == (False, "no_bounds")


def test_who_chose_to_answer_is_put_in_no_order() -> None:
    opened = open_campaign(20, distribution="free_choice")
    west = issue(opened, 20, site="west", distribution="free_choice")
    answer("east", opened.codes, 20)
    answer("west", west, 1)
    found = comparisons.of_sites(EVALUATOR, opened.id)
    assert [(pair.separated, pair.reason) for pair in found.pairs] == [(False, "not_drawn")]
    assert [one.ties for one in found.places] == [("west",), ("east",)]


def test_sites_asked_in_other_ways_need_a_label() -> None:
    opened = open_campaign(10)
    west = issue(opened, 10, site="west", distribution="free_choice")
    answer("east", opened.codes, 9)
    answer("west", west, 5)
    with pytest.raises(Refused) as caught:
        comparisons.of_sites(EVALUATOR, opened.id)
    assert caught.value.reason == "not_comparable"
    assert "distributions: all_present_evaluator / free_choice" in fault(caught)
    labelled = comparisons.of_sites(EVALUATOR, opened.id, Asking(label="two ways of asking"))
    assert ([one.aspect for one in labelled.differences], labelled.label) == (["distributions"], "two ways of asking")
    assert not any(pair.separated for pair in labelled.pairs)


def test_campaigns_of_a_project_and_their_trend() -> None:
    opened = open_campaign(60, distribution="drawn_persons")
    answer("first", opened.codes, 30)
    for at, good in ((1, 40), (2, 52)):
        asked_at(opened, at, 60, good)
    ids = ["campaign-1", "campaign-2", "campaign-3"]
    found = comparisons.of_campaigns(EVALUATOR, "project-1", ids)
    assert [one.key for one in found.members] == ["campaign-3", "campaign-2", "campaign-1"]
    assert {(pair.one, pair.other): pair.separated for pair in found.pairs}["campaign-1", "campaign-3"]
    trend = comparisons.trend(EVALUATOR, "project-1")
    assert [point.member.key for point in trend.points] == ids
    assert [(step.one, step.other) for step in trend.steps] == [
        ("campaign-2", "campaign-1"),
        ("campaign-3", "campaign-2"),
    ]
    assert trend.line.slope is not None
    assert round(trend.line.slope, 2) == Decimal("0.18")  # 50, 67, 87 % in three years
    assert trend.line.interval is not None
    assert trend.line.interval[0] > 0
    two = comparisons.trend(EVALUATOR, "project-1", ids[:2])
    assert (two.line.slope, two.line.reason) == (None, "too_few_rounds")


def test_what_cannot_be_compared_says_why() -> None:
    opened = open_campaign(4)
    answer("east", opened.codes, 2)
    for act, part in (
        (lambda: comparisons.of_sites(EVALUATOR, opened.id), "2 to 60"),
        (lambda: comparisons.of_campaigns(EVALUATOR, "project-1", [opened.id]), "2 to 60 campaigns"),
        (lambda: comparisons.of_sites(EVALUATOR, opened.id, Asking(label="x" * 501)), "longer than 500"),
        (lambda: comparisons.of_sites(EVALUATOR, opened.id, Asking(figure="median"), "mode"), "2 to 60"),
        (lambda: comparisons.trend(EVALUATOR, "project-1"), "2 to 60 campaigns"),
        (lambda: satisfaction.figures(EVALUATOR, opened.id, formula="best"), "linear"),
        (lambda: satisfaction.figures(EVALUATOR, opened.id, interval="wald"), "wilson, exact"),
        (lambda: satisfaction.figures(EVALUATOR, opened.id, cluster="street"), "session, site"),
    ):
        with pytest.raises(Refused) as caught:
            act()
        assert part in fault(caught)
    [(_, estimate)] = satisfaction.figures(EVALUATOR, opened.id).groups
    with pytest.raises(Refused, match="median"):
        satisfaction.named(estimate, ["median"])
    with pytest.raises(Refused):
        comparisons.of_sites(OTHER_EVALUATOR, opened.id)


# --- weights to frozen frames

AGES = ("young", "old")


def by_age(distribution: str = "drawn_persons") -> Opened:
    """A campaign with the weighting variable age: 12 young persons satisfied, of 6 old ones 3."""
    make_project()
    persons = [f"P{number:03}" for number in range(400)]
    strata = ["young" if number < 100 else "old" for number in range(400)]
    frames.freeze(EVALUATOR, NOW, "persons", "project-1", "Recipients", "register", persons, strata)
    definition = sample()
    version, _ = questionnaires.publish(EVALUATOR, NOW, definition)
    window = (NOW - timedelta(days=1), NOW + timedelta(days=36500))
    draft = Campaign(
        "campaign-1", "", "project-1", "Survey", "sample", version.number, "recipient", ("east",), *window,
        languages=("en",), notice=NOTICE,
    )  # fmt: skip
    campaigns.create(EVALUATOR, NOW, draft)
    opened = Opened(campaigns.change_state(EVALUATOR, NOW, draft.id, "open", 1), KEY)
    opened.codes = issue(opened, 18, distribution=distribution)
    for place, code in enumerate(opened.codes):
        age, level = ("young", "5") if place < 12 else ("old", "5" if place < 15 else "1")
        answers = {"q1": level, "m1": {"r1": level, "r2": level}, "age": age, "helped": "no"}
        submit(code, Submission(f"submission-{place}", answers), NOW, (KEY,))
    return opened


def test_answers_are_weighted_to_the_strata_of_a_frame() -> None:
    opened = by_age()
    [(_, plain)] = satisfaction.figures(EVALUATOR, opened.id).groups
    [(_, weighted)] = satisfaction.figures(EVALUATOR, opened.id, weights=["age@persons"]).groups
    assert round(float(plain.satisfied or 0), 4) == 0.8333
    figure = weighted.found("satisfied")
    assert (figure.value, figure.design, figure.population) == (Decimal("0.625"), "post_stratified", 400)  # ¼ + ¾ × ½
    assert (weighted.satisfied, weighted.interval) == (figure.value, figure.interval)
    assert "thin_cells" in figure.limits
    parts = satisfaction.figures(EVALUATOR, opened.id, ["site"], weights=["age@persons"]).groups
    assert [estimate.satisfied for _, estimate in parts] == [Decimal("0.625")]
    assert parts[0][1].found("satisfied").limits[-1:] != ()


def test_weights_that_do_not_fit_the_frame_are_refused_by_name() -> None:
    opened = by_age()
    for weights, part in (
        (["age"], "dimension@frame"),
        (["age@nowhere"], "nowhere"),
        (["site@persons"], "which is no code or text of site"),
        (["age@persons", "age@persons"], "each dimension once"),
        (["age@persons:street"], "(nothing)"),
    ):
        with pytest.raises(Refused) as caught:
            satisfaction.figures(EVALUATOR, opened.id, weights=weights)
        assert part in fault(caught)
    with pytest.raises(Refused) as caught:
        satisfaction.figures(EVALUATOR, opened.id, weights=["weather@persons"])
    assert caught.value.reason == "filter_unavailable"
