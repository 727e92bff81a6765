"""Follow-ups (整改): a deviation, its deadline, the provider's answer with evidence, verification and look-back."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from service.domain.days import day_of
from service.domain.errors import Fault, Refused, invalid, problem
from service.domain.shapes import has_forbidden

OPEN, ANSWERED, VERIFIED, RETURNED = "open", "answered", "verified", "returned"
STATES = (OPEN, ANSWERED, VERIFIED, RETURNED)
WAITING_FOR_PROVIDER = (OPEN, RETURNED)
FINDING, DEVIATION, THEME, INDIVIDUAL, RATING = "finding", "deviation", "theme", "individual", "rating"
SOURCES = (FINDING, DEVIATION, THEME, INDIVIDUAL, RATING)
HELD, FELL_BACK = "held", "fell_back"
CALL_BACKS = ("satisfied", "dissatisfied", "not_reached", "no_contact")
MOST_TITLE, MOST_TEXT, MOST_EVIDENCE, MOST_DAYS = 200, 4000, 20, 250


@dataclass(frozen=True)
class FollowUp:
    """One case. `source` and `subject` say what it is about: a spot check, a notice, a campaign, or only the text.

    `due_on` is the last day for the provider's answer, `answered_on` the day of the first answer in each turn stands in
    `answers`. A returned answer gets a new deadline; a measure that did not last opens a new case (`of`).
    """

    id: str
    project: str
    source: str
    title: str
    text: str
    due_on: date
    opened_at: datetime
    opened_by: str
    subject: str = ""
    of: str = ""
    basis: str = ""
    passed: Mapping[str, str] | None = None  # flat answers that the person allowed to be passed on
    whom: tuple[str, ...] = ("provider",)
    provisional: bool = False
    state: str = OPEN
    answers: tuple[Mapping[str, Any], ...] = ()  # text, evidence, at, by, due_on (of its turn)
    verdicts: tuple[Mapping[str, Any], ...] = ()  # state, comment, at, by, call_back
    look_back_on: date | None = None
    look_back: Mapping[str, Any] | None = None  # result, comment, at, by
    version: int = 1

    def overdue(self, today: date) -> bool:
        """Whether the provider's answer is late today, or the look-back."""
        if self.state in WAITING_FOR_PROVIDER:
            return today > self.due_on
        return self.look_back_due(today) and self.look_back_on is not None and today > self.look_back_on

    def look_back_due(self, today: date) -> bool:
        """Whether somebody must go and see whether the measure lasted."""
        wanted = self.state == VERIFIED and self.look_back_on is not None and self.look_back is None
        return wanted and self.look_back_on is not None and today >= self.look_back_on


def check_text(name: str, text: str, most: int) -> list[Fault]:
    """What is wrong with a text that somebody must be able to read later."""
    if not text.strip():
        return [Fault(name, "missing")]
    if len(text) > most:
        return [Fault(name, "too_long", {"limit": most})]
    return [Fault(name, "control_characters")] if has_forbidden(text) else []


def check_opening(title: str, text: str, source: str, days: int) -> None:
    """Raises Refused("invalid") naming every field."""
    faults = [*check_text("title", title, MOST_TITLE), *check_text("text", text, MOST_TEXT)]
    if source not in SOURCES:
        faults.append(Fault("source", "not_an_option", {"value": source, "options": ", ".join(SOURCES)}))
    if not 1 <= days <= MOST_DAYS:
        faults.append(Fault("working_days", "out_of_range", {"lower": 1, "upper": MOST_DAYS}))
    if faults:
        raise Refused("invalid", faults)


def answered(case: FollowUp, text: str, evidence: tuple[str, ...], at: datetime, by: str) -> FollowUp:
    """The provider's answer: what was done, with evidence (C30). Raises Refused: state_conflict, invalid."""
    _require(case, *WAITING_FOR_PROVIDER)
    faults = check_text("text", text, MOST_TEXT)
    if len(evidence) > MOST_EVIDENCE:
        faults.append(Fault("evidence", "too_many", {"limit": MOST_EVIDENCE}))
    if faults:
        raise Refused("invalid", faults)
    answer = {"text": text.strip(), "evidence": list(evidence), "at": at, "by": by, "due_on": case.due_on.isoformat()}
    return replace(case, state=ANSWERED, answers=(*case.answers, answer), version=case.version + 1)


def verified(
    case: FollowUp, comment: str, look_back_on: date | None, at: datetime, by: str, call_back: str = ""
) -> FollowUp:
    """The answer stands up. A rating's case says what the person said when called back; others have no call-back.

    `look_back_on`: the day on which somebody looks whether it lasted. Raises Refused: state_conflict, invalid.
    """
    _require(case, ANSWERED)
    faults = check_text("comment", comment, MOST_TEXT)
    if (case.source == RATING) != bool(call_back) or (call_back and call_back not in CALL_BACKS):
        options = ", ".join(CALL_BACKS) if case.source == RATING else "nothing: only ratings are called back"
        faults.append(Fault("call_back", "not_an_option", {"value": call_back or "nothing", "options": options}))
    if look_back_on is not None and look_back_on <= day_of(at):
        faults.append(problem("look_back_on", "the look-back lies after the verification"))
    if faults:
        raise Refused("invalid", faults)
    verdict = {"state": VERIFIED, "comment": comment.strip(), "at": at, "by": by, "call_back": call_back}
    verdicts = (*case.verdicts, verdict)
    return replace(case, state=VERIFIED, verdicts=verdicts, look_back_on=look_back_on, version=case.version + 1)


def returned(case: FollowUp, comment: str, due_on: date, provisional: bool, at: datetime, by: str) -> FollowUp:
    """Back to the provider with a new deadline. Raises Refused: state_conflict, invalid."""
    _require(case, ANSWERED)
    if faults := check_text("comment", comment, MOST_TEXT):
        raise Refused("invalid", faults)
    verdict = {"state": RETURNED, "comment": comment.strip(), "at": at, "by": by, "call_back": ""}
    again = replace(case, state=RETURNED, due_on=due_on, provisional=provisional, version=case.version + 1)
    return replace(again, verdicts=(*case.verdicts, verdict))


def looked_back(case: FollowUp, result: str, comment: str, at: datetime, by: str) -> FollowUp:
    """Whether the measure lasted (O04), once. Raises Refused: state_conflict, invalid."""
    _require(case, VERIFIED)
    if case.look_back is not None or case.look_back_on is None:
        raise Refused("state_conflict", noun="follow-up", state="looked back" if case.look_back else case.state)
    faults = check_text("comment", comment, MOST_TEXT)
    if result not in (HELD, FELL_BACK):
        faults.append(Fault("result", "not_an_option", {"value": result, "options": f"{HELD}, {FELL_BACK}"}))
    if day_of(at) < case.look_back_on:
        faults.append(problem("result", "the look-back is on {look_back_on}", look_back_on=case.look_back_on))
    if faults:
        raise Refused("invalid", faults)
    said = {"result": result, "comment": comment.strip(), "at": at, "by": by}
    return replace(case, look_back=said, version=case.version + 1)


def _require(case: FollowUp, *states: str) -> None:
    if case.state not in states:
        raise Refused("state_conflict", noun="follow-up", state=case.state)


@dataclass(frozen=True)
class Month:
    """What a month's statistics tell (N01, C30): cases by what happened in it, and what stood open at its end.

    `answered_late` are answers after the last day of their turn; `overdue` those not answered by then.
    """

    month: str
    opened: int
    answered: int
    answered_late: int
    verified: int
    returned: int
    looked_back: int
    fell_back: int
    waiting: int
    overdue: int


def month_of(cases: Iterable[FollowUp], month: str, today: date) -> Month:
    """The statistics of one month `2026-11`, as of its last day or, within it, of today.

    Raises Refused("invalid") for a text that is no month or one that has not begun.
    """
    first, after = _bounds(month)
    if first > today:
        raise invalid("month", "this month has not begun")
    cases = [case for case in cases if day_of(case.opened_at) < after]

    def within(at: datetime) -> bool:
        return first <= day_of(at) < after

    given = [answer for case in cases for answer in case.answers if within(answer["at"])]
    said = [verdict for case in cases for verdict in case.verdicts if within(verdict["at"])]
    looked = [case.look_back for case in cases if case.look_back and within(case.look_back["at"])]
    turns = [turn for case in cases for turn in _waiting(case, after)]
    last = min(today, date.fromordinal(after.toordinal() - 1))
    return Month(
        month=month,
        opened=sum(within(case.opened_at) for case in cases),
        answered=len(given),
        answered_late=sum(day_of(answer["at"]).isoformat() > answer["due_on"] for answer in given),
        verified=sum(verdict["state"] == VERIFIED for verdict in said),
        returned=sum(verdict["state"] == RETURNED for verdict in said),
        looked_back=len(looked),
        fell_back=sum(one["result"] == FELL_BACK for one in looked),
        waiting=len(turns),
        overdue=sum(last > due for due in turns),
    )


def _bounds(month: str) -> tuple[date, date]:
    try:
        first = date.fromisoformat(f"{month}-01")
    except ValueError:
        expected = "a month such as 2026-11"
        raise Refused("invalid", [Fault("month", "wrong_type", {"expected": expected})]) from None
    return first, date(first.year + first.month // 12, first.month % 12 + 1, 1)


def _waiting(case: FollowUp, after: date) -> list[date]:
    """The last day of the turn in which the provider's answer was still to come at the end of a month, if it was."""
    answers = [answer for answer in case.answers if day_of(answer["at"]) < after]
    back = [one for one in case.verdicts if one["state"] == RETURNED and day_of(one["at"]) < after]
    if len(answers) > len(back):
        return []
    later = case.answers[len(answers) :]
    return [date.fromisoformat(later[0]["due_on"]) if later else case.due_on]
