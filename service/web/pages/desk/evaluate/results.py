"""The desk's pages of frozen results: their versions, one of them as a tree, what a correction changed, the export."""

from collections.abc import Iterator, Mapping
from typing import Any

from flask import Response

from service.operations.evaluate import result_readers, schemes
from service.web.auth import actor, requires
from service.web.downloads import attachment
from service.web.pages.desk.evaluate.one_round import one_round, round_page
from service.web.pages.desk.home import blueprint
from service.web.pages.desk.ways import N_, way


@blueprint.get("/rounds/<id>/results", endpoint="results")
@requires("results.read")
@way("round", N_("Versions of the result"), "results.read", heading=N_("Outcome"), order=60, endpoint="results")
def list_results(id: str) -> Response:
    """All frozen versions that this reader may know of, the last one first."""
    found = one_round(id, "results.read")
    versions = result_readers.of_round(actor(), id)
    bands = {band.id: band.label for version in versions for band in schemes.parsed(version.scheme).bands}
    return round_page("evaluate/results.html", found, versions=versions[::-1], bands=bands)


@blueprint.get("/rounds/<id>/results/<int:number>", endpoint="result")
@requires("results.read")
def show_result(id: str, number: int) -> Response:
    """One version with its tree, and what it changed in the version before it."""
    found = one_round(id, "results.read")
    version, tree = result_readers.one(actor(), id, number)
    scheme = schemes.parsed(version.scheme)
    return round_page(
        "evaluate/result.html",
        found,
        version=version,
        tree=tree,
        rows=[row for standard in tree["standards"] for row in _rows(standard)],
        differences=result_readers.difference(actor(), id, number),
        scheme=scheme,
        bands={band.id: band.label for band in scheme.bands},
        labels={node.id: node.label for node in scheme.nodes},
    )


def _rows(node: Mapping[str, Any], depth: int = 0) -> Iterator[tuple[int, Mapping[str, Any]]]:
    """A node of a tree as plain data and all below it, parents first, with how deep each lies."""
    yield depth, node
    for child in node["children"]:
        yield from _rows(child, depth + 1)


@blueprint.get("/rounds/<id>/export.json", endpoint="round_export")
@requires("scores.read")
def export(id: str) -> Response:
    """The file for `minyi score --round`: another machine recomputes the result from it."""
    return attachment("round.json", result_readers.export(actor(), id).encode(), "application/json")
