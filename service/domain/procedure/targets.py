"""Contract targets: per project a quantity, its standard and the day by which it is owed (G40, S01)."""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from service.domain.errors import Fault, Refused
from service.domain.evaluate.schemes import DENOMINATORS, LEVELS

COUNTER = re.compile(r"[A-Za-z][A-Za-z0-9._-]{0,39}")  # a rule's id such as G14; the measures' list is open
# What a change of a target keeps of what it was before.
TERMS = ("target", "unit", "by", "standard", "level", "denominator", "workers")


@dataclass(frozen=True)
class ContractTarget:
    """What the contract asks of one counter. `counter` is the id of a rule, such as G14, or of a node of its own.

    At the level "per_worker" `target` is for each worker, and `workers` how many of `denominator` the contract counts.
    `changes` holds the earlier TERMS with their `version` and the moment `at` since which they held.
    """

    id: str
    project: str
    counter: str
    target: Decimal
    unit: str
    standard: str = ""
    by: date | None = None
    level: str = "agency"
    denominator: str = ""
    workers: Decimal | None = None
    reason: str = ""
    at: datetime | None = None
    changed_by: str = ""
    changes: tuple[Mapping[str, Any], ...] = ()
    version: int = 1


def check(target: ContractTarget) -> None:
    """A counter, a quantity above zero with its unit, and a denominator exactly per worker. Raises Refused("invalid").

    C02: what is measured needs a target and a unit.
    """
    faults = list(_level_faults(target))
    if not COUNTER.fullmatch(target.counter):
        faults.append(Fault("counter", "bad_name", {"value": target.counter, "allowed": "letters, digits, . _ -"}))
    if target.target <= 0:
        faults.append(Fault("target", "target_not_positive"))
    if not target.unit.strip():
        faults.append(Fault("unit", "empty"))
    if target.workers is not None and target.workers <= 0:
        faults.append(Fault("workers", "target_not_positive"))
    if faults:
        raise Refused("invalid", faults)


def _level_faults(target: ContractTarget) -> Iterator[Fault]:
    if target.level not in LEVELS:
        yield Fault("level", "not_an_option", {"value": target.level, "options": ", ".join(LEVELS)})
    elif target.level == "per_worker" and target.denominator not in DENOMINATORS:
        yield Fault("denominator", "not_an_option", {"value": target.denominator, "options": ", ".join(DENOMINATORS)})
    elif target.level != "per_worker" and (target.denominator or target.workers is not None):
        yield Fault("denominator", "per_worker_only")


def changed(there: ContractTarget, new: ContractTarget, reason: str, now: datetime, by: str) -> ContractTarget:
    """The target with other terms; what it was stays in `changes`, for the rounds that were opened before."""
    if not reason.strip():
        raise Refused("invalid", [Fault("reason", "empty")])
    if new.counter != there.counter:
        raise Refused("invalid", [Fault("counter", "target_of_another", {"counter": there.counter})])
    before = {name: _text(getattr(there, name)) for name in TERMS}
    kept = (*there.changes, before | {"version": there.version, "at": there.at})
    return replace(
        new,
        project=there.project,
        reason=reason.strip(),
        at=now,
        changed_by=by,
        changes=kept,
        version=there.version + 1,
    )


def _text(value: Any) -> Any:
    if isinstance(value, Decimal):
        return format(value, "f")
    return value.isoformat() if isinstance(value, date) else value


def as_of(target: ContractTarget, moment: datetime) -> ContractTarget | None:
    """The target as it stood at a moment; None before it was entered. So a round keeps what held when it was opened."""
    if target.at is not None and target.at <= moment:
        return target
    for before in reversed(target.changes):
        if before["at"] is not None and before["at"] <= moment:
            values = {name: before[name] for name in TERMS}
            values["target"] = Decimal(values["target"])
            values["workers"] = None if values["workers"] is None else Decimal(values["workers"])
            values["by"] = None if values["by"] is None else date.fromisoformat(values["by"])
            return replace(target, **values, version=before["version"], at=before["at"], changes=())
    return None


def frozen(
    targets: Iterable[ContractTarget], opened_at: datetime, kind: str, reference: date
) -> dict[str, ContractTarget]:
    """Counter -> the target that a round is held to: as it stood when the round was opened (S01).

    A mid-term round is held to the latest milestone that was due on the day `reference`; any other to the last one of
    all, an undated one being due at the contract's end.
    """
    found: dict[str, ContractTarget] = {}
    for target in targets:
        held = as_of(target, opened_at)
        if held is None or (kind == "mid_term" and (held.by is None or held.by > reference)):
            continue
        there = found.get(held.counter)
        if there is None or _order(held) > _order(there):
            found[held.counter] = held
    return found


def _order(target: ContractTarget) -> tuple[date, str]:
    return target.by or date.max, target.id
