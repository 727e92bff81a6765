"""XPath of XLSForms: what is read, what is refused and where, and what it says in our expressions."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.domain.collect.xlsforms.conditions import Known, Untranslatable, WrongName, to_expression
from service.domain.collect.xlsforms.xpaths import Binary, Call, Here, Literal, Number, Path, XPathInvalid, parse_xpath

NAMES = {
    "owns": Known("owns", "choice", {"own": "own", "American Samoa": "American_Samoa"}),
    "level": Known("level", "choice", {"1": "1", "2": "2", "10": "10", "other": "other"}),
    "rate": Known("rate", "choice", {"1": "1", "2": "2", "10": "10"}),
    "Water": Known("water", "multiple", {"tap": "tap", "river": "river"}),
    "age": Known("age", "number"),
    "people": Known("people", "number"),
    "born": Known("born", "date"),
    "why": Known("why", "text"),
    "aspects__a": Known("aspects/a", "choice", {"5": "5"}),
    "place": None,
}


@pytest.mark.parametrize(
    ("text", "tree"),
    [
        ("1 + .5 * 2", Binary("+", Number("1"), Binary("*", Number(".5"), Number("2")))),
        (". >= 0", Binary(">=", Here(), Number("0"))),
        (".>=0", Binary(">=", Here(), Number("0"))),
        ("count-selected(.)", Call("count-selected", (Here(),))),
        ("../name", Path("../name")),
        ("instance('t')/root/item[state = ../x]/name", Path("instance('t')/root/item[state = ../x]/name")),
        ("'it' = \"don't\"", Binary("=", Literal("it"), Literal("don't"))),
        ("${last-saved#q}", Path("${last-saved#q}")),
    ],
)
def test_a_text_becomes_a_tree(text, tree):
    assert parse_xpath(text) == tree


@pytest.mark.parametrize(
    ("text", "column", "problem"),
    [
        ("", 1, "missing at the end"),
        ("${a} = 'yes", 8, "not closed"),
        ("${a} = ", 8, "missing at the end"),
        ("${a} == 1", 7, "'='"),
        ("(${a} = 1", 10, "')' is missing"),
        ("${a} = 1)", 9, "')' is not expected"),
        ("${a} and and 1", 14, "'1' is not expected"),  # after an operator, `and` is a name
        ("${} = 1", 1, "names no question"),
        ("pull-data('x')", 1, "no function pull-data()"),
        ("${a} & 1", 6, "'&'"),
        ("-" * 100 + "1", 61, "nested"),
    ],
)
def test_what_is_no_xpath_is_refused_with_its_place(text, column, problem):
    with pytest.raises(XPathInvalid) as refused:
        parse_xpath(text)
    assert refused.value.column == column
    assert problem in refused.value.problem


def column_of_error(text):
    try:
        parse_xpath(text)
    except XPathInvalid as refused:
        return refused.column
    return None


@given(st.text(alphabet="${}ab.()<>=!'\" 01andor-+*/[],@|", max_size=40))
def test_any_text_is_read_or_refused_within_itself(text):
    column = column_of_error(text)
    assert column is None or 1 <= column <= len(text) + 1


@pytest.mark.parametrize(
    ("xpath", "expression"),
    [
        ("${owns} = 'own'", "owns = 'own'"),
        ("${owns} = 'American Samoa'", "owns = 'American_Samoa'"),
        ("'own' = ${owns}", "owns = 'own'"),
        ("${owns} != 'own'", "not (owns = 'own')"),
        ("selected(${owns}, 'own')", "owns = 'own'"),
        ("selected(${Water}, 'tap')", "selected(water, 'tap')"),
        ("not(selected(${Water}, 'tap'))", "not (selected(water, 'tap'))"),
        ("${Water} = 'tap'", "(selected(water, 'tap') and count(water) = 1)"),
        ("count-selected(${Water}) >= 2", "count(water) >= 2"),
        ("${owns} = ''", "not answered(owns)"),
        ("${why} != ''", "answered(why)"),
        ("string-length(${why}) > 0", "answered(why)"),
        ("${rate} >= 2", "rate >= 2"),
        ("${rate} + ${age} > 3", "rate + age > 3"),
        ("${level} >= 2", "(level = '2' or level = '10')"),
        ("3 > ${level}", "(level = '1' or level = '2')"),
        ("${rate} = 1", "rate = '1'"),
        ("${age} >= 18 and ${age} < 65.5", "age >= 18 and age < 65.5"),
        ("${age} = '5'", "age = 5"),
        ("${age} != 5", "not (age = 5)"),
        ("${age} > -1", "age > -1"),
        ("number(${age}) * 2 + 1 <= ${people}", "(age * 2) + 1 <= people"),
        ("${born} < today()", "born < today"),
        ("${born} >= date('2020-02-29')", "born >= '2020-02-29'"),
        ("${aspects__a} = 5", "aspects/a = '5'"),
        ("true() or false()", "true or false"),
        ("${owns} = 'own' or ${age} > 3 and ${why} = \"it's\"", "owns = 'own' or (age > 3 and why = \"it's\")"),
        (". <= ${people}", ". <= people"),
    ],
)
def test_conditions_are_translated(xpath, expression):
    assert to_expression(parse_xpath(xpath), NAMES, Known(".", "number")) == expression


@pytest.mark.parametrize(
    "xpath",
    [
        "regex(., '[0-9]+')",
        "${age} div 2 = 1",
        "${age} mod 2 = 0",
        "if(${age} > 3, 1, 0) = 1",
        "../name = 1",
        "${place} != ''",
        "position(..) = 1",
        "${owns}",
        "${owns} > 'own'",
        "${why} > 3",
        "${level} > 10",
        "${born} > date('someday')",
        "${age} = ${why}",
        "jr:choice-name(${owns}, '${owns}') = 'x'",
    ],
)
def test_what_our_expressions_cannot_say_is_told_apart(xpath):
    with pytest.raises(Untranslatable):
        to_expression(parse_xpath(xpath), NAMES, Known(".", "number"))


@pytest.mark.parametrize(
    ("xpath", "name", "code"),
    [
        ("${nobody} = 1", "nobody", ""),
        ("${owns} = 'rent'", "owns", "rent"),
        ("selected(${Water}, 'well')", "water", "well"),
        ("${rate} = 7", "rate", "7"),
    ],
)
def test_a_name_that_is_not_in_the_form_is_told(xpath, name, code):
    with pytest.raises(WrongName) as wrong:
        to_expression(parse_xpath(xpath), NAMES)
    assert (wrong.value.name, wrong.value.code) == (name, code)
