"""Payments: a contract's instalments, what of them a result earns, and the papers without which none is paid (C22)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from service.domain.deadlines import UNITS
from service.domain.errors import Fault, Refused
from service.domain.procedure.consequences import later
from service.domain.procedure.money import HUNDRED, money_faults, share, split

STAGE, MONTH, QUARTER, COMPLETION = "stage", "month", "quarter", "completion"
KINDS = (STAGE, MONTH, QUARTER, COMPLETION)  # S02
EVERY = {MONTH: 1, QUARTER: 3}  # months
RETAINED = "retained"
MOST_INSTALMENTS = 120
ZERO = Decimal(0)


@dataclass(frozen=True)
class PaymentPlan:
    """How a contract is paid: the id is the project's. `instalments` are plain Instalments; they add up to `contract`.

    `factors` say what share of an instalment a result earns: {grades: {grade: percent}} or {steps: [{from, percent}]}.
    `pay_within` is the term from the day on which a payment is asked for: {days, unit} (S09: five working days).
    From `starts_on` on the plan stands as it was asked for, so that it can be changed: `parts` are plain Parts.
    """

    id: str
    kind: str
    contract: Decimal
    instalments: tuple[Mapping[str, Any], ...]
    factors: Mapping[str, Any] = field(default_factory=dict)
    pay_within: Mapping[str, Any] = field(default_factory=dict)
    document: str = ""
    starts_on: date | None = None
    ends_on: date | None = None
    retained_percent: Decimal = ZERO
    parts: tuple[Mapping[str, Any], ...] = ()
    version: int = 1


@dataclass(frozen=True)
class Instalment:
    """One part of the contract's sum. `needs_result`: nothing is paid without the result's paper (C22)."""

    id: str
    label: str
    amount: Decimal
    due_on: date | None = None
    needs_result: bool = True
    retained: bool = False  # settled after the evaluation, once all faults are cleared (S02)


@dataclass(frozen=True)
class Payment:
    """One instalment as it was asked for and settled: planned × percent − cut = amount.

    `result` is the version it rests on, `paper` the report of it that was attached. `cuts` tell what was taken off by
    which decision (G60).
    """

    id: str
    project: str
    instalment: str
    planned: Decimal
    percent: Decimal
    cut: Decimal
    amount: Decimal
    asked_at: datetime
    asked_by: str
    result: str = ""
    paper: str = ""
    cuts: Mapping[str, str] = field(default_factory=dict)
    pay_by: date | None = None
    paid_on: date | None = None
    version: int = 1


@dataclass(frozen=True)
class Part:
    """What the contract says of one stage: its percentage, and when and on what it is paid."""

    id: str
    label: str
    percent: Decimal
    due_on: date | None = None
    needs_result: bool = True
    retained: bool = False


def instalments(
    kind: str,
    contract: Decimal,
    period: tuple[date, date],
    parts: Sequence[Part] = (),
    retained: Decimal = ZERO,
) -> tuple[Instalment, ...]:
    """The instalments of a contract; they add up to its sum, to the cent.

    STAGE takes the percentages of `parts`, which make 100; MONTH and QUARTER share the sum evenly over `period`;
    COMPLETION pays once at its end. Of the last three `retained` percent stay behind until the end. Raises
    Refused("invalid").
    """
    _check(kind, contract, period, parts, retained)
    if kind == STAGE:
        amounts = split(contract, [part.percent for part in parts])
        return tuple(
            Instalment(part.id, part.label, amount, part.due_on, part.needs_result, part.retained)
            for part, amount in zip(parts, amounts, strict=True)
        )
    kept = share(contract, retained)
    days = _days(kind, period)
    amounts = split(contract - kept, [Decimal(1)] * len(days))
    found = [
        Instalment(f"{kind}-{at}", day.isoformat(), amount, day)
        for at, (day, amount) in enumerate(zip(days, amounts, strict=True), 1)
    ]
    if kept:
        found.append(Instalment(RETAINED, RETAINED, kept, period[1], retained=True))
    return tuple(found)


def _days(kind: str, period: tuple[date, date]) -> list[date]:
    """The last day of each month or quarter of service, or of the whole."""
    start, end = period
    found: list[date] = []
    while kind in EVERY and len(found) <= MOST_INSTALMENTS:
        day = later(start, EVERY[kind] * (len(found) + 1))
        if day > end or day in found[-1:]:  # the second: the calendar itself ends
            break
        found.append(day)
    if not found or (kind in EVERY and found[-1] < end and (end - found[-1]).days > 1):
        found.append(end)
    return found


def _check(kind: str, contract: Decimal, period: tuple[date, date], parts: Sequence[Part], retained: Decimal) -> None:
    faults = money_faults("contract", contract)
    if kind not in KINDS:
        faults.append(Fault("kind", "not_an_option", {"value": kind, "options": ", ".join(KINDS)}))
    if period[1] < period[0]:
        faults.append(Fault("ends_on", "ends_before"))
    if not ZERO <= retained < HUNDRED:
        faults.append(Fault("retained_percent", "out_of_range", {"lower": 0, "upper": 99}))
    if kind == STAGE:
        faults += _part_faults(parts)
    elif parts:
        faults.append(Fault("parts", "parts_of_stages"))
    if faults:
        raise Refused("invalid", faults)


def _part_faults(parts: Sequence[Part]) -> list[Fault]:
    faults = []
    whole = sum((part.percent for part in parts), ZERO)
    if whole != HUNDRED:
        faults.append(Fault("parts", "percent_sum", {"found": whole}))
    seen: set[str] = set()
    for at, part in enumerate(parts):
        if not ZERO < part.percent <= HUNDRED:
            faults.append(Fault(f"parts.{at}.percent", "out_of_range", {"lower": 0, "upper": 100}))
        if part.id in seen:
            faults.append(Fault(f"parts.{at}.id", "duplicate", {"value": part.id}))
        seen.add(part.id)
    return faults


def check_factors(factors: Mapping[str, Any], grades: Sequence[str]) -> None:
    """A percentage of 0 to 100 for every grade, or steps that go upwards from 0. Raises Refused("invalid")."""
    faults: list[Fault] = []
    table, steps = factors.get("grades"), factors.get("steps")
    if table and steps:
        faults.append(Fault("factors", "one_table"))
    if table:
        faults += _grade_faults(table, grades)
    if steps:
        starts = [Decimal(step["from_score"]) for step in steps]
        if starts[0] != 0 or any(a >= b for a, b in zip(starts, starts[1:], strict=False)):
            faults.append(Fault("factors.steps", "steps_upwards"))
    percents = [*(table or {}).values(), *(step["percent"] for step in steps or ())]
    if any(not ZERO <= Decimal(percent) <= HUNDRED for percent in percents):
        faults.append(Fault("factors", "out_of_range", {"lower": 0, "upper": 100}))
    if faults:
        raise Refused("invalid", faults)


def _grade_faults(table: Mapping[str, Any], grades: Sequence[str]) -> list[Fault]:
    """Each grade of the scheme stands in the table, and no other; where no scheme is known yet, any may."""
    missing = [Fault(f"factors.grades.{grade}", "missing") for grade in grades if grade not in table]
    others = [one for one in table if grades and one not in grades]
    options = ", ".join(grades)
    return missing + [
        Fault(f"factors.grades.{one}", "not_an_option", {"value": one, "options": options}) for one in others
    ]


def check_term(term: Mapping[str, Any]) -> None:
    """Days and their unit, or nothing. Raises Refused("invalid")."""
    if term and term.get("unit") not in UNITS:
        options = {"value": term.get("unit"), "options": ", ".join(UNITS)}
        raise Refused("invalid", [Fault("pay_within.unit", "not_an_option", options)])


def factor(factors: Mapping[str, Any], grade: str, total: Decimal) -> Decimal:
    """The percentage of an instalment that a result earns; everything where the contract has no table (C22)."""
    if table := factors.get("grades"):
        return Decimal(table[grade])
    if steps := factors.get("steps"):
        return [Decimal(step["percent"]) for step in steps if Decimal(step["from_score"]) <= total][-1]
    return HUNDRED


def cut_off(amount: Decimal, left: Mapping[str, Decimal]) -> dict[str, Decimal]:
    """What of the cuts that are `left`, by decision, this payment bears: in their order, never more than it has."""
    found = {}
    for id, sum_left in left.items():
        taken = min(amount, sum_left)
        if taken > 0:
            found[id] = taken
            amount -= taken
    return found
