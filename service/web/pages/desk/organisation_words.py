"""Words of organisations and their users, by family of codes. English source texts; the desk translates them."""

from collections.abc import Mapping

from service.web.pages.desk.ways import N_

ORGANISATION_WORDS: Mapping[str, Mapping[str, str]] = {
    "party": {
        "authority": N_("Authority in charge"),
        "purchaser": N_("Purchaser"),
        "provider": N_("Service provider"),
        "evaluator": N_("Evaluator"),
        "witness": N_("Witness (third party of the contract)"),
        "operator": N_("Operator of this service"),
    },
    "role": {
        "authority": N_("Authority"),
        "purchaser": N_("Purchaser"),
        "evaluator": N_("Evaluator"),
        "auditor": N_("Auditor"),
        "interviewer": N_("Interviewer"),
        "scorer": N_("Invited scorer"),
        "provider": N_("Provider"),
        "witness": N_("Witness"),
        "admin": N_("Administrator"),
    },
}
