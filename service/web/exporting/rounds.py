"""What is taken away of a round's result: its nodes as rows, as far as this reader may see them."""

from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Any

from flask_babel import gettext

from service.domain.access import Actor
from service.domain.collect.questionnaires import in_language
from service.domain.evaluate.results import ResultVersion
from service.domain.table_cells import Cell
from service.operations.evaluate import result_readers
from service.web.exporting.tables import Table
from service.web.languages import spoken

HEADER = ("node", "parent", "depth", "label", "type", "max_points", "score", "points", "withheld", "arithmetic")


def result(actor: Actor, round: str, number: int) -> list[Table]:
    """A frozen version: the total first, then every node in the order of the scheme."""
    version, tree = result_readers.one(actor, round, number)
    titles = (
        gettext("Indicator"),
        gettext("Above"),
        gettext("Depth"),
        gettext("Name"),
        gettext("Type"),
        gettext("Most points"),
        gettext("Score"),
        gettext("Points"),
        gettext("Withheld"),
        gettext("How it was computed"),
    )
    return [Table("Result", HEADER, list(nodes(tree, spoken())), titles=titles), about(version)]


def nodes(tree: Mapping[str, Any], language: str) -> Iterator[tuple[Cell, ...]]:
    """A row a node of a tree as plain data, parents first; the first one is the total."""
    total = (tree.get("max_points"), None, tree["total"], None, _line(tree.get("arithmetic")))
    yield tuple(map(_cell, ("", None, 0, None, "total", *total)))
    waiting: list[tuple[Mapping[str, Any], str | None, int]] = [(node, None, 1) for node in tree["standards"]]
    while waiting:
        node, parent, depth = waiting.pop(0)
        label = in_language(node["label"], language)
        values = (node["max_points"], node["score"], node["points"], "yes" if node.get("withheld") else None)
        yield tuple(map(_cell, (node["id"], parent, depth, label, node["type"], *values, _line(node["arithmetic"]))))
        waiting = [(child, node["id"], depth + 1) for child in node["children"]] + waiting


def _line(arithmetic: Mapping[str, Any] | None) -> str | None:
    """How a node was computed, in one line, as the API gives it."""
    return arithmetic["text"] if arithmetic else None


def _cell(value: Any) -> Cell:
    """Points are texts in a tree, so that nothing of them is lost; here they are numbers."""
    if isinstance(value, str) and value.replace(".", "", 1).removeprefix("-").isdigit():
        return Decimal(value)
    return value if value is None or isinstance(value, str | int | Decimal) else str(value)


def about(version: ResultVersion) -> Table:
    """Which version it is and what it follows from."""
    rows: list[tuple[Cell, ...]] = [
        (gettext("Result"), version.id),
        (gettext("Made at"), version.made_at.isoformat(timespec="seconds")),
        (gettext("Scheme"), version.scheme),
        (gettext("Total"), version.total),
        (gettext("Grade"), version.grade or None),
        (gettext("Digest of the scheme"), version.scheme_digest),
        (gettext("Digest of the evidence"), version.inputs_digest),
    ]
    return Table("About", ("what", "value"), rows, titles=(gettext("What"), gettext("Value")))
