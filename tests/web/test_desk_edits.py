"""Every form of the desk that edits what is stored: opened and sent back as it stands, it changes nothing.

Which forms edit follows from the routes: those that call an operation which the API's PUT calls, or show both sides of
a late edit. A new one has to be entered here, as an edit or as a step.
"""

import re
import sys
from collections.abc import Callable
from inspect import getsource, isfunction, unwrap

import pytest
from edited import EDITS, Edit
from flask import Flask

from service.operations.acts import load

# Steps that are taken once, though over the API by PUT too: what is filled in is not what was stored.
STEPS = """
accept_appeal answer_follow_up answer_objection appoint_panel ceremony_step change_password check_list close_campaign
close_interviews conclude_appeal correct_objection decide_appeal decide_on_evaluator decide_scheme_change
end_membership enter_opinion extend file_appeal file_evaluator_papers file_objection file_self_evaluation issue_notice
judge_change_rate judge_follow_up lift_ban look_back_at_follow_up open_campaign pause payment_paid postpone
print_slips publish_result reassign_items refuse_appeal reopen replace_person reset_password resume return_publication
serve_notice serve_scheme_change sign_publication switch_off switch_on take_step verify_continuation verify_person
void_slips withdraw_appeal withdraw_objection withdraw_publication
""".split()
# The pages of a questionnaire's draft are sent back as they stand in test_desk_editor; the text page is that text.
DRAFTS = ("save_counting", "save_draft", "save_question", "save_scale", "save_section", "save_texts", "save_whole")
SAME = {"give_score_of": "give_score"}  # the same view at another address
FORMS = [pytest.param(make, id=f"{name}-{at}") for name, makers in EDITS.items() for at, make in enumerate(makers)]


@pytest.mark.parametrize("make", FORMS)
def test_a_form_sent_back_as_it_stands_changes_nothing(app: Flask, make: Callable[[Flask], Edit]) -> None:
    edit = make(app)
    before = edit.stored()
    assert edit.desk.open(edit.page).status_code == 200, edit.desk.page.text
    version = load(edit.record, edit.id, "record").version
    sent = edit.desk.send(edit.action or edit.page, **dict(edit.more))
    assert sent.status_code == 303, sent.text[sent.text.index("<main") :][:3000]
    assert edit.stored() == before
    assert load(edit.record, edit.id, "record").version == version + edit.writes


def _calls(view: Callable[..., object]) -> set[str]:
    """The operations that a view calls, itself or by a function of its own module."""
    module = sys.modules[view.__module__]
    source = getsource(view)
    helpers = [
        getsource(one)
        for name in re.findall(r"\b(_\w+)\(", source)
        if isfunction(one := getattr(module, name, None)) and one.__module__ == view.__module__
    ]
    return set(re.findall(r"\b([a-z_]+\.[a-z_]+)\(\s*actor\(\), now\(\)", "\n".join([source, *helpers])))


def test_every_form_with_a_twin_in_the_api_is_sent_back_here_or_is_a_step(app: Flask) -> None:
    twins, forms = set(), {}
    for rule in app.url_map.iter_rules():
        view = app.view_functions[rule.endpoint]
        if rule.rule.startswith("/api/") and "PUT" in (rule.methods or ()):
            twins |= _calls(unwrap(view.view_class.put))  # type: ignore[attr-defined]
        elif rule.endpoint.startswith("desk.") and "POST" in (rule.methods or ()):
            forms[rule.endpoint.removeprefix("desk.")] = unwrap(view)
    edits = {name for name, view in forms.items() if _calls(view) & twins or "current" in getsource(view)}
    assert edits - {*STEPS, *DRAFTS, *SAME} == set(EDITS), "enter the new form with a record that has every field"
