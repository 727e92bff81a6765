"""Every rule of the regulations is shown by a test that carries its mark, and CONTRIBUTING tells which."""

from regulations import RULES, TESTS, marked, table

CONTRIBUTING = TESTS.parent / "CONTRIBUTING.md"
BEGIN, END = "<!-- rules -->\n", "\n<!-- /rules -->"


def test_every_rule_is_shown_by_a_test():
    assert not sorted(set(RULES) - set(marked())), "mark the tests that show these with pytest.mark.rule"


def test_no_mark_names_a_rule_that_is_not_listed():
    assert not sorted(set(marked()) - set(RULES)), "list the rule in tests/regulations.py"


def test_contributing_tells_which_test_shows_which_rule():
    text = CONTRIBUTING.read_text(encoding="utf-8")
    shown = text[text.index(BEGIN) + len(BEGIN) : text.index(END)]
    assert shown == table(), "put the output of `python tests/regulations.py` between the marks"
