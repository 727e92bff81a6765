"""What evaluating may refuse; a part of the catalogue in `errors`."""

from service.domain.refusal_kinds import Entry, Kind

EVALUATING: dict[str, Entry] = {
    # rounds
    "round_step": Entry(Kind.CONFLICT, "The round cannot go there from where it stands."),
    "round_step_by": Entry(Kind.CONFLICT, "Nobody moves a round to {state} by hand. It follows from: {by}."),
    "gate_unmet": Entry(Kind.CONFLICT, "The round cannot go on to {state} yet. See what is missing."),
    "not_lead": Entry(Kind.FORBIDDEN, "Only the organisation that leads the round may do this."),
    # objections, appeals and reviews
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
}

EVALUATING_FAULTS: dict[str, str] = {
    # objections, appeals and reviews
    "objection_unproved": "An objection needs evidence. Send at least one file (PDF, JPEG or PNG) with it first.",
    "not_reviewed_again": "{value} has not been reviewed again since the objection was answered.",
    "member_scored": "{value} scored in this round.",
    "member_visited": "{value} visited for this round.",
    "member_led": "{value} led this round.",
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
}
