"""The deadlines of a round: begun by events, counted under the scheme's rules, put off with a notice, never shortened.

Where they stand: self-evaluation (Guangzhou, 5(1)), the evaluation's own fifteen days (5(2)), notice, appeal and
review (6(3)).
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import asdict, dataclass, replace
from datetime import date
from typing import Any

from service.domain import deadlines
from service.domain.deadlines import CALENDAR, WORKING, Term
from service.domain.errors import Fault, Refused
from service.domain.evaluate.rounds import Round, RoundRow
from service.domain.evaluate.schemes import Deadline, Scheme

AGREED_DATE, EXPIRY = "agreed_date", "project_expiry"
STARTED, ENDED = "evaluation_start", "evaluation_end"
RESULT_SERVED, APPEAL_ACCEPTED, RESULT_FINAL = "result_served", "appeal_accepted", "result_final"
SELF_EVALUATION = (AGREED_DATE, EXPIRY)  # what a provider's filing answers
_UNITS = {"day": CALENDAR, "workday": WORKING}
# Event -> the part that has to act until the deadline which the event begins; "lead" is whoever leads the round.
ACTING = {AGREED_DATE: "provider", EXPIRY: "provider", RESULT_SERVED: "provider", APPEAL_ACCEPTED: "authority"}
Count = Callable[[date, Term], deadlines.Deadline]


@dataclass(frozen=True)
class RoundDeadline:
    """One running deadline. `served` is the day on which the provider was told of it, None while it was not.

    `first_on` is the day as it was first counted, `late_reason` why it was kept late, `done_on` the day that ended it.
    """

    id: str
    event: str
    event_on: date
    on: date
    first_on: date
    provisional: bool
    unit: str
    days: int
    roll: bool
    basis: str
    hard: bool
    served: date | None = None
    done_on: date | None = None
    late_reason: str = ""


_DATES = ("event_on", "on", "first_on", "served", "done_on")


def of(round: Round | RoundRow) -> dict[str, RoundDeadline]:
    """The round's deadlines by their ids."""
    return {id: _read(plain) for id, plain in round.deadlines.items()}


def _read(plain: Mapping[str, Any]) -> RoundDeadline:
    days = {name: date.fromisoformat(plain[name]) if plain.get(name) else None for name in _DATES}
    return RoundDeadline(**{**plain, **days})


def _plain(one: RoundDeadline) -> dict[str, Any]:
    return {name: part.isoformat() if isinstance(part, date) else part for name, part in asdict(one).items()}


def with_deadlines(round: Round, changed: Mapping[str, RoundDeadline]) -> Round:
    """The round with these deadlines in the place of those of the same ids."""
    return replace(round, deadlines={**round.deadlines, **{id: _plain(one) for id, one in changed.items()}})


def begun_by(scheme: Scheme, event: str) -> Iterator[Deadline]:
    """The scheme's deadlines that an event begins."""
    return (one for one in scheme.deadlines if one.from_event == event)


def days_of(round: Round, wanted: Deadline) -> int | None:
    """How many days: the scheme's, else what the round set; None while nobody has said."""
    return wanted.n if wanted.n is not None else round.terms.get(wanted.id)


def start(round: Round, scheme: Scheme, event: str, on: date, count: Count) -> Round:
    """The round with all deadlines running that `event` on day `on` begins; one that runs already goes on as it is.

    `count` counts a term from a day. An agreed date without a term is itself the last day (5(1)); any other deadline
    without a term does not begin.
    """
    known, begun = of(round), {}
    for wanted in begun_by(scheme, event):
        days = days_of(round, wanted)
        running = wanted.id in known and known[wanted.id].done_on is None
        if running or (days is None and event != AGREED_DATE):
            continue
        begun[wanted.id] = _begun(wanted, event, on, days or 0, count)
    return with_deadlines(round, begun) if begun else round


def _begun(wanted: Deadline, event: str, on: date, days: int, count: Count) -> RoundDeadline:
    unit, roll = _UNITS[wanted.unit], wanted.roll
    basis = wanted.basis or ", ".join(wanted.rules)
    last = count(on, Term(days, unit, roll, basis)) if days else deadlines.Deadline(on, False)
    return RoundDeadline(wanted.id, event, on, last.on, last.on, last.provisional, unit, days, roll, basis, wanted.hard)


def finish(round: Round, event: str, on: date, late_reason: str = "") -> Round:
    """What `event` began ends on `on`; `late_reason` is kept with those that were over by then."""
    ended = {
        id: replace(one, done_on=on, late_reason=late_reason if on > one.on else "")
        for id, one in of(round).items()
        if one.event == event and one.done_on is None
    }
    return with_deadlines(round, ended) if ended else round


def resume(round: Round, event: str) -> Round:
    """What `event` began runs again with the last day that it had: what ended it was taken back."""
    again = {id: replace(one, done_on=None, late_reason="") for id, one in of(round).items() if one.event == event}
    return with_deadlines(round, again) if again else round


def tell(round: Round, on: date) -> Round:
    """The provider was told on `on` of all that run: from now on they change only with a notice."""
    told = {id: replace(one, served=on) for id, one in of(round).items() if one.served is None and one.done_on is None}
    return with_deadlines(round, told) if told else round


def overdue(round: Round, event: str, today: date) -> list[RoundDeadline]:
    """What `event` began and was not done by its last day."""
    return [one for one in of(round).values() if one.event == event and one.done_on is None and today > one.on]


def postpone(round: Round, id: str, on: date, reason: str, provisional: bool) -> Round:
    """The round with one deadline put off to `on`. Raises Refused("invalid"): unknown, done, not later, no reason."""
    there = of(round).get(id)
    faults = []
    if there is None:
        known = ", ".join(sorted(round.deadlines)) or "-"
        raise Refused("invalid", [Fault("deadline", "not_an_option", {"value": id, "options": known})])
    if there.done_on is not None:
        faults.append(Fault("deadline", "deadline_done", {"on": there.done_on.isoformat()}))
    if on <= there.on:
        faults.append(Fault("on", "deadline_shortened", {"on": there.on.isoformat()}))
    if not reason.strip():
        faults.append(Fault("reason", "empty"))
    if faults:
        raise Refused("invalid", faults)
    return with_deadlines(round, {id: replace(there, on=on, provisional=provisional)})


def appeal_window(round: Round) -> tuple[date, date] | None:
    """(day on which the result was served, last day to appeal) as the notice named them; None before it was served."""
    if not round.notice.get("served_on") or not round.notice.get("last_day"):
        return None
    first, last = str(round.notice["served_on"]), str(round.notice["last_day"])
    return date.fromisoformat(first), date.fromisoformat(last)


def acting(round: Round | RoundRow, event: str) -> str:
    """The part of the project that has to act until what `event` began ends."""
    return ACTING.get(event, round.lead)
