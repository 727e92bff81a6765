"""Exports of a round: its result as a table."""

from typing import Any

from flask.views import MethodView

from schemas.collect.exports import ExportQuerySchema
from service.web.api.collect.exports import BINARY, FILE, speaking
from service.web.auth import actor, requires
from service.web.exporting import round_packages, rounds
from service.web.exporting.delivery import deliver
from service.web.extensions import Blueprint

blp = Blueprint("round-exports", __name__, description="A round's result and its evidence, to be taken away")
ARCHIVE = {
    "description": "What `minyi score --round` and other commands recompute",
    "content": {"application/zip": BINARY},
}


@blp.route("/exports/rounds/<id>/results/<int:number>")
class ExportedResult(MethodView):
    @requires("results.read")
    @blp.doc(responses={"200": FILE})
    @blp.arguments(ExportQuerySchema, location="query")
    def get(self, query: dict[str, Any], id: str, number: int) -> Any:
        """A frozen result, a row an indicator; what is withheld from the reader is empty"""
        return deliver(rounds.result(actor(), id, number), speaking(query)["format"], f"{id}-result-{number}")


@blp.route("/exports/rounds/<id>/package")
class ExportedPackage(MethodView):
    @requires("scores.read")
    @blp.doc(responses={"200": ARCHIVE})
    def get(self, id: str) -> Any:
        """Everything a result follows from, with instructions for verifiers; no single answer is in it"""
        return round_packages.package(actor(), id)
