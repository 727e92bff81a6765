"""What a campaign's answers become as evidence for a score: what counts, what is left out, why there is no figure."""

from decimal import Decimal

import institutions
import pytest
from factories import KEY, NOW, Opened, issue, open_campaign
from scheme_files import GUANGZHOU, HEAD, OPINIONS, SURVEY, with_

from service.domain.evaluate.evidence import SurveyEvidence
from service.domain.evaluate.rounds import Round
from service.domain.evaluate.scheme_loading import load_scheme
from service.domain.evaluate.scores import score
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


@pytest.mark.rule("C06")
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


# --- Institutions (G29, G30)


def of_institutions(population: str, figure: str = "top3_rate", head: str = HEAD) -> SurveyEvidence:
    spec = with_(("figure: top3_rate", f"figure: {figure}"), text=SURVEY)
    spec = spec.replace("population: recipients", f"population: {population}")
    scheme = load_scheme(f"{head}  - {{id: x, weight: 100, {spec}}}\n")
    bound = Round("round-1", "project-1", "final", "x", "worked@1", "", NOW, surveys={"x": "campaign-1"})
    return scores.gather(bound, scheme).surveys[0]


def test_signed_opinions_are_evidence_of_a_node_for_institutions() -> None:
    institutions.open_with(4)  # two party_government, one functional, one organisation
    institutions.enter("inst-0", institutions.answers("5"))
    institutions.enter("inst-1", institutions.answers("2"))
    found = of_institutions("institutions")
    assert (found.figure_value, found.n, found.response_rate, found.census) == (50, 2, 50, False)
    assert (found.distributions, found.modes, found.left_out) == ((), (), ())
    one = of_institutions("functional")
    assert (one.figure_value, one.n, one.response_rate, one.census) == (0, 1, 100, True)
    levels = HEAD.replace("nodes:\n", LEVELS)
    assert of_institutions("institutions", "index:levels", levels).figure_value == Decimal("62.5")
    nobody = of_institutions("organisation")
    assert (nobody.figure_value, nobody.n, nobody.response_rate, nobody.reason) == (None, 0, 0, "no_answers")


def test_a_replaced_opinion_changes_figure_and_digest() -> None:
    institutions.open_with(1)
    institutions.enter("inst-0", institutions.answers("5"))
    before = of_institutions("institutions")
    institutions.enter("inst-0", institutions.answers("1"), number=2, reason="the institution sent a new form")
    after = of_institutions("institutions")
    assert (before.figure_value, after.figure_value) == (100, 0)
    assert before.digest != after.digest


def test_institutions_do_not_answer_for_persons_nor_persons_for_institutions() -> None:
    institutions.open_with(1)
    institutions.enter("inst-0")
    found = of_institutions("recipients")
    assert (found.figure_value, found.n) == (None, 0)
    assert found.reason == "the node's population is 'recipients', and the campaign asks institutions"


def test_persons_are_no_institutions() -> None:
    answered(GOOD)
    assert (
        of_institutions("institutions").reason
        == "the node's population is 'institutions', and the campaign asks persons"
    )


@pytest.mark.rule("G29", "G30")
def test_the_shipped_variant_scores_g29_and_g30_from_the_forms_of_each_kind() -> None:
    institutions.open_with(6)  # two of each kind
    for place, level in enumerate(("5", "4", "3", "5")):
        institutions.enter(f"inst-{place}", institutions.answers(level))
    scheme = load_scheme(OPINIONS, {"guangzhou-services": GUANGZHOU})
    nodes = ("g29", "g30-functional", "g30-organisation")
    bound = Round(
        "round-1",
        "project-1",
        "final",
        "x",
        "guangzhou-opinions@2",
        "",
        NOW,
        surveys=dict.fromkeys(nodes, "campaign-1"),
    )
    evidence = scores.gather(bound, scheme)
    found = {one.node: (one.figure_value, one.n, one.response_rate) for one in evidence.surveys}
    assert found == {
        "g29": (100, 2, 100),  # levels 5 and 5
        "g30-functional": (80, 1, 50),
        "g30-organisation": (60, 1, 50),
    }
    tree = score(scheme, evidence)
    assert tree.node("g29").score == 100
    # Half of the list is below the variant's minimum of 60 percent: the lead decides, nobody re-weights in silence.
    assert tree.node("g30-functional").score is None
    assert [remark.code for remark in tree.node("g30-functional").missing] == ["decision_needed"]
