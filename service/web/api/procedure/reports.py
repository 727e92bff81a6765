"""Reports of rounds, made in the background, and the purchaser's opinion in them."""

from datetime import datetime
from typing import Any

from flask import Response
from flask.views import MethodView

from schemas.procedure.reports import LanguageSchema, PurchaserOpinionSchema, ReportSchema, ReportsSchema
from service.domain.procedure.reports import PurchaserOpinion, Report
from service.operations.procedure import reports
from service.web.api.conditional import if_match, tagged, with_id
from service.web.auth import actor, now, requires
from service.web.downloads import attachment
from service.web.extensions import Blueprint, edits, settings
from service.web.languages import language
from service.web.printing.notices import MEDIA_TYPE
from service.web.printing.reports import making
from service.web.printing.reports.look import POLICY

blp = Blueprint("reports", __name__, description="The report of a round: asked for, made in the background, read")


@blp.route("/rounds/<id>/reports")
class Reports(MethodView):
    @requires("reports.read")
    @blp.response(200, ReportsSchema)
    def get(self, id: str) -> Any:
        """The reports of a round, the last one first"""
        return {"reports": reports.of_round(actor(), now(), id)}

    @requires("reports.write")
    @blp.arguments(ReportSchema)
    @blp.response(202, ReportSchema)
    def post(self, values: dict[str, Any], id: str) -> Any:
        """Ask for a report; read how far it is at its address. A repeat begins again what has failed"""
        plain = with_id(values)
        plain["languages"] = tuple(plain["languages"])
        asked = Report(**plain, round=id, asked_at=now(), asked_by=actor().id)
        return making.begin(actor(), asked, settings().font)


@blp.route("/rounds/<id>/reports/<report>")
class OneReport(MethodView):
    @requires("reports.read")
    @blp.response(200, ReportSchema)
    def get(self, id: str, report: str) -> Any:
        """How far the making is: `done` of `steps`; once `built`, its files with their digests"""
        return reports.one(actor(), now(), id, report)


@blp.route("/rounds/<id>/reports/<report>/report.docx")
class Document(MethodView):
    @requires("reports.read")
    @blp.arguments(LanguageSchema, location="query")
    @blp.response(200, content_type=MEDIA_TYPE, schema={"type": "string", "format": "binary"})
    def get(self, asked: dict[str, Any], id: str, report: str) -> Response:
        """The report as a document, in the language asked for"""
        spoken = _language(now(), asked, id, report)
        content = reports.file(actor(), now(), id, report, "docx", spoken)
        return attachment(f"report-{spoken}.docx", content, MEDIA_TYPE)


@blp.route("/rounds/<id>/reports/<report>/report.html")
class Page(MethodView):
    @requires("reports.read")
    @blp.arguments(LanguageSchema, location="query")
    @blp.response(200, content_type="text/html", schema={"type": "string"})
    def get(self, asked: dict[str, Any], id: str, report: str) -> Response:
        """The report as a page that stands by itself and prints well"""
        spoken = _language(now(), asked, id, report)
        response = Response(reports.file(actor(), now(), id, report, "html", spoken), mimetype="text/html")
        response.headers["Content-Security-Policy"] = POLICY
        return response


def _language(at: datetime, asked: dict[str, Any], id: str, report: str) -> str:
    """The language asked for, else the reader's, out of those in which the report was made."""
    return asked["lang"] or language(reports.one(actor(), at, id, report).languages)


@blp.route("/rounds/<id>/purchaser-opinion")
class Opinion(MethodView):
    @requires("reports.read")
    @blp.response(200, PurchaserOpinionSchema)
    def get(self, id: str) -> Any:
        """The purchaser's opinion that the report holds"""
        return tagged(reports.opinion(actor(), id))

    @requires("reports.comment")
    @blp.arguments(PurchaserOpinionSchema)
    @blp.response(200, PurchaserOpinionSchema)
    @edits
    def put(self, values: dict[str, Any], id: str) -> Any:
        """Say it, or say it anew: If-Match is the version read, 0 for the first one"""
        said = PurchaserOpinion(id, values["text"], now(), actor().id)
        return tagged(reports.comment(actor(), now(), said, if_match()))
