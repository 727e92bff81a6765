"""Screens: the order is a function of the seed, conditions begin a new screen, answers stand in later texts."""

import hashlib
from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st
from question_shapes import options, plain, question, rows, text

from service.domain.collect.questionnaires import asked, parse
from service.domain.collect.screens import piped, presented, screens
from service.domain.errors import FAULTS, Refused

SEEDS = st.from_regex(r"[0-9a-f]{4}", fullmatch=True)


def choice(name, *codes, **more):
    return question("single", options=options(*(codes or ("yes", "no")))) | {"id": name, **more}


def of(kind, name, **more):
    return question(kind, **more) | {"id": name}


def ids(shown):
    return [[each.id for each in screen.questions] for screen in shown]


LAST = options("none", fixed=True)
SHUFFLED = parse(
    plain(
        choice("a", random_order=True, options=[*options(*"pqrs"), *LAST]),
        of("matrix", "m", options=options("yes", "no"), rows=[*rows(*"uvw"), rows("x")[0] | {"fixed": True}])
        | {"random_order": True},
        choice("b", *"pqrs"),
        of("rank", "c", options=options(*"pqrs"), random_order=True),
        sections=[
            {"id": "one", "questions": ["a"], "random_order": True},
            {"id": "two", "questions": ["m"]},
            {"id": "three", "questions": ["b"], "random_order": True},
            {"id": "four", "questions": ["c"], "random_order": True},
        ],
    )
)


# --- order


@given(SEEDS)
def test_the_order_is_a_function_of_the_seed_and_loses_nothing(seed):
    shown = presented(SHUFFLED, seed)
    assert presented(SHUFFLED, seed) == shown
    assert sorted(section.id for section in shown.sections) == ["four", "one", "three", "two"]
    assert shown.sections[1].id == "two"  # not shuffled, so it keeps its place
    assert [each.id for each in shown.questions] == [name for section in shown.sections for name in section.questions]
    there = {each.id: each for each in shown.questions}
    assert sorted(there["a"].codes[:4]) == list("pqrs")
    assert there["a"].codes[4] == "none"
    assert [row.id for row in there["m"].rows][3] == "x"
    assert there["b"] == SHUFFLED.by_id["b"]
    # As documented, so that another client can do the same.
    drawn = sorted("pqrs", key=lambda code: hashlib.sha256(f"{seed}|c|{code}".encode()).hexdigest())
    assert list(there["c"].codes) == drawn


def test_without_a_seed_it_is_the_order_of_the_definition():
    shown = presented(SHUFFLED)
    assert (shown.sections, shown.questions) == (SHUFFLED.sections, SHUFFLED.questions)


def test_every_option_comes_first_equally_often():
    seeds = [f"{number:04x}" for number in range(4000)]
    shown = [presented(SHUFFLED, seed) for seed in seeds]
    first = Counter(next(each for each in one.questions if each.id == "c").codes[0] for one in shown)
    orders = Counter(tuple(section.id for section in one.sections) for one in shown)
    assert len(orders) == 6
    assert all(abs(number - 4000 / 6) < 130 for number in orders.values())  # five standard deviations
    assert len(first) == 4
    assert all(abs(number - 1000) < 140 for number in first.values())


# --- screens


def test_one_screen_without_sections_and_conditions():
    assert ids(screens(parse(plain(choice("a"), choice("b"))))) == [["a", "b"]]


def test_a_condition_on_the_same_screen_begins_a_new_one():
    questionnaire = parse(
        plain(
            choice("a"),
            choice("b"),
            choice("c", when="a = 'yes'"),
            choice("d", when="a = 'no'"),
            choice("e", when="d = 'yes'"),
            of("note", "f", label=text("You said ${e}"), when="a = 'yes' or answered(d)"),
        )
    )
    assert ids(screens(questionnaire)) == [["a", "b"], ["c", "d"], ["e"], ["f"]]
    assert ids(screens(questionnaire, answers={})) == [["a", "b"]]
    assert ids(screens(questionnaire, answers={"a": "yes"})) == [["a", "b"], ["c"], ["f"]]
    assert ids(screens(questionnaire, answers={"a": "no", "d": "yes"})) == [["a", "b"], ["d"], ["e"], ["f"]]


def test_each_section_is_a_screen_and_one_that_is_not_asked_is_none():
    blocks = [
        {"id": "one", "questions": ["a"], "title": text("One")},
        {"id": "two", "questions": ["b", "c"], "when": "a = 'yes'"},
        {"id": "three", "questions": ["d"]},
    ]
    questionnaire = parse(plain(choice("a"), choice("b"), choice("c"), choice("d"), sections=blocks))
    assert ids(screens(questionnaire)) == [["a"], ["b", "c"], ["d"]]
    assert [screen.section.id for screen in screens(questionnaire)] == ["one", "two", "three"]
    assert ids(screens(questionnaire, answers={"a": "no"})) == [["a"], ["d"]]
    assert ids(screens(questionnaire, answers={"a": "yes"})) == [["a"], ["b", "c"], ["d"]]


@given(SEEDS, st.sampled_from([None, {}, {"a": "p"}]))
def test_screens_show_each_question_that_is_asked_once(seed, answers):
    shown = [each for screen in screens(SHUFFLED, seed, answers) for each in screen.questions]
    assert [each.id for each in shown] == [each.id for each in presented(SHUFFLED, seed).questions]
    assert {each.id for each in shown} == asked(SHUFFLED, answers or {})


# --- answers inside texts

NEAR = [{"code": "near", "label": text("near ${name}")}, {"code": "far", "label": text("far")}]
PIPED = parse(
    plain(
        of("text", "name"),
        choice("where", options=NEAR),
        of("multiple", "ways", options=options("bus", "foot")),
        of("number", "dist", unit=text("km")),
        of("matrix", "m", options=options("yes", "no"), rows=rows("r")),
        choice("end", label=text("${where}, ${ways}, ${dist}, ${m/r}: {name} $name"), cannot_say=True),
        of("note", "last", label=text("${end}")),
    )
)


def line(answers):
    return piped(PIPED.by_id["end"].label, PIPED, answers, "en")


def test_answers_stand_in_later_texts():
    given_answers = {"name": "<b>", "where": "near", "ways": "bus foot", "dist": "2.5", "m/r": "no"}
    assert line(given_answers) == "near <b>, bus, foot, 2.5 km, no: {name} $name"
    assert line({}) == "…, …, …, …: {name} $name"
    assert line({"where": "near", "name": "x" * 300}).startswith("near " + "x" * 195 + "…")
    assert piped("${end}", PIPED, {"end": "_cannot_say"}, "en") == "…"
    assert piped({"zh-Hans": "您选择了${ways}"}, PIPED, {"ways": "bus foot"}, "zh-Hans") == "您选择了bus、foot"
    assert piped("${name}", PIPED, {"name": "${name} ${where}"}, "en") == "${name} ${where}"  # what was typed is text


@pytest.mark.parametrize(
    ("place", "reason"),
    [
        ("${nobody}", "pipe_no_question"),
        ("${}", "pipe_no_question"),
        ("${a b}", "pipe_no_question"),
        ("${m}", "pipe_no_question"),
        ("${scan}", "pipe_no_question"),
        ("${b}", "pipe_later"),
        ("${c}", "pipe_later"),
    ],
)
def test_an_answer_that_cannot_be_known_is_refused(place, reason):
    before = [of("photo", "scan"), of("matrix", "m", options=options("yes"), rows=rows("r"))]
    for field, path in (("label", "label"), ("hint", "hint")):
        shape = plain(*before, choice("b", **{field: text(f"Why {place}?")}), choice("c"))
        with pytest.raises(Refused) as refused:
            parse(shape)
        [fault] = refused.value.faults
        assert (fault.field, fault.reason) == (f"questions.2.{path}.en", reason)
        assert fault.message == FAULTS[reason].format(**fault.params)


def test_titles_of_sections_and_options_hold_answers_too():
    blocks = [{"id": "one", "questions": ["a"]}, {"id": "two", "questions": ["b"], "title": text("On ${a}")}]
    assert parse(plain(choice("a"), choice("b"), sections=blocks)).sections[1].title == text("On ${a}")
    blocks[0]["title"] = text("On ${a}")
    shape = plain(choice("a"), choice("b", options=[{"code": "x", "label": text("${b}")}]), sections=blocks)
    with pytest.raises(Refused) as refused:
        parse(shape)
    assert {(fault.field, fault.reason) for fault in refused.value.faults} == {
        ("questions.1.options.0.label.en", "pipe_later"),
        ("sections.0.title.en", "pipe_later"),
    }
