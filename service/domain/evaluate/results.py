"""Results: what a round came to, frozen with everything it follows from; a correction is the next version."""

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from service.domain.evaluate.rounds import APPEAL, FINAL, NOTIFIED, PUBLISHED, REPORTED, STATES

FIRST, CORRECTION, RE_EVALUATION = "first", "correction", "re_evaluation"
REASONS = (FIRST, CORRECTION, RE_EVALUATION)

EVALUATOR = "evaluator"
# In which states a part of the project reads the result: its group at once, who leads and pays once it is reported, the
# provider once it has been notified (G55).
VISIBLE: Mapping[str, tuple[str, ...]] = {
    EVALUATOR: STATES,
    "authority": (REPORTED, NOTIFIED, APPEAL, FINAL, PUBLISHED),
    "purchaser": (REPORTED, NOTIFIED, APPEAL, FINAL, PUBLISHED),
    "provider": (NOTIFIED, APPEAL, FINAL, PUBLISHED),
}
NAMES = frozenset({EVALUATOR, "authority", "purchaser"})  # who may read which scorer gave what


@dataclass(frozen=True)
class ResultVersion:
    """One frozen result. `tree` and `evidence` are canonical JSON texts, `edits` what was changed since `of`.

    `journal_head` is the last entry of the project's chain before this one: what stood there is what was frozen.
    `case` is the review that led to a correction (C20, G58). `withheld` are the nodes that only the evaluator may see,
    because their points would tell the answers of too few (design §7).
    """

    id: str
    round: str
    number: int
    scheme: str
    scheme_digest: str
    inputs_digest: str
    total: Decimal
    grade: str
    tree: str
    evidence: str
    made_at: datetime
    made_by: str
    reason: str
    journal_head: str
    case: str = ""
    of: str = ""
    edits: tuple[Mapping[str, Any], ...] = ()
    withheld: tuple[str, ...] = ()


@dataclass(frozen=True)
class ResultHead:
    """What a result came to, for lists: neither its tree nor its evidence."""

    round: str
    number: int
    scheme: str
    total: Decimal
    grade: str
    made_at: datetime


def visible(part: str, state: str) -> bool:
    """Whether this part of the project may read the result of a round in this state."""
    return state in VISIBLE.get(part, ())


@dataclass(frozen=True)
class Difference:
    """A node whose score or points changed between two versions; `node` "" is the total. Points as decimal texts."""

    node: str
    label: Mapping[str, str]
    before: str | None
    after: str | None
    points_before: str
    points_after: str
    why: tuple[str, ...]


def text_sha256(text: str) -> str:
    """Lower-case hex SHA-256 of the text in UTF-8."""
    return hashlib.sha256(text.encode()).hexdigest()


def id_of(round: str, number: int) -> str:
    """The id of a version of a round's result, such as round-1#2."""
    return f"{round}#{number}"


def difference(old: ResultVersion, new: ResultVersion) -> list[Difference]:
    """What a correction changed: the total first, then every node with another score, and the reasons of its edits."""
    return differing(json.loads(old.tree), json.loads(new.tree), whys(new.edits))


def whys(edits: Iterable[Mapping[str, Any]]) -> dict[str, list[str]]:
    """The reasons of these edits (as plain data) by node."""
    found: dict[str, list[str]] = {}
    for edit in edits:
        found.setdefault(str(edit["node"]), []).append(str(edit["reason"]))
    return found


def differing(
    before: Mapping[str, Any], after: Mapping[str, Any], reasons: Mapping[str, Sequence[str]]
) -> list[Difference]:
    """The same of two trees as plain data."""
    rows = []
    if before["total"] != after["total"] or before["grade"] != after["grade"]:
        every = tuple(dict.fromkeys(why for each in reasons.values() for why in each))
        total = (before["total"], after["total"])
        rows.append(Difference("", {}, *total, *total, every))
    old = {node["id"]: node for node in nodes_of(before)}
    for node in nodes_of(after):
        there = old[node["id"]]
        if (there["score"], there["points"]) != (node["score"], node["points"]):
            points = (there["points"], node["points"])
            why = tuple(reasons.get(node["id"], ()))
            rows.append(Difference(node["id"], node["label"], there["score"], node["score"], *points, why))
    return rows


def nodes_of(tree: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    """All nodes of a tree as plain data, parents first."""
    waiting = list(tree["standards"])
    while waiting:
        node = waiting.pop(0)
        yield node
        waiting = [*node["children"], *waiting]
