"""Words of visits at the desk: codes in English, which are translated where they are shown."""

from service.web.pages.desk.inspect.frame_words import KIND_WORDS

VISIT_WORDS = {
    "visit_state": {
        "planned": "Planned",
        "started": "Under way",
        "finished": "Finished",
        "cancelled": "Called off",
    },
    "check_kind": {
        "daily": "Daily check",
        "special": "Special check",
        "random": "Random check",
        "department": "Inspection by a department",
    },
    "trigger": {"plan": "As planned", "complaint": "After a complaint", "media": "After a report in the media"},
    "checklist_kind": {
        **KIND_WORDS,
        "evidence": "Evidence, to be found in the records",
        "document_review": "Documents",
        "interview_worker": "Interview with a worker",
        "interview_head": "Interview with the head",
        "observation": "Observation",
        "supervisor": "Report of the supervisor",
    },
    "item_state": {"open": "To be looked up", "done": "Looked up", "withdrawn": "Free again"},
    "look": {"first": "First look", "back_check": "Back-check"},
    "kappa_reason": {
        "no_pairs": "Nothing was judged twice yet.",
        "one_value": "Both gave only one and the same answer: chance cannot be told from agreement.",
    },
    "told_by": {"phone": "By telephone", "message": "By message", "letter": "By letter", "in_person": "In person"},
    "agreement": {"errs": "Any error"},
}
