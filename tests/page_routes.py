"""Which addresses are pages, and which are not, with the reason: every GET route but the API's stands here.

A new route that does not fails `tests/web/test_page_routes.py` at once. SEEN are the pages: the long test
`tests/e2e/test_every_route.py` runs the tests of tests/web with a browser beside, which looks at each page that is
opened for the first time, and fails for each of SEEN that none of them opened.
"""

FILES = """
audit.file audit.manifest audit.service_worker calendar.feed
desk.appeal_file desk.chart_campaign_codes desk.chart_campaign_days desk.chart_campaign_hours
desk.chart_campaign_levels desk.chart_campaign_progress desk.chart_campaign_sites desk.chart_project_errors
desk.chart_result_score desk.chart_round_score desk.drawn_file desk.evaluator_paper
desk.evidence_of_follow_up desk.export_file desk.exported_accounts desk.exported_answers
desk.exported_codebook desk.exported_figures desk.exported_package desk.exported_release
desk.exported_result desk.field_record desk.file_of_party desk.frame_file desk.notice_document
desk.objection_file desk.opinion_scan desk.report_document desk.round_export
desk.score_sheet desk.self_evaluation_file desk.spot_photo static
""".split()
DATA = """
audit.file_progress audit.read_record audit.read_work audit.session health.alive
health.ready odata.campaign odata.count_of_campaign odata.count_of_root odata.count_of_round
odata.of_campaign odata.of_root odata.of_round odata.root odata.round
openrosa.form openrosa.form_list openrosa.items openrosa.manifest
""".split()
NO_PAGES = {
    **dict.fromkeys(FILES, "a file, a picture or a style sheet"),
    **dict.fromkeys(DATA, "data for programs"),
    "audit.page": "the auditor's app, looked at in each of its views by tests/e2e/test_audit_app.py",
}
SEEN = frozenset(
    """
    desk.accept_appeal desk.account desk.add_appeal_file desk.add_draft_question
    desk.add_evaluator_paper desk.add_objection_file desk.administration desk.agency_assessments
    desk.answer_objection desk.answers desk.appeal desk.appeal_against_result
    desk.appoint_panel desk.ask_adjustment desk.ask_close desk.ask_count
    desk.ask_for_payment desk.ask_new_password desk.ask_open desk.ask_password
    desk.ask_project desk.ask_roles desk.ask_site desk.ask_switch_off
    desk.ask_target desk.ask_to_remove_question desk.ask_void desk.assess_agency
    desk.attendance_of_user desk.back_checks desk.bans_of_organisation desk.calendar
    desk.calendar_list desk.campaign desk.campaign_exports desk.campaign_interviews
    desk.campaign_questions desk.campaign_settings desk.campaign_sites desk.cases
    desk.ceremony desk.change_notice desk.change_rates desk.checklist
    desk.checklist_list desk.choose_questionnaire desk.compare_questionnaires desk.comparison
    desk.conclude_appeal desk.consequences desk.continuations desk.contract_years
    desk.correct_objection desk.deadline desk.decide_appeal desk.decide_consequence
    desk.decide_on_evaluator desk.departure desk.district desk.draft_publication
    desk.draw desk.draw_planner desk.due_list desk.edit_appeal
    desk.edit_counting desk.edit_draft desk.edit_objection desk.edit_publication
    desk.edit_question desk.edit_scale desk.edit_section desk.edit_texts
    desk.edit_whole desk.entries desk.entry desk.evaluator_approval
    desk.evaluator_approvals desk.field_apps desk.file_appeal
    desk.file_evaluator_papers desk.file_objection desk.filing desk.follow_up
    desk.follow_ups desk.frame desk.frame_import desk.frame_receipt
    desk.group desk.home desk.import_district desk.import_form
    desk.institutions desk.interview_list desk.interview_person desk.interview_plan
    desk.interview_questions desk.interview_visit desk.joined_figures desk.journal
    desk.judge_change_rate desk.judging desk.judging_day desk.lapse
    desk.lift_ban desk.my_reviews desk.my_rounds desk.new_campaign
    desk.new_checklist desk.new_draw desk.new_member desk.new_organisation
    desk.new_project desk.new_release desk.new_report desk.new_scheme
    desk.new_scheme_change desk.new_site desk.new_target desk.new_user
    desk.new_waiver desk.node desk.note_in_review desk.notice
    desk.notices desk.object_to_notice desk.objection desk.of_party
    desk.open_round desk.opinion desk.organisation desk.organisation_list
    desk.own_declaration desk.panel desk.paper_form desk.paper_table
    desk.pass_on_answer desk.payment_paid desk.payment_plan desk.payments
    desk.periods desk.preview_draft desk.preview_publication desk.progress
    desk.project desk.project_exports desk.project_frames desk.project_results
    desk.project_schemes desk.projects desk.propose_evaluator desk.publication
    desk.publications_of_round desk.publish_result desk.purchaser_opinion desk.quality
    desk.questionnaire desk.questionnaire_list desk.read_tokens desk.recurring_tasks
    desk.refer_to_assessments desk.refuse_appeal desk.release desk.release_theme
    desk.releases desk.reopening desk.report desk.report_page
    desk.report_task desk.reports desk.result desk.results
    desk.retention desk.return_publication desk.review desk.round
    desk.round_exports desk.round_list desk.scheme desk.scheme_changes
    desk.scheme_decision desk.scheme_list desk.scheme_service desk.score
    desk.score_of desk.scoring desk.search desk.self_entry
    desk.self_evaluation desk.self_facts desk.send_change_rate desk.sensitivity
    desk.set_up_task desk.sign_contract_year desk.sign_in_form desk.sign_publication
    desk.signatory_form desk.sites desk.slips desk.sources
    desk.spot_check desk.spot_check_list desk.step desk.steps
    desk.tablet desk.target_list desk.tasks_from_scheme desk.tell_user
    desk.terms desk.texts desk.top_up desk.try_draft
    desk.uncertainty desk.user desk.user_list desk.user_notifications
    desk.verify_continuation desk.visit desk.visits desk.what_if
    desk.withdraw_appeal desk.withdraw_objection desk.withdraw_publication desk.workload
    guide.contents guide.task public_results.listing public_results.one
    public_results.provider survey.enter survey.form survey.withdrawal
    tablet.questions tablet.start tablet.thanks verify.draw
    verify.own_file
    """.split()
)
