"""Consequences of a final result: what the scheme lets or makes follow, and what a person decided of it (G59-G63)."""

from calendar import monthrange
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import MAXYEAR, date, datetime, timedelta
from decimal import Decimal
from typing import Any

from service.domain.errors import Fault, Refused
from service.domain.evaluate.scheme_parts import REASONS, Calendar, Consequence
from service.domain.inspect.follow_ups import check_text
from service.domain.procedure.money import money_faults

REWARD, CUT, BAN, CONTINUE, RECTIFY, DISQUALIFY = "reward", "cut", "ban", "continue", "rectify", "disqualify"
BARRING = (BAN, DISQUALIFY)
APPLIED, NOT_APPLIED = "applied", "not_applied"
OUTCOMES = (APPLIED, NOT_APPLIED)
MOST_TEXT = 4000
# Schemes that were published before consequences named their action, by the rule that each is of.
_OF_RULE = {"G59": REWARD, "G60": CUT, "G61": BAN, "G62": CONTINUE, "G63": DISQUALIFY}
_GROUND_OF = {CONTINUE: "tasks_unfinished", DISQUALIFY: "grave"}  # what only a person can find (Guangzhou, 6(4))
# Whether a consequence follows: it does; once the lead finds the ground; after the chance to rectify; not.
APPLIES, ON_GROUNDS, WAITS, NO = "applies", "on_grounds", "waits", "no"
_SCORES = ("score_below", "score_from")
MONTHS = {"year": 12, "half_year": 6, "quarter": 3, "month": 1}


@dataclass(frozen=True)
class ConsequenceDecision:
    """What a person decided about one consequence of one result; `consequence` is its id in the scheme.

    `grounds` are what the lead found (REASONS of schemes), `document` the number of the decision.
    """

    id: str
    round: str
    project: str
    provider: str
    result: str
    consequence: str
    action: str
    outcome: str
    reason: str
    document: str
    at: datetime
    by: str
    grounds: tuple[str, ...] = ()
    amount: Decimal | None = None
    starts_on: date | None = None
    ends_on: date | None = None
    scheme: str = ""


@dataclass(frozen=True)
class Standing:
    """One period's result of one provider under one scheme: its grade, total, and whether its target was met."""

    grade: str
    total: Decimal
    target: str = ""  # met | missed, "" where there is none
    period: int | None = None  # consecutive periods have consecutive numbers; None: the next result is the next period


@dataclass(frozen=True)
class Facts:
    """What consequences look at. `standings` in order of time, the last one is the result they follow from.

    `chances` to rectify the scheme gives before a ban, of which `used` are gone (O13).
    """

    standings: tuple[Standing, ...]
    grounds: tuple[str, ...] = ()
    chances: int = 0
    used: int = 0


def action_of(consequence: Consequence) -> str:
    """What is to be done; of schemes that do not say so, by the rule that the consequence is of."""
    return consequence.action or next((_OF_RULE[rule] for rule in consequence.rules if rule in _OF_RULE), "decide")


def conditions_of(consequence: Consequence) -> dict[str, Any]:
    """All that must hold; where a scheme names no action, the grounds that the measures tie to it are added."""
    found = dict(consequence.conditions)
    ground = _GROUND_OF.get(action_of(consequence))
    if not consequence.action and ground and "reason" not in found:
        found["reason"] = ground
    return found


def status(consequence: Consequence, facts: Facts) -> str:
    """Whether the consequence follows from the last standing: APPLIES, ON_GROUNDS, WAITS or NO."""
    conditions = conditions_of(consequence)
    wanted = int(conditions.pop("periods_in_a_row", 1))
    ground = conditions.pop("reason", None)
    if in_a_row(facts.standings, lambda one: _holds(conditions, one)) < wanted:
        return NO
    action = action_of(consequence)
    if action == RECTIFY and facts.used >= max(facts.chances, 1):
        return NO
    if action in BARRING and facts.used < facts.chances:
        return WAITS
    return ON_GROUNDS if ground is not None and ground not in facts.grounds else APPLIES


def possible(consequence: Consequence, last: Standing) -> bool:
    """Whether it may follow at all, by the last standing alone: a cheap look before all others are read."""
    conditions = {name: one for name, one in conditions_of(consequence).items() if name in ("grade", *_SCORES)}
    return _holds(conditions, last)


def _holds(conditions: Mapping[str, Any], one: Standing) -> bool:
    checks: Mapping[str, Callable[[Any], bool]] = {
        "grade": lambda value: one.grade == value,
        "score_below": lambda value: one.total < value,
        "score_from": lambda value: one.total >= value,
        "target": lambda value: one.target == value,
    }
    return all(checks[name](value) for name, value in conditions.items())


def in_a_row(standings: Sequence[Standing], holds: Callable[[Standing], bool]) -> int:
    """For how many periods running, up to the last one, it holds; a period without a result breaks the run (I12)."""
    count, before = 0, None
    for one in reversed(standings):
        gap = before is not None and one.period is not None and before - one.period > 1
        if gap or not holds(one):
            break
        count, before = count + 1, one.period
    return count


def period_number(calendar: Calendar, day: date) -> int:
    """The number of the period in which a day lies, counted through all years (I01)."""
    length, (month, first) = MONTHS[calendar.period], map(int, calendar.year_start.split("-"))
    passed = day.year * 12 + day.month - month - (1 if day.day < first else 0)
    return passed // length


def later(day: date, months: int) -> date:
    """So many months on; the last day of a month that is too short for it, and of the calendar at the latest."""
    whole = day.month - 1 + months
    year, month = day.year + whole // 12, whole % 12 + 1
    if year > MAXYEAR:
        return date.max
    return date(year, month, min(day.day, monthrange(year, month)[1]))


def last_day(start: date, months: int) -> date:
    """The last day of a term of months that begins on `start`: two years from 2 March end on 1 March."""
    return later(start, months) - timedelta(days=1)


def yearly(start: date, months: int) -> tuple[date, ...]:
    """The days on which something that runs for `months` is given again each year (O10: a subsidy of three years)."""
    return tuple(later(start, 12 * year) for year in range(max(months // 12, 1)))


def check_decision(consequence: Consequence, found: str, made: ConsequenceDecision) -> None:
    """A person decides, with a reason; a duty cannot be left undone, a cut needs its sum, a ban its document.

    Raises Refused: consequence_none, consequence_waits, consequence_must, invalid.
    """
    if found in (NO, WAITS):
        raise Refused("consequence_none" if found == NO else "consequence_waits", id=consequence.id)
    faults = check_text("reason", made.reason, MOST_TEXT)
    if found == ON_GROUNDS and made.outcome == APPLIED:
        faults.append(Fault("grounds", "ground_missing", {"value": conditions_of(consequence)["reason"]}))
    if made.outcome == NOT_APPLIED and consequence.duty == "must" and found == APPLIES:
        raise Refused("consequence_must", id=consequence.id)
    if made.outcome == APPLIED:
        faults += _faults(made)
    if faults:
        raise Refused("invalid", faults)


def _faults(made: ConsequenceDecision) -> list[Fault]:
    faults = []
    if made.action == CUT and made.amount is None:
        faults.append(Fault("amount", "missing"))
    if made.amount is not None:
        faults += money_faults("amount", made.amount)
        if made.action not in (CUT, REWARD):
            faults.append(Fault("amount", "no_amount_here"))
    if made.action in BARRING and not made.document.strip():
        faults.append(Fault("document", "missing"))
    if made.action == RECTIFY and made.ends_on is None:
        faults.append(Fault("ends_on", "missing"))
    if made.starts_on and made.ends_on and made.ends_on < made.starts_on:
        faults.append(Fault("ends_on", "ends_before"))
    return faults


def check_grounds(grounds: Sequence[str]) -> None:
    """Each is a word of REASONS. Raises Refused("invalid")."""
    options = ", ".join(REASONS)
    faults = [
        Fault(f"grounds.{at}", "not_an_option", {"value": one, "options": options})
        for at, one in enumerate(grounds)
        if one not in REASONS
    ]
    if faults:
        raise Refused("invalid", faults)


@dataclass(frozen=True)
class Continuation:
    """Service goes on until the tasks are done (G62). `targets` and `reached`: node of the counter -> amount.

    `entries` tell what was verified since: node, value (the new sum), on, source, by.
    """

    id: str
    round: str
    project: str
    provider: str
    opened_at: datetime
    opened_by: str
    targets: Mapping[str, str] = field(default_factory=dict)
    reached: Mapping[str, str] = field(default_factory=dict)
    entries: tuple[Mapping[str, str], ...] = ()
    done_on: date | None = None
    version: int = 1

    @property
    def open_nodes(self) -> tuple[str, ...]:
        return tuple(
            node for node, target in self.targets.items() if Decimal(self.reached.get(node, "0")) < Decimal(target)
        )


def unfinished(evidence: Mapping[str, Any], per_worker: Mapping[str, str]) -> tuple[dict[str, str], dict[str, str]]:
    """(targets, what was reached) of the counters that fall short in the frozen evidence, as plain decimal texts.

    `per_worker` names the counters whose target is per worker: they are compared by the sum that it comes to.
    """
    targets, reached = {}, {}
    for one in evidence.get("quantities", ()):
        if one.get("target") is None:
            continue
        workers = Decimal(one["workers"]) if one["node"] in per_worker and one.get("workers") else Decimal(1)
        target, done = Decimal(one["target"]) * workers, Decimal(one.get("verified") or 0)
        if done < target:
            targets[one["node"]], reached[one["node"]] = format(target, "f"), format(done, "f")
    return targets, reached


def verified(there: Continuation, node: str, value: Decimal, on: date, source: str, by: str) -> Continuation:
    """What a counter has come to since, as verified; the task is done on the day on which the last target is reached.

    Raises Refused: state_conflict, invalid.
    """
    if there.done_on is not None:
        raise Refused("state_conflict", noun="task", state="done")
    faults = check_text("source", source, MOST_TEXT)
    if node not in there.targets:
        options = ", ".join(there.targets)
        faults.append(Fault("node", "not_an_option", {"value": node, "options": options}))
    elif value < Decimal(there.reached.get(node, "0")):
        faults.append(Fault("value", "below", {"lower": there.reached[node]}))
    if faults:
        raise Refused("invalid", faults)
    entry = {"node": node, "value": format(value, "f"), "on": on.isoformat(), "source": source.strip(), "by": by}
    changed = Continuation(
        **vars(there)
        | {
            "reached": {**there.reached, node: format(value, "f")},
            "entries": (*there.entries, entry),
            "version": there.version + 1,
        }
    )
    return changed if changed.open_nodes else Continuation(**vars(changed) | {"done_on": on})


def check_lifting(from_on: date, on: date, reason: str) -> None:
    """A ban is taken back with a reason, not before it began. Raises Refused("invalid")."""
    faults = check_text("reason", reason, MOST_TEXT)
    if on < from_on:
        faults.append(Fault("on", "below", {"lower": from_on.isoformat()}))
    if faults:
        raise Refused("invalid", faults)
