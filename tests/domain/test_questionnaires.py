"""Questionnaires: the JSON shape, its faults, the shipped files, and the check of answers."""

import copy
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from questionnaire_samples import LEVELS, options, sample, text

from service.domain.collect.questionnaires import (
    assistance,
    check_answers,
    in_language,
    parse,
    parse_yaml,
    to_plain,
    weighting,
)
from service.domain.errors import FAULTS, Refused

FILES = sorted((Path(__file__).parents[2] / "survey_templates/questionnaires").glob("*.yaml"))


@pytest.fixture
def plain():
    return sample(population="recipients")


@pytest.fixture
def questionnaire(plain):
    return parse(plain)


def faults_of(call, *arguments):
    with pytest.raises(Refused) as refused:
        call(*arguments)
    for fault in refused.value.faults:
        assert fault.message == FAULTS[fault.reason].format(**fault.params)  # every parameter is there
    return {(fault.field, fault.reason) for fault in refused.value.faults}


# --- the shape


def test_the_plain_form_comes_back_unchanged(plain, questionnaire):
    assert to_plain(questionnaire) == plain
    assert list(questionnaire.items) == ["q1", "m1/r1", "m1/r2", "age", "helped"]


def test_the_digest_sees_every_change_but_not_the_order_of_keys(plain, questionnaire):
    assert parse(dict(reversed(plain.items()))).digest == questionnaire.digest
    changed = copy.deepcopy(plain)
    changed["questions"][0]["label"]["en"] = "Q1"
    assert parse(changed).digest != questionnaire.digest


def change(path, value):
    def apply(plain):
        *parents, last = path
        place = plain
        for key in parents:
            place = place[key]
        if value is None:
            del place[last]
        else:
            place[last] = value

    return apply


@pytest.mark.parametrize(
    ("path", "value", "fault"),
    [
        (("id",), "Sample", ("id", "bad_name")),
        (("version",), True, ("version", "wrong_type")),
        (("version",), 0, ("version", "out_of_range")),
        (("languages",), [], ("languages", "empty")),
        (("languages", 1), "zh-Hans", ("languages.1", "duplicate")),
        (("languages", 1), "english!", ("languages.1", "bad_name")),
        (("title",), None, ("title", "missing")),
        (("title", "en"), None, ("title.en", "missing")),
        (("title", "en"), "  ", ("title.en", "empty")),
        (("title", "en"), "a\u202eb", ("title.en", "control_characters")),
        (("title", "en"), "x" * 2001, ("title.en", "too_long")),
        (("title", "fr"), "titre", ("title.fr", "unknown_field")),
        (("surprise",), 1, ("surprise", "unknown_field")),
        (("questions",), [], ("questions", "empty")),
        (("questions", 0), "q1", ("questions.0", "wrong_type")),
        (("questions", 0, "kind"), "slider", ("questions.0.kind", "unknown_kind")),
        (("questions", 0, "id"), "q.1", ("questions.0.id", "bad_name")),
        (("questions", 0, "id"), "m1", ("questions.1.id", "duplicate")),
        (("questions", 0, "rows"), [], ("questions.0.rows", "unknown_field")),
        (("questions", 0, "required"), "yes", ("questions.0.required", "wrong_type")),
        (("questions", 0, "options"), [], ("questions.0.options", "empty")),
        (("questions", 0, "options", 1, "code"), "5", ("questions.0.options.1.code", "duplicate")),
        (("questions", 0, "options", 1, "code"), 4, ("questions.0.options.1.code", "wrong_type")),
        (("questions", 0, "options", 1, "code"), "a.b", ("questions.0.options.1.code", "bad_name")),
        (("questions", 0, "options", 1, "code"), "$set", ("questions.0.options.1.code", "bad_name")),
        (("questions", 0, "options", 1, "code"), "_skipped", ("questions.0.options.1.code", "reserved")),
        (("questions", 0, "options", 1, "code"), "_later", ("questions.0.options.1.code", "reserved")),
        (("questions", 1, "rows", 1, "id"), "r1", ("questions.1.rows.1.id", "duplicate")),
        (("questions", 2, "max_length"), 4001, ("questions.2.max_length", "out_of_range")),
        (("scales", "satisfaction", "items", 0), "q9", ("scales.satisfaction.items", "no_such_item")),
        (("scales", "satisfaction", "items", 0), "m1", ("scales.satisfaction.items", "no_such_item")),
        (("scales", "satisfaction", "items", 0), "age", ("scales.satisfaction.levels", "codes_differ")),
        (("scales", "satisfaction", "headline"), "age", ("scales.satisfaction.headline", "no_such_item")),
        (("scales", "satisfaction", "satisfied"), ["5", "3"], ("scales.satisfaction.satisfied", "not_top")),
        (("scales", "satisfaction", "satisfied"), LEVELS, ("scales.satisfaction.satisfied", "not_top")),
        (("scales", "satisfaction", "levels"), ["1", "2"], ("scales.satisfaction.levels", "codes_differ")),
        (("pairs", 0), ["q1"], ("pairs.0", "wrong_type")),
        (("pairs", 0, 1), "t1", ("pairs.0", "no_such_item")),
        (("weights",), ["q1", "age", "helped", "m1/r1"], ("weights", "too_many")),
        (("weights",), ["m1/r1"], ("weights", "no_such_item")),
        (("awareness", "known"), ["yes"], ("awareness.known", "codes_differ")),
        (("awareness", "at_least"), 3, ("awareness.at_least", "out_of_range")),
        (("help",), "q1", ("help", "not_last")),
        (("questions", 4, "kind"), "matrix", ("questions.4.rows", "missing")),
        (("questions", 4, "options"), options("no", "family"), ("help", "codes_differ")),
    ],
)
def test_each_fault_is_named_with_its_place(plain, path, value, fault):
    change(path, value)(plain)
    assert fault in faults_of(parse, plain)


def test_the_help_question_is_no_matrix(plain):
    plain["questions"][4] |= {"kind": "matrix", "rows": [{"id": "r1", "label": text("r1")}]}
    assert ("help", "not_last") in faults_of(parse, plain)


def test_all_faults_come_at_once(plain):
    plain |= {"id": "?", "version": "1", "extra": 0}
    plain["questions"][0]["label"] = 5
    found = faults_of(parse, plain)
    assert {("id", "bad_name"), ("version", "wrong_type"), ("extra", "unknown_field")} <= found
    assert ("questions.0.label", "wrong_type") in found
    # References are not judged while the questions are faulty, so no fault follows from another.
    assert not [field for field, _ in found if field.startswith(("scales", "pairs", "weights", "help"))]


@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.text(max_size=5),
        lambda inner: (
            st.lists(inner, max_size=3)
            | st.dictionaries(
                st.sampled_from(["id", "kind", "questions", "options", "rows", "languages", "scales", "help", "x"]),
                inner,
                max_size=4,
            )
        ),
        max_leaves=15,
    )
)
def test_whatever_is_sent_is_refused_in_an_orderly_way(data):
    assert faults_of(parse, data)


# --- YAML


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_shipped_questionnaires_hold_together_and_come_back(file):
    questionnaire = parse_yaml(file.read_text("utf-8"))
    assert questionnaire.id == file.stem
    assert parse(to_plain(questionnaire)) == questionnaire
    assert questionnaire.languages == ("zh-Hans", "zh-Hant", "en")


def test_the_recipients_questionnaire_is_what_practice_asks_for():
    questionnaire = parse_yaml(next(file for file in FILES if file.stem == "recipients").read_text("utf-8"))
    scale = questionnaire.scales["satisfaction"]
    assert len(questionnaire.questions) == 10
    assert len(questionnaire.awareness.items) == 5
    assert questionnaire.awareness.at_least == 3
    assert scale.levels == ("1", "2", "3", "4", "5")
    assert questionnaire.items[scale.headline].cannot_say
    assert questionnaire.help == questionnaire.questions[-1].id
    assert sum(question.kind == "text" for question in questionnaire.questions) == 1


@pytest.mark.parametrize(
    ("yaml", "place"),
    [
        ("id: a\nid: b", "line 2"),
        ("a: &x 1\nb: *x", "line 2"),
        ("a: [1", "line 1"),
        ("a: !!python/object/apply:os.getcwd []", "line 1"),
        ("a: \x00", ""),
        ("[" * 100_000, "line 1"),
        ("a: " + "[" * 900 + "]" * 900, ""),
        ("- " * 100_000, ""),
        ("? " * 100_000, ""),
        ("{a: " * 100_000, ""),
        ("a: &a [x]\n" + "".join(f"a{n}: &a{n} [{'*a, ' * 9}]\n" for n in range(9)), "line 2"),
        ("? [a]\n: b", "line 1"),
    ],
)
def test_unreadable_yaml_is_refused_with_its_line(yaml, place):
    assert (place, "yaml") in faults_of(parse_yaml, yaml)


def test_no_is_a_word_in_yaml(plain):
    import yaml

    dumped = yaml.safe_dump(plain, allow_unicode=True).replace("'no'", "no")
    assert "code: no\n" in dumped
    assert to_plain(parse_yaml(dumped)) == plain


# --- answers


def test_answers_become_flat_and_tidy(questionnaire):
    given_answers = {
        "q1": "5",
        "m1": {"r1": "4", "r2": "_cannot_say"},
        "t1": " e\u0301a\r\nb\rc\t ",
        "age": "",
        "helped": None,
    }
    assert check_answers(questionnaire, given_answers) == {
        "q1": "5",
        "m1/r1": "4",
        "m1/r2": "_cannot_say",
        "t1": "\u00e9a\nb\nc",
    }


@pytest.mark.parametrize(
    ("answers", "fault"),
    [
        ({"q1": "6"}, ("answers.q1", "not_an_option")),
        ({"q1": "_skipped"}, ("answers.q1", "not_an_option")),
        ({"q1": 5}, ("answers.q1", "wrong_type")),
        ({"q1": ["5"]}, ("answers.q1", "wrong_type")),
        ({"q1": True}, ("answers.q1", "wrong_type")),
        ({"q1": "_cannot_say"}, ("answers.q1", "cannot_say_not_offered")),
        ({"age": "old"}, ("answers.q1", "required")),
        ({"q1": ""}, ("answers.q1", "required")),
        ({}, ("answers.q1", "required")),
        ({"q9": "5"}, ("answers.q9", "unknown_question")),
        ({"m1/r1": "5"}, ("answers.m1/r1", "unknown_question")),
        ({"m1": "5"}, ("answers.m1", "wrong_type")),
        ({"m1": {"r9": "5"}}, ("answers.m1.r9", "unknown_question")),
        ({"m1": {"r1": "9"}}, ("answers.m1.r1", "not_an_option")),
        ({"t1": 5}, ("answers.t1", "wrong_type")),
        ({"t1": {"a": 1}}, ("answers.t1", "wrong_type")),
        ({"t1": "x" * 21}, ("answers.t1", "too_long")),
        ({"t1": "x" * 1_000_000}, ("answers.t1", "too_long")),
        ({"t1": "a\x00b"}, ("answers.t1", "control_characters")),
        ({"t1": "a\x1bb"}, ("answers.t1", "control_characters")),
        ({"t1": "a\x85b"}, ("answers.t1", "control_characters")),
        ({"t1": "a\u202eb"}, ("answers.t1", "control_characters")),
        ({"t1": "a\u2066b"}, ("answers.t1", "control_characters")),
        ({"t1": "a\ud800b"}, ("answers.t1", "control_characters")),
        (["q1"], ("answers", "wrong_type")),
    ],
)
def test_each_bad_answer_is_refused_at_its_question(questionnaire, answers, fault):
    assert fault in faults_of(check_answers, questionnaire, answers)


def test_all_bad_answers_come_at_once(questionnaire):
    found = faults_of(check_answers, questionnaire, {"q1": "x", "m1": {"r1": "y", "r2": 3}, "t1": "\x07", "zz": ""})
    assert found == {
        ("answers.q1", "not_an_option"),
        ("answers.m1.r1", "not_an_option"),
        ("answers.m1.r2", "wrong_type"),
        ("answers.t1", "control_characters"),
        ("answers.zz", "unknown_question"),
    }


def test_nothing_answered_is_refused(plain):
    plain["questions"][0]["required"] = False
    assert faults_of(check_answers, parse(plain), {"t1": "  ", "m1": {}}) == {("answers", "nothing_answered")}


def test_a_long_run_of_combining_marks_costs_nothing(plain, questionnaire):
    marks = "a" + "\u0301\u0316" * 500_000  # normalising this takes minutes
    assert ("answers.t1", "too_long") in faults_of(check_answers, questionnaire, {"q1": "5", "t1": marks})
    plain["title"]["en"] = marks
    assert ("title.en", "too_long") in faults_of(parse, plain)


def test_a_required_matrix_needs_every_row_and_a_required_text_a_word(plain):
    plain["questions"][1]["required"] = plain["questions"][2]["required"] = True
    found = faults_of(check_answers, parse(plain), {"q1": "5", "m1": {"r1": "5"}, "t1": " \n"})
    assert found == {("answers.m1.r2", "required"), ("answers.t1", "required")}


def test_what_messages_repeat_is_short_and_printable(questionnaire):
    with pytest.raises(Refused) as refused:
        check_answers(questionnaire, {"q1": "\u202e" + "x" * 5000, "\x00" * 900: "1"})
    said = str(refused.value)
    assert len(said) < 400
    assert said.isprintable()


def test_thousands_of_options_do_not_fill_the_message(plain):
    plain["questions"][3]["options"] = options(*(f"c{i}" for i in range(9_900)))
    with pytest.raises(Refused) as refused:
        check_answers(parse(plain), {"q1": "5", "age": "z"})
    assert len(str(refused.value)) < 300


@given(st.text(max_size=40))
def test_accepted_text_is_stable_and_storable(words):
    plain = {
        **{"id": "t", "version": 1, "languages": ["en"], "population": "all"},
        **dict.fromkeys(("title", "purpose", "source"), {"en": "x"}),
        "questions": [{"id": "t", "kind": "text", "label": {"en": "x"}}],
    }
    questionnaire = parse(plain)
    try:
        accepted = check_answers(questionnaire, {"t": words})
    except Refused:
        return
    assert accepted["t"].encode()
    assert check_answers(questionnaire, accepted) == accepted


@pytest.mark.parametrize(
    ("code", "expected"), [("no", "none"), ("family", "family"), ("service_staff", "service_staff"), (None, "unknown")]
)
def test_help_says_who_assisted(questionnaire, plain, code, expected):
    answers = check_answers(questionnaire, {"q1": "5", "helped": code})
    assert assistance(questionnaire, answers) == expected
    del plain["help"]
    assert assistance(parse(plain), answers) == "unknown"


def test_weighting_variables_and_languages(questionnaire):
    assert weighting(questionnaire, {"age": "old"}) == ("old", "", "")
    assert weighting(questionnaire, {"q1": "5"}) == ("_skipped", "", "")
    assert in_language({"zh-Hans": "甲", "en": "A"}, "en") == "A"
    assert in_language({"zh-Hans": "甲", "en": "A"}, "pt") == "甲"
