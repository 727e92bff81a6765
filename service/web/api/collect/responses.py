"""Sealed answers, for the evaluator; and answers on paper, from a table."""

import shutil
import tempfile
from typing import IO, Any

from flask import request
from flask.views import MethodView
from werkzeug.exceptions import BadRequest, UnsupportedMediaType

from schemas.collect.responses import ImportQuerySchema, ImportSchema, ResponsePageSchema, ResponseQuerySchema
from service.operations.collect import imports, responses
from service.web.auth import actor, now, requires
from service.web.extensions import Blueprint, keys

blp = Blueprint("responses", __name__, description="Sealed answers; evaluator only")
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
IN_MEMORY = 1_000_000  # bytes of an upload; a larger one waits on disk
_FILE = {"type": "string", "format": "binary"}
_BODY = {
    "required": True,
    "content": {
        "text/csv": {"schema": _FILE},
        XLSX: {"schema": _FILE},
        "multipart/form-data": {"schema": {"type": "object", "properties": {"file": _FILE}, "required": ["file"]}},
    },
}


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
    @blp.doc(requestBody=_BODY)
    @blp.arguments(ImportQuerySchema, location="query")
    @blp.response(200, ImportSchema)
    def post(self, query: dict[str, str], id: str) -> Any:
        """Take in answers on paper, one a row of a CSV (UTF-8) or XLSX: columns are the questions' ids, and `_code`,
        or `_row` and `_batch`; also `_mode`, `_language`, `_received`. A repeat of the file counts nothing twice"""
        with _uploaded() as file:
            return imports.take_in(actor(), now(), id, file, keys(), query["rows"])


def _uploaded() -> IO[bytes]:
    """The table, as the body or as the part `file` of a form."""
    if request.mimetype == "multipart/form-data":
        sent = request.files.get("file")
        if sent is None:
            raise BadRequest("The form has no part named file.")
        return sent.stream
    if request.mimetype not in ("text/csv", XLSX, "application/octet-stream"):
        raise UnsupportedMediaType(f"Send text/csv, {XLSX}, or multipart/form-data with a part named file.")
    kept = tempfile.SpooledTemporaryFile(IN_MEMORY)
    try:
        shutil.copyfileobj(request.stream, kept)
    except BaseException:  # longer than a request may be
        kept.close()
        raise
    return kept
