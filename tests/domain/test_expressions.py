"""Conditions: read, typed and judged; against an evaluator that was written down anew; whatever text is handed in."""

import operator
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.domain.collect.expression_tree import Reference, Type
from service.domain.collect.expressions import parse_expression
from service.domain.errors import FAULTS, Refused

NAMES = {
    "colour": Reference(Type.CHOICE, ("red", "green", "_cannot_say")),
    "level": Reference(Type.CHOICE, ("1", "2", "3", "_cannot_say")),
    "m": Reference(Type.MATRIX, (), ("m/r", "m/s")),
    "m/r": Reference(Type.CHOICE, ("yes", "no")),
    "m/s": Reference(Type.CHOICE, ("yes", "no")),
    "ways": Reference(Type.MULTIPLE, ("bus", "foot", "bike")),
    "age": Reference(Type.NUMBER),
    "born": Reference(Type.DATE),
    "words": Reference(Type.TEXT),
    "scan": Reference(Type.PICTURE),
}
GIVEN = {
    **{"colour": "red", "level": "2", "m/r": "yes", "ways": "bus bike", "age": "41.5"},
    **{"born": "1984-02-29", "words": "it's", "scan": "0" * 32},
}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("colour = 'red'", True),
        ('colour != "red"', False),
        ("'green' != colour", True),
        ("colour = '_cannot_say'", False),
        ("level = 2 and level = '2'", True),
        ("level >= 2 and not level > 2", True),
        ("level + 1 = 3", True),
        ("m/r = 'yes'", True),
        ("m/r != m/s", False),  # one is not answered
        ("m/r = m/s or m/s = 'no'", False),
        ("not m/s = 'no'", True),
        ("answered(m) and answered(m/r) and not answered(m/s)", True),
        ("selected(ways, 'bus') and selected(ways, \"bike\")", True),
        ("selected(ways, 'foot')", False),
        ("selected(colour, 'red') and selected(level, 2)", True),
        ("count(ways) = 2", True),
        ("age > 41 and age < 42", True),
        ("age * 2 - 3 = 80", True),
        ("2 * (age - 1.5) = 80", True),
        ("-age < 0 and age > -1", True),
        ("1 - 2 - 3 = -4", True),
        ("born < '2000-01-01' and '1984-02-28' + 1 = born", True),
        ("born - '1984-01-29' = 31", True),
        ('words = "it\'s" and length(words) = 4', True),
        ("answered(scan)", True),
        ("true", True),
        ("(true = false) = false", True),
        ("true or false and false", True),
        ("not (true or false)", False),
        ("age + 9999999 > 0 and born + 99999999999 > born", False),  # there is no such day
    ],
)
def test_a_condition_is_true_or_false(text, expected):
    expression = parse_expression(text, NAMES)
    assert expression.true_for(GIVEN) is expected
    again = parse_expression(expression.text, NAMES)
    assert again == expression
    assert again.text == expression.text


@pytest.mark.parametrize("sign", ["=", "!=", "<", "<=", ">", ">="])
@pytest.mark.parametrize("left", ["age", "level + 1", "count(ways)", "length(words)", "-age"])
def test_every_comparison_with_what_is_not_answered_is_false(sign, left):
    assert not parse_expression(f"{left} {sign} 1", NAMES).true_for({})


def test_cannot_say_is_an_answer_but_no_number():
    said = {"level": "_cannot_say", "age": "_cannot_say"}
    for text in ("answered(level)", "level = '_cannot_say'", "level != '2'", "answered(age)"):
        assert parse_expression(text, NAMES).true_for(said)
    for text in ("level < 9", "level != 2", "age > 0", "age <= 0"):
        assert not parse_expression(text, NAMES).true_for(said)


def test_a_constraint_speaks_of_the_own_answer_and_of_today():
    names = NAMES | {".": Reference(Type.DATE)}
    expression = parse_expression(". <= today and . > today - 30", names)
    assert expression.uses_today
    assert expression.true_for({}, "2026-05-01", date(2026, 5, 1))
    assert not expression.true_for({}, "2026-05-02", date(2026, 5, 1))
    assert not expression.true_for({}, "2026-04-01", date(2026, 5, 1))
    assert parse_expression("length(.) >= 3", NAMES | {".": Reference(Type.TEXT)}).true_for({}, "abc")
    assert parse_expression(". * 2 > age", NAMES | {".": Reference(Type.NUMBER)}).true_for(GIVEN, "21")


@pytest.mark.parametrize(
    ("text", "reason", "column"),
    [
        ("", "expr_ends", 1),
        ("colour =", "expr_ends", 9),
        ("(colour = 'red'", "expr_ends", 16),
        ("colour = 'red' 'green'", "expr_unreadable", 16),
        ("1 < 2 < 3", "expr_unreadable", 7),
        ("colour == 'red'", "expr_unreadable", 9),
        ("colour = 'red", "expr_unreadable", 10),
        ("colour = red", "expr_no_question", 10),
        ("import os", "expr_no_question", 1),
        ("__import__('os')", "expr_unreadable", 1),
        ("exec('x')", "expr_no_question", 1),
        ("age.real > 1", "expr_unreadable", 4),
        ("a$ = 1", "expr_unreadable", 2),
        ("age > 1e9", "expr_unreadable", 7),
        ("age > 99999999999999999999", "expr_unreadable", 7),
        ("colours = 'red'", "expr_no_question", 1),
        ("m/t = 'yes'", "expr_no_question", 1),
        ("colour = 'blue'", "expr_no_code", 10),
        ("'blue' != colour", "expr_no_code", 1),
        ("level = 4", "expr_no_code", 9),
        ("selected(ways, 'car')", "expr_no_code", 16),
        ("selected(age, 'x')", "expr_no_code", 15),
        ("colour < 'red'", "expr_no_order", 8),
        ("words > 'a'", "expr_no_order", 7),
        ("colour = 1", "expr_type", 10),
        ("age = '41'", "expr_type", 7),
        ("age = born", "expr_type", 7),
        ("words = colour", "expr_type", 9),
        ("age", "expr_type", 1),
        ("age and true", "expr_type", 1),
        ("true and age", "expr_type", 10),
        ("not age", "expr_type", 5),
        ("words + 1 = 2", "expr_type", 1),
        ("1 + words = 2", "expr_type", 5),
        ("age - born = 1", "expr_type", 7),
        ("born + born = 1", "expr_type", 8),
        ("2 * born = 1", "expr_type", 5),
        ("-words = 1", "expr_type", 2),
        ("count(colour) = 1", "expr_type", 7),
        ("length(age) = 1", "expr_type", 8),
        ("ways = 'bus'", "expr_not_compared", 1),
        ("'x' = scan", "expr_not_compared", 7),
        ("m = 'yes'", "expr_not_compared", 1),
        ("born > '1 May'", "expr_no_date", 8),
        (". > 1", "expr_own", 1),
        ("born < today", "expr_today", 8),
        ("answered(1)", "expr_unreadable", 10),
        ("answered()", "expr_unreadable", 10),
        ("selected(ways)", "expr_unreadable", 14),
        ("(" * 40 + "true" + ")" * 40, "expr_too_deep", 32),
        ("not " * 500 + "true", "expr_too_deep", 125),
        ("-" * 500 + "1 = 1", "expr_too_deep", 32),
    ],
)
def test_what_cannot_be_understood_is_refused_at_its_column(text, reason, column):
    with pytest.raises(Refused) as refused:
        parse_expression(text, NAMES)
    [fault] = refused.value.faults
    assert (fault.reason, fault.params["column"]) == (reason, column)
    assert fault.message == FAULTS[reason].format(**fault.params)


def test_a_long_condition_needs_no_deep_stack():
    assert parse_expression(" or ".join(["age > 99"] * 180 + ["true"]), NAMES).true_for(GIVEN)
    assert parse_expression(" + ".join(["1"] * 500) + " = 500", NAMES).true_for(GIVEN)
    assert parse_expression(" * ".join(["999999999999999"] * 110) + " > age", NAMES).true_for(GIVEN)


# --- whatever is handed in

pieces = st.sampled_from(
    [*NAMES, "and", "or", "not", "=", "!=", "<", ">=", "+", "-", "*", "(", ")", ",", ".", "'red'", '"bus"', "1", "2.5"]
    + [
        "selected(",
        "answered(",
        "count(",
        "length(",
        "today",
        "true",
        "false",
        "'2026-05-01'",
        "x",
        "'",
        "$",
        "\u202e",
        "十",
    ]
)


@given(st.lists(pieces, max_size=12).map(" ".join) | st.text(max_size=30))
def test_any_text_is_read_or_refused_with_its_column(text):
    try:
        expression = parse_expression(text, NAMES | {".": Reference(Type.NUMBER)})
    except Refused as refused:
        [fault] = refused.faults
        assert 1 <= fault.params["column"] <= len(text) + 1
        assert fault.message.isprintable()
        return
    assert isinstance(expression.true_for(GIVEN, "3", date(2026, 1, 1)), bool)
    assert isinstance(expression.true_for({}), bool)
    assert parse_expression(expression.text, NAMES | {".": Reference(Type.NUMBER)}) == expression


# --- against an evaluator of nested lists, written down anew

COMPARE = {
    "=": operator.eq,
    "!=": operator.ne,
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
}
ARITHMETIC = {"+": operator.add, "-": operator.sub, "*": operator.mul}

numbers = st.recursive(
    st.integers(-9, 9).map(lambda number: ("number", number)) | st.sampled_from([("name", "age"), ("name", "level")]),
    lambda inner: st.tuples(st.sampled_from(sorted(ARITHMETIC)), inner, inner),
    max_leaves=4,
)
codes = st.tuples(
    st.sampled_from(["=", "!="]), st.just(("name", "colour")), st.sampled_from([("code", "red"), ("code", "green")])
)
atoms = (
    st.tuples(st.sampled_from(sorted(COMPARE)), numbers, numbers)
    | codes
    | st.tuples(st.just("selected"), st.sampled_from(["bus", "foot", "bike"]))
    | st.tuples(st.just("answered"), st.sampled_from(["colour", "age", "m/r"]))
)
conditions = st.recursive(
    atoms,
    lambda inner: st.tuples(st.sampled_from(["and", "or"]), inner, inner) | st.tuples(st.just("not"), inner),
    max_leaves=6,
)


def written(tree):
    """Its text, with parentheses everywhere."""
    match tree:
        case ("number" | "name", word):
            return str(word)
        case ("code", word):
            return f"'{word}'"
        case ("selected", code):
            return f"selected(ways, '{code}')"
        case ("answered", name):
            return f"answered({name})"
        case ("not", inner):
            return f"(not {written(inner)})"
        case (sign, left, right):
            return f"({written(left)} {sign} {written(right)})"


LEAVES = {
    "number": lambda word, answers: Decimal(word),
    "name": lambda name, answers: number_of(name, answers),
    "code": lambda word, answers: word,
    "selected": lambda code, answers: code in answers.get("ways", "").split(),
    "answered": lambda name, answers: name in answers,
}


def number_of(name, answers):
    """None for a number that is not known."""
    if name == "colour":
        return answers.get(name)
    return Decimal(answers[name]) if answers.get(name, "_")[0] != "_" else None


def naive(tree, answers):
    if tree[0] in LEAVES:
        return LEAVES[tree[0]](tree[1], answers)
    sign, *parts = tree[0], *(naive(part, answers) for part in tree[1:])
    if sign == "not":
        return not parts[0]
    if sign in ("and", "or"):
        return all(parts) if sign == "and" else any(parts)
    if sign in ARITHMETIC:
        return None if None in parts else ARITHMETIC[sign](*parts)
    return None not in parts and COMPARE[sign](*parts)


answers_of_one = st.fixed_dictionaries(
    {},
    optional={
        "colour": st.sampled_from(["red", "green", "_cannot_say"]),
        "level": st.sampled_from(["1", "2", "3", "_cannot_say"]),
        "age": st.integers(-20, 20).map(str),
        "ways": st.sampled_from(["bus", "foot bike", "bus foot bike"]),
        "m/r": st.sampled_from(["yes", "no"]),
    },
)


def has_constant_level(tree):
    """Whether `level` stands alone beside a number that may be none of its codes: that is refused."""
    if tree[0] in ("=", "!="):
        return ("name", "level") in tree[1:]
    return any(has_constant_level(part) for part in tree[1:] if isinstance(part, tuple))


@given(conditions.filter(lambda tree: not has_constant_level(tree)), answers_of_one)
def test_conditions_agree_with_a_naive_evaluator(tree, answers):
    expression = parse_expression(written(tree), NAMES)
    assert expression.true_for(answers) is bool(naive(tree, answers))
    # The canonical text has fewer parentheses and says the same.
    assert parse_expression(expression.text, NAMES) == expression
