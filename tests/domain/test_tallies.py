"""Tallies: a commutative group, independent of order, equal to what numpy computes from the raw answers."""

import json
from itertools import combinations_with_replacement, product

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.domain.collect.questionnaires import CANNOT_SAY, parse
from service.domain.collect.tallies import (
    DURATION_EDGES,
    Cell,
    add,
    by,
    cell_of,
    counts_of,
    digest,
    dimension,
    duration_class,
    from_plain,
    select,
    subtract,
    tally_of,
    to_plain,
    total,
)
from service.domain.errors import Refused
from service.domain.modes import ASSISTANCE, DISTRIBUTIONS, MODES

LEVELS = ["1", "2", "3", "4", "5"]


def options(*codes):
    return [{"code": code, "label": {"en": code}} for code in codes]


def question(name, kind, **more):
    return {"id": name, "kind": kind, "label": {"en": name}, **more}


SAMPLE = parse(
    {
        "id": "sample",
        "version": 1,
        "languages": ["en"],
        "population": "recipients",
        **dict.fromkeys(("title", "purpose", "source"), {"en": "x"}),
        "questions": [
            question("q1", "single", cannot_say=True, options=options(*LEVELS)),
            question(
                "m1",
                "matrix",
                options=options(*LEVELS),
                rows=[{"id": "r1", "label": {"en": "r1"}}, {"id": "r2", "label": {"en": "r2"}}],
            ),
            question(
                "facts",
                "matrix",
                options=options("yes", "no"),
                rows=[{"id": name, "label": {"en": name}} for name in "abcde"],
            ),
            question("t1", "text"),
            question("age", "single", options=options("young", "old")),
            question("helped", "single", options=options("no", "family", "volunteer", "service_staff", "other")),
        ],
        "scales": {
            "satisfaction": {
                "items": ["q1", "m1/r1", "m1/r2"],
                "headline": "q1",
                "satisfied": ["4", "5"],
                "levels": LEVELS,
            }
        },
        "pairs": [["q1", "m1/r1"], ["age", "q1"]],
        "weights": ["age"],
        "awareness": {"items": [f"facts/{name}" for name in "abcde"], "known": ["yes"], "at_least": 3},
        "help": "helped",
    }
)
SCALE = SAMPLE.scales["satisfaction"].items

answers_of_one = st.fixed_dictionaries(
    {},
    optional={
        "q1": st.sampled_from([*LEVELS, CANNOT_SAY]),
        "m1/r1": st.sampled_from(LEVELS),
        "m1/r2": st.sampled_from(LEVELS),
        **{f"facts/{name}": st.sampled_from(["yes", "no"]) for name in "abcde"},
        "t1": st.just("words"),
        "age": st.sampled_from(["young", "old"]),
        "helped": st.sampled_from(["no", "family", "service_staff"]),
    },
)
persons = st.tuples(answers_of_one, st.sampled_from("AB"), st.sampled_from(sorted(MODES)), st.integers(0, 14))


def tally_one(person):
    answers, site, mode, duration = person
    cell = cell_of(SAMPLE, answers, site=site, session="s", distribution="poster", mode=mode, language="en")
    return tally_of(SAMPLE, cell, answers, duration)


people = st.lists(persons, max_size=12)
tallies = people.map(lambda group: total(map(tally_one, group)))


def test_one_person_counts_as_documented():
    answers = {
        "q1": "5",
        "m1/r1": "4",
        "m1/r2": "2",
        "facts/a": "yes",
        "facts/b": "no",
        "age": "old",
        "helped": "family",
    }
    cell = cell_of(SAMPLE, answers, site="A", session="s", distribution="poster", mode="paper", language="en")
    assert cell == Cell("A", "s", "poster", "paper", "family", "en", "old", "", "")
    assert tally_of(SAMPLE, cell, answers, duration_class(42)) == {
        cell: {
            "n": 1,
            "h|duration|5": 1,
            **{"c|q1|5": 1, "c|m1/r1|4": 1, "c|m1/r2|2": 1, "c|age|old": 1, "c|helped|family": 1},
            **{"c|facts/a|yes": 1, "c|facts/b|no": 1, "c|t1|_skipped": 1},
            **{f"c|facts/{name}|_skipped": 1 for name in "cde"},
            **{"s|satisfaction|n": 1, "s|satisfaction|0": 5, "s|satisfaction|1": 4, "s|satisfaction|2": 2},
            **{"s|satisfaction|0|0": 25, "s|satisfaction|0|1": 20, "s|satisfaction|0|2": 10},
            **{"s|satisfaction|1|1": 16, "s|satisfaction|1|2": 8, "s|satisfaction|2|2": 4},
            **{"p|0|5|4": 1, "p|1|old|5": 1, "a|1": 1},
        }
    }


@given(tallies, tallies, tallies)
def test_tallies_form_a_commutative_group(a, b, c):
    assert add(add(a, b), c) == add(a, add(b, c))
    assert add(a, b) == add(b, a)
    assert add(a, {}) == a == subtract(a, {})
    assert subtract(a, a) == {}
    assert subtract(add(a, b), b) == a
    assert add(subtract(a, b), b) == a  # counts may fall below zero between
    assert subtract({}, subtract(a, b)) == subtract(b, a)


@given(tallies, tallies)
def test_adding_changes_neither_summand(a, b):
    before = to_plain(a), to_plain(b)
    add(a, b)
    subtract(a, b)
    assert (to_plain(a), to_plain(b)) == before


@given(people, st.randoms(use_true_random=False))
def test_order_and_grouping_do_not_matter(group, random):
    shuffled = random.sample(group, len(group))
    cut = random.randint(0, len(group))
    parts = [total(map(tally_one, part)) for part in (shuffled[:cut], shuffled[cut:])]
    whole = total(map(tally_one, group))
    assert total(parts) == whole
    assert digest(total(parts)) == digest(whole)


@given(people)
def test_tallies_equal_numpy_on_the_raw_answers(group):
    whole = counts_of(total(map(tally_one, group)))
    for item, kind in SAMPLE.items.items():
        given_codes = np.array([answers.get(item, "_skipped") for answers, *_ in group], dtype=object)
        for code in (*kind.codes, CANNOT_SAY, "_skipped"):
            assert whole.get(f"c|{item}|{code}", 0) == np.sum(given_codes == code)
    levels = np.array([[float(a[i]) if a.get(i) in LEVELS else np.nan for i in SCALE] for a, *_ in group]).reshape(
        -1, 3
    )
    complete = levels[~np.isnan(levels).any(axis=1)].astype(int)
    assert whole.get("s|satisfaction|n", 0) == len(complete)
    gram = complete.T @ complete
    for i, j in combinations_with_replacement(range(3), 2):
        assert whole.get(f"s|satisfaction|{i}|{j}", 0) == gram[i, j]
    assert [whole.get(f"s|satisfaction|{i}", 0) for i in range(3)] == complete.sum(axis=0).tolist()
    for a, b in product([*LEVELS, CANNOT_SAY, "_skipped"], [*LEVELS, "_skipped"]):
        both = [x.get("q1", "_skipped") == a and x.get("m1/r1", "_skipped") == b for x, *_ in group]
        assert whole.get(f"p|0|{a}|{b}", 0) == np.sum(both)
    known = [[answers.get(f"facts/{name}") for name in "abcde"] for answers, *_ in group]
    known = [facts.count("yes") for facts in known if any(facts)]
    assert [whole.get(f"a|{k}", 0) for k in range(6)] == np.bincount(known, minlength=6).astype(int).tolist()
    durations = np.bincount([duration for *_, duration in group], minlength=15).astype(int).tolist()
    assert [whole.get(f"h|duration|{k}", 0) for k in range(15)] == durations
    assert whole.get("n", 0) == len(group)


@given(tallies)
def test_the_plain_form_survives_json_and_is_in_order(tally):
    plain = to_plain(tally)
    assert from_plain(json.loads(json.dumps(plain))) == tally
    assert [entry["k"] for entry in plain] == sorted(entry["k"] for entry in plain)
    assert all(list(entry["c"]) == sorted(entry["c"]) for entry in plain)


@given(tallies, tallies)
def test_the_digest_tells_tallies_apart(a, b):
    assert (digest(a) == digest(b)) == (a == b)


@given(tallies)
def test_no_key_holds_what_databases_interpret(tally):
    assert not [key for counts in tally.values() for key in counts if "." in key or "$" in key or "\0" in key]


@given(tallies)
def test_parts_add_up_and_selections_agree_with_them(tally):
    parts = by(tally, "site", "mode")
    assert total(parts.values()) == tally
    for (site, mode), part in parts.items():
        assert select(tally, site=site, mode=mode) == part
    assert select(tally, site=("A", "B")) == tally
    assert select(tally, site=()) == {}


def test_what_is_not_in_the_key_cannot_be_filtered():
    assert dimension(SAMPLE, "age") == "w1"
    assert dimension(SAMPLE, "mode") == "mode"
    for name in ("w1", "q1", "hour", "__len__"):
        with pytest.raises(Refused, match="cannot be filtered"):
            dimension(SAMPLE, name)
    with pytest.raises(Refused, match="cannot be filtered"):
        select({}, hour="9")
    with pytest.raises(Refused, match="cannot be filtered"):
        by({}, "hour")


@given(st.floats(min_value=0, max_value=1e7))
def test_duration_classes_have_fixed_edges(seconds):
    assert duration_class(seconds) == np.digitize(seconds, DURATION_EDGES)


@pytest.mark.parametrize("seconds", [None, -1, float("nan")])
def test_impossible_durations_are_unknown(seconds):
    assert duration_class(seconds) == 0


def test_edges_are_published_and_may_never_move():
    assert DURATION_EDGES == (0, 5, 10, 20, 30, 45, 60, 90, 120, 180, 300, 600, 1200, 3600)
    assert duration_class(float("inf")) == 14
    assert [duration_class(edge) for edge in DURATION_EDGES] == list(range(1, 15))


def test_code_lists_speak_three_languages():
    for codes in (MODES, DISTRIBUTIONS, ASSISTANCE):
        assert all(set(words) == {"zh-Hans", "zh-Hant", "en"} and all(words.values()) for words in codes.values())
