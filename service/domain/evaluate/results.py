"""Results: what a round came to, frozen with everything it follows from; a correction is the next version."""

import hashlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

FIRST, CORRECTION, RE_EVALUATION = "first", "correction", "re_evaluation"
REASONS = (FIRST, CORRECTION, RE_EVALUATION)


@dataclass(frozen=True)
class ResultVersion:
    """One frozen result. `tree` and `evidence` are canonical JSON texts, `edits` what was changed since `of`.

    `journal_head` is the last entry of the project's chain before this one: what stood there is what was frozen.
    `case` is the review that led to a correction (C20, G58).
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
    before, after = json.loads(old.tree), json.loads(new.tree)
    reasons: dict[str, list[str]] = {}
    for edit in new.edits:
        reasons.setdefault(str(edit["node"]), []).append(str(edit["reason"]))
    return differing(before, after, reasons)


def differing(
    before: Mapping[str, Any], after: Mapping[str, Any], reasons: Mapping[str, list[str]] | None = None
) -> list[Difference]:
    """The same of two trees as plain data."""
    whys = reasons or {}
    rows = []
    if before["total"] != after["total"] or before["grade"] != after["grade"]:
        every = tuple(dict.fromkeys(why for each in whys.values() for why in each))
        total = (before["total"], after["total"])
        rows.append(Difference("", {}, *total, *total, every))
    old = {node["id"]: node for node in nodes_of(before)}
    for node in nodes_of(after):
        there = old[node["id"]]
        if (there["score"], there["points"]) != (node["score"], node["points"]):
            points = (there["points"], node["points"])
            why = tuple(whys.get(node["id"], ()))
            rows.append(Difference(node["id"], node["label"], there["score"], node["score"], *points, why))
    return rows


def nodes_of(tree: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    """All nodes of a tree as plain data, parents first."""
    waiting = list(tree["standards"])
    while waiting:
        node = waiting.pop(0)
        yield node
        waiting = [*node["children"], *waiting]
