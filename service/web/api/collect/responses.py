"""Sealed answers, for the evaluator; and answers on paper, from a table."""

from typing import Any

from flask.views import MethodView

from schemas.collect.responses import ImportQuerySchema, ImportSchema, ResponsePageSchema, ResponseQuerySchema
from service.operations.collect import imports, responses
from service.web import uploads
from service.web.auth import actor, now, requires
from service.web.extensions import Blueprint, keys

blp = Blueprint("responses", __name__, description="Sealed answers; evaluator only")


@blp.route("/campaigns/<id>/responses")
class Responses(MethodView):
    @requires("responses.read")
    @blp.arguments(ResponseQuerySchema, location="query")
    @blp.response(200, ResponsePageSchema)
    def get(self, query: dict[str, int], id: str) -> Any:
        """Sealed answers in the order of their random ids; evaluator only"""
        found, cursor = responses.page(actor(), id, query["cursor"], query["size"])
        return {"responses": found, "next_cursor": cursor}


@blp.route("/campaigns/<id>/responses/import")
class Import(MethodView):
    @requires("responses.write")
    @blp.doc(requestBody=uploads.BODY)
    @blp.arguments(ImportQuerySchema, location="query")
    @blp.response(200, ImportSchema)
    def post(self, query: dict[str, str], id: str) -> Any:
        """Take in answers on paper, one a row of a CSV (UTF-8) or XLSX: columns are the questions' ids, and `_code`,
        or `_row` and `_batch`; also `_mode`, `_language`, `_received`. A repeat of the file counts nothing twice"""
        with uploads.table() as file:
            return imports.take_in(actor(), now(), id, file, keys(), query["rows"])
