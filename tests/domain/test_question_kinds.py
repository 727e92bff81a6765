"""The kinds of questions: for each the JSON shape, its faults, what answers become, and how they are counted."""

from pathlib import Path

import pytest
from question_shapes import ENDS, options, plain, question, rows, text

from service.domain.collect.question_kinds import KINDS
from service.domain.collect.questionnaires import check_answers, parse, parse_yaml, to_plain
from service.domain.collect.questions import RESERVED, count
from service.domain.errors import FAULTS, Refused

FOLDER = Path(__file__).parents[2] / "survey_templates/questionnaires"


ABC = options("a", "b", "c")


def one(kind, **more):
    """A questionnaire of one question, and a second one so that something can be answered always."""
    return parse(plain(question(kind, **more), {"id": "z", "kind": "text", "label": text("z")}))


def faults_of(call, *arguments):
    with pytest.raises(Refused) as refused:
        call(*arguments)
    for fault in refused.value.faults:
        assert fault.message == FAULTS[fault.reason].format(**fault.params)  # every parameter is there
    return {(fault.field, fault.reason) for fault in refused.value.faults}


# --- the shape

WHOLE = {
    "single": question("single", options=[*ABC[:2], *options("c", fixed=True)], random_order=True, cannot_say=True),
    "multiple": question(
        "multiple", options=[*ABC, *options("none", exclusive=True, fixed=True)], min=2, max=3, required=True
    ),
    "matrix": question("matrix", options=ABC, rows=[*rows("r"), rows("s")[0] | {"fixed": True}], random_order=True),
    "rating": question("rating", options=ABC, shape="smileys", hint=text("hint")),
    "zero_to_ten": question("zero_to_ten", **ENDS, cannot_say=True),
    "number": question("number", unit=text("km"), min=-3, max="7.25", decimals=2, edges=[0, "2.5", 5]),
    "text": question("text", short=True, max_length=80),
    "date": question("date", min="2020-01-01", max="2026-12-31"),
    "rank": question("rank", options=[*ABC[:2], *options("c", fixed=True)], most=2, random_order=True),
    "photo": question("photo", max_bytes=2_000_000, required=True),
    "note": question("note", hint=text("read this")),
}


def test_every_kind_is_looked_at_here():
    assert set(WHOLE) == set(KINDS)


@pytest.mark.parametrize("kind", WHOLE)
def test_each_kind_comes_back_unchanged(kind):
    shape = plain(WHOLE[kind], {"id": "z", "kind": "text", "label": text("z")})
    questionnaire = parse(shape)
    assert to_plain(questionnaire) == shape
    assert parse(to_plain(questionnaire)) == questionnaire


@pytest.mark.parametrize(
    ("kind", "defaults"),
    [
        ("number", {"decimals": 0, "cannot_say": False}),
        ("text", {"max_length": 1000, "short": False}),
        ("photo", {"max_bytes": 6_000_000}),
        ("rating", {"options": ABC, "shape": "stars", "hint": None}),
        ("multiple", {"options": ABC, "random_order": False, "min": None}),
    ],
)
def test_what_is_default_is_left_out(kind, defaults):
    said, needed = one(kind, **defaults), {name: defaults[name] for name in defaults if name == "options"}
    assert said == one(kind, **needed)
    assert to_plain(said)["questions"][0] == question(kind, **needed)


@pytest.mark.parametrize(
    ("file", "digest"),
    [
        ("copenhagen-housing", "ec0b49c9ca7a91fd9170753e85b4dc44b5924294dfca2f313cdaad1377696d17"),
        ("recipients", "0bb9e412e6f2c6815c473035b1ffc074c03c74850fb71208f565d538650fdc5f"),
    ],
)
def test_versions_published_before_keep_their_digest(file, digest):
    assert parse_yaml((FOLDER / f"{file}.yaml").read_text("utf-8")).digest == digest


@pytest.mark.parametrize(
    ("kind", "more", "fault"),
    [
        ("single", {"options": ABC, "min": 1}, ("questions.0.min", "unknown_field")),
        ("single", {"options": options("a", exclusive=True)}, ("questions.0.options.0.exclusive", "unknown_field")),
        ("multiple", {"options": ABC, "max": 4}, ("questions.0.max", "out_of_range")),
        ("multiple", {"options": ABC, "min": 0}, ("questions.0.min", "out_of_range")),
        ("multiple", {"options": ABC, "min": 3, "max": 2}, ("questions.0.max", "below")),
        ("multiple", {}, ("questions.0.options", "missing")),
        ("matrix", {"options": ABC, "rows": rows("r"), "constraint": {}}, ("questions.0.constraint", "unknown_field")),
        ("rating", {"options": ABC[:2]}, ("questions.0.options", "levels_out_of_range")),
        ("rating", {"options": options(*"abcdefgh")}, ("questions.0.options", "levels_out_of_range")),
        ("rating", {"options": ABC, "shape": "hearts"}, ("questions.0.shape", "not_an_option")),
        ("zero_to_ten", {"low": text("x")}, ("questions.0.high", "missing")),
        ("zero_to_ten", {**ENDS, "options": ABC}, ("questions.0.options", "unknown_field")),
        ("number", {"min": "x"}, ("questions.0.min", "not_a_number")),
        ("number", {"min": True}, ("questions.0.min", "not_a_number")),
        ("number", {"min": 2, "max": 1}, ("questions.0.max", "below")),
        ("number", {"decimals": 7}, ("questions.0.decimals", "out_of_range")),
        ("number", {"edges": [1, 1]}, ("questions.0.edges.1", "not_ascending")),
        ("number", {"edges": [1, "?"]}, ("questions.0.edges.1", "not_a_number")),
        ("number", {"edges": list(range(31))}, ("questions.0.edges", "too_many")),
        ("text", {"short": "yes"}, ("questions.0.short", "wrong_type")),
        ("date", {"min": "2026-02-30"}, ("questions.0.min", "not_a_date")),
        ("date", {"min": "20260201"}, ("questions.0.min", "not_a_date")),
        ("date", {"min": "2026-02-01", "max": "2026-01-01"}, ("questions.0.max", "below")),
        ("rank", {"options": ABC, "most": 4}, ("questions.0.most", "out_of_range")),
        ("photo", {"max_bytes": 6_000_001}, ("questions.0.max_bytes", "out_of_range")),
        ("photo", {"cannot_say": True}, ("questions.0.cannot_say", "unknown_field")),
        ("note", {"required": True}, ("questions.0.required", "unknown_field")),
        ("text", {"when": 1}, ("questions.0.when", "wrong_type")),
        ("text", {"when": "x" * 2001}, ("questions.0.when", "too_long")),
        ("text", {"constraint": {"expr": "length(.) > 3"}}, ("questions.0.constraint.message", "missing")),
    ],
)
def test_each_fault_is_named_with_its_place(kind, more, fault):
    assert fault in faults_of(lambda: one(kind, **more))


@pytest.mark.parametrize("code", sorted(RESERVED))
def test_what_counts_in_the_place_of_a_code_is_no_code(code):
    shape = plain(question("single", options=options(code)))
    assert ("questions.0.options.0.code", "reserved") in faults_of(parse, shape)


def test_notes_alone_are_no_questionnaire():
    assert ("questions", "only_notes") in faults_of(parse, plain(question("note")))


def test_right_to_left_labels_and_script_are_texts_and_overrides_are_refused():
    shape = plain(question("single", options=[{"code": "a", "label": text("كل يوم")}, *ABC[1:]]))
    shape["questions"][0]["label"] = text("<script>alert(1)</script> שלום")
    assert to_plain(parse(shape)) == shape
    shape["questions"][0]["label"] = text("a\u202eb")
    assert faults_of(parse, shape) == {("questions.0.label.en", "control_characters")}


def test_a_thousand_questions_and_ten_thousand_options_are_the_limit():
    many = [question("text") | {"id": f"q{number}"} for number in range(1001)]
    assert len(parse(plain(*many[:1000])).questions) == 1000
    assert faults_of(parse, plain(*many)) == {("questions", "too_many")}
    hundred = options(*(f"c{number}" for number in range(100)))
    wide = [question("single", options=hundred) | {"id": f"q{number}"} for number in range(101)]
    assert len(parse(plain(*wide[:100])).items) == 100
    assert faults_of(parse, plain(*wide)) == {("questions", "too_many_options")}


# --- sections


def test_sections_hold_the_questions_in_their_order():
    questions = [question("text") | {"id": name} for name in "abc"]
    blocks = [
        {"id": "first", "questions": ["a"], "title": text("First"), "random_order": True},
        {"id": "second", "questions": ["b", "c"]},
    ]
    shape = plain(*questions, sections=blocks)
    assert to_plain(parse(shape)) == shape
    wrong = {
        ("sections.1.questions.0", "not_in_order"): [["a"], ["c", "b"]],
        ("sections.1.questions.1", "not_in_order"): [["a"], ["b", "a"]],
        ("sections", "not_in_a_section"): [["a"], ["b"]],
        ("sections.0.questions.3", "not_in_order"): [["a", "b", "c", "d"], ["e"]],
        ("sections.0.questions", "empty"): [[], ["a", "b", "c"]],
    }
    for fault, (one_part, other) in wrong.items():
        sections = [{"id": "s", "questions": one_part}, {"id": "t", "questions": other}]
        assert fault in faults_of(parse, plain(*questions, sections=sections))
    twice = [{"id": "s", "questions": ["a"]}, {"id": "s", "questions": ["b", "c"]}]
    assert faults_of(parse, plain(*questions, sections=twice)) == {("sections.1.id", "duplicate")}


def test_what_a_questionnaire_is_for_is_one_of_four():
    shape = plain(question("text"), purpose_kind="consultation")
    assert to_plain(parse(shape)) == shape
    assert "purpose_kind" not in to_plain(parse(plain(question("text"), purpose_kind="evaluation")))
    assert faults_of(parse, plain(question("text"), purpose_kind="fun")) == {("purpose_kind", "not_an_option")}


# --- answers

PHOTO = "0123456789abcdef" * 2


@pytest.mark.parametrize(
    ("kind", "value", "flat", "keys"),
    [
        ("single", "a", {"q": "a"}, {"c|q|a"}),
        ("single", "_cannot_say", {"q": "_cannot_say"}, {"c|q|_cannot_say"}),
        ("multiple", ["c", "a"], {"q": "a c"}, {"c|q|a", "c|q|c", "c|q|_answered"}),
        ("multiple", "c a", {"q": "a c"}, {"c|q|a", "c|q|c", "c|q|_answered"}),
        ("multiple", ["none"], {"q": "none"}, {"c|q|none", "c|q|_answered"}),
        ("matrix", {"s": "b"}, {"q/s": "b"}, {"c|q/r|_skipped", "c|q/s|b"}),
        ("rating", "c", {"q": "c"}, {"c|q|c"}),
        ("zero_to_ten", "10", {"q": "10"}, {"c|q|10"}),
        ("zero_to_ten", 0, {"q": "0"}, {"c|q|0"}),
        ("number", -3, {"q": "-3"}, {"c|q|_written", "u|q|0"}),
        ("number", "0", {"q": "0"}, {"c|q|_written", "u|q|1"}),
        ("number", 2.5, {"q": "2.5"}, {"c|q|_written", "u|q|2"}),
        ("number", " ２．５０ ", {"q": "2.5"}, {"c|q|_written", "u|q|2"}),
        ("number", "−0.00", {"q": "0"}, {"c|q|_written", "u|q|1"}),
        ("number", "7.25", {"q": "7.25"}, {"c|q|_written", "u|q|3"}),
        ("text", " two\nlines ", {"q": "two lines"}, {"c|q|_written"}),
        ("date", "2024-02-29", {"q": "2024-02-29"}, {"c|q|_written"}),
        ("rank", ["c", "a"], {"q": "c a"}, {"r|q|c|1", "r|q|a|2", "c|q|_answered"}),
        ("rank", "b", {"q": "b"}, {"r|q|b|1", "c|q|_answered"}),
        ("photo", PHOTO, {"q": PHOTO}, {"c|q|_written"}),
        ("note", None, {}, set()),
    ],
)
def test_an_answer_becomes_flat_and_is_counted(kind, value, flat, keys):
    questionnaire = parse(plain(WHOLE[kind], {"id": "z", "kind": "text", "label": text("z")}))
    accepted = check_answers(questionnaire, {"q": value, "z": "x"})
    assert accepted == flat | {"z": "x"}
    assert set(count(questionnaire.by_id["q"], accepted)) == keys


@pytest.mark.parametrize("kind", ["multiple", "rank", "number", "date", "rating", "zero_to_ten"])
def test_cannot_say_is_an_answer_where_it_is_offered(kind):
    shape = {name: value for name, value in WHOLE[kind].items() if name not in ("id", "kind", "label", "cannot_say")}
    said = [("_cannot_say", {"c|q|_cannot_say"}), ("", {"c|q|_skipped"})]
    for value, keys in said:
        questionnaire = one(kind, **shape | {"cannot_say": True, "required": False})
        assert set(count(questionnaire.by_id["q"], check_answers(questionnaire, {"q": value, "z": "x"}))) == keys
    assert ("answers.q", "cannot_say_not_offered") in faults_of(
        check_answers, one(kind, **shape), {"q": "_cannot_say", "z": "x"}
    )


@pytest.mark.parametrize(
    ("kind", "value", "reason"),
    [
        ("multiple", ["a"], "too_few_chosen"),
        ("multiple", ["a", "b", "c", "none"], "exclusive"),
        ("multiple", ["a", "none"], "exclusive"),
        ("multiple", ["a", "a"], "duplicate"),
        ("multiple", ["a", "x"], "not_an_option"),
        ("multiple", ["_cannot_say", "a"], "not_an_option"),
        ("multiple", [], "required"),
        ("multiple", {"a": True}, "wrong_type"),
        ("multiple", ["a", 1], "wrong_type"),
        ("rating", 3, "wrong_type"),
        ("zero_to_ten", 11, "not_an_option"),
        ("zero_to_ten", -1, "not_an_option"),
        ("zero_to_ten", True, "wrong_type"),
        ("zero_to_ten", 5.0, "wrong_type"),
        ("number", "twelve", "not_a_number"),
        ("number", "1,5", "not_a_number"),
        ("number", "1e3", "not_a_number"),
        ("number", "NaN", "not_a_number"),
        ("number", float("inf"), "not_a_number"),
        ("number", 10**13, "not_a_number"),
        ("number", 10**4000, "not_a_number"),
        ("number", True, "not_a_number"),
        ("number", [1], "not_a_number"),
        ("number", "1.255", "too_many_decimals"),
        ("number", "7.26", "out_of_range"),
        ("number", -4, "out_of_range"),
        ("text", "x" * 81, "too_long"),
        ("date", "1 May", "not_a_date"),
        ("date", "2025-02-29", "not_a_date"),
        ("date", "２０２５-02-01", "not_a_date"),
        ("date", "2019-12-31", "out_of_range"),
        ("date", 20250101, "not_a_date"),
        ("rank", ["a", "b", "c"], "too_many_chosen"),
        ("rank", ["a", "a"], "duplicate"),
        ("rank", ["x"], "not_an_option"),
        ("photo", "", "required"),
        ("photo", PHOTO.upper(), "not_a_picture"),
        ("photo", "../" + PHOTO, "not_a_picture"),
        ("note", "seen", "unknown_question"),
    ],
)
def test_each_bad_answer_is_refused_at_its_question(kind, value, reason):
    questionnaire = parse(plain(WHOLE[kind], {"id": "z", "kind": "text", "label": text("z")}))
    assert faults_of(check_answers, questionnaire, {"q": value, "z": "x"}) == {("answers.q", reason)}


@pytest.mark.parametrize(("limits", "reason"), [({"min": 1}, "below"), ({"max": -1}, "above")])
def test_a_single_bound_is_named_alone(limits, reason):
    assert faults_of(check_answers, one("number", **limits), {"q": 0, "z": "x"}) == {("answers.q", reason)}


def test_the_order_asked_in_is_kept_where_something_is_shuffled():
    shuffled, still = one("single", options=ABC, random_order=True), one("single", options=ABC)
    assert check_answers(shuffled, {"q": "a", "_order": "0f3a"}) == {"q": "a", "_order": "0f3a"}
    assert check_answers(still, {"q": "a", "_order": "0f3a"}) == {"q": "a"}
    assert faults_of(check_answers, shuffled, {"_order": "0f3a"}) == {("answers", "nothing_answered")}
    for seed in ("0F3A", "0f3", "0f3a1", 12, ["0f3a"]):
        assert faults_of(check_answers, shuffled, {"q": "a", "_order": seed}) == {("answers._order", "wrong_type")}
