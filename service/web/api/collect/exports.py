"""Exports of a campaign: tables to be taken away, streamed."""

from typing import Any

from flask.views import MethodView

from schemas.collect.exports import AnswersExportQuerySchema, ExportQuerySchema
from service.web.auth import actor, now, requires
from service.web.exporting import campaigns, releases
from service.web.exporting.delivery import FORMATS, TYPES, deliver
from service.web.extensions import Blueprint
from service.web.languages import speak

blp = Blueprint("exports", __name__, description="Tables to be taken away: CSV, XLSX, JSON lines")
BINARY = {"schema": {"type": "string", "format": "binary"}}
FILE = {
    "description": "The file, streamed",
    "content": {TYPES[form].partition(";")[0]: BINARY for form in FORMATS},
}


def speaking(query: dict[str, Any]) -> dict[str, Any]:
    """The query, once its language has been chosen."""
    if query["lang"]:
        speak(query["lang"])
    return query


@blp.route("/exports/campaigns/<id>/responses")
class ExportedAnswers(MethodView):
    @requires("responses.read")
    @blp.doc(responses={"200": FILE})
    @blp.arguments(AnswersExportQuerySchema, location="query")
    def get(self, query: dict[str, Any], id: str) -> Any:
        """Single answers in the order of their random ids; the workbook also holds figures and codebook"""
        form = speaking(query)["format"]
        return campaigns.answers_file(actor(), id, now(), form, query["values"])


@blp.route("/exports/campaigns/<id>/figures")
class ExportedFigures(MethodView):
    @requires("satisfaction.read")
    @blp.doc(responses={"200": FILE})
    @blp.arguments(ExportQuerySchema, location="query")
    def get(self, query: dict[str, Any], id: str) -> Any:
        """Figures of every scale, together and by site; the workbook also holds levels, questions and charts"""
        return campaigns.figures_file(actor(), id, speaking(query)["format"])


@blp.route("/exports/campaigns/<id>/questions")
class ExportedQuestions(MethodView):
    @requires("satisfaction.read")
    @blp.doc(responses={"200": FILE})
    @blp.arguments(ExportQuerySchema, location="query")
    def get(self, query: dict[str, Any], id: str) -> Any:
        """How many chose what of every question"""
        return deliver([campaigns.questions(actor(), id)], speaking(query)["format"], f"{id}-questions")


@blp.route("/exports/campaigns/<id>/codebook")
class ExportedCodebook(MethodView):
    @requires("campaigns.read")
    @blp.doc(responses={"200": FILE})
    @blp.arguments(ExportQuerySchema, location="query")
    def get(self, query: dict[str, Any], id: str) -> Any:
        """What every column and every code of the answers means"""
        return deliver([campaigns.codebook(actor(), id)], speaking(query)["format"], f"{id}-codebook")


@blp.route("/exports/campaigns/<id>/releases/<int:number>")
class ExportedRelease(MethodView):
    @requires("releases.read")
    @blp.doc(responses={"200": FILE})
    @blp.arguments(ExportQuerySchema, location="query")
    def get(self, query: dict[str, Any], id: str, number: int) -> Any:
        """A release as rows; the provider reads one total a site"""
        form = speaking(query)["format"]
        return deliver(releases.release(actor(), id, number), form, f"{id}-release-{number}")
