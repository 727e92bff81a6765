"""Who is asked what: references and conditions judged at publishing, skipped and not asked told apart, constraints."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st
from question_shapes import ENDS, options, plain, question, rows, text

from service.domain.collect import tallies
from service.domain.collect.questionnaires import asked, check_answers, parse, to_plain, weighting
from service.domain.collect.tallies import Cell
from service.domain.errors import FAULTS, Refused

CELL = Cell("A", "s", "poster", "own_phone", "unknown", "en", "", "", "")


def choice(name, *codes, **more):
    return question("single", options=options(*(codes or ("yes", "no")))) | {"id": name, **more}


def of(kind, name, **more):
    return question(kind, **more) | {"id": name}


def faults_of(call, *arguments):
    with pytest.raises(Refused) as refused:
        call(*arguments)
    for fault in refused.value.faults:
        assert fault.message == FAULTS[fault.reason].format(**fault.params)  # every parameter is there
    return {(fault.field, fault.reason) for fault in refused.value.faults}


# --- what a condition refers to


@pytest.mark.parametrize(
    ("when", "reason"),
    [
        ("b = 'yes'", "expr_itself"),
        ("c = 'yes'", "expr_later"),
        ("z = 'yes'", "expr_no_question"),
        ("note = 'yes'", "expr_no_question"),
        ("a = 'maybe'", "expr_no_code"),
        (". = 'yes'", "expr_own"),
        ("a = today", "expr_today"),
        ("a", "expr_type"),
        ("a =", "expr_ends"),
        ("a = 'yes' and a = 'no'", "never_true"),
    ],
)
def test_a_wrong_condition_is_refused_at_its_question(when, reason):
    shape = plain(of("note", "note"), choice("a"), choice("b", when=when), choice("c"))
    assert faults_of(parse, shape) == {("questions.2.when", reason)}


def test_a_circle_is_a_reference_to_a_later_question():
    shape = plain(choice("a", when="b = 'yes'"), choice("b", when="a = 'yes'"))
    assert faults_of(parse, shape) == {("questions.0.when", "expr_later")}


def test_a_constraint_may_not_name_its_own_question():
    constraint = {"expr": "age > 3", "message": text("older")}
    assert faults_of(parse, plain(of("number", "age", constraint=constraint))) == {
        ("questions.0.constraint.expr", "expr_itself")
    }


def test_conditions_are_not_judged_while_questions_are_faulty():
    shape = plain(choice("a", kind="slider"), choice("b", when="z = 1"))
    assert faults_of(parse, shape) == {("questions.0.kind", "unknown_kind")}


def test_what_is_written_comes_back_as_it_was_written():
    constraint = {"expr": ".>0  and .<130", "message": text("an age")}
    shape = plain(choice("a"), of("number", "age", when=" (a='yes') ".strip(), constraint=constraint))
    questionnaire = parse(shape)
    assert to_plain(questionnaire) == shape
    assert parse(to_plain(questionnaire)) == questionnaire
    assert questionnaire.logic.asked_if["age"][0].text == "a = 'yes'"


# --- conditions that can never be true

EARLIER = [
    choice("a", "x", "y", required=True),
    choice("b", "x", "y", when="a = 'x'"),
    of("number", "age", min=18, max=99),
    of("multiple", "ways", options=[*options("bus", "foot"), *options("none", exclusive=True)], max=2),
    of("matrix", "m", options=options("yes", "no"), rows=rows("r", "s")),
    of("text", "words"),
    of("date", "day", min="2026-01-01"),
    of("number", "share", decimals=2),
    of("zero_to_ten", "nps", **ENDS),
    of("rank", "best", options=options("p", "q", "r"), most=2),
]


@pytest.mark.parametrize(
    "when",
    [
        "false",
        "1 = 2",
        "'a' = 'b'",
        "a = 'x' and a = 'y'",
        "a != 'x' and a != 'y'",  # it is required
        "not answered(a)",
        "b = 'x' and a = 'y'",  # b is asked of a = 'x' alone
        "answered(b) and a != 'x'",
        "age < 18",
        "age > 99",
        "age > 30 and age < 31",  # whole numbers
        "age >= 40 and age < 40",
        "age > 999999999999999 * 999999999999999",
        "selected(ways, 'none') and selected(ways, 'bus')",
        "selected(ways, 'none') and count(ways) = 2",
        "count(ways) > 2",
        "m/r = 'yes' and m/r = 'no'",
        "answered(m) and not answered(m/r) and not answered(m/s)",
        "words = 'a' and words = 'b'",
        "day < '2026-01-01'",
        "day > '2026-05-01' and day < '2026-05-02'",
        "share > 0.01 and share < 0.02",
        "nps > 10",
        "nps > 3 and nps < 4",
        "count(best) = 3",
        "selected(best, 'p') and selected(best, 'q') and selected(best, 'r')",
    ],
)
def test_what_can_never_be_true_is_refused(when):
    assert faults_of(parse, plain(*EARLIER, of("text", "end", when=when))) == {("questions.10.when", "never_true")}


@pytest.mark.parametrize(
    "when",
    [
        "true",
        "not answered(b)",
        "b = 'x' and a = 'x'",
        "age > 30 and age < 32",
        "age = 18 or age = 99",
        "age < 999999999999999 * 999999999999999",
        "age + 1 < 19",  # with arithmetic nothing is claimed
        "age > nps and nps > share and share > 1",
        "selected(ways, 'none') and not selected(ways, 'bus')",
        "selected(ways, 'bus') and count(ways) = 2",
        "answered(m) and not answered(m/r)",
        "words != 'a' and words != 'b'",
        "words = 'other' or words = 'a'",
        "length(words) > 9999",  # nor with lengths
        "day > '2026-05-01' and day < '2026-05-03'",
        "share > 0.01 and share < 0.03",
        "nps = 10 or nps = 0",
        "selected(best, 'p') and selected(best, 'q') and not selected(best, 'r')",
    ],
)
def test_what_can_be_true_is_taken(when):
    assert parse(plain(*EARLIER, of("text", "end", when=when))).by_id["end"].when == when


def test_what_hangs_on_a_question_that_is_never_asked_is_not_named_again():
    shape = plain(
        choice("a"),
        choice("b", when="a = 'yes' and a = 'no'"),
        choice("c", when="b = 'yes'"),
        of("number", "d", when="c = 'yes'", constraint={"expr": ". > 1 and c = 'yes'", "message": text("x")}),
    )
    assert faults_of(parse, shape) == {("questions.1.when", "never_true")}


def test_a_constraint_that_nothing_meets_is_refused():
    for expr in (". > 10 and . < 5", ". < 0", "a = 'no' and . > 0"):
        number = of("number", "n", min=0, when="a = 'yes'", constraint={"expr": expr, "message": text("x")})
        assert faults_of(parse, plain(choice("a"), number)) == {("questions.1.constraint.expr", "never_true")}


def test_of_too_many_combinations_nothing_is_claimed():
    many = [choice(f"q{number}", *"abcdefgh") for number in range(12)]
    when = " and ".join(f"q{number} != 'a'" for number in range(12)) + " and q11 = 'a'"
    parse(plain(*many, of("text", "end", when=when)))
    chain = [choice("c0"), *(choice(f"c{number}", when=f"c{number - 1} = 'yes'") for number in range(1, 200))]
    assert len(parse(plain(*chain)).logic.asked_if) == 199


# --- sections


def sections(*blocks):
    return [{"id": f"s{number}", **block} for number, block in enumerate(blocks)]


def test_the_condition_of_a_section_holds_for_all_its_questions():
    blocks = sections({"questions": ["a"]}, {"questions": ["b", "c"], "when": "a = 'yes'"})
    questionnaire = parse(plain(choice("a"), choice("b"), choice("c", when="b = 'yes'"), sections=blocks))
    assert asked(questionnaire, {"a": "yes", "b": "yes"}) == {"a", "b", "c"}
    assert asked(questionnaire, {"a": "yes", "b": "no"}) == {"a", "b"}
    assert asked(questionnaire, {"a": "no", "b": "yes"}) == {"a"}  # what was not asked counts as no answer


@pytest.mark.parametrize(
    ("when", "reason"), [("b = 'yes'", "expr_itself"), ("c = 'yes'", "expr_later"), ("false", "never_true")]
)
def test_the_condition_of_a_section_refers_to_earlier_ones(when, reason):
    blocks = sections({"questions": ["a"]}, {"questions": ["b", "c"], "when": when})
    assert faults_of(parse, plain(choice("a"), choice("b"), choice("c", when="a = 'yes'"), sections=blocks)) == {
        ("sections.1.when", reason)
    }


def test_what_is_shuffled_may_not_be_referred_to_before_it_is_surely_over():
    questions = [choice("a"), choice("b"), choice("c"), choice("d")]
    blocks = [{"questions": ["a"], "random_order": True}, {"questions": ["b"]}]
    blocks += [{"questions": ["c"], "random_order": True}, {"questions": ["d"]}]

    def where(name, when):
        changed = [each | ({"when": when} if each["id"] == name else {}) for each in questions]
        return plain(*changed, sections=sections(*blocks))

    assert parse(where("d", "a = 'yes'"))
    assert parse(where("d", "b = 'yes'"))
    assert parse(where("c", "b = 'yes'"))
    assert faults_of(parse, where("b", "a = 'yes'")) == {("questions.1.when", "expr_shuffled")}
    assert faults_of(parse, where("c", "a = 'yes'")) == {("questions.2.when", "expr_shuffled")}
    blocks[2].pop("random_order")  # a section alone is shuffled with nothing
    assert parse(where("c", "a = 'yes'"))


# --- answers

FLOW = plain(
    choice("used", required=True),
    choice("often", "daily", "weekly", when="used = 'yes'", required=True),
    of("matrix", "m", options=options("good", "bad"), rows=rows("r", "s"), when="often = 'daily'", required=True),
    of("number", "age", constraint={"expr": ". >= 14 and (. < 100 or used = 'no')", "message": text("14 to 99")}),
    of("date", "day", constraint={"expr": ". <= today", "message": text("not in the future")}),
    of("text", "why", when="used = 'no'"),
    pairs=[["used", "often"]],
    weights=["often"],
)


def test_who_was_not_asked_need_not_answer_and_may_not():
    flow = parse(FLOW)
    assert check_answers(flow, {"used": "no"}) == {"used": "no"}
    assert faults_of(check_answers, flow, {"used": "yes"}) == {("answers.often", "required")}
    assert faults_of(check_answers, flow, {"used": "no", "often": "daily"}) == {("answers.often", "unknown_question")}
    carried = {"used": "no", "often": "daily", "m": {"r": "good"}, "why": "far"}
    assert check_answers(flow, carried, lenient=True) == {"used": "no", "why": "far"}
    assert check_answers(flow, {"used": "no", "often": "", "m": {}}) == {"used": "no"}
    # Through two conditions: without `often` the matrix is not asked either.
    whole = {"used": "yes", "often": "daily", "m": {"r": "good", "s": "bad"}}
    assert check_answers(flow, whole) == {"used": "yes", "often": "daily", "m/r": "good", "m/s": "bad"}


def test_a_fault_says_nothing_of_what_hangs_on_it():
    assert faults_of(check_answers, parse(FLOW), {"used": "perhaps", "often": "daily"}) == {
        ("answers.used", "not_an_option")
    }


def test_a_constraint_is_held_against_an_answer_and_speaks_its_own_words():
    flow = parse(FLOW)
    for age in (13, 100):
        with pytest.raises(Refused) as refused:
            check_answers(flow, {"used": "yes", "often": "weekly", "age": age})
        [fault] = refused.value.faults
        assert (fault.field, fault.reason, fault.message) == ("answers.age", "constraint", "14 to 99")
        assert fault.params["texts"] == {"en": "14 to 99"}
    assert check_answers(flow, {"used": "no", "age": 100})["age"] == "100"
    assert "age" not in check_answers(flow, {"used": "no", "age": ""})
    day = date(2026, 5, 1)
    assert check_answers(flow, {"used": "no", "day": "2026-05-01"}, today=day)["day"] == "2026-05-01"
    with pytest.raises(Refused, match="not in the future"):
        check_answers(flow, {"used": "no", "day": "2026-05-02"}, today=day)


def test_not_asked_is_counted_apart_from_skipped():
    flow = parse(FLOW)
    counts = tallies.tally_of(flow, CELL, check_answers(flow, {"used": "no"}))[CELL]
    assert {key for key in counts if key.startswith(("c|", "p|"))} == {
        *("c|used|no", "c|often|_not_asked", "c|m/r|_not_asked", "c|m/s|_not_asked"),
        *("c|age|_skipped", "c|day|_skipped", "c|why|_skipped", "p|0|no|_not_asked"),
    }
    assert weighting(flow, {"used": "no"}) == ("_not_asked", "", "")
    assert weighting(flow, {"used": "yes"}) == ("_skipped", "", "")


values = {
    "used": st.sampled_from(["yes", "no", ""]),
    "often": st.sampled_from(["daily", "weekly", ""]),
    "m": st.dictionaries(st.sampled_from(["r", "s"]), st.sampled_from(["good", "bad"])),
    "age": st.integers(10, 110),
    "why": st.sampled_from(["far", ""]),
}


@given(st.fixed_dictionaries({}, optional=values))
def test_what_is_accepted_was_asked_and_counts_once(answers):
    flow = parse(FLOW)
    try:
        accepted = check_answers(flow, answers, lenient=True)
    except Refused:
        return
    shown_to = asked(flow, accepted)
    assert {name.partition("/")[0] for name in accepted} <= shown_to
    counts = tallies.tally_of(flow, CELL, accepted)[CELL]
    for each in flow.questions:
        for key in each.keys:
            states = {name.rpartition("|")[2] for name in counts if name.startswith(f"c|{key}|")}
            missing = "_skipped" if each.id in shown_to else "_not_asked"
            written = accepted.get(key) if each.codes else "_written"
            assert states == {written if key in accepted else missing}


def test_a_thousand_questions_with_conditions_are_read_without_a_deep_stack():
    many = [choice("q0"), *(choice(f"q{number}", when="q0 = 'yes'") for number in range(1, 1000))]
    assert len(asked(parse(plain(*many)), {"q0": "yes"})) == 1000
