"""Words of the results of spot checks, by family of codes. English source texts; the desk translates them."""

from collections.abc import Mapping

from service.domain.inspect.counter_corrections import REASONS

RESULT_WORDS: Mapping[str, Mapping[str, str]] = {
    "limit_reason": {
        "unchecked": "Drawn items are still missing; those checked first are no random sample.",
        "unchecked_stratum": "Nothing was drawn of a stratum, so there is no limit for all.",
        "not_random": "Checked because of a complaint or a report: no random sample, so no estimate.",
    },
    "limit_method": {
        "hypergeometric": "exact",
        "wendell_schmee": "exact over the strata",
        "split": "strata's exact limits, risk split",
        "census": "all looked at",
    },
    "correction": REASONS,
    "correction_status": {"corrected": "corrected", "claimed, unverified": "claimed, unverified"},
    "interval": {
        "ratio_t": "ratio of sums, t interval of 95 %",
        "exact": "exact limits of 95 %",
        "worst_case": "no deviation found; worst case, 95 %",
    },
    "draw_state": {
        "planned": "waiting for commitments",
        "committed": "waiting for secrets",
        "revealed": "sealed until the visit",
        "opened": "opened, drawn",
        "void": "void",
    },
    "draw_purpose": {
        "stage": "a stage that was planned before",
        "replacement": "replacements in an interview sample",
        "descriptive": "descriptive only, no test",
    },
    "why_void": {
        "not_committed": "A party did not deposit a commitment in time, and no public value was named before.",
        "not_revealed": "A party did not reveal its secret in time, and no public value was named before.",
    },
    "item_kind": {
        "case": "cases",
        "group": "groups",
        "session": "sessions",
        "activity": "activities",
        "roster": "rosters",
        "plan": "plans",
        "recipient": "recipients",
        "worker": "workers",
        "partner": "partners",
    },
    "left_out": {
        "missing": "nothing recorded",
        "waiting": "files still under way",
        "received": "not reviewed yet",
        "returned": "returned",
        "rejected": "rejected",
        "conflict": "in conflict",
        "superseded": "replaced by a newer record",
        "back_check": "back-check: compared, not counted",
        "observation": "observation: not drawn",
    },
    "counter": {
        "G14": "Large events",
        "G15": "Attendances at large events",
        "G16": "Contacts with recipients",
        "G17": "Hours of casework interviews",
        "G18": "Cases opened",
        "G19": "Cases closed",
        "G20": "Groups opened",
        "G21": "Group sessions",
        "G22": "Group attendances",
        "G23": "Community work",
        "G24": "Attendances at community work",
    },
}
