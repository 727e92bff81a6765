"""What must be said when a round is opened: who leads, who would review, which terms, under which scheme."""

from collections.abc import Mapping
from datetime import date

from service.domain.deadlines import MOST_DAYS
from service.domain.errors import Fault, Refused
from service.domain.evaluate.rounds import AUTHORITY, FINAL, KINDS, LEADS, PUBLISHED, Round
from service.domain.evaluate.schemes import Scheme
from service.domain.projects import Project

RE_EVALUATION = "re_evaluation"
AGREED, DESIGNATED = "agreed", "designated"  # G47: by both sides, or by the purchaser
DATE_SET_BY = (AGREED, DESIGNATED)
BODY = ("name", "address", "phone")


def check(round: Round, scheme: Scheme, owner: Project, looked_at: Round | None, today: date) -> None:
    """Everything about the procedure that a round is opened with. Raises Refused("invalid") naming each field.

    `looked_at` is the round named in `of`, if there is one.
    """
    faults = [*_lead_faults(round), *_again_faults(round, looked_at), *_term_faults(round, scheme)]
    faults += _date_faults(round, owner)
    if lies_outside(scheme, today) and not round.expired_reason.strip():
        bounds = {"lower": str(scheme.valid_from or "-"), "upper": str(scheme.valid_to or "-")}
        faults.append(Fault("expired_reason", "scheme_not_valid", bounds))
    if faults:
        raise Refused("invalid", faults)


def _lead_faults(round: Round) -> list[Fault]:
    """G04: the purchaser or the authority leads; G08: the authority only with a reason; the review is somebody else's.

    The measures do not say who convenes the review when the authority led, so the body is named before anything begins.
    """
    if round.lead not in LEADS:
        return [Fault("lead", "not_an_option", {"value": round.lead, "options": ", ".join(LEADS)})]
    faults = []
    if round.lead == AUTHORITY and not round.direct_reason.strip():
        faults.append(Fault("direct_reason", "direct_reason_missing"))
    if round.lead == AUTHORITY and not round.review_body:
        faults.append(Fault("review_body", "review_body_missing"))
    return faults


def _again_faults(round: Round, looked_at: Round | None) -> list[Fault]:
    """C25: a re-evaluation looks at a finished round of the same project again; no other kind does."""
    if round.kind not in KINDS:
        return []  # told elsewhere
    if round.kind != RE_EVALUATION:
        return [Fault("of", "not_re_evaluation")] if round.of else []
    if looked_at is None or looked_at.project != round.project:
        return [Fault("of", "re_evaluation_of_nothing")]
    if looked_at.state not in (FINAL, PUBLISHED):
        return [Fault("of", "re_evaluated_early", {"state": looked_at.state})]
    return []


def _term_faults(round: Round, scheme: Scheme) -> list[Fault]:
    """Terms are for deadlines of the scheme that it leaves open, and are whole days."""
    known = {one.id: one for one in scheme.deadlines}
    faults = []
    for id, days in round.terms.items():
        if id not in known:
            faults.append(Fault(f"terms.{id}", "not_an_option", {"value": id, "options": ", ".join(known) or "-"}))
        elif known[id].n is not None:
            faults.append(Fault(f"terms.{id}", "term_of_scheme", {"days": known[id].n}))
        elif not 1 <= days <= MOST_DAYS:
            faults.append(Fault(f"terms.{id}", "out_of_range", {"lower": 1, "upper": MOST_DAYS}))
    return faults


def check_terms(round: Round, scheme: Scheme, owner: Project) -> None:
    """What may still be set before the scheme is served. Raises Refused("invalid")."""
    if faults := [*_term_faults(round, scheme), *_date_faults(round, owner)]:
        raise Refused("invalid", faults)


def _date_faults(round: Round, owner: Project) -> list[Fault]:
    """The mid-term day lies within the project, and it is said who set it (5(1): agreed, or by the purchaser)."""
    on = round.self_evaluation_on
    faults: list[Fault] = []
    if on is not None and not round.self_evaluation_set:
        faults.append(Fault("self_evaluation_set", "missing"))
    elif on is not None and round.self_evaluation_set not in DATE_SET_BY:
        shown = {"value": round.self_evaluation_set, "options": ", ".join(DATE_SET_BY)}
        faults.append(Fault("self_evaluation_set", "not_an_option", shown))
    first, last = owner.starts_on or date.min, owner.ends_on or date.max
    if on is not None and not first <= on <= last:
        bounds = {"lower": first.isoformat(), "upper": last.isoformat()}
        faults.append(Fault("self_evaluation_on", "out_of_range", bounds))
    return faults


def lies_outside(scheme: Scheme, today: date) -> bool:
    """Whether the scheme is not valid today (G67): it warns, and wants a reason."""
    return bool((scheme.valid_from and today < scheme.valid_from) or (scheme.valid_to and today > scheme.valid_to))


def body_of(given: Mapping[str, str] | None, names: Mapping[str, str], lead: str) -> Mapping[str, str] | None:
    """The reviewing body, texts trimmed; where the purchaser leads and none is named, the authority.

    `names` are the organisations' names by part. Raises Refused("invalid") for the leading organisation itself.
    """
    if not given:
        return None if lead == AUTHORITY else {"name": names[AUTHORITY], "address": "", "phone": ""}
    body = {name: str(given.get(name, "")).strip() for name in BODY}
    if not body["name"]:
        raise Refused("invalid", [Fault("review_body.name", "empty")])
    if body["name"] == names.get(lead, ""):
        raise Refused("invalid", [Fault("review_body.name", "reviews_itself", {"value": body["name"]})])
    return body
