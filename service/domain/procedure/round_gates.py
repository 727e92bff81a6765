"""What the gates of a round demand, as pure rules over what others have gathered."""

from collections.abc import Iterable
from datetime import date

from service.domain.evaluate.methods import MethodProgress
from service.domain.evaluate.rounds import Round
from service.domain.evaluate.schemes import Scheme
from service.domain.evaluate.scores import ScoreTree
from service.domain.evaluate.unmet import Unmet
from service.domain.inspect.user_notifications import Notified
from service.domain.procedure import publications, round_deadlines
from service.domain.procedure.publications import Publication
from service.domain.procedure.round_deadlines import AGREED_DATE, EXPIRY, days_of
from service.domain.procedure.round_states import Transition
from service.domain.projects import Project


def terms(round: Round, scheme: Scheme, owner: Project) -> list[Unmet]:
    """Hard deadlines whose days the scheme leaves open have been set (G56), and the days that self-evaluations hang on.

    The mid-term one is agreed or designated (G47), the final one counts from the end of the project (G48).
    """
    open_ = [one.id for one in scheme.deadlines if one.hard and days_of(round, one) is None]
    found = [Unmet("terms_set", id, "term_missing", {"deadline": id}) for id in open_]
    events = {one.from_event for one in scheme.deadlines}
    if round.kind == "mid_term" and AGREED_DATE in events and round.self_evaluation_on is None:
        found.append(Unmet("terms_set", "self_evaluation_on", "agreed_date_missing"))
    if round.kind == "final" and EXPIRY in events and owner.ends_on is None:
        found.append(Unmet("terms_set", "ends_on", "expiry_missing"))
    return found


def scheme_served(round: Round) -> list[Unmet]:
    """The provider has been given the scheme that it will be measured by (design, section 9)."""
    return [] if round.served.get("on") else [Unmet("scheme_served", "", "scheme_not_served")]


def methods(found: Iterable[MethodProgress]) -> list[Unmet]:
    """G41-G45: each method's minimum, or a waiver with a reason."""
    return [
        Unmet(
            "methods_met",
            f"{one.method}.{one.evidence}",
            "method_unmet",
            {"needed": one.needed, "done": one.done, "method": one.method, "evidence": one.evidence},
            waivable=True,
        )
        for one in found
        if not one.met
    ]


def users_told(found: Notified) -> list[Unmet]:
    """C13: at least three users of a service to the public were told to come and watch."""
    if found.met:
        return []
    params = {"needed": found.needed, "notified": found.notified}
    return [Unmet("methods_met", "user_notifications", "users_not_told", params, waivable=True)]


def missing(tree: ScoreTree) -> list[Unmet]:
    """Every node that has no evidence; a waived one earns nothing, and nothing is shared out in its place (C23)."""
    nodes = sorted({remark.node for remark in tree.missing})
    return [Unmet("nothing_missing", node, "evidence_missing", {"node": node}, waivable=True) for node in nodes]


def notice(round: Round) -> list[Unmet]:
    """The notice names body, address, phone and last day for an appeal, and how it was served (G55, G56)."""
    found = [
        Unmet("notice_complete", name, "notice_lacks", {"name": name})
        for name in ("body", "address", "phone", "served_on", "channel", "received_by")
        if not round.notice.get(name)
    ]
    if not found and not round.notice.get("last_day"):
        found.append(Unmet("notice_complete", "last_day", "last_day_missing"))
    return found


def appeal_window(round: Round, today: date) -> list[Unmet]:
    """An unappealed result becomes final only after the last day to appeal (G58)."""
    window = round_deadlines.appeal_window(round)
    if window is not None and today > window[1]:
        return []
    last = window[1].isoformat() if window else "-"
    return [Unmet("appeal_window_passed", "", "appeal_window_open", {"last": last})]


def publication(found: Iterable[Publication]) -> list[Unmet]:
    """O05: a publication that the heads of office and unit have signed."""
    if any(one.state in (publications.APPROVED, publications.PUBLISHED) for one in found):
        return []
    return [Unmet("publication_approved", "", "publication_unsigned")]


def late(round: Round, step: Transition, today: date, reason: str) -> list[Unmet]:
    """G51: what is over when the step ends it wants a reason, and is not held up otherwise."""
    if reason.strip():
        return []
    over = [one for event in step.explains for one in round_deadlines.overdue(round, event, today)]
    return [Unmet("in_time", one.id, "late_without_reason", {"on": one.on.isoformat()}) for one in over]
