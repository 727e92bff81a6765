"""What a campaign's answers become as evidence for a score: what counts, what is left out, why there is no figure."""

import pytest
from factories import KEY, NOW, Opened, issue, open_campaign
from scheme_files import HEAD, SURVEY, with_

from service.domain.evaluate.evidence import SurveyEvidence
from service.domain.evaluate.rounds import Round
from service.domain.evaluate.scheme_loading import load_scheme
from service.operations.collect.responses import Submission, submit
from service.operations.evaluate import scores

pytestmark = pytest.mark.usefixtures("database")

GOOD = {"overall": "5"} | {"aspects": dict.fromkeys(("attitude", "skill", "timing", "needs"), "4")}
LEVELS = 'mappings: {levels: {example: true, points: {"5": 100, "4": 75, "3": 50, "2": 25, "1": 0}}}\nnodes:\n'


def answered(*given: dict[str, object], distribution: str = "drawn_persons") -> Opened:
    opened = open_campaign(max(1, len(given)), questionnaire="recipients", distribution=distribution)
    answer(opened, *given)
    return opened


def answer(opened: Opened, *given: dict[str, object], mode: str = "own_phone", first: int = 0) -> None:
    for place, answers in enumerate(given, first):
        submit(opened.codes[place], Submission(f"submission-{place}", answers, mode=mode), NOW, [KEY], (mode,))


def gathered(opened: Opened, figure: str = "top3_rate", head: str = HEAD) -> SurveyEvidence:
    spec = with_(("figure: top3_rate", f"figure: {figure}"), text=SURVEY)
    scheme = load_scheme(f"{head}  - {{id: x, weight: 100, {spec}}}\n")
    bound = Round("round-1", "project-1", "final", "x", "worked@1", "", NOW, surveys={"x": opened.id})
    return scores.gather(bound, scheme).surveys[0]


def test_answers_that_do_not_count_are_listed_each_once_with_the_reason() -> None:
    opened = answered(GOOD, GOOD, {"overall": "1", "helped": "service_staff"})
    opened.codes += issue(opened, 2)
    opened.codes += issue(opened, 3, distribution="all_present_provider")
    answer(opened, GOOD, mode="paper", first=3)
    answer(opened, GOOD, {"overall": "5", "helped": "service_staff"}, mode="paper", first=5)
    found = gathered(opened)
    assert (found.n, found.figure_value, found.distributions) == (2, 100, ("drawn_persons",))
    assert found.left_out == (
        ("assistance", "service_staff", 1),
        ("distribution", "all_present_provider", 2),
        ("mode", "paper", 1),
    )


def test_a_figure_that_one_item_spoils_says_so_and_not_that_nobody_answered() -> None:
    opened = answered({"overall": "5"}, {"overall": "4"})
    assert gathered(opened).figure_value == 100
    found = gathered(opened, "index:levels", HEAD.replace("nodes:\n", LEVELS))
    assert (found.n, found.figure_value, found.reason) == (2, None, "item_without_answers")


def test_a_consultation_is_never_scored() -> None:
    opened = open_campaign(1, questionnaire="needs-consultation", distribution="drawn_persons")
    found = gathered(opened)
    assert (found.figure_value, found.reason) == (None, "a consultation is never scored")


def test_a_mapping_of_other_levels_leaves_the_node_without_figure_and_the_score_readable() -> None:
    longer = HEAD.replace("nodes:\n", LEVELS.replace('"5": 100', '"6": 100, "5": 90'))
    found = gathered(answered(GOOD), "index:levels", longer)
    assert found.figure_value is None
    assert "'levels'" in (found.reason or "")


HELPED = {"overall": "5", "helped": "service_staff"}


@pytest.mark.parametrize(
    ("distribution", "given", "census"),
    [
        ("all_present_evaluator", (GOOD, GOOD), True),
        ("drawn_persons", (GOOD, GOOD), False),  # two of how many?
        ("all_present_evaluator", (GOOD, HELPED), False),  # who was helped by staff has not been heard
    ],
)
def test_everyone_must_be_asked_and_answer_for_themselves(
    distribution: str, given: tuple[dict[str, object], ...], census: bool
) -> None:
    found = gathered(answered(*given, distribution=distribution))
    assert found.response_rate == 100
    assert found.census is census


def test_without_answers_the_reason_is_that() -> None:
    assert gathered(answered()).reason == "no_answers"
