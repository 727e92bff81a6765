"""Payments: a contract's instalments, what of them a result earns, and the papers without which none is paid (C22)."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import Any

STAGE, MONTH, QUARTER, COMPLETION = "stage", "month", "quarter", "completion"
KINDS = (STAGE, MONTH, QUARTER, COMPLETION)  # S02
CENT = Decimal("0.01")


@dataclass(frozen=True)
class PaymentPlan:
    """How a contract is paid: the id is the project's. `instalments` are plain Instalments; they add up to `contract`.

    `factors` say what share of an instalment a result earns, by grade or by score.
    """

    id: str
    kind: str
    contract: Decimal
    instalments: tuple[Mapping[str, Any], ...]
    factors: Mapping[str, Any] = field(default_factory=dict)
    document: str = ""
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
    """One instalment as it was asked for and settled."""

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
    cuts: tuple[str, ...] = ()
    pay_by: date | None = None
    paid_on: date | None = None
    version: int = 1
