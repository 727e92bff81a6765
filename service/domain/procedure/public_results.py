"""What the public reads of a result: points by standard, grade and basis; released figures only, nobody's name."""

import hashlib
import json
from collections.abc import Collection, Mapping, Sequence
from decimal import Decimal
from typing import Any

from service.domain.procedure.public_trees import TOTAL, Plain

FORMAT = "minyi-public-result/1"
CENT = Decimal("0.01")
RULE = (
    "Figures of fewer persons than the minimum are not shown, nor are points from which they could be computed. "
    "Nobody who scored, worked or answered is named."
)


def content(head: Mapping[str, Any], tree: Plain, hidden: Collection[str], surveys: Sequence[Mapping[str, Any]]) -> str:
    """The canonical JSON of a publication. `head` says what it is about, `surveys` what releases tell of answers."""
    told = {
        **head,
        "format": FORMAT,
        "total": None if TOTAL in hidden else tree["shown"],
        "grade": _grade(tree),
        "standards": [_node(node, hidden) for node in tree["standards"]],
        "surveys": list(surveys),
        "rule": RULE,
    }
    return json.dumps(told, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def _grade(tree: Plain) -> dict[str, Any] | None:
    grade = tree.get("grade")
    return None if not grade else {"id": grade["id"], "label": grade["label"]}


def _node(node: Plain, hidden: Collection[str]) -> dict[str, Any]:
    """`points` of `most`; null where they are withheld. What follows from too few persons is never a number here."""
    return {
        "id": node["id"],
        "label": node["label"],
        "points": None if node["id"] in hidden else _printed(node["points"]),
        "most": _printed(node["max_points"]),
        "withheld": node["id"] in hidden,
        "example": node["example"],
        "parts": [_node(child, hidden) for child in node["children"]],
    }


def _printed(points: str) -> str:
    return format(Decimal(points).quantize(CENT), "f")


def digest(text: str) -> str:
    """SHA-256 (hex) of the content, by which anybody can tell that it is what was approved."""
    return hashlib.sha256(text.encode()).hexdigest()


def released(text: str, headline: str, levels: Collection[str]) -> dict[str, Any] | None:
    """What a final release tells of all who answered; None if the release is not final or shows no headline item.

    -> `persons`, `satisfied` (share as text) and `number` for the public; `valid` (valid answers to the headline item,
    by what was excluded) and `minimum` for judging what points would add to it.
    """
    whole = json.loads(text)
    rows: list[Any] = next((table["rows"] for table in whole["tables"] if not table["by"]), [])
    if not whole.get("final") or not rows:
        return None
    figures = list(rows[0]["figures"].values())
    if any(headline not in figure["items"] for figure in figures):
        return None
    return {
        "persons": figures[0]["n"],
        "satisfied": figures[0]["satisfied"],
        "number": whole["number"],
        "minimum": whole["asked"]["minimum"],
        "valid": [sum(figure["items"][headline].get(level, 0) for level in levels) for figure in figures],
    }
