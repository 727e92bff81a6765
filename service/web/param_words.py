"""Values within sentences: a parameter of a refusal or fault that is a code is told by its word.

Which parameters are codes stands here; the words themselves are the desk's, which hands them over (`words_by`), because
refusals are written for every dialect and the dialects do not import one another.
"""

from collections.abc import Callable, Mapping
from typing import Any

from flask_babel import gettext

from service.web.languages import spoken

Told = Callable[[str, str], str]

ROUND, PARTS = "round_state", ("member_category", "member_role", "member_duty", "member_part")
# reason (or the text of a `problem`) -> parameter -> families of words, the first that knows the code tells it.
FAMILIES: Mapping[str, Mapping[str, tuple[str, ...]]] = {
    "not_found": {"noun": ("noun",)},
    "round_step_by": {"state": (ROUND,), "by": ("step_by",)},
    "gate_unmet": {"state": (ROUND,)},
    "result_not_final": {"state": (ROUND,)},
    "re_evaluated_early": {"state": (ROUND,)},
    "draw_order": {"state": ("draw_state",)},
    "draw_void": {"why": ("why_void",)},
    "draw_not_ready": {"parties": ("party",)},
    "commitments_missing": {"parties": ("party",)},
    "commitment_fixed": {"party": ("party",)},
    "secret_differs": {"party": ("party",)},
    "signatory_unknown": {"step": ("publication_state",)},
    "not_signatory": {"step": ("publication_state",)},
    "basis_of_funding": {"funding": ("funding",), "basis": ("basis",)},
    "conflict_parts": {"a": PARTS, "b": PARTS},
    "conflict_waivable": {"a": PARTS, "b": PARTS},
    "member_conflict": {"a": PARTS, "b": PARTS},
    "notice_lacks": {"name": ("notice_field",)},
    "not_looked_for": {"value": ("secret",)},
    "ground_missing": {"value": ("ground",)},
    "other_kind": {"found": ("checklist_kind",), "expected": ("checklist_kind",)},
    "not_deciding": {"core": ("attribute",)},
    "core_missing": {"core": ("attribute",)},
    "unknown_attribute": {"attributes": ("attribute",)},
    "unknown_kind": {"kinds": ("question_kind",)},
    "wrong_type": {"expected": ("phrase",)},
    "expr_type": {"found": ("phrase",), "expected": ("phrase",)},
    "expr_not_compared": {"found": ("phrase",)},
    "expr_no_order": {"found": ("phrase",)},
    "unlike": {"aspect": ("aspect",), "values": ("mode", "distribution", "figure")},
    "{organisation!r} is a {kind}, not a {part}": {"kind": ("party",), "part": ("party",)},
    "the scheme has no {noun} node {node!r}": {"noun": ("type",)},
}
# What stands in "This cannot be done while the {noun} is {state}." -> the families of its states.
STATES_OF: Mapping[str, str] = {
    "appeal": "appeal_state",
    "approval": "approval_state",
    "assignment": "item_state",
    "campaign": "state",
    "change": "scheme_change_state",
    "change rate": "change_state",
    "draw": "draw_state",
    "follow-up": "case_state",
    "interview plan": "item_state",
    "judgement": "judgement_state",
    "notice": "notice_state",
    "objection": "objection_state",
    "publication": "publication_state",
    "report": "report_state",
    "round": ROUND,
    "self-evaluation": "objection_state",
    "spot check": "spot_state",
    "visit": "visit_state",
}
# States that no list shows: they are told in refusals alone.
OTHER_STATES: Mapping[str, str] = {
    "not final": "not closed yet",
    "paused": "paused",
    "not paused": "not paused",
    "gone": "no longer in the group",
    "voided": "voided",
    "blind": "still hidden from the scorers",
    "paid": "paid",
    "not empty": "not empty",
    "not verified": "not verified yet",
    "looked back": "looked back upon already",
    "done": "done",
    "closed": "closed",
    "read": "read, but not checked",
    "checked": "checked",
    "frozen": "frozen",
}
NOUNS = (
    *("round", "campaign", "draw", "spot check", "frame", "project", "indicator", "response", "tablet", "user"),
    *("institution", "opinion", "scan", "draft", "template", "questionnaire", "interview plan", "interview", "contact"),
    *("chart", "question", "section", "scale", "appeal", "approval", "assignment", "batch of codes", "calendar"),
    *("change", "change rate", "checklist", "consequence", "deadline", "file", "follow-up", "import", "judgement"),
    *("kind of data", "list of users", "member", "node", "notice", "objection", "organisation", "page", "payment"),
    *("picture", "publication", "published draw", "published result", "quality scan", "record", "release", "report"),
    *("result", "review", "scheme", "self-evaluation", "site", "step", "target", "task", "token", "visit", "year"),
    *("question that asks for a picture", "form", "entity set", "session", "payment plan"),
    *("ban", "notification", "comparison"),
)
# Ends of "This must be {expected}." that a person at the desk may read.
PHRASES = (
    "a number",
    "a date such as 2026-03-31",
    "a time such as 2026-03-31 09:00",
    "a whole number, or nothing",
    "3 to 40 of a-z 0-9 . _ -, a letter or digit first",
    "a mapping",
    "a list of two items",
    "text",
    "true or false",
    "lower-case hexadecimal digits",
    "a whole number from 1",
    "latitude and longitude, or neither",
    "a number from the minimum to 1000",
    "a choice",
    "a multiple choice",
    "a date",
    "a text",
    "a picture",
    "a matrix",
)

_told: list[Told] = []


def words_by(told: Told) -> None:
    """`told(family, code)` is the word for a code in the reader's language, or the code itself."""
    _told[:] = [told]


def in_words(reason: str, params: Mapping[str, Any]) -> dict[str, Any]:
    """The parameters of a message with words in place of codes, in the reader's language."""
    families = FAMILIES.get(str(params.get("text")) if reason == "problem" else reason, {})
    if reason == "problem" and families:
        return {**params, "values": {name: _in_words(families.get(name), v) for name, v in params["values"].items()}}
    if reason == "state_conflict":
        families = {"noun": ("noun",), "state": (STATES_OF.get(str(params.get("noun")), "state"), "other_state")}
    return {name: _in_words(families.get(name), value) for name, value in params.items()}


def _in_words(families: tuple[str, ...] | None, value: Any) -> Any:
    if not families or not isinstance(value, str) or not _told:
        return value
    if families == ("phrase",):
        return gettext(value) if value else value
    groups = [[_word(families, one) for one in each.split(", ")] for each in value.split(" / ")]
    return " / ".join(gettext(", ").join(group) for group in groups)


def _word(families: tuple[str, ...], code: str) -> str:
    for family in families:
        if (word := _told[0](family, code)) != code:
            # Within a sentence, and only English has capitals.
            return word[:1].lower() + word[1:] if spoken() == "en" else word
    return code
