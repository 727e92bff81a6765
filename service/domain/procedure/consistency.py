"""Consistency of the counters among themselves (G14 to G24): checks as data, each finding listed, none dropped."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal

AT_MOST, AT_LEAST, NEEDS = "at_most", "at_least", "needs"
HOLDS, FAILS, UNDECIDED = "holds", "fails", "undecided"
# Working hours of a month: 20.83 days of eight hours, the figure wages are reckoned by (人社部发〔2008〕3号).
HOURS_PER_PERSON_MONTH = Decimal("166.64")


@dataclass(frozen=True)
class ConsistencyCheck:
    """`left` against the sum of `right`, each of which is a rule's counter or a fact of the self-evaluation.

    `needs`: if there is any of `left` there must be some of `right`. `each` multiplies the right side.
    """

    id: str
    left: str
    relation: str
    right: tuple[str, ...]
    each: Decimal = Decimal(1)


# G19 and G21 are the checks that the rules name; the others follow from what the words mean: whoever comes to an event
# is counted there, a case that is opened is a contact, and nobody talks longer than they work.
CHECKS = (
    ConsistencyCheck("closed_cases", "G19", AT_MOST, ("G18", "cases_carried_over")),
    ConsistencyCheck("group_sessions", "G21", AT_LEAST, ("G20",)),
    ConsistencyCheck("group_attendances", "G22", AT_LEAST, ("G21",)),
    ConsistencyCheck("event_attendances", "G15", AT_LEAST, ("G14",)),
    ConsistencyCheck("community_attendances", "G24", AT_LEAST, ("G23",)),
    ConsistencyCheck("contacts", "G16", AT_LEAST, ("G18",)),
    ConsistencyCheck("casework", "G17", NEEDS, ("G18", "cases_carried_over")),
    ConsistencyCheck("working_hours", "G17", AT_MOST, ("person_months",), HOURS_PER_PERSON_MONTH),
)
MESSAGES: Mapping[str, str] = {
    "closed_cases": "More cases closed ({left}) than opened and carried over ({right}).",
    "group_sessions": "Fewer group sessions ({left}) than groups ({right}).",
    "group_attendances": "Fewer attendances at groups ({left}) than sessions ({right}).",
    "event_attendances": "Fewer attendances at large events ({left}) than events ({right}).",
    "community_attendances": "Fewer attendances at community work ({left}) than actions ({right}).",
    "contacts": "Fewer contacts ({left}) than cases opened ({right}).",
    "casework": "{left} hours of casework, but no case was opened or carried over.",
    "working_hours": "{left} hours of casework are more than all working hours ({right}).",
    UNDECIDED: "This cannot be checked, for it is not known: {missing}.",
}


@dataclass(frozen=True)
class Consistency:
    """What one check says of one set of values; `missing` names what would be needed to decide it."""

    check: str
    outcome: str
    left: Decimal | None = None
    right: Decimal | None = None
    missing: tuple[str, ...] = field(default=())

    @property
    def message(self) -> str:
        """English, empty if the check holds; the writers translate MESSAGES."""
        if self.outcome == HOLDS:
            return ""
        key = self.check if self.outcome == FAILS else UNDECIDED
        return MESSAGES[key].format(left=self.left, right=self.right, missing=", ".join(self.missing))


def checked(values: Mapping[str, Decimal]) -> tuple[Consistency, ...]:
    """Every check on these values: counters as sums over all workers, by rule, and facts by name.

    A check whose left side nobody counts is left out: the list of counters is open, and a scheme need not have all.
    """
    return tuple(_checked(check, values) for check in CHECKS if check.left in values)


def _checked(check: ConsistencyCheck, values: Mapping[str, Decimal]) -> Consistency:
    left = values[check.left]
    missing = tuple(name for name in check.right if name not in values)
    right = sum((values[name] for name in check.right if name in values), Decimal(0)) * check.each
    holds = _holds(check.relation, left, right)
    # More on the right side can only help an upper bound and harm a lower one.
    surely = holds if check.relation != AT_LEAST else not holds
    if missing and not surely:
        return Consistency(check.id, UNDECIDED, left, None, missing)
    return Consistency(check.id, HOLDS if holds else FAILS, left, right)


def _holds(relation: str, left: Decimal, right: Decimal) -> bool:
    if relation == NEEDS:
        return left == 0 or right > 0
    return left <= right if relation == AT_MOST else left >= right
