"""How long each kind of data is kept, since when and on what basis; and the proof of what was deleted."""

import hashlib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import Any

import yaml

from service.domain.errors import Fault, Refused

CONTACTS, RAW_ANSWERS, PHOTOS = "contacts", "raw_answers", "photos"
PROCUREMENT_FILE, JOURNAL_DETAILS = "procurement_file", "journal_details"
MOST_YEARS = 100
BEGUN, DONE = "begun", "done"


@dataclass(frozen=True)
class RetentionRule:
    """So many years and days since `starts`, on the ground of `basis`; never fewer years than `least`."""

    kind: str
    years: int
    starts: str
    basis: str
    days: int = 0
    least: int = 0


# The law fixes fifteen years for the procurement file alone. For the rest it says "the shortest time necessary": the
# terms here are ours, long enough for a review and for a ban of two years, and each operator may set others.
RULES: Mapping[str, RetentionRule] = {
    rule.kind: rule
    for rule in (
        RetentionRule(CONTACTS, 0, "day_named_at_import", "个人信息保护法第十九条、第四十七条"),
        RetentionRule(RAW_ANSWERS, 2, "result_final", "个人信息保护法第十九条、第四十七条"),
        RetentionRule(PHOTOS, 3, "result_final", "个人信息保护法第十九条、第四十七条"),
        RetentionRule(PROCUREMENT_FILE, 15, "project_end", "政府采购法第四十二条", least=15),
        RetentionRule(JOURNAL_DETAILS, 15, "entry", "政府采购法第四十二条；个人信息保护法第十九条", least=15),
    )
}
KINDS = tuple(RULES)


def load_rules(text: str) -> Mapping[str, RetentionRule]:
    """RULES with what a YAML file sets otherwise: kind -> {years, days, basis}. Raises Refused("invalid") by field.

    What deviates needs a basis of its own, and nothing goes below the years that the law fixes.
    """
    try:
        given = yaml.safe_load(text)
    except yaml.YAMLError:
        given = None
    if not isinstance(given, Mapping) or not given:
        raise Refused("invalid", [Fault("rules", "wrong_type", {"expected": "kinds of data with years and basis"})])
    faults: list[Fault] = []
    found = dict(RULES)
    for kind, terms in given.items():
        if kind not in RULES or kind == CONTACTS:
            options = ", ".join(name for name in KINDS if name != CONTACTS)
            faults.append(Fault(f"rules.{kind}", "not_an_option", {"value": kind, "options": options}))
            continue
        wrong = list(_rule_faults(RULES[kind], terms))
        faults += wrong
        if not wrong:
            found[kind] = replace(RULES[kind], years=terms["years"], days=terms.get("days", 0), basis=terms["basis"])
    if faults:
        raise Refused("invalid", faults)
    return found


def _rule_faults(rule: RetentionRule, terms: Any) -> Iterator[Fault]:
    at = f"rules.{rule.kind}"
    if not isinstance(terms, Mapping) or set(terms) - {"years", "days", "basis"}:
        yield Fault(at, "wrong_type", {"expected": "years, days, basis"})
        return
    for name, lower, upper in (("years", rule.least, MOST_YEARS), ("days", 0, 366)):
        value = terms.get(name, 0 if name == "days" else None)
        if not isinstance(value, int) or isinstance(value, bool) or not lower <= value <= upper:
            yield Fault(f"{at}.{name}", "out_of_range", {"lower": lower, "upper": upper})
    if not isinstance(terms.get("basis"), str) or not terms["basis"].strip():
        yield Fault(f"{at}.basis", "missing")


def of_scheme(rules: Mapping[str, RetentionRule], years: Mapping[str, int]) -> Mapping[str, RetentionRule]:
    """The rules with the years that a scheme sets; the longer of two terms holds, so that no evidence is lost early."""
    found = dict(rules)
    for kind, wanted in years.items():
        if kind in found and kind != CONTACTS and wanted > found[kind].years:
            found[kind] = replace(found[kind], years=wanted)
    return found


def due_on(rule: RetentionRule, start: date) -> date:
    """The first day on which what began on `start` may be deleted. A term that ends on 29 February ends on 1 March."""
    year = start.year + rule.years
    try:
        same_day = start.replace(year=year)
    except ValueError:
        same_day = date(year, 3, 1)
    return date.fromordinal(same_day.toordinal() + rule.days)


@dataclass(frozen=True)
class Held:
    """Data of one kind under one subject: how many pieces, their digest, and since when their term runs.

    `kept` says why nothing of it may be deleted yet, whatever its age: a code of KEPT.
    """

    kind: str
    project: str
    subject: str
    starts_on: date | None
    due_on: date | None
    count: int = 0
    digest: str = ""
    kept: str = ""


KEPT: Mapping[str, str] = {
    "round_open": "A round that rests on it is not final yet.",
    "not_final": "The campaign is not final yet.",
    "no_start": "Its term has not begun: the project has no end.",
    "not_due": "Its term is not over.",
}


def due(held: Iterable[Held], today: date) -> list[Held]:
    """What may be deleted today, in a fixed order."""
    found = [one for one in held if not one.kept and one.count and one.due_on is not None and one.due_on <= today]
    return sorted(found, key=lambda one: (one.kind, one.project, one.subject))


def plan_digest(held: Iterable[Held]) -> str:
    """What a dry run shows and the purge must be given: it names every piece, so nothing else can be deleted by it."""
    lines = [f"{one.kind}\t{one.project}\t{one.subject}\t{one.count}\t{one.digest}" for one in held]
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()


@dataclass(frozen=True)
class Purge:
    """The proof of one deletion. `before` is the digest of what was there, `after` of what is kept instead.

    For answers that is the frozen tally, for files their list with the SHA-256 of each, for the journal its head.
    """

    id: str
    kind: str
    project: str
    subject: str
    rule: Mapping[str, Any]
    plan: str
    count: int
    before: str
    at: datetime
    by: str
    after: str = ""
    state: str = BEGUN
    facts: Mapping[str, Any] = field(default_factory=dict)
    version: int = 1


def total(lines: Iterable[str]) -> tuple[int, str]:
    """(how many, SHA-256 over all of them), one at a time: of many answers none is held."""
    digest, count = hashlib.sha256(), 0
    for line in lines:
        digest.update(f"{line}\n".encode())
        count += 1
    return count, digest.hexdigest()
