"""Reading what a scheme says of the procedure: methods, terms, consequences, sources, units, conflicts, tasks."""

import re
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from service.domain.evaluate import scheme_parts as parts
from service.domain.evaluate.marked import Fields
from service.domain.evaluate.scheme_parts import (
    Calendar,
    Consequence,
    Deadline,
    Exclusion,
    Group,
    Link,
    RequiredMethod,
    Source,
    Task,
)
from service.domain.evaluate.schemes import METHODS, Band

ZERO = Decimal(0)
_DAY_OF_YEAR = re.compile(r"(0[1-9]|1[0-2])-(0[1-9]|1[0-9]|2[0-8])")  # no 29 to 31: each month has the day


def read_method(entry: Fields) -> RequiredMethod:
    """A minimum of one method (G41-G45)."""
    method, evidence = entry.choice("method", METHODS), entry.text("evidence")
    found = RequiredMethod(
        method, evidence, entry.label("label"), entry.whole("min", 1, 1000) or 1, entry.codes("rules")
    )
    entry.close()
    return found


def read_deadline(entry: Fields) -> Deadline:
    """A term, with its roll and where it stands; faults name their lines."""
    found = Deadline(
        id=entry.name("id"),
        label=entry.label("label"),
        from_event=entry.text("from_event"),
        n=entry.whole("n", 1, 3650, optional=True),
        unit=entry.choice("unit", ("day", "workday")),
        hard=entry.flag("hard"),
        rules=entry.codes("rules"),
        roll="roll" not in entry.values or entry.flag("roll"),
        basis=entry.text("basis", optional=True),
    )
    entry.close()
    return found


def read_consequence(entry: Fields, bands: Sequence[Band]) -> Consequence:
    """What follows from a result; `grade` alone, or `when` with all that must hold."""
    grades = [band.id for band in bands]
    found = Consequence(
        id=entry.name("id"),
        label=entry.label("label"),
        grade=entry.choice("grade", grades, optional="when" in entry.values),
        duty=entry.choice("duty", ("must", "may")),
        months=entry.whole("months", 1, 1200, optional=True),
        rules=entry.codes("rules"),
        when=_when(entry, grades),
        action=entry.choice("action", parts.ACTIONS, optional=True),
        permanent=entry.flag("permanent"),
        start=entry.choice("start", parts.STARTS, optional=True) or "result_final",
    )
    if found.permanent and found.months is not None:
        entry.fault("scheme_permanent_months", "months")
    entry.close()
    return found


def _when(entry: Fields, grades: Sequence[str]) -> dict[str, Any]:
    """All of these must hold; a scheme cannot compute anything else."""
    inner = entry.inner("when", optional=True)
    if inner is None:
        return {}
    found: Mapping[str, Any] = {
        "grade": inner.choice("grade", grades, optional=True) or None,
        "score_below": inner.number("score_below", optional=True),
        "score_from": inner.number("score_from", optional=True),
        "reason": inner.choice("reason", parts.REASONS, optional=True) or None,
        "periods_in_a_row": inner.whole("periods_in_a_row", 1, 100, optional=True),
        "target": inner.choice("target", parts.TARGETS, optional=True) or None,
    }
    if not inner.values:
        entry.fault("scheme_missing", "when")
    inner.close()
    return {name: value for name, value in found.items() if value is not None}


def read_source(entry: Fields) -> Source:
    """One source of judgement and its share (C23)."""
    found = Source(entry.choice("id", parts.SOURCES), entry.label("label"), entry.number("weight", "0.0001") or ZERO)
    entry.close()
    return found


def read_calendar(doc: Fields) -> Calendar | None:
    """The scheme's own year (I01)."""
    entry = doc.inner("calendar", optional=True)
    if entry is None:
        return None
    start = entry.text("year_start")
    if start and not _DAY_OF_YEAR.fullmatch(start):
        entry.fault(
            "scheme_type", "year_start", expected='a day of the year in quotes, such as "12-01", up to the 28th'
        )
    found = Calendar(start, entry.choice("period", parts.PERIODS))
    entry.close()
    return found


def read_group(entry: Fields) -> Group:
    """Units with the same targets (I02, I09)."""
    targets = entry.inner("targets", optional=True)
    given = {} if targets is None else {name: targets.number(name, "0", "100000") for name in targets.values}
    for name in given:
        if name not in parts.PERIODS and targets is not None:
            targets.fault("scheme_choice", name, value=name, options=", ".join(parts.PERIODS))
    found = Group(entry.name("id"), entry.label("label"), {k: v for k, v in given.items() if v is not None})
    entry.close()
    return found


def read_link(entry: Fields, groups: Sequence[Group]) -> Link:
    """Credit for a superior (I10); its factor is above 0 and at most 1."""
    known = [group.id for group in groups]
    found = Link(
        entry.choice("child", known), entry.choice("parent", known), entry.number("factor", "0.0001", "1") or ZERO
    )
    entry.close()
    return found


def read_exclusion(entry: Fields) -> Exclusion:
    """Two parts that one person may not play (C07)."""
    found = Exclusion(entry.name("a"), entry.name("b"), entry.flag("waivable"), entry.codes("rules"))
    if found.a and found.a == found.b:
        entry.fault("scheme_duplicate", "b", value=found.b)
    entry.close()
    return found


def read_task(entry: Fields) -> Task:
    """What is due every period, or once after an event (S05)."""
    once = "from_event" in entry.values
    found = Task(
        id=entry.name("id"),
        label=entry.label("label"),
        whom=entry.choice("whom", parts.PARTIES),
        every=entry.choice("every", parts.PERIODS, optional=once),
        from_event=entry.text("from_event", optional=not once),
        rules=entry.codes("rules"),
    )
    entry.close()
    return found
