"""Self-evaluations: the provider's draft, its filing with two receipts, its files."""

from typing import Any

from flask import Response, request
from flask.views import MethodView

from schemas.procedure.self_evaluations import (
    FilingSchema,
    PaperSchema,
    PapersSchema,
    PaperTitleSchema,
    SelfEvaluationSchema,
)
from service.domain.collect.scans import MEDIA_TYPES
from service.domain.procedure.self_evaluations import Entry
from service.operations.procedure import self_evaluations
from service.web.api.conditional import if_match, tagged
from service.web.auth import actor, now, requires
from service.web.downloads import attachment
from service.web.extensions import Blueprint, edits

blp = Blueprint("self-evaluations", __name__, description="What providers say of themselves, and file once")


@blp.route("/rounds/<id>/self-evaluation")
class OneSelfEvaluation(MethodView):
    @requires("self_evaluations.read")
    @blp.response(200, SelfEvaluationSchema)
    def get(self, id: str) -> Any:
        """What was filed; to the provider its draft too. ETag is the version, 0 before anything is kept"""
        return tagged(self_evaluations.get(actor(), id))

    @requires("self_evaluations.write")
    @blp.arguments(SelfEvaluationSchema)
    @blp.response(200, SelfEvaluationSchema)
    @edits
    def put(self, values: dict[str, Any], id: str) -> Any:
        """Keep the draft, whole: what is not sent is no longer there"""
        entries = {
            node: Entry(**{**one, "evidence": tuple(one["evidence"])}) for node, one in values["entries"].items()
        }
        return tagged(self_evaluations.save(actor(), now(), id, entries, values["facts"], if_match()))


@blp.route("/rounds/<id>/self-evaluation/state")
class Filing(MethodView):
    @requires("self_evaluations.write")
    @blp.arguments(FilingSchema)
    @blp.response(200, SelfEvaluationSchema)
    @edits
    def put(self, _values: dict[str, Any], id: str) -> Any:
        """File it with purchaser and authority, once; the receipts stand in the answer"""
        return tagged(self_evaluations.file(actor(), now(), id, if_match()))


@blp.route("/rounds/<id>/self-evaluation/files")
class Files(MethodView):
    @requires("self_evaluations.write")
    @blp.response(200, PapersSchema)
    def get(self, id: str) -> Any:
        """The provider's files, those too that no entry names yet"""
        return {"files": self_evaluations.own_files(actor(), id)}

    @requires("self_evaluations.write")
    @blp.arguments(PaperTitleSchema, location="query")
    @blp.response(201, PaperSchema)
    @blp.doc(
        requestBody={
            "required": True,
            "content": {type: {"schema": {"type": "string", "format": "binary"}} for type in MEDIA_TYPES.values()},
        }
    )
    def post(self, query: dict[str, str], id: str) -> Any:
        """Send a file (PDF, JPEG, PNG) that an entry will name"""
        return self_evaluations.add_file(actor(), now(), id, request.get_data(), query["title"])


@blp.route("/rounds/<id>/self-evaluation/files/<name>")
class OneFile(MethodView):
    @requires("self_evaluations.read")
    @blp.response(200, content_type="application/octet-stream", schema={"type": "string", "format": "binary"})
    def get(self, id: str, name: str) -> Response:
        """A file that backs a claim"""
        found, data = self_evaluations.read_file(actor(), id, name)
        return attachment(f"{found.name[:12]}.{found.kind}", data, MEDIA_TYPES[found.kind])
