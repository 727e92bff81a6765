"""Words of rounds, their groups, scoring and reports at the desk: codes in English, translated where they are shown."""

from collections.abc import Mapping

from service.domain.evaluate.intervals import REASONS

# What follows from the step to a state, told before it is taken.
CONSEQUENCES: Mapping[str, tuple[str, ...]] = {
    "self_evaluation": (
        "The scheme as it was served is what the provider is measured by.",
        "The provider is asked for its self-evaluation; its last day begins to run.",
    ),
    "evidence": ("The official evaluation begins, and its term begins to run.",),
    "scoring": ("The group scores. Evidence can still be entered.",),
    "reported": (
        "The bound questionnaires are closed for ever, and the result is frozen with everything it follows from.",
        "Afterwards nothing can be entered any more; what changes the result is a correction.",
    ),
    "notified": (
        "The provider may read the result from now on, and its time to appeal begins to run.",
        "The notice names where, until when and with whom to appeal.",
    ),
    "final": ("The result is final: it can neither be appealed against nor changed any more.",),
}
ROUND_WORDS: Mapping[str, Mapping[str, str]] = {
    "result_reason": {
        "first": "first result",
        "correction": "correction",
        "re_evaluation": "re-evaluation",
    },
    "date_set": {"agreed": "agreed by both", "designated": "named by the purchaser"},
    "on_failure": {"fail": "the whole fails", "hold": "the result waits until it is met"},
    "judgement_state": {"draft": "draft", "in": "handed in", "lapsed": "went on without it", "waiting": "waited for"},
    "consistency_of": {
        "claimed": "What does not add up in the claims",
        "verified": "What does not add up in the verified values",
    },
    "self_fact": {
        "headcount": "number of workers",
        "full_time_equivalent": "full-time equivalents",
        "person_months": "person-months",
        "cases_carried_over": "cases carried over from an earlier period",
    },
    "gate": {
        "terms_set": "Terms",
        "scheme_served": "Scheme served on the provider",
        "self_evaluation_filed_or_due": "Self-evaluation",
        "third_party_approved": "Approval of the evaluator",
        "group_constituted": "Evaluation group",
        "methods_met": "Minimum of each method",
        "judgements_complete": "Scores of the group",
        "nothing_missing": "Evidence of every indicator",
        "report_built": "Report",
        "notice_complete": "Notice of the result",
        "appeal_window_passed": "Time to appeal",
        "appeal_decided": "Decision on the appeal",
        "publication_approved": "Approval of the publication",
        "in_time": "In time",
    },
    "step_by": {
        "appeals": "an appeal that is accepted or decided",
        "objections": "an objection to a check that is upheld",
        "publication": "the publication that both heads have signed",
    },
    "member_category": {
        "buyer": "purchaser",
        "supervising_department": "supervising department",
        "sector_department": "department of the sector",
        "provider": "service provider",
        "expert": "expert",
        "senior_social_worker": "senior social worker",
        "recipient_representative": "representative of recipients",
    },
    "member_role": {
        "lead": "leads the group",
        "scorer": "judges indicators",
        "secretary": "secretary",
        "observer": "observes",
    },
    "member_duty": {
        "need_setting": "sets the need",
        "internal_check": "checks inside",
        "drafting": "drafts the documents",
        "document_review": "reviews the documents",
        "contract": "signs the contract",
        "acceptance": "accepts the service",
    },
    "member_part": {
        "scored": "scored in this round",
        "visited": "visited the provider",
        "led": "led this round",
        "reviewer": "reviews the result",
        "provider_employee": "has an account of the provider",
        "declared_interest": "has declared an interest",
    },
    "score_to": {"in": "Hand it in", "draft": "Keep as a draft, for me alone"},
    "scheme_change_state": {
        "proposed": "waits for the authority",
        "approved": "approved, not served yet",
        "refused": "refused",
        "served": "served, in force",
    },
    "report_state": {"building": "is being made", "built": "ready", "failed": "not made"},
    "report_step": {
        "asked": "asked for",
        "gathered": "facts gathered",
        "drawn": "charts drawn",
        "written": "pages written",
        "kept": "files kept",
    },
    "caution": {
        "one_scorer": "No indicator was scored by two people.",
        "no_variation": "All scores are the same.",
        "few_nodes": "With fewer than ten indicators this moves a lot with each of them.",
        "two_scorers": "With two scorers this says little.",
    },
    "notice_field": {
        "body": "the body that hears an appeal",
        "address": "its address",
        "phone": "its telephone",
        "served_on": "the day on which it is served",
        "channel": "how it is served",
        "received_by": "who receives it",
        "last_day": "the last day to appeal",
    },
    "no_interval": REASONS,
}
