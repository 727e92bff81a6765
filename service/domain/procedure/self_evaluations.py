"""Self-evaluations: the provider fills the tree of the round's scheme, and files it with purchaser and authority."""

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from decimal import Decimal
from typing import Any

from service.domain.errors import Fault, Refused
from service.domain.evaluate.schemes import FULL, Composite, Counter, Node, Scheme

DRAFT, FILED = "draft", "filed"
RECIPIENTS = ("purchaser", "authority")  # G49: filed with both
# What the claims per worker are divided by (G13), and the cases that an earlier period left open (G19).
FACTS = ("headcount", "full_time_equivalent", "person_months", "cases_carried_over")
NUMBERS = ("claimed", "numerator", "denominator", "score")
MOST_STATEMENT = 10_000  # characters
MOST_FILES = 50  # of one entry


@dataclass(frozen=True)
class Entry:
    """What a provider says of one node: a claimed volume, a share, a score of its own, a statement, its evidence."""

    claimed: Decimal | None = None
    numerator: Decimal | None = None
    denominator: Decimal | None = None
    score: Decimal | None = None
    statement: str = ""
    evidence: tuple[str, ...] = ()


@dataclass(frozen=True)
class SelfEvaluation:
    """The self-evaluation of the round of the same id. `entries` holds an Entry's plain data by node.

    `receipts` say to whom it was filed: {to, organisation, number, at, digest}. `late` if that was after its last day.
    """

    id: str
    project: str
    entries: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    facts: Mapping[str, str] = field(default_factory=dict)
    state: str = DRAFT
    saved_at: datetime | None = None
    saved_by: str = ""
    filed_at: datetime | None = None
    filed_by: str = ""
    late: bool = False
    digest: str = ""
    receipts: tuple[Mapping[str, Any], ...] = ()
    version: int = 0

    @property
    def filed(self) -> bool:
        return self.state == FILED


def entry(evaluation: SelfEvaluation, node: str) -> Entry:
    """What stands there for one node; an empty Entry where nothing does."""
    plain = evaluation.entries.get(node, {})
    numbers = {name: Decimal(plain[name]) for name in NUMBERS if plain.get(name) is not None}
    return Entry(**numbers, statement=plain.get("statement", ""), evidence=tuple(plain.get("evidence", ())))


def fact(evaluation: SelfEvaluation, name: str | None) -> Decimal | None:
    """One of FACTS as a number; None where the provider has not said it."""
    given = evaluation.facts.get(name or "")
    return None if given is None else Decimal(given)


def saved(there: SelfEvaluation, entries: Mapping[str, Entry], facts: Mapping[str, Decimal]) -> SelfEvaluation:
    """The draft with this content instead of what it had. Raises Refused("state_conflict") once it is filed (G49)."""
    if there.filed:
        raise Refused("state_conflict", noun="self-evaluation", state=there.state)
    plain = {node: _plain(given) for node, given in entries.items()}
    kept = {name: format(value, "f") for name, value in facts.items()}
    return replace(there, entries={node: one for node, one in plain.items() if one}, facts=kept)


def _plain(given: Entry) -> dict[str, Any]:
    numbers = {name: value for name in NUMBERS if (value := getattr(given, name)) is not None}
    found: dict[str, Any] = {name: format(value, "f") for name, value in numbers.items()}
    if given.statement.strip():
        found["statement"] = given.statement.strip()
    return found | ({"evidence": list(given.evidence)} if given.evidence else {})


def check_draft(scheme: Scheme, evaluation: SelfEvaluation, files: Iterable[str]) -> None:
    """Each entry is of a node of the scheme and of its kind; a draft may be incomplete. Raises Refused("invalid")."""
    nodes, known = {node.id: node for node in scheme.nodes}, frozenset(files)
    faults: list[Fault] = []
    for id in evaluation.entries:
        if id in nodes:
            faults += _entry_faults(nodes[id], entry(evaluation, id), known)
        else:
            faults.append(Fault(f"entries.{id}", "no_such_node", {"value": id}))
    for name, value in evaluation.facts.items():
        if Decimal(value) < 0:
            faults.append(Fault(f"facts.{name}", "out_of_range", {"lower": 0, "upper": "∞"}))
    if faults:
        raise Refused("invalid", faults)


def _entry_faults(node: Node, given: Entry, files: frozenset[str]) -> Iterator[Fault]:
    at = f"entries.{node.id}"
    if given.claimed is not None and not isinstance(node.spec, Counter):
        yield Fault(f"{at}.claimed", "not_a_counter", {"node": node.id})
    if given.score is not None and isinstance(node.spec, Composite):
        yield Fault(f"{at}.score", "not_a_leaf", {"node": node.id})
    for name in NUMBERS:
        value = getattr(given, name)
        if value is not None and (value < 0 or (name == "score" and value > FULL)):
            yield Fault(f"{at}.{name}", "out_of_range", {"lower": 0, "upper": FULL if name == "score" else "∞"})
    yield from _share_faults(at, given)
    if len(given.evidence) > MOST_FILES:
        yield Fault(f"{at}.evidence", "too_many", {"limit": MOST_FILES})
    for name in sorted(set(given.evidence) - files):
        yield Fault(f"{at}.evidence", "no_such_file", {"value": name})


def _share_faults(at: str, given: Entry) -> Iterator[Fault]:
    over, under = given.numerator, given.denominator
    if (over is None) != (under is None):
        yield Fault(f"{at}.{'denominator' if under is None else 'numerator'}", "missing")
    elif over is not None and under is not None and over > under:
        yield Fault(f"{at}.numerator", "out_of_range", {"lower": 0, "upper": under})


def check_filing(scheme: Scheme, evaluation: SelfEvaluation) -> None:
    """A statement on each of the standards (G49), each counter claimed, with its evidence. Raises Refused("invalid").

    The measures name the four areas; that a claim comes with a file or says where its records lie is ours, so that the
    group can look at something.
    """
    faults = [
        Fault(f"entries.{node.id}.statement", "area_missing", {"node": node.id})
        for node in scheme.standards
        if not entry(evaluation, node.id).statement
    ]
    for node in scheme.leaves():
        if not isinstance(node.spec, Counter):
            continue
        given = entry(evaluation, node.id)
        if given.claimed is None:
            faults.append(Fault(f"entries.{node.id}.claimed", "claim_missing", {"node": node.id}))
        elif given.claimed and not given.evidence and not given.statement:
            faults.append(Fault(f"entries.{node.id}.evidence", "claim_unfounded", {"node": node.id}))
    if faults:
        raise Refused("invalid", faults)


def content_digest(evaluation: SelfEvaluation, files: Mapping[str, str]) -> str:
    """SHA-256 (hex) over entries, facts and the digests of the files they name: what both receipts vouch for."""
    named = {name for one in evaluation.entries.values() for name in one.get("evidence", ())}
    content = {
        "round": evaluation.id,
        "entries": {node: dict(one) for node, one in evaluation.entries.items()},
        "facts": dict(evaluation.facts),
        "files": {name: files[name] for name in sorted(named)},
    }
    text = json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def filed(
    there: SelfEvaluation, parties: Mapping[str, str], files: Mapping[str, str], at: datetime, by: str, late: bool
) -> SelfEvaluation:
    """Filed once, with a receipt for each of RECIPIENTS (G49).

    `parties`: part -> organisation; `files`: name -> SHA-256.
    Raises Refused("state_conflict") the second time.
    """
    if there.filed:
        raise Refused("state_conflict", noun="self-evaluation", state=there.state)
    digest = content_digest(there, files)
    receipts = tuple(
        {
            "to": part,
            "organisation": parties[part],
            "number": hashlib.sha256(f"{digest}\n{part}\n{at.isoformat()}".encode()).hexdigest()[:16].upper(),
            "at": at,
            "digest": digest,
        }
        for part in RECIPIENTS
    )
    return replace(there, state=FILED, filed_at=at, filed_by=by, late=late, digest=digest, receipts=receipts)
