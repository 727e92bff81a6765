"""Words of the desk for what comes from the field: states of spot checks, circumstances, sources, who signed."""

from collections.abc import Mapping

FIELD_WORDS: Mapping[str, Mapping[str, str]] = {
    "spot_state": {
        "waiting": "Waiting for its files",
        "received": "Received, not reviewed",
        "accepted": "Accepted",
        "returned": "Returned to the auditor",
        "rejected": "Rejected",
        "conflict": "In conflict",
        "superseded": "Superseded",
        "missing": "Nothing recorded",
    },
    "kept_because": {
        "other_content": "Another record was sent under the same number.",
        "item_taken": "There was already a record of this item.",
        "not_assigned": "The item was not, or no longer, assigned to the sender.",
        "not_of_visit": "The sender was not one of the visit's persons.",
        "visit_not_started": "The visit had not been started.",
        "visit_closed": "The visit was finished.",
        "visit_cancelled": "The visit was cancelled.",
    },
    "fact": {
        "late": "Arrived long after it was signed",
        "far": "Far from the site",
        "inaccurate": "Position not exact",
        "stale_position": "Position was old",
        "no_position": "No position",
        "mock_position": "Position was made up by an app",
        "clock_off": "The phone's clock was off",
        "clock_changed": "The phone's clock was changed meanwhile",
        "before_opening": "Signed before the visit began",
        "no_time": "No time of signing",
        "too_fast": "Filled in very fast",
        "unsigned": "Not signed by the auditor",
        "witness_refused": "The witness did not sign",
        "changed_after_signing": "Changed after signing",
        "photo_far": "A photo was taken elsewhere",
        "photo_other_time": "A photo was taken at another time",
    },
    "hand": {"auditor": "Auditor", "witness": "Witness of the organisation", "second": "Second auditor"},
    "record_source": {"api": "by API", "web": "the auditor's app", "openrosa": "a collecting app"},
    "look": {"first": "first look", "back_check": "back-check", "observation": "once a visit"},
    "told": {
        "taken_at": "taken",
        "latitude": "latitude",
        "longitude": "longitude",
        "maker": "maker",
        "model": "model",
        "software": "software",
    },
}
