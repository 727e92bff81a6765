"""Which of the desk's modules still read a form by hand, each with the reason that CONTRIBUTING gives."""

import re
from pathlib import Path

DESK = Path("service/web/pages/desk")
ONE_FORM = "forms"  # reads for all others
BY_HAND = {
    "a draft's text": """
        collect/editor collect/editor_counting collect/editor_questions collect/editor_texts collect/editor_whole
        collect/questionnaires
    """,
    "answers to a questionnaire": """
        collect/editor_preview collect/opinions collect/paper collect/trying inspect/interviews
    """,
    "a mapped file": "collect/xlsforms inspect/frames",
    "steps of a ceremony": "inspect/draws inspect/draw_plans",
    "the list that is read": "collect/texts",
    "what is tried": "evaluate/scores",
    "a preview": "procedure/reviews",
    "one button of many": "inspect/checklists",
    "signing in": "home",
}


def test_only_these_modules_read_a_form_by_hand() -> None:
    reading = {
        str(path.relative_to(DESK).with_suffix(""))
        for path in DESK.rglob("*.py")
        if re.search(r"\brequest\.(form|values)\b|\bget_data\b", path.read_text(encoding="utf-8"))
    }
    named = [module for modules in BY_HAND.values() for module in modules.split()]
    assert reading - {ONE_FORM} - set(named) == FILTERED, "let pages/desk/forms.py read it, or say here why it cannot"
    assert set(named) - reading == set(), "these read nothing by hand any more"
    assert len(named) == len(set(named))


FILTERED = {"inspect/spot_checks"}  # its filters, which also a refused button's page keeps


def test_every_reason_is_given_where_the_decision_stands() -> None:
    text = Path("CONTRIBUTING.md").read_text(encoding="utf-8")
    entry = text[text.index("### 2026-11-25 A form is a schema's") :].partition("\n### ")[0]
    told = " ".join(entry.split())
    assert [reason for reason in BY_HAND if f"*{reason}*" not in told.lower()] == []
    assert len(re.findall(r"\*[^*]+\*", told)) == len(BY_HAND), "a reason that no module needs any more"
