"""The feed of a round: its frozen results and their nodes, as far as the reader may see them."""

from collections.abc import Iterator

from service.domain.access import Actor
from service.operations.evaluate import result_readers
from service.web.exporting import rounds as tables
from service.web.languages import spoken
from service.web.odata.model import BOOLEAN, DECIMAL, MOMENT, WHOLE, EntitySet, Property, Row, listed

RESULTS = (
    Property("Number", WHOLE, nullable=False),
    Property("MadeAt", MOMENT, nullable=False),
    Property("Reason"),
    Property("Scheme"),
    Property("Total", DECIMAL),
    Property("Grade"),
    Property("InputsDigest"),
)
NODES = (
    Property("Result", WHOLE, nullable=False),
    Property("Node"),
    Property("Parent"),
    Property("Depth", WHOLE),
    Property("Label"),
    Property("Type"),
    Property("MostPoints", DECIMAL),
    Property("Score", DECIMAL),
    Property("Points", DECIMAL),
    Property("Withheld", BOOLEAN),
)


def sets(actor: Actor, id: str) -> dict[str, EntitySet | None]:
    """The sets of a round's feed. Raises Refused: not_found, forbidden."""
    result_readers.of_round(actor, id)
    return {
        "Results": listed("Results", RESULTS, lambda: _results(actor, id)),
        "Nodes": listed("Nodes", NODES, lambda: _nodes(actor, id)),
    }


def _results(actor: Actor, id: str) -> Iterator[Row]:
    for one in result_readers.of_round(actor, id):
        yield {
            "Number": one.number,
            "MadeAt": one.made_at.isoformat(),
            "Reason": one.reason,
            "Scheme": one.scheme,
            "Total": one.total,
            "Grade": one.grade or None,
            "InputsDigest": one.inputs_digest,
        }


def _nodes(actor: Actor, id: str) -> Iterator[Row]:
    language = spoken()
    for version in result_readers.of_round(actor, id):
        _, tree = result_readers.one(actor, id, version.number)
        for cells in tables.nodes(tree, language):
            row = dict(zip([one.name for one in NODES[1:]], cells[:9], strict=True))
            yield {"Result": version.number, **row, "Withheld": row["Withheld"] is not None}
