"""What a scheme says besides its tree: methods, terms, consequences, parameters, units that are compared, tasks."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from service.domain.evaluate.canonical import later
from service.domain.modes import Text

KINDS = ("evaluation", "acceptance", "points")  # C03, C04; points: a sum without an upper end (I03-I08)
SOURCES = ("purchaser", "recipients", "related", "departments", "organisations", "workers", "third_party")  # C23
STARTS = ("result_final", "decision")  # G61 does not say when the two years begin
ACTIONS = (
    *("reward", "cut", "ban", "continue", "disqualify", "rectify"),
    *("praise", "criticise", "advise_replacement", "renew", "decide"),
)
REASONS = ("tasks_unfinished", "grave", "gate_failed")
WHENS = ("grade", "score_below", "score_from", "reason", "periods_in_a_row", "target")
TARGETS = ("met", "missed")
PERIODS = ("year", "half_year", "quarter", "month")
PARTIES = ("authority", "purchaser", "evaluator", "provider")


@dataclass(frozen=True)
class RequiredMethod:
    """A minimum of evidence by one method before a round may close (G41-G45)."""

    method: str
    evidence: str
    label: Text
    minimum: int
    rules: tuple[str, ...]


@dataclass(frozen=True)
class Deadline:
    """A term of `n` days from an event; `n` is None where the measures are silent and the round must set it.

    `roll`: a last day that is not worked moves to the next one that is; `basis` is where that, and the term, stand.
    """

    id: str
    label: Text
    from_event: str
    n: int | None
    unit: str  # day | workday
    hard: bool
    rules: tuple[str, ...]
    roll: bool = later(True)
    basis: str = later("")


@dataclass(frozen=True)
class Consequence:
    """What follows from a result: a duty ("must") or a power ("may"), for so many months if it ends by itself.

    `when` holds all that must be so (WHENS); of a scheme with a `grade` alone, `conditions` says the same.
    """

    id: str
    label: Text
    grade: str
    duty: str
    months: int | None
    rules: tuple[str, ...]
    when: Mapping[str, Any] = later(dict)
    action: str = later("")
    permanent: bool = later(False)
    start: str = later("result_final")

    @property
    def conditions(self) -> Mapping[str, Any]:
        return {**({"grade": self.grade} if self.grade else {}), **self.when}


@dataclass(frozen=True)
class Source:
    """Who judges, and what share of the whole is theirs (C23). Where nothing comes in, the share stays theirs."""

    id: str
    label: Text
    weight: Decimal


@dataclass(frozen=True)
class Calendar:
    """The scheme's own year (I01): the day it starts on, as MM-DD, and the periods it is divided into."""

    year_start: str
    period: str


@dataclass(frozen=True)
class Group:
    """Units that are held to the same targets (I02, I09): period (a word of PERIODS) -> points."""

    id: str
    label: Text
    targets: Mapping[str, Decimal]


@dataclass(frozen=True)
class Link:
    """What units of the group `child` have earned counts for their superior in `parent` too, by `factor` (I10)."""

    child: str
    parent: str
    factor: Decimal


@dataclass(frozen=True)
class Exclusion:
    """Two parts that one person may not play in the same round (G05, G57, C07); `waivable` with a reason."""

    a: str
    b: str
    waivable: bool
    rules: tuple[str, ...]


@dataclass(frozen=True)
class Task:
    """What somebody has to do every so often (S05), or once after an event (S04: the audit of the funds)."""

    id: str
    label: Text
    whom: str
    every: str  # a word of PERIODS, or "" for once
    from_event: str
    rules: tuple[str, ...]


@dataclass(frozen=True)
class Change:
    """One deviation from the base scheme and its reason (G53, G64, G65)."""

    action: str  # replace | remove | add | mapping | quality | interviews | parameters | a part that was laid over
    subject: str
    reason: str
