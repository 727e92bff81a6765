"""Words of interviews: modes, endings, reasons, the first questions; in the reader's language."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from flask_babel import gettext

from service.domain.errors import Refused
from service.domain.inspect.dispositions import DISPOSITIONS
from service.domain.inspect.interview_comparison import REASONS
from service.domain.inspect.interview_rules import CHINA, ON_SITE, PHONE
from service.web.errors import message_of

MODE_WORDS: Mapping[str, str] = {PHONE: "By phone", ON_SITE: "On site"}
ENDINGS: Mapping[str, str] = {
    "not_tried": "Not tried yet",
    "no_answer": "Nobody answered",
    "busy": "Line busy",
    "machine": "Answering machine",
    "not_at_home": "Not there",
    "call_back": "Asked to call or come again",
    "complete": "Effective interview",
    "partial": "Partly answered",
    "break_off": "Broken off",
    "refused": "Refused",
    "not_reached": "Not reached, given up",
    "dead": "Has died",
    "unable": "Cannot answer (illness, hearing or the like)",
    "language": "No language in common",
    "other": "Other reason",
    "number_dead": "Number does not exist or is out of service",
    "wrong_person": "Number belongs to somebody else",
    "never_served": "Never got the service",
    "service_unknown": "Does not know the service",
    "staff_number": "Number belongs to staff of the service",
}
GROUP_WORDS: Mapping[str, str] = {
    "I": "Effective interview",
    "P": "Partly answered",
    "R": "Refused or broken off",
    "NC": "Not reached",
    "O": "Other, eligible",
    "UH": "Still open",
    "UO": "Not known whether eligible",
    "NE": "Not eligible",
}
SERVED_WORDS: Mapping[str, str] = {
    "yes": "Yes, got the service",
    "never": "Never got the service",
    "unknown": "Does not know the service",
    "staff": "The number belongs to staff of the service",
}
NOBODY: Mapping[str, str] = {
    "all_done": "Everybody on this list has been asked. Thank you.",
    "outside_hours": "It is outside the hours in which people are called.",
    "all_tried": "Everybody who is left was tried in these hours or has an appointment. Come back at another hour.",
    "all_taken": "Everybody who is left is being called by somebody else.",
}


def shown_mode(code: str) -> str:
    return gettext(MODE_WORDS.get(code, code))


def ending(code: str) -> str:
    return gettext(ENDINGS.get(code, code))


def group(code: str) -> str:
    return gettext(GROUP_WORDS.get(code, code))


def served(code: str) -> str:
    return gettext(SERVED_WORDS.get(code, code))


def compared(code: str) -> str:
    """Why a comparison is not made."""
    return gettext(REASONS[code]) if code in REASONS else code


def why_not(refused: Refused) -> str:
    """The refusal in one sentence."""
    if refused.reason == "nobody_to_call":
        return gettext(NOBODY.get(refused.params["why"], refused.params["why"]))
    return message_of(refused)


def chosen(mode: str) -> tuple[list[str], list[str]]:
    """Endings that an interviewer may choose in a mode: (the person stays open, the person is closed)."""
    absent = {PHONE: {"not_at_home"}, ON_SITE: {"no_answer", "busy", "machine", "number_dead"}}[mode]
    # A denial is an answer to the first question, so it is chosen there.
    denials = {"never_served", "service_unknown", "staff_number"}
    offered = [each for each in DISPOSITIONS.values() if not each.by_answers and each.code not in absent | denials]
    return [each.code for each in offered if not each.closes], [each.code for each in offered if each.closes]


def when(at: datetime) -> str:
    """Day and time in China, without the offset: who calls has to read it at a glance."""
    aware = at if at.tzinfo else at.replace(tzinfo=UTC)
    return aware.astimezone(CHINA).strftime("%Y-%m-%d %H:%M")


HELPERS: Mapping[str, Any] = {
    function.__name__: function for function in (shown_mode, ending, group, served, compared, chosen, when)
}
