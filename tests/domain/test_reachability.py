"""What can never be true, against all answers that anybody could send to a small questionnaire."""

from itertools import product

from hypothesis import given, settings
from hypothesis import strategies as st
from question_shapes import options, plain, question

from service.domain.collect.expression_tree import references
from service.domain.collect.expressions import parse_expression
from service.domain.collect.questionnaires import check_answers, parse
from service.domain.errors import Refused

BASE = [
    question("single", options=options("x", "y"), required=True) | {"id": "a"},
    question("single", options=options("1", "2", "3"), when="a = 'x'", cannot_say=True) | {"id": "b"},
    question("multiple", options=[*options("p", "q"), *options("none", exclusive=True)], max=2) | {"id": "c"},
    question("number", min=1, max=4, when="answered(b) or a = 'y'") | {"id": "d"},
    question("text") | {"id": "z"},
]
EVERY = [
    ["x", "y"],
    [None, "1", "2", "3", "_cannot_say"],
    [None, ["p"], ["q"], ["p", "q"], ["none"]],
    [None, "1", "2", "3", "4"],
]


def everything():
    """The flat answers of all persons there could be."""
    asked = parse(plain(*BASE))
    found = {}
    for values in product(*EVERY):
        flat = check_answers(asked, dict(zip("abcd", values, strict=True)) | {"z": "x"}, lenient=True)
        found[tuple(sorted(flat.items()))] = flat
    return list(found.values())


PERSONS = everything()
atoms = st.sampled_from(
    [
        *("a = 'x'", "a = 'y'", "b = '1'", "b != '2'", "b > 2", "b + 1 = 3", "b = '_cannot_say'", "answered(b)"),
        *("selected(c, 'p')", "selected(c, 'none')", "count(c) = 2", "count(c) > 1", "answered(c)"),
        *("d < 2", "d > 3", "d >= 1", "d = 2", "d < 1", "answered(d)"),
    ]
)
conditions = st.recursive(
    atoms,
    lambda inner: (
        st.tuples(inner, st.sampled_from(["and", "and", "or"]), inner).map(lambda parts: f"({' '.join(parts)})")
        | inner.map(lambda part: f"not {part}")
    ),
    max_leaves=7,
)


@settings(max_examples=60)
@given(conditions)
def test_what_is_refused_is_exactly_what_nobody_can_make_true(when):
    shape = plain(*BASE, question("note", when=when) | {"id": "end"})
    try:
        condition = parse(shape).logic.asked_if["end"][0]
    except Refused as refused:
        [fault] = refused.faults
        assert (fault.field, fault.reason) == ("questions.5.when", "never_true")
        assert not any(_condition(when).true_for(person) for person in PERSONS)
    else:
        assert any(condition.true_for(person) for person in PERSONS)


def _condition(when):
    """The condition itself, which is not judged here."""
    names = dict(pair for asked in parse(plain(*BASE)).questions for pair in references(asked))
    return parse_expression(when, names)


def test_the_search_had_something_to_look_at():
    assert len(PERSONS) > 100
    assert {frozenset(person) for person in PERSONS} >= {frozenset({"a", "z"}), frozenset({"a", "b", "c", "d", "z"})}
