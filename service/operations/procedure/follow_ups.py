"""What of follow-ups is due: the provider's answers, verifications, and looks whether a measure lasted (C30, O04)."""

from collections.abc import Mapping, Sequence
from datetime import date

from service.domain.inspect.follow_ups import ANSWERED, WAITING_FOR_PROVIDER, FollowUp
from service.domain.procedure.due import Due
from service.store import records

LABELS: Mapping[str, dict[str, str]] = {
    "follow_up_answer": {"zh-Hans": "整改答复", "zh-Hant": "整改答覆", "en": "Answer a follow-up"},
    "follow_up_verification": {"zh-Hans": "核实整改", "zh-Hant": "核實整改", "en": "Verify a follow-up"},
    "follow_up_look_back": {"zh-Hans": "整改回头看", "zh-Hant": "整改回頭看", "en": "Look again at a follow-up"},
}


def due(project_ids: Sequence[str], today: date) -> list[Due]:
    """Every case of these projects in which somebody has to act; no text of a case stands in it."""
    return [one for case in records.find(FollowUp, project=tuple(project_ids)) for one in _due(case, today)]


def _due(case: FollowUp, today: date) -> list[Due]:
    if case.state in WAITING_FOR_PROVIDER:
        kind, whom, on = "follow_up_answer", "provider", case.due_on
    elif case.state == ANSWERED:
        kind, whom, on = "follow_up_verification", "evaluator", case.due_on
    elif case.look_back_on is not None and case.look_back is None:
        kind, whom, on = "follow_up_look_back", "evaluator", case.look_back_on
    else:
        return []
    return [Due(case.project, "", kind, case.id, LABELS[kind], on, case.provisional, whom, overdue=today > on)]
