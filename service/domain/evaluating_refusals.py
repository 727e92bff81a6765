"""What evaluating may refuse; a part of the catalogue in `errors`."""

from service.domain.refusal_kinds import Entry, Kind

EVALUATING: dict[str, Entry] = {
    # districts
    "not_comparable": Entry(
        Kind.CONFLICT,
        "These results do not measure the same. Leave out those that differ, or send a label for the list.",
    ),
    # groups and judgements
    "scorer_of_provider": Entry(Kind.FORBIDDEN, "A provider never scores its own project."),
    "own_account": Entry(Kind.FORBIDDEN, "{name} scores by an account; nobody else enters the scores."),
    "not_secretary": Entry(Kind.FORBIDDEN, "Scores on paper are entered by the secretary of the group."),
    "not_asked": Entry(Kind.FORBIDDEN, "Nobody waits for this score: this person was not asked to judge {node}."),
    "member_left": Entry(Kind.CONFLICT, "{name} has left the group and scores no more."),
    "node_unblinded": Entry(
        Kind.CONFLICT, "The scores of {node} are known already. Whoever joins the group afterwards does not judge it."
    ),
    "judgement_twice": Entry(
        Kind.CONFLICT, "There is a score of {node} by this person already. Change that one, with the reason."
    ),
    "judgement_lapsed": Entry(Kind.CONFLICT, "The lead has gone on without this score of {node}."),
    "judgement_seen": Entry(
        Kind.CONFLICT, "The scores of {node} are known, so none is changed any more unless the lead reopens it."
    ),
    "lapse_early": Entry(Kind.CONFLICT, "Scores may be given until {on}. Nobody is lapsed before that day is over."),
    "evaluator_unapproved": Entry(
        Kind.CONFLICT, "The evaluator scores only once the authority has approved it. File its papers for that."
    ),
    "group_conflict": Entry(
        Kind.CONFLICT, "One person may not have all these parts. See the fields named, or appoint somebody else."
    ),
    # rounds
    "round_step": Entry(Kind.CONFLICT, "The round cannot go there from where it stands."),
    "round_step_by": Entry(Kind.CONFLICT, "Nobody moves a round to {state} by hand. It follows from: {by}."),
    "gate_unmet": Entry(Kind.CONFLICT, "The round cannot go on to {state} yet. See what is missing."),
    "not_lead": Entry(Kind.FORBIDDEN, "Only the organisation that leads the round may do this."),
    "feed_unknown": Entry(Kind.MISSING, "This calendar feed does not exist or was revoked. Make a new one."),
    # objections, appeals and reviews
    "scheme_change_open": Entry(
        Kind.CONFLICT, "The changed scheme that this review calls for has not been served yet."
    ),
    "notice_not_served": Entry(
        Kind.CONFLICT, "Notice No. {number} has not been served yet. One can object from the day on which it is."
    ),
    "objection_late": Entry(
        Kind.CONFLICT, "The last day to object to this notice was {last}; this objection is of {on}."
    ),
    "correction_open": Entry(
        Kind.CONFLICT, "Some records that the answer finds wrong have not been reviewed again since. Review them first."
    ),
    "correction_empty": Entry(
        Kind.CONFLICT, "Neither the findings nor the text differ from the notice that is to be corrected."
    ),
    "result_not_notified": Entry(
        Kind.CONFLICT, "The result has not been notified yet. Its notice will name the body and the last day to appeal."
    ),
    "result_final": Entry(
        Kind.CONFLICT, "The result of this round is final. It can neither be appealed against nor changed any more."
    ),
    "appeal_late": Entry(
        Kind.CONFLICT, "The last day to appeal was {last}, as the notice of the result says; this appeal is of {on}."
    ),
    "appeal_exists": Entry(
        Kind.CONFLICT, "This party has appealed to this result already. Wait for the decision on that appeal."
    ),
    "appeal_decided": Entry(Kind.CONFLICT, "A review of this result has been decided, and what it decided is final."),
    "panel_not_disjoint": Entry(
        Kind.CONFLICT, "Who scored, visited or led in this round cannot review its result. See the persons named."
    ),
    "panel_missing": Entry(Kind.CONFLICT, "No review group has been appointed for this appeal yet."),
    # score and results
    "evidence_missing": Entry(
        Kind.CONFLICT,
        "The result cannot be frozen: something is missing. Add it, or have the lead waive it with a reason.",
    ),
    "result_frozen": Entry(
        Kind.CONFLICT, "The result of this round is frozen. What changes it is a correction, a version of its own."
    ),
    # outcome: publication, consequences, payments
    "result_not_final": Entry(
        Kind.CONFLICT, "Only a final result can be published, paid by or followed by anything; the round is {state}."
    ),
    "publication_exists": Entry(Kind.CONFLICT, "This result has a publication already. Go on with that one."),
    "publication_basis": Entry(
        Kind.CONFLICT,
        "Nobody appealed, and the measures speak of publishing what a review has decided only. The scheme must set "
        "publish_unappealed and name its publication_basis.",
    ),
    "publication_secrets": Entry(
        Kind.INVALID, "This would tell the public about single persons. See the places named, and take it out."
    ),
    "publication_exempt": Entry(Kind.CONFLICT, "What is exempt from disclosure is never published."),
    "publication_outdated": Entry(
        Kind.CONFLICT, "The result has been corrected since this was drafted. Draft its publication anew."
    ),
    "publication_withdrawn": Entry(Kind.GONE, "This publication was withdrawn on {on}. Reason: {why}"),
    "publication_on_request": Entry(
        Kind.FORBIDDEN, "This result is given on request. Ask the organisation that led the evaluation."
    ),
    "same_person": Entry(
        Kind.CONFLICT, "Drafter, head of the office and head of the unit are three persons; you have signed already."
    ),
    "signatory_unknown": Entry(
        Kind.CONFLICT,
        "Nobody of {organisation} is named yet who may sign the step {step}. The administrator names the heads.",
    ),
    "provider_banned": Entry(
        Kind.CONFLICT,
        "{organisation} may not take over services bought by government until {until} (decision {document}).",
    ),
    "provider_disqualified": Entry(
        Kind.CONFLICT,
        "{organisation} has lost its qualification for services bought by government (decision {document}).",
    ),
    "consequence_none": Entry(Kind.CONFLICT, "The consequence {id} does not follow from this result."),
    "consequence_waits": Entry(
        Kind.CONFLICT, "The provider has a chance to rectify first. The consequence {id} follows if it fails again."
    ),
    "consequence_must": Entry(
        Kind.CONFLICT, "The consequence {id} is a duty: it is carried out, only how is for you to decide."
    ),
    "consequence_decided": Entry(Kind.CONFLICT, "The consequence {id} has been decided for this round."),
    "plan_in_use": Entry(Kind.CONFLICT, "Something has been asked for by this plan already, so it stays as it is."),
    "payment_without_result": Entry(
        Kind.CONFLICT, "The instalment {id} is paid on a final result of this project only. Attach it."
    ),
    "payment_without_paper": Entry(
        Kind.CONFLICT, "The instalment {id} needs the report of the attached result. Have it built, and name it."
    ),
    "faults_open": Entry(
        Kind.CONFLICT, "What was kept back is settled once all faults are cleared. Open: {count} cases or tasks."
    ),
    "factor_missing": Entry(Kind.CONFLICT, "The plan does not say what the grade {grade} earns. Complete its table."),
    "instalment_asked": Entry(Kind.CONFLICT, "The instalment {id} has been asked for already."),
    "renewal_over": Entry(
        Kind.CONFLICT, "The contract cannot be renewed beyond {end}. Afterwards the service is bought anew."
    ),
    "renewal_without_result": Entry(
        Kind.CONFLICT, "A further year rests on the final result of the year before, used for no other year. Name it."
    ),
    "renewal_not_earned": Entry(Kind.CONFLICT, "With the grade {grade} the contract is not renewed."),
    "nothing_unfinished": Entry(
        Kind.CONFLICT, "All counters of the result have reached their targets: there is nothing to go on with."
    ),
    "not_signatory": Entry(Kind.FORBIDDEN, "The step {step} is signed by those who are named for it, not by you."),
    # Schemes
    "scheme_fixed": Entry(
        Kind.CONFLICT,
        "Evidence of this round has been looked at. Its scheme stands, unless a review upholds an appeal.",
    ),
    "scheme_change_pending": Entry(
        Kind.CONFLICT, "A change of this round's scheme is under way. Have it decided and served first."
    ),
    # retention
    "kept_long_enough": Entry(Kind.GONE, "This was deleted, as was said, when the time for keeping it was over."),
    "purge_unplanned": Entry(
        Kind.CONFLICT, "This is not what a dry run shows now. Look at a new one, and give the plan that it names."
    ),
    "purge_broken": Entry(Kind.CONFLICT, "The tallies of {campaign} do not hold. Nothing is deleted before they do."),
}

EVALUATING_FAULTS: dict[str, str] = {
    # groups and judgements
    "panel_fixed": "The group scores {node} already, so who is asked for it stays as it is.",
    "sheet_missing": "Add the signed sheet: this member scores on paper.",
    "extreme_reason": (
        "A score within {share} points of either end needs a reason of at least {limit} characters, or a paper."
    ),
    "change_reason_missing": "Say why: this score was given already, and what stood there before is kept.",
    "judging_without_day": "Set the last day for scores first.",
    "day_over": "This day is over; today is {today}.",
    "never_shortened": "The last day is {on}. It may be put off, but never brought forward.",
    "judgements_waiting": "{count} of those asked have not judged {node} yet. Wait, or have the lead lapse them.",
    "quorum_missed": "{node} has {given} scores and needs {needed}. Appoint further scorers.",
    "no_such_account": "There is no active account {value}.",
    "no_such_evaluator": "There is no evaluator {value} among the organisations.",
    "not_judged": "{value} is no indicator of this scheme that people judge.",
    "nodes_of_no_scorer": "Only a scorer judges indicators. Add the part “scorer”, or leave this out.",
    "member_already": "{value} is a member already. End that membership first.",
    "category_of_provider": "{value} works for the provider, so the category must be “provider”.",
    "conflict_parts": "{a} and {b} do not go together ({basis}).",
    "conflict_waivable": "{a} and {b} go together only with a reason: give it under {id} ({basis}).",
    "nothing_to_waive": "{value} is no conflict of this person that may be waived.",
    "group_empty": "The round has no evaluation group yet, and no approved third party. Appoint its members.",
    "group_without_lead": "Nobody leads the group. Appoint a member with the part “lead”.",
    "group_without_scorer": "Nobody in the group scores. Appoint a member with the part “scorer”.",
    "member_conflict": "{value} is both {a} and {b}, which do not go together ({basis}). End the membership.",
    "member_undeclared": "{value} has not declared yet whether there is a conflict of interest.",
    "evaluator_not_proposed": "{value} was not proposed as evaluator. Propose it, file its papers, have it approved.",
    "evaluator_not_approved": "{value} waits for its papers, or for the authority's decision.",
    "evaluator_refused": "The authority refused {value} as evaluator. Propose another, or new papers.",
    "barred_scored": "{value} scored in this round.",
    "barred_visited": "{value} visited the provider for this round.",
    "barred_led": "{value} led this round.",
    "barred_provider": "{value} represents the provider.",
    "barred_provider_employee": "{value} has an account of the provider.",
    "barred_declared_interest": "{value} has declared a conflict of interest.",
    # rounds
    "direct_reason_missing": "The authority may lead a round itself where that is needed. Say why.",
    "review_body_missing": (
        "The authority leads this round, so name before it opens who else would review its result: name, address, "
        "phone."
    ),
    "reviews_itself": "{value} leads this round and cannot review its own result. Name another body.",
    "not_re_evaluation": "Only a re-evaluation looks at another round again. Leave this out.",
    "re_evaluation_of_nothing": "A re-evaluation looks at a round of the same project again. Name that round.",
    "re_evaluated_early": "That round is {state}. It can be looked at again once its result is final.",
    "term_of_scheme": "The scheme itself sets {days} days here. Leave this out.",
    "scheme_not_valid": "The scheme is valid from {lower} to {upper}, not today. Say why it is used all the same.",
    "term_missing": "The measures set no days for the deadline {deadline}. The lead sets them first.",
    "agreed_date_missing": "Agree on the day of the mid-term self-evaluation, or let the purchaser designate it.",
    "expiry_missing": (
        "The project has no last day, and the final self-evaluation counts from it. Enter it in the project."
    ),
    "scheme_not_served": (
        "The scheme has not been served on the provider. Say with the step when, how and who received it."
    ),
    "method_unmet": (
        "{method}, {evidence}: {done} of {needed} done. Do the rest, or let the lead waive it with a reason."
    ),
    "users_not_told": (
        "{notified} of at least {needed} users were told to come and watch. Tell the rest, or let the lead waive "
        "it with a reason."
    ),
    "evidence_missing": (
        "{node} has no evidence that counts and would earn nothing. Bring the evidence, or let the lead waive it "
        "with a reason."
    ),
    "notice_lacks": "The notice of the result lacks {name}. Send it with the step.",
    "last_day_missing": (
        "The scheme has no hard deadline that begins when the result is served, so no last day to appeal can be named."
    ),
    "appeal_window_open": "The result can still be appealed against until {last}. It becomes final after that day.",
    "publication_unsigned": "No publication of this result has been signed by both heads yet.",
    "late_without_reason": "This was to be done by {on}. Send the reason with the step.",
    "deadline_done": "This deadline ended on {on} and cannot be put off.",
    "deadline_shortened": "A deadline is never shortened. Name a day after {on}.",
    "not_waivable": "This cannot be waived. Do what is missing.",
    "basis_of_funding": (
        "With {funding} money the basis is {basis} (the measures apply where public money pays, others may follow "
        "them)."
    ),
    # objections, appeals and reviews
    "edits_or_scheme": "Either evidence is corrected or the scheme is changed, not both in one decision.",
    "figure_withheld": "The answers behind {node} are too few to be shown, and a correction would tell them.",
    "appeal_undecided": "The appeal {id} is not decided yet.",
    "review_document_missing": "The authority led this round, so {body} reviews it. Name the document by which it did.",
    "objection_unproved": "An objection needs evidence. Send at least one file (PDF, JPEG or PNG) with it first.",
    "not_reviewed_again": "{value} has not been reviewed again since the objection was answered.",
    "edits_missing": "An upheld appeal puts something right. Name at least one correction.",
    "edits_of_dismissed": "A dismissed appeal changes nothing. Leave the corrections out.",
    # Self-evaluations, targets, agency level
    "no_such_node": "The scheme has no node {value}.",
    "not_a_counter": "{node} is no counter: it takes no claimed volume.",
    "not_a_leaf": "{node} is the sum of other nodes: it takes no score of its own.",
    "no_such_file": "There is no file {value}. Send it first, then name it.",
    "area_missing": "Say how {node} was carried out: a self-evaluation covers all areas.",
    "claim_missing": "Say how much of {node} was done, 0 if nothing.",
    "claim_unfounded": "Name a file that shows {node}, or say where its records lie.",
    "target_not_positive": "This must be more than 0.",
    "per_worker_only": "Only a target per worker has workers to divide by.",
    "target_of_another": "A target stays with its counter, {counter}. Enter another one for another counter.",
    "not_agency_level": "{node} is not judged of the agency as a whole: name a leaf of the rules G31 to G39.",
    "period_reversed": "The period ends before it begins.",
    "no_change_node": "{node} takes no change rate: name a node of the rule G26.",
    "nobody_assessed_twice": "Nobody here was assessed both before and after.",
    "no_such_pair": "There is no pair {value}.",
    "not_looked_up": "{value} is not among those that were looked up.",
    "has_a_value": "{node} has a value already that the group entered.",
    "judgements_missing": "The group has not judged {node} yet. Wait until all scores are in.",
    "only_referenced": "{node} itself refers to an assessment. Use that one.",
    "no_such_assessment": "There is no assessment {value} of this provider under this authority.",
    "of_another_provider": "The assessment {value} is of another provider, or was made under another authority.",
    "of_another_rule": "The assessment {value} was made for another indicator.",
    "period_over": "The assessment {value} does not hold for the day of this round.",
    "self_evaluation_undated": "No last day of the self-evaluation is set. Have it filed, or set the day.",
    "self_evaluation_awaited": "The provider has until {last} to file its self-evaluation.",
    "self_evaluation_overdue": "The self-evaluation was due on {last} and has not been filed. Go on with a reason.",
    # outcome
    "dismissed_finds_none": "What is dismissed finds no record wrong. Uphold a part of it, or name no record.",
    "unlike": "{aspect}{nodes}: {values}",
    "rounds_to_rank": "Choose 2 to {limit} rounds, each once.",
    "no_result_yet": "The round {id} has no result yet.",
    "project_undated": "The project has no first and last day yet. Enter them in the project.",
    "not_looked_for": "Say that you have looked for {value}: whoever signs answers for it.",
    "tells_number": "Here stands a phone number or an ID number.",
    "tells_person": "Here stands the name {value}: who scored, reviewed or worked is not named.",
    # Schemes and what is entered under them
    "link_circle": "{unit} would be its own superior. Take one of the links out.",
    "new_version_reason": "A later version needs the reason for the change. {scheme} is published already.",
    "extends_nothing": "A project's own scheme must extend a published one. Name it (extends).",
    "scheme_name_taken": "The name {value} is taken by another scheme. Choose another id.",
    "entered_already": "There is such an entry already. It is not changed, only repeated.",
    "weights_of_siblings": "The weights of {nodes} add up to {total}, not 100. Restate those beside it.",
    "draw_no_sample": "The draw {draw} was not planned beforehand. It is no random sample.",
    "draw_of_other_list": "The draw {draw} was taken from another list than that of this counter.",
    "same_scheme": "The round has this scheme already: {value}.",
    "review_not_upheld": "{value} is no appeal of this round that a review has upheld.",
    "part_exceeds_whole": "This is a part of {whole} and cannot be more. One of the two numbers is wrong.",
    # reports
    "report_wanting": "The report of the result is not built yet. Ask for it, and wait until it is.",
    "ground_missing": "This follows only where the lead has found: {value}. Name the ground, or do not apply it.",
    "no_amount_here": "Only a reward or a cut has a sum.",
    "ends_before": "This ends before it starts.",
    "parts_of_stages": "Only a contract that is paid by stages has parts of its own.",
    "percent_sum": "The percentages make {found}, not 100.",
    "one_table": "Say what a result earns by grade or by score, not both.",
    "steps_upwards": "The steps must begin at 0 and go upwards.",
    "year_too_long": "One year is signed at a time: this one ends on {last} at the latest.",
    "first_year": "The first year rests on no result. Leave this empty.",
    "year_follows": "The next year begins on {on}, the day after the one before has ended.",
}
