"""Every form of the desk that edits what is stored: opened and sent back as it stands, it changes nothing.

The forms are those of the application's routes: a new one has to be entered here, as an edit or as an act.
"""

from collections.abc import Callable
from inspect import getsource, unwrap

import pytest
from edited import EDITS, Edit
from flask import Flask

from service.operations.acts import load

# Sent to make something new, or for a step that is taken once: these forms do not edit what is stored.
ACTS = """
accept_all accept_appeal add_appeal_file add_entry add_evaluator_paper add_institution add_objection_file
add_organisation add_round add_site add_target add_user adjust_scheme answer_follow_up answer_objection
appeal_against_result appoint appoint_panel ask_for_payment ask_panel ask_report assess_agency begin_draft
begin_draft_question cancel_visit ceremony_step change_draft change_password check_list close_campaign
close_interviews compare_frame conclude_appeal correct_objection decide_appeal decide_consequence decide_on_evaluator
decide_quality decide_scheme_change declare_interest delete_draft delete_trials discard_list draft_campaign
draft_publication draw_back_checks edit_publication end_membership end_tablet enter_opinion enter_paper extend
file_appeal file_evaluator_papers file_objection file_self_evaluation fill_up_interviews finish_visit freeze_list
import_file issue_notice judge_change_rate judge_follow_up lapse_score lift_ban look_back_at_follow_up make_feed
make_read_token make_release next_person note_in_review object_to_notice open_campaign open_follow_up open_interviews
open_project pause payment_paid plan_draw plan_visit postpone print_slips propose_evaluator propose_scheme_change
publish_checklist publish_draft publish_result publish_scheme put_into_use put_list reassign_items record_outcome
refuse_appeal remove_draft_question reopen replace_person report_again report_task reset_password resume return_person
return_publication review_spot_check revoke_feed revoke_field_app revoke_read_token scan_quality send_change_rate
send_interview send_trial serve_notice serve_scheme_change set_up_field_app set_up_task sign_contract_year sign_in
sign_out sign_publication start_tablet start_visit switch_off switch_on tag_texts take_step tasks_from_scheme
tell_user top_up try_what_if turn_preview verify_continuation verify_person void_slips waive withdraw_appeal
withdraw_objection withdraw_publication write_notice
declare_own_interest import_district pass_on_answer release_theme
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


def test_every_form_of_the_desk_is_an_edit_or_an_act(app: Flask) -> None:
    posting = {
        rule.endpoint.removeprefix("desk.")
        for rule in app.url_map.iter_rules()
        if rule.endpoint.startswith("desk.") and "POST" in (rule.methods or ())
    }
    listed = [*EDITS, *ACTS, *DRAFTS, *SAME]
    assert len(set(listed)) == len(listed)
    assert posting == set(listed), "enter the new form among EDITS, with a record that has every field, or among ACTS"
    for name in ACTS:
        assert "current" not in getsource(unwrap(app.view_functions[f"desk.{name}"])), (
            f"{name} shows both sides: an edit"
        )
