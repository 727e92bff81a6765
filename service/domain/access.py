"""Who may do what: roles and actions as data, and the one function that reads them."""

from collections.abc import Mapping
from dataclasses import dataclass

from service.domain.errors import Refused

ROLES = ("authority", "purchaser", "evaluator", "auditor", "interviewer", "scorer", "provider", "witness", "admin")

# A role acts on a project through its organisation's part in it. Auditors, interviewers and invited scorers (experts,
# social workers: G05) have their accounts with the evaluator. A witness is the third party of a contract, which follows
# the whole run and changes nothing (S03; the Shanghai contract, article 5).
PARTY_OF_ROLE = {
    "authority": "authority",
    "purchaser": "purchaser",
    "evaluator": "evaluator",
    "auditor": "evaluator",
    "interviewer": "evaluator",
    "scorer": "evaluator",
    "provider": "provider",
    "witness": "witness",
}

_PARTIES = ("authority", "purchaser", "evaluator", "provider")
_LEADS = ("authority", "purchaser", "evaluator")

# action -> roles. Actions on projects hold only inside the actor's own projects; `admin` keeps the accounts and sees no
# answer. Raw answers, free text and receive times: evaluator only (design, section 2).
ACTIONS: Mapping[str, tuple[str, ...]] = {
    "organisations.read": (*ROLES,),
    "organisations.write": ("admin",),
    "users.read": ("admin",),
    "users.write": ("admin",),
    "projects.list": (*ROLES,),
    "projects.read": (*_PARTIES, "auditor", "interviewer", "admin", "scorer", "witness"),
    "projects.write": ("admin",),
    "sites.write": ("evaluator", "admin"),  # whoever runs a campaign knows where and when the service is given
    "districts.write": ("evaluator", "admin"),
    "rankings.read": _LEADS,
    "questionnaires.read": (*ROLES,),
    "questionnaires.write": ("evaluator", "admin"),
    "schemes.read": (*ROLES,),
    "schemes.write": ("authority", "admin"),
    "calendars.read": (*ROLES,),
    "calendars.write": ("admin",),
    "campaigns.read": _LEADS,
    "campaigns.write": ("evaluator",),
    "tickets.write": ("evaluator",),
    "responses.read": ("evaluator",),
    "responses.write": ("evaluator",),
    "satisfaction.read": ("evaluator",),
    "institutions.read": _LEADS,
    "institutions.write": ("evaluator",),
    "opinions.read": ("evaluator",),
    "quality.read": ("evaluator",),
    "quality.write": ("evaluator",),
    "releases.read": _PARTIES,
    "releases.write": ("evaluator",),
    "read_tokens.write": _PARTIES,
    "progress.read": (*_PARTIES, "witness"),
    "frames.read": ("evaluator",),
    "frames.write": ("evaluator",),
    "receipts.read": _PARTIES,
    "draws.read": ("evaluator", "auditor"),
    "draws.write": ("evaluator",),
    "draws.follow": (*_PARTIES, "auditor"),
    "draws.commit": _PARTIES,
    "visits.read": ("evaluator", "auditor", "interviewer"),
    "visits.write": ("evaluator",),
    "visits.run": ("evaluator", "auditor", "interviewer"),
    "assignments.write": ("evaluator",),
    "declarations.write": ("evaluator", "auditor", "interviewer", "scorer", "authority", "purchaser"),
    "findings.read": ("evaluator", "auditor"),
    "spot_checks.read": ("evaluator", "auditor"),
    "spot_checks.write": ("evaluator", "auditor"),
    "spot_checks.review": ("evaluator",),
    "checklists.read": (*ROLES,),
    "checklists.write": ("evaluator", "admin"),
    "field_tokens.write": ("evaluator",),
    "interviews.read": ("evaluator",),
    "interviews.write": ("evaluator",),
    "interviews.conduct": ("evaluator", "interviewer"),
    "user_notifications.read": _LEADS,
    "user_notifications.write": ("evaluator",),
    "notices.read": (*_PARTIES, "witness"),
    "notices.write": ("evaluator",),
    "follow_ups.read": (*_PARTIES, "witness"),
    "follow_ups.write": ("evaluator",),
    "follow_ups.answer": ("provider",),
    "rounds.read": (*_PARTIES, "witness", "scorer"),
    "rounds.open": _LEADS,
    "rounds.write": ("evaluator",),
    "rounds.move": _LEADS,
    "rounds.lead": ("authority", "purchaser"),
    "project_schemes.write": ("authority", "purchaser"),
    "scheme_changes.propose": _LEADS,
    "scheme_changes.approve": ("authority",),
    "gates.read": _LEADS,
    "methods.read": ("evaluator",),
    "judgements.read": ("evaluator",),
    "scoring.read": (*_PARTIES, "auditor", "interviewer", "scorer"),
    "scoring.write": (*_PARTIES, "auditor", "interviewer", "scorer"),
    "judging.write": ("authority", "purchaser"),
    "scores.read": ("evaluator",),
    "results.read": _PARTIES,
    "self_evaluations.read": _PARTIES,
    "self_evaluations.write": ("provider",),
    "targets.read": _PARTIES,
    "targets.write": _LEADS,
    "agency_assessments.read": _LEADS,
    "agency_assessments.write": ("evaluator",),
    "groups.read": (*_PARTIES, "witness", "scorer"),
    "purges.read": _LEADS,
    "comparisons.read": (*_LEADS, "scorer"),
    "change_rates.read": ("evaluator", "provider"),
    "change_rates.write": ("provider",),
    "change_rates.decide": ("evaluator",),
    "groups.write": ("authority", "purchaser"),
    "approvals.read": _LEADS,
    "approvals.write": _LEADS,
    "approvals.decide": ("authority",),
    "objections.read": _PARTIES,
    "objections.write": ("authority", "purchaser", "provider"),
    "objections.answer": ("authority", "purchaser"),
    "objections.correct": ("evaluator",),
    "publications.read": _LEADS,
    "publications.write": ("authority", "purchaser"),
    "consequences.read": _PARTIES,
    "consequences.write": ("authority", "purchaser"),
    "continuations.write": _LEADS,
    "payments.read": ("authority", "purchaser", "provider"),
    "payments.write": ("purchaser",),
    "renewals.read": ("authority", "purchaser", "provider"),
    "renewals.write": ("purchaser",),
    "recurring_tasks.read": _PARTIES,
    "recurring_tasks.write": ("authority", "purchaser"),
    "recurring_tasks.report": _PARTIES,
    "accounts.read": ("authority", "purchaser"),
    "signatories.read": ("authority", "purchaser", "admin"),
    "signatories.write": ("admin",),
    "reports.read": _PARTIES,  # the provider from the notification on, see domain.procedure.reports.readable
    "reports.write": _LEADS,
    "reports.comment": ("purchaser",),  # S06
    "appeals.read": _PARTIES,
    "appeals.write": ("authority", "purchaser", "provider"),
    "appeals.decide": ("authority",),
    "reviews.read": _LEADS,
    "journal.read": ("evaluator", "authority"),
}

# These are not about one project, so the role alone decides.
GLOBAL = frozenset(
    {
        "organisations.read",
        "organisations.write",
        "users.read",
        "users.write",
        "projects.list",
        "projects.write",
        "districts.write",
        "questionnaires.read",
        "questionnaires.write",
        "schemes.read",
        "schemes.write",
        "calendars.read",
        "calendars.write",
        "checklists.read",
        "checklists.write",
        "field_tokens.write",
        "read_tokens.write",
        "signatories.read",
        "signatories.write",
    }
)


@dataclass(frozen=True)
class Actor:
    """Whoever asks: a signed-in user."""

    id: str
    username: str
    organisation: str
    roles: tuple[str, ...]


def may(actor: Actor, action: str, parties: Mapping[str, str] | None = None) -> bool:
    """Whether the actor may do this; `parties` (part -> organisation id) are those of the project it is about."""
    for role in actor.roles:
        if role not in ACTIONS[action]:
            continue
        if action in GLOBAL or role == "admin":
            return True
        if parties is not None and parties.get(PARTY_OF_ROLE[role]) == actor.organisation:
            return True
    return False


def require(actor: Actor, action: str, parties: Mapping[str, str] | None = None) -> None:
    """Raises Refused("forbidden") unless `may`."""
    if not may(actor, action, parties):
        raise Refused("forbidden")
