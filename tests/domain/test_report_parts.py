"""What a report sums up of a score, and what it keeps to itself."""

from datetime import timedelta
from typing import Any

import pytest
from factories import NOW
from scheme_files import COMMON, EXPERT, GUANGZHOU, SMALL, SURVEY, opinion, scheme_of, survey

from service.domain.evaluate.evidence import Evidence
from service.domain.evaluate.scheme_loading import load_scheme
from service.domain.evaluate.schemes import OBJECTS
from service.domain.evaluate.scores import score
from service.domain.procedure import report_parts as parts
from service.domain.procedure.reports import BUILDING, FAILED, INTERRUPTED, SILENCE, Report, state_at

GUANGZHOU_TREE = score(load_scheme(GUANGZHOU), Evidence())
# A survey beside two judgements, and one that is the only part of its sum.
SCHEME = scheme_of(
    f"id: first, weight: 60, type: composite, {COMMON}",
    f"id: asked, parent: first, weight: 40, {SURVEY}",
    f"id: judged, parent: first, weight: 35, {EXPERT}",
    f"id: seen, parent: first, weight: 25, {EXPERT}",
    f"id: second, weight: 20, type: composite, {COMMON}",
    f"id: alone, parent: second, weight: 100, {SURVEY}",
    f"id: third, weight: 20, {EXPERT}",
)
TREE = score(
    SCHEME,
    Evidence(
        surveys=(survey("asked"), survey("alone")),
        judgements=(opinion("judged", "80"), opinion("seen", "70"), opinion("third", "90")),
    ),
)


@pytest.mark.rule("G01")
def test_all_four_objects_are_summed_up_also_those_without_an_indicator() -> None:
    shares = parts.by_object(load_scheme(GUANGZHOU), GUANGZHOU_TREE)
    assert [one.key[0] for one in shares] == list(OBJECTS)
    assert all(one.nodes and one.max_points for one in shares)
    small = parts.by_object(load_scheme(SMALL), score(load_scheme(SMALL), Evidence()))
    assert [one.key[0] for one in small] == list(OBJECTS)
    assert [one.nodes for one in small][2] == ()  # nothing speaks of social benefit: it stands there, empty


@pytest.mark.rule("G09")
def test_process_and_result_by_objective_and_subjective_add_up_to_the_total() -> None:
    shares = parts.by_kind(SCHEME, TREE)
    assert sum(one.points or 0 for one in shares) == TREE.total
    assert sum(one.max_points for one in shares) == 100
    whole = parts.by_kind(load_scheme(GUANGZHOU), GUANGZHOU_TREE)
    assert {one.key for one in whole} >= {
        (nature, view) for nature in ("process", "result") for view in ("objective", "subjective")
    }
    assert sum(one.max_points for one in whole) == 100


@pytest.mark.rule("C27")
def test_a_sum_that_would_give_back_a_hidden_number_is_not_shown() -> None:
    for share in (*parts.by_object(SCHEME, TREE, {"asked", "seen"}), *parts.by_kind(SCHEME, TREE, {"asked", "seen"})):
        assert (share.points is None) == bool({"asked", "seen"} & set(share.nodes))


def test_names_are_taken_out_the_longest_first() -> None:
    text = "欧阳小明和小明都查阅了资料。"
    assert parts.without_names(text, ["小明", "欧阳小明", "", "查"]) == "＊＊＊和＊＊＊都查阅了资料。"


@pytest.mark.parametrize(
    ("heard", "state", "told"),
    [(NOW, BUILDING, (BUILDING, "")), (NOW - SILENCE - timedelta(seconds=1), BUILDING, (FAILED, INTERRUPTED))],
)
def test_a_making_that_falls_silent_has_failed(heard: Any, state: str, told: tuple[str, str]) -> None:
    report = Report("r", "round", NOW - timedelta(hours=1), "someone", state=state, alive_at=heard)
    assert state_at(report, NOW) == told
