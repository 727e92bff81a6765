"""Words for codes that only reports write. English source texts; gettext translates them."""

from collections.abc import Mapping

from flask_babel import gettext

CODES: Mapping[str, Mapping[str, str]] = {
    "scheme_change": {
        "replace": "replaced",
        "remove": "removed",
        "add": "added",
        "mapping": "values of levels",
        "quality": "thresholds of quality marks",
        "interviews": "rules of interviews",
    },
    "gate": {
        "methods_met": "minimum of a method",
        "third_party_approved": "approval of the evaluator",
        "group_constituted": "evaluation group",
        "judgements_complete": "judgements",
        "nothing_missing": "evidence",
        "self_evaluation_filed_or_due": "self-evaluation",
    },
    "case": {"objection": "objection to a notice", "appeal": "appeal"},
    "member": {
        "buyer": "purchaser",
        "supervising_department": "supervising department",
        "sector_department": "department of the sector",
        "provider": "service provider",
        "expert": "experts",
        "senior_social_worker": "senior social workers",
        "recipient_representative": "representatives of recipients",
    },
}


def told(family: str, code: str) -> str:
    """A code in the language of the report; an unknown one as it is."""
    text = CODES[family].get(code)
    return gettext(text) if text else code
