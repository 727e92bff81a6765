"""Drafts: every text is read to a questionnaire or to faults with their places, and test answers are counted."""

import json
from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from questionnaire_samples import sample

from service.domain.collect.drafts import DRAFT_LIMIT, TrialAnswer, check_id, check_size, read, renamed, tried
from service.domain.collect.questionnaires import check_answers, parse, to_plain
from service.domain.errors import FAULTS, Refused
from service.domain.yaml_texts import dump, lines_of, load

AT = datetime(2026, 11, 24, tzinfo=UTC)
FAULTY = """\
# a comment
id: sample
languages: [zh-Hans, en]
population: recipient
title: {zh-Hans: 题目, en: Title}
purpose: {zh-Hans: 目的, en: Purpose}
source: {zh-Hans: 来源, en: Source}
questions:
  - id: q1
    kind: single
    label: {zh-Hans: 问题}
    options:
      - {code: a, label: {zh-Hans: 甲, en: A}}
      - {code: a, label: {zh-Hans: 乙, en: B}}
  - id: q2
    kind: magic
    label: {zh-Hans: 问题, en: Question}
"""


def test_faults_stand_with_their_path_and_line():
    reading = read("sample", FAULTY, 1)
    assert reading.questionnaire is None
    assert reading.digest == ""
    found = {fault.field: (fault.reason, reading.line(fault.field)) for fault in reading.faults}
    assert found == {
        "questions.0.label.en": ("missing", 11),
        "questions.0.options.1.code": ("duplicate", 14),
        "questions.1.kind": ("unknown_kind", 16),
    }
    assert all(FAULTS[fault.reason].format(**fault.params) for fault in reading.faults)


def test_a_draft_without_faults_is_the_next_version_whatever_number_it_names():
    for number in (1, 7):
        reading = read("sample", json.dumps(sample(version=3)), number)
        assert reading.questionnaire == parse(sample(version=number))
        assert reading.digest == parse(sample(version=number)).digest


@pytest.mark.parametrize(
    "value",
    ["!!map [a]", "!!bool abc", "!!timestamp abc", "!!omap [a]", "!!int 1:10", "!!binary a", "1" + ":10" * 100_000],
)
def test_no_value_of_a_draft_stops_its_reading(value):
    # Drafts are kept with their faults: one that breaks the reader, or keeps it busy, would close the list of all.
    reading = read("sample", FAULTY.replace("population: recipient", f"population: {value}"), 1)
    assert reading.faults
    assert len(load("a: 1:30", "invalid")["a"]) == 4  # a time of day, not ninety


def test_the_definition_must_be_of_this_questionnaire():
    (fault,) = read("other", json.dumps(sample()), 1).faults
    assert (fault.field, fault.reason) == ("id", "draft_id")
    (fault, *_) = read("other", "{}", 1).faults
    assert (fault.field, fault.reason) == ("id", "draft_id")


@pytest.mark.parametrize(
    ("text", "places"),
    [
        ("", {""}),
        ("- a list", {""}),
        ("just words", {""}),
        ("id: [", {"line 1"}),
        ("id: sample\nid: sample", {"line 2"}),
        ("a: &x [1]\nb: *x", {"line 2"}),
        ("x" * (DRAFT_LIMIT * 3), {""}),
    ],
)
def test_what_is_no_definition_at_all_is_one_fault(text, places):
    reading = read("sample", text, 1)
    assert places <= {fault.field for fault in reading.faults}
    assert reading.questionnaire is None


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
)


@st.composite
def broken(draw):
    """The sample with anything in the place of one of its parts."""
    plain = sample()
    place = plain
    while True:
        key = draw(st.sampled_from(list(place) if isinstance(place, dict) else list(range(len(place)))))
        if not isinstance(place[key], dict | list) or not place[key] or draw(st.booleans()):
            place[key] = draw(JSON)
            return plain
        place = place[key]


@settings(max_examples=60)
@given(st.text(max_size=40) | broken().map(dump) | broken().map(json.dumps))
def test_nothing_that_can_be_typed_is_refused(text):
    reading = read("sample", text, 1)
    assert (reading.questionnaire is None) == bool(reading.faults)


@given(JSON)
def test_what_is_written_as_text_reads_the_same(data):
    clean = json.loads(json.dumps(data, ensure_ascii=False))
    if not isinstance(clean, dict):
        clean = {"data": clean}
    try:
        text = dump(clean)
        again = load(text, "questionnaire_invalid")
    except Refused:  # characters that YAML does not take
        return
    assert again == clean


@pytest.mark.parametrize("indent", [2, "\t"])
def test_json_is_taken_too_also_indented_by_tabs(indent):
    assert read("sample", json.dumps(sample(), indent=indent), 1).questionnaire == parse(sample())
    twice = json.dumps(sample(), indent=indent)[:-1] + ',"id": "sample"}'
    assert read("sample", twice, 1).faults


def test_the_shipped_text_of_a_version_reads_the_same():
    text = dump(to_plain(parse(sample())))
    assert load(text, "questionnaire_invalid") == sample()
    assert "&" not in text
    assert lines_of(text)["questions.0.label.en"] > lines_of(text)["questions.0.id"]


def test_a_template_under_another_name():
    text = "# words\nid: one\nversion: 1\ntitle: {en: id}\n"
    assert renamed(text, "two") == "# words\nid: two\ntitle: {en: id}\n"


def test_names_and_sizes():
    check_id("good-name-2")
    check_size("x" * DRAFT_LIMIT)
    for bad in ("Bad", "", "a b", "x" * 80, "a@1"):
        with pytest.raises(Refused):
            check_id(bad)
    with pytest.raises(Refused):
        check_size("x" * (DRAFT_LIMIT + 1))


def test_only_answers_to_this_text_are_counted():
    questionnaire = parse(sample())
    flat = check_answers(questionnaire, {"q1": "5", "t1": "words"})
    own = [TrialAnswer(f"a{n}", "sample", "org", questionnaire.digest, flat, "en", AT, "x") for n in range(3)]
    older = TrialAnswer("b", "sample", "org", "another digest", {"q1": "1"}, "en", AT, "x")
    counts = tried(questionnaire, [*own, older])
    assert (counts["n"], counts["c|q1|5"], counts["c|t1|_written"], counts["c|age|_skipped"]) == (3, 3, 3, 3)
    assert "c|q1|1" not in counts
    assert tried(questionnaire, [older]) == {}
