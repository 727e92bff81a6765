"""Edits of drafts: the text says exactly what was asked for, and what was not touched stays as it was typed."""

import copy
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from question_shapes import questionnaires

from service.domain.collect import draft_edits as edits
from service.domain.collect.draft_references import Use, uses
from service.domain.collect.questionnaires import parse, to_plain
from service.domain.errors import Fault, Refused
from service.domain.yaml_edits import rewritten, same
from service.domain.yaml_texts import dump, load

TEMPLATES = sorted((Path(__file__).parents[2] / "survey_templates" / "questionnaires").glob("*.yaml"))
DRAFT = """\
# what all this is
id: sample
languages: [zh-Hans, en]  # both

questions:
  # about b
  - id: a   # first
    kind: single
    label: {zh-Hans: 甲, en: A}
    options:
      - {code: "1", label: {zh-Hans: 一, en: One}}   # the best
      - {code: "2", label: {zh-Hans: 二, en: Two}}

  # why b is asked
  - id: b
    kind: number
    when: a = '1' and answered(a) or a = 'a'
    label:
      zh-Hans: 因为${a}
      # still to be checked
      en: Because of ${a}
  - id: m
    kind: matrix
    label: {zh-Hans: 丙, en: C}
    options:
      - {code: "1", label: {zh-Hans: 一, en: One}}
    rows:
      - {id: r1, label: {zh-Hans: 行, en: Row}}
# what is counted
scales:
  s: {items: [a, m/r1], headline: a, satisfied: ["2"], levels: ["1", "2"]}
weights: [a]
"""


def data(text=DRAFT):
    return load(text, "invalid")


def ids(text):
    return [each["id"] for each in data(text)["questions"]]


def test_a_moved_question_takes_the_comment_above_it_and_no_other_line_changes():
    text = edits.edited(DRAFT, edits.move_question("b", -1))
    assert ids(text) == ["b", "a", "m"]
    assert sorted(text.split("\n")) == sorted(DRAFT.split("\n"))
    assert "  # why b is asked\n  - id: b\n" in text
    assert "  # about b\n  - id: a   # first\n" in text
    assert edits.edited(text, edits.move_question("b", 1)).split() == DRAFT.split()


def test_a_byte_order_mark_hinders_no_edit():
    edit = edits.move_question("b", -1)
    assert edits.edited(f"\ufeff{DRAFT}", edit) == edits.edited(DRAFT, edit)


def test_only_the_changed_value_is_written_anew():
    changed = data()["questions"][1] | {"label": {"zh-Hans": "因为${a}", "en": "Why: 'so'"}}
    text = edits.edited(DRAFT, edits.change_question("b", changed))
    assert [line for line in text.split("\n") if line not in DRAFT.split("\n")] == ["      en: 'Why: ''so'''"]
    assert "      # still to be checked\n" in text
    assert "# the best" in text


def test_a_removed_question_leaves_the_declarations_and_is_named_by_what_stays():
    assert uses(data(), "a") == [
        Use("condition", "b"),
        Use("text", "b"),
        Use("scale", "s"),
        Use("weights"),
    ]
    text = edits.edited(DRAFT, edits.remove_question("a"))
    assert ids(text) == ["b", "m"]
    assert data(text)["scales"]["s"] == {
        "items": ["m/r1"],
        "headline": "m/r1",
        "satisfied": ["2"],
        "levels": ["1", "2"],
    }
    assert "weights" not in data(text)
    assert "answered(a)" in text
    assert "# why b is asked" in text
    assert "scales" not in data(edits.edited(text, edits.remove_question("m")))


def test_a_new_name_is_followed_everywhere_but_in_quotes():
    text = edits.edited(DRAFT, edits.change_question("a", data()["questions"][0] | {"id": "answered"}))
    found = data(text)
    assert found["questions"][1]["when"] == "answered = '1' and answered(answered) or answered = 'a'"
    assert found["questions"][1]["label"]["en"] == "Because of ${answered}"
    assert found["scales"]["s"]["items"] == ["answered", "m/r1"]
    assert found["weights"] == ["answered"]
    matrix = copy.deepcopy(found["questions"][2])
    matrix["rows"][0]["id"] = "staff"
    renamed = edits.change_question("m", matrix, {"rows": ["r1"]})
    assert data(edits.edited(text, renamed))["scales"]["s"]["items"] == [
        "answered",
        "m/staff",
    ]


def recoded(text, name, *codes, was=None):
    """The text in which the options have these codes; `was` is what they were called, by default the codes so far."""
    place = ids(text).index(name)
    question = copy.deepcopy(data(text)["questions"][place])
    before = was or [option["code"] for option in question["options"]]
    question["options"] = [{"code": code, "label": {"en": code}} for code in codes]
    return edits.edited(text, edits.change_question(name, question, {"options": before}))


def asked(when, **more):
    return {"id": "c", "kind": "text", "when": when, "label": {"en": "c"}} | more


def with_condition(when, **more):
    return edits.edited(DRAFT, edits.add_question(asked(when, **more), after="m"))


@pytest.mark.parametrize(
    ("when", "then"),
    [
        ("a = '1' and not (a != \"2\")", "a = 'one' and not (a != \"2\")"),
        ("selected(a,'1') or answered(a)", "selected(a,'one') or answered(a)"),
        ("'1'=a or m/r1 = '1' or b = 1", "'one'=a or m/r1 = '1' or b = 1"),
        ("a  = 1 or 2 = a", "a  = 'one' or '2' = a"),  # its codes are no longer numbers
        ("b + 1 = 2 and selected(a, 01)", "b + 1 = 2 and selected(a, 'one')"),
        ("a = #1", "a = #1"),
        ("c = 'a = 1'", "c = 'a = 1'"),
    ],
)
def test_a_new_code_is_followed_in_conditions(when, then):
    text = recoded(with_condition(when), "a", "one", "2")
    assert data(text)["questions"][3]["when"] == then


@pytest.mark.parametrize("when", ["a >= 1", "a + 1 = 2", "a = m/r1", "1 - a = b", "a = 1 + b", "(a) = '1'", "a = -1"])
def test_a_code_that_is_calculated_with_keeps_its_name(when):
    text = with_condition(when)
    with pytest.raises(Refused) as refused:
        recoded(text, "a", "one", "2")
    assert refused.value.faults == (Fault("options", "code_calculated", {"value": "1", "names": f"c ({when})"}),)
    assert data(recoded(text, "a", "1", "2"))["questions"][3]["when"] == when


@pytest.mark.parametrize("when", ["a =", "a", "b = 1 and a >", "= a", "not (a", "a != and b = 1", "(a < )"])
def test_a_condition_that_is_half_written_is_named_with_its_question(when):
    with pytest.raises(Refused) as refused:
        recoded(with_condition(when), "a", "one", "2")
    assert refused.value.faults == (Fault("options", "code_unfinished", {"value": "1", "names": f"c ({when})"}),)


def test_numbers_stay_numbers_and_codes_that_change_places_do_so_everywhere():
    text = with_condition("a = 1 or a = 2 or a = '2'")
    assert data(recoded(text, "a", "2", "1"))["questions"][3]["when"] == "a = 2 or a = 1 or a = '1'"


def test_a_code_that_another_answer_takes_over_is_told_apart():
    """The second answer is taken out and the first one gets its code: who named the second would mean the first."""
    with pytest.raises(Refused):
        recoded(with_condition("a = '2'"), "a", "2", was=["1"])
    text = recoded(with_condition("a = '1'"), "a", "2", was=["1"])
    assert data(text)["questions"][3]["when"] == "a = '2'"


def test_a_code_that_stands_twice_is_not_followed_and_so_not_lost():
    text = recoded(with_condition("a = '1' or a = '2'"), "a", "2", "2")
    assert data(text)["questions"][3]["when"] == "a = '1' or a = '2'"
    assert data(recoded(text, "a", "1", "2"))["questions"][3]["when"] == "a = '1' or a = '2'"


def test_levels_follow_once_every_question_of_the_scale_has_the_new_code():
    text = edits.edited(DRAFT, edits.change_fields({"awareness": {"items": ["a"], "known": ["2"], "at_least": 1}}))
    matrix = copy.deepcopy(data()["questions"][2])
    matrix["options"] = copy.deepcopy(data()["questions"][0]["options"])
    text = edits.edited(text, edits.change_question("m", matrix))
    text = recoded(text, "a", "1", "best")
    assert data(text)["awareness"]["known"] == ["best"]
    assert data(text)["scales"]["s"]["levels"] == ["1", "2"]
    text = recoded(text, "m", "1", "best")
    assert data(text)["scales"]["s"]["levels"] == ["1", "best"]
    assert data(text)["scales"]["s"]["satisfied"] == ["best"]


def test_the_check_of_the_own_answer_follows_unless_it_was_written_anew():
    check = {"expr": "not selected(., '1')", "message": {"en": "no"}}
    several = {"id": "v", "kind": "multiple", "label": {"en": "v"}, "constraint": check}
    several["options"] = [{"code": code, "label": {"en": code}} for code in "12"]
    text = edits.edited(DRAFT, edits.add_question(several, after="m"))
    assert data(recoded(text, "v", "x", "2"))["questions"][3]["constraint"]["expr"] == "not selected(., 'x')"
    anew = copy.deepcopy(several) | {"constraint": check | {"expr": "selected(., '1')"}}
    anew["options"][0]["code"] = "x"
    written = data(edits.edited(text, edits.change_question("v", anew, {"options": ["1", "2"]})))
    assert written["questions"][3]["constraint"]["expr"] == "selected(., '1')"


def test_sections_hold_their_questions_through_every_move():
    text = edits.edited(DRAFT, edits.begin_section("b"))
    assert [(each["id"], each["questions"]) for each in data(text)["sections"]] == [("s1", ["a"]), ("s2", ["b", "m"])]
    text = edits.edited(text, edits.move_question("b", -1))
    assert [each["questions"] for each in data(text)["sections"]] == [["a", "b"], ["m"]]
    text = edits.edited(text, edits.move_section("s2", -1))
    assert ids(text) == ["m", "a", "b"]
    text = edits.edited(text, edits.place_question("b", section="s2"))
    assert [each["questions"] for each in data(text)["sections"]] == [["b", "m"], ["a"]]
    text = edits.edited(text, edits.place_question("b", after="a"))
    text = edits.edited(text, edits.add_question({"id": "n", "kind": "note"}, after="m"))
    assert [each["questions"] for each in data(text)["sections"]] == [["m", "n"], ["a", "b"]]
    text = edits.edited(text, edits.begin_section())
    assert data(text)["sections"][-1] == {"id": "s3", "questions": []}
    for name in ("s2", "s3", "s1"):
        text = edits.edited(text, edits.remove_section(name))
    assert "sections" not in data(text)
    assert ids(text) == ["m", "n", "a", "b"]


def test_texts_are_put_by_language_and_a_language_goes_everywhere():
    text = edits.edited(DRAFT, edits.put_texts({"questions.0.options.1.label": "Both", "title": "T"}, "en"))
    assert data(text)["questions"][0]["options"][1]["label"] == {"zh-Hans": "二", "en": "Both"}
    assert data(text)["title"] == {"en": "T"}
    text = edits.edited(text, edits.change_fields({"languages": ["zh-Hans"], "weights": None}))
    assert " en:" not in text
    assert "weights" not in text
    assert edits.edited(text, edits.put_texts({"questions.9.label": "x", "id.x": "y"}, "en")) == text


@pytest.mark.parametrize(
    "text", ["", "id: a", "questions: 5", "questions: [1, {}, {id: x}]", "questions:\nsections: [3]", "a: b: c"]
)
def test_any_text_is_edited_or_refused(text):
    for edit in (
        edits.add_question({"id": "n", "kind": "note"}),
        edits.move_question("0", 1),
        edits.remove_question("0"),
        edits.begin_section(),
        edits.change_fields({"title": {"en": "x"}}),
    ):
        reason, made = "", ""
        try:
            made = edits.edited(text, edit)
        except Refused as refused:
            reason = refused.reason
        assert reason in ("", "not_found", "questionnaire_invalid")
        load(made, "invalid")


values = st.recursive(
    st.none() | st.booleans() | st.integers(-9, 9) | st.text("ab:#-'\"{}[],&* \n%é中", max_size=6),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from("abc"), inner, max_size=3),
    max_leaves=6,
)
shapes = st.dictionaries(st.sampled_from(["a", "b", "c", "id"]), values, min_size=1, max_size=4)


@settings(max_examples=40, deadline=None)
@given(shapes, shapes)
def test_whatever_is_asked_for_is_what_the_text_says(old, new):
    assert same(load(rewritten(dump(old), new), "invalid"), new)


@settings(max_examples=5, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(questionnaires(), st.data())
def test_edits_of_sound_questionnaires_round_trip(asked, draw):
    plain = {key: value for key, value in to_plain(asked).items() if key != "version"}
    text = dump(plain)
    for _ in range(3):
        name = draw.draw(st.sampled_from(ids(text)))
        before = text
        kind = draw.draw(st.sampled_from(["move", "copy", "section", "swap"]))
        if kind == "move":
            text = edits.edited(edits.edited(text, edits.move_question(name, 1)), edits.move_question(name, -1))
            if name != ids(before)[-1] and "sections" not in data(before):
                assert same(data(text), data(before))
        elif kind == "copy":
            text = edits.edited(text, edits.copy_question(name))
        elif kind == "section":
            text = edits.edited(text, edits.begin_section(name))
        else:
            other = draw.draw(st.sampled_from(ids(text)))
            text = edits.edited(text, edits.place_question(name, after=other))
        assert sorted(set(ids(before)) - set(ids(text))) == []
        if all(each["questions"] for each in data(text).get("sections", ())):
            parse({**data(text), "version": 1})


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: path.stem)
def test_templates_keep_their_lines_through_edits(path):
    text = path.read_text("utf-8")
    first = ids(text)[0]
    moved = edits.edited(text, edits.move_question(first, 1))
    back = edits.edited(moved, edits.move_question(first, -1))
    assert moved != text
    assert same(data(back), data(text))
    assert [line for line in back.split("\n") if line.strip()] == [line for line in text.split("\n") if line.strip()]
