"""The scoring of a round: its last day, lapses, reopened indicators, signed sheets, and how far scorers agree."""

from typing import Any

from flask import Response, request
from flask.views import MethodView

from schemas.evaluate.judgements import (
    JudgementLapseSchema,
    JudgementSchema,
    JudgingDaySchema,
    JudgingProgressSchema,
    JudgingReopeningSchema,
    JudgingSchema,
    ScoreSheetSchema,
)
from service.domain.collect.scans import MEDIA_TYPES
from service.domain.evaluate.judgements import RoundJudgement
from service.operations.procedure import judging
from service.web.api.conditional import if_match, tagged, with_id
from service.web.auth import actor, now, requires
from service.web.downloads import attachment
from service.web.extensions import Blueprint, edits

blp = Blueprint("judging", __name__, description="The scoring as its lead runs it, and how far scorers agree")


@blp.route("/rounds/<id>/judging")
class OneJudging(MethodView):
    @requires("scoring.read")
    @blp.response(200, JudgingProgressSchema)
    def get(self, id: str) -> Any:
        """Who has scored what, and how far they agree where scores may be seen"""
        return tagged(judging.progress(actor(), id))

    @requires("judging.write")
    @blp.arguments(JudgingDaySchema)
    @blp.response(200, JudgingSchema)
    @edits
    def put(self, values: dict[str, Any], id: str) -> Any:
        """Set the last day for scores; it can be put off, never brought forward"""
        return tagged(judging.set_day(actor(), now(), id, values["due_on"], if_match()))


@blp.route("/rounds/<id>/judging/<node>")
class Reopening(MethodView):
    @requires("judging.write")
    @blp.arguments(JudgingReopeningSchema)
    @blp.response(200, JudgingSchema)
    @edits
    def put(self, values: dict[str, Any], id: str, node: str) -> Any:
        """Let an indicator's scores be changed although they are known, or end that"""
        return tagged(judging.reopen(actor(), now(), id, node, values["open"], values["reason"], if_match()))


@blp.route("/rounds/<id>/judging/lapses")
class Lapses(MethodView):
    @requires("judging.write")
    @blp.arguments(JudgementLapseSchema)
    @blp.response(201, JudgementSchema)
    def post(self, values: dict[str, Any], id: str) -> Any:
        """Go on without a score that was not given by the last day"""
        lapsed = RoundJudgement(**with_id(values), round=id, score=None, at=now(), by=actor().id)
        return judging.lapse(actor(), now(), lapsed)


@blp.route("/rounds/<id>/score-sheets")
class Sheets(MethodView):
    @requires("scoring.write")
    @blp.response(201, ScoreSheetSchema)
    @blp.doc(
        requestBody={
            "required": True,
            "content": {type: {"schema": {"type": "string", "format": "binary"}} for type in MEDIA_TYPES.values()},
        }
    )
    def post(self, id: str) -> Any:
        """Send a signed sheet of scores, or what a score rests on (PDF, JPEG, PNG)"""
        return judging.add_sheet(actor(), now(), id, request.get_data())


@blp.route("/rounds/<id>/score-sheets/<name>")
class OneSheet(MethodView):
    @requires("scoring.read")
    @blp.response(200, content_type="application/octet-stream", schema={"type": "string", "format": "binary"})
    def get(self, id: str, name: str) -> Response:
        """A sheet: for whoever sent it, for others once all its scores may be seen"""
        found, data = judging.sheet(actor(), id, name)
        return attachment(f"{found.name[:12]}.{found.kind}", data, MEDIA_TYPES[found.kind])
