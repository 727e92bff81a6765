"""Which questions of two versions may stand in one figure, and what the sum of their tallies keeps."""

import copy

import pytest
from hypothesis import given
from hypothesis import strategies as st
from questionnaire_samples import options, sample, text

from service.domain.collect import tallies
from service.domain.collect.joining import check_joinable, joinable, joined, obstacles, same_weights, without_interval
from service.domain.collect.questionnaires import check_answers, parse
from service.domain.collect.satisfaction import Reach, estimate
from service.domain.errors import FAULTS, Refused


def edited(*edits, **changes):
    """The sample as version 2 with edits: (path, value)."""
    plain = copy.deepcopy(sample(version=2, **changes))
    for (*parents, last), value in edits:
        place = plain
        for key in parents:
            place = place[key]
        place[last] = value
    return parse(plain)


FIRST = parse(sample())


@pytest.mark.parametrize(
    ("path", "value", "what"),
    [
        (("questions", 0, "label", "zh-Hans"), "总的来说", "label"),
        (("questions", 0, "hint"), text("think of last month"), "hint"),
        (("questions", 0, "required"), False, "required"),
        (("questions", 0, "cannot_say"), True, "setting"),
        (("questions", 0, "options"), options("1", "2", "3", "4", "5"), "options_order"),
        (("questions", 0, "options", 2, "label", "en"), "so so", "option_label"),
        (("scales", "satisfaction", "levels"), ["1", "2", "3", "5", "4"], "scale"),
    ],
)
def test_a_question_that_changed_is_not_counted_together(path, value, what):
    other = edited((path, value))
    assert {change.what for change in obstacles(FIRST, other, "q1")} == {what}
    assert not joinable(FIRST, other, "q1")
    assert joinable(FIRST, other, "age")


def test_the_place_may_differ():
    questions = sample()["questions"]
    assert joinable(FIRST, edited(questions=[questions[3], *questions[:3], questions[4]]), "q1")


def test_a_row_minds_its_own_wording_and_that_of_its_question_only():
    other_row = edited((("questions", 1, "rows", 1, "label", "en"), "R2"))
    assert joinable(FIRST, other_row, "m1/r1")
    assert not joinable(FIRST, other_row, "m1/r2")
    heading = edited((("questions", 1, "label", "en"), "How good is"))
    assert not joinable(FIRST, heading, "m1/r1")


def test_who_is_asked_must_be_the_same_also_by_the_condition_of_the_section():
    sections = [{"id": "one", "questions": ["age", "helped"]}, {"id": "two", "questions": ["q1", "m1", "t1"]}]
    questions = sample()["questions"]
    questions = [questions[3], questions[4], *questions[:3]]
    always = edited(questions=questions, sections=sections, help=None)
    old_only = [sections[0], sections[1] | {"when": "age = 'old'"}]
    sometimes = edited(questions=questions, sections=old_only, help=None)
    assert joinable(FIRST, always, "q1")
    assert [(change.what, change.after) for change in obstacles(always, sometimes, "q1")] == [("when", "age = 'old'")]
    assert joinable(always, sometimes, "age")


def test_a_translation_added_is_a_wording_that_some_were_not_asked_in():
    def translated(value):
        if isinstance(value, dict):
            return {key: translated(part) for key, part in value.items()} | ({"fr": "mot"} if "en" in value else {})
        return [translated(part) for part in value] if isinstance(value, list) else value

    other = parse(translated(sample()) | {"version": 2, "languages": ["zh-Hans", "en", "fr"]})
    assert {change.language for change in obstacles(FIRST, other, "q1")} == {"fr"}


def test_what_only_one_of_them_asks_cannot_be_joined():
    without = edited((("questions", 1, "rows"), [{"id": "r1", "label": text("r1")}]), scales={}, awareness=None)
    assert [change.what for change in obstacles(FIRST, without, "m1/r2")] == ["removed"]
    assert [change.what for change in obstacles(without, FIRST, "m1/r2")] == ["added"]
    assert not joinable(FIRST, without, "no_such")
    assert obstacles(FIRST, without, "no_such") == []


def refusal(*versions):
    with pytest.raises(Refused) as refused:
        check_joinable(versions, "satisfaction")
    for fault in refused.value.faults:
        assert FAULTS[fault.reason].format(**fault.params)
    assert refused.value.message
    return [(fault.field, fault.reason) for fault in refused.value.faults]


def test_a_refusal_names_each_changed_question():
    reworded = edited((("questions", 1, "rows", 0, "label", "en"), "R1"))
    assert refusal(FIRST, reworded) == [("m1/r1", "changed_between")]
    smaller = edited((("scales", "satisfaction", "items"), ["q1", "m1/r1"]))
    assert refusal(FIRST, FIRST, smaller) == [("m1/r2", "not_in_both")]
    assert refusal(FIRST, edited(scales={})) == [("scales.satisfaction", "not_in_both")]
    assert refusal(FIRST, edited((("scales", "satisfaction", "satisfied"), ["5"]))) == [
        ("scales.satisfaction", "changed_between")
    ]
    questions = sample()["questions"]
    assert refusal(FIRST, edited(questions=questions[:4], help=None)) == [("helped", "not_in_both")]


def test_a_version_that_only_adds_questions_can_be_joined():
    more = {"id": "extra", "kind": "text", "label": text("more")}
    questions = sample()["questions"]
    check_joinable([FIRST, edited(questions=[more, *questions])], "satisfaction")


# --- the sum


def answered(questionnaire, first, row, age="young"):
    answers = check_answers(questionnaire, {"q1": first, "m1": {"r1": row, "r2": row}, "age": age, "helped": "no"})
    place = {"site": "east", "session": "", "distribution": "drawn_persons", "mode": "own_phone", "language": "en"}
    return tallies.tally_of(questionnaire, tallies.cell_of(questionnaire, answers, **place), answers)


ANSWERS = st.lists(st.tuples(st.sampled_from("12345"), st.sampled_from("12345")), max_size=8)


@given(ANSWERS, ANSWERS)
def test_joined_figures_are_those_of_all_answers_under_one_version(mine, theirs):
    questions = sample()["questions"]
    second = edited(questions=[questions[3], *questions[:3], questions[4]])
    apart = [
        tallies.total(answered(version, *one) for one in some) for version, some in ((FIRST, mine), (second, theirs))
    ]
    together = joined([(FIRST, apart[0]), (second, apart[1])], "satisfaction")
    alone = tallies.total(answered(FIRST, *one) for one in [*mine, *theirs])
    assert estimate(FIRST, together) == estimate(FIRST, alone)


def test_weighting_variables_that_differ_and_other_items_are_left_out():
    other = edited(weights=[])
    assert not same_weights([FIRST, other])
    assert same_weights([FIRST, edited()])
    summed = joined([(FIRST, answered(FIRST, "5", "4")), (other, answered(other, "4", "4"))], "satisfaction")
    ((cell, counts),) = summed.items()
    assert (cell.site, cell.w1, counts["n"]) == ("east", "", 2)
    assert {key.split("|")[1] for key in counts if key.startswith("c|")} == {"q1", "m1/r1", "m1/r2"}
    assert not [key for key in counts if key.startswith(("p|", "a|", "h|"))]
    assert counts["s|satisfaction|n"] == 2


def test_products_are_left_out_when_the_scale_has_another_order():
    other = edited((("scales", "satisfaction", "items"), ["m1/r1", "q1", "m1/r2"]))
    summed = joined([(FIRST, answered(FIRST, "5", "4")), (other, answered(other, "4", "4"))], "satisfaction")
    assert not [key for counts in summed.values() for key in counts if key.startswith("s|")]


def test_several_draws_have_no_common_interval():
    tally = tallies.total([answered(FIRST, "5", "4"), answered(FIRST, "1", "4")])
    figures = estimate(FIRST, tally, [Reach("drawn_persons", 2, 40)])
    assert figures.interval is not None
    bare = without_interval(figures)
    assert (bare.interval, bare.interval_reason, bare.population) == (None, "several_draws", None)
    assert bare.index == figures.index
    barred = estimate(FIRST, {}, [Reach("poster", 2)])
    assert without_interval(barred) == barred
