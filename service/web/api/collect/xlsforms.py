"""Questionnaires from XLSForms and as XLSForms."""

from typing import Any

from flask import Response, request
from flask.views import MethodView
from werkzeug.exceptions import UnsupportedMediaType

from schemas.collect.xlsforms import XlsformImportSchema, XlsformQuerySchema
from service.operations.collect import xlsforms
from service.web.auth import actor, now, requires
from service.web.downloads import XLSX, attachment
from service.web.extensions import Blueprint

blp = Blueprint("xlsforms", __name__, description="Questionnaires in the format of ODK and KoboToolbox")

_FILE = {"type": "string", "format": "binary"}
_BODY = {
    "required": True,
    "content": {
        XLSX: {"schema": _FILE},
        "multipart/form-data": {"schema": {"type": "object", "properties": {"file": _FILE}, "required": ["file"]}},
    },
}


@blp.route("/questionnaires/import")
class Import(MethodView):
    @requires("questionnaires.write")
    @blp.doc(requestBody=_BODY)
    @blp.arguments(XlsformQuerySchema, location="query")
    @blp.response(200, XlsformImportSchema)
    @blp.alt_response(201, schema=XlsformImportSchema, description="It was kept")
    def post(self, asked: dict[str, Any]) -> Any:
        """Read an XLSForm; nothing is kept unless `keep` says so. What is wrong is named by sheet, row and column"""
        found, kept = xlsforms.read(actor(), now(), _content(), **asked)
        result: dict[str, Any] = {"definition": found.definition, "warnings": found.warnings}
        result["version"] = kept if asked["keep"] == xlsforms.VERSION else None
        result["draft"] = kept.id if kept and asked["keep"] == xlsforms.DRAFT else None
        return result, 201 if kept else 200


@blp.route("/questionnaires/<id>/export.xlsx")
class Export(MethodView):
    @requires("questionnaires.read")
    @blp.response(200, _FILE, content_type=XLSX)
    def get(self, id: str) -> Response:
        """A version as XLSForm, for ODK Collect, KoboToolbox or a spreadsheet"""
        return attachment(*xlsforms.export(actor(), id))


def _content() -> bytes:
    """The workbook, as the body or as the part `file` of a form."""
    if request.mimetype == "multipart/form-data":
        sent = request.files.get("file")
        return sent.read() if sent else b""
    if request.mimetype in (XLSX, "application/octet-stream"):
        return request.get_data(cache=False)
    raise UnsupportedMediaType(f"Send an XLSX workbook: {XLSX}, or multipart/form-data with a part named file.")
