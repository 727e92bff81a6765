"""Spot checks."""

from typing import Any

from flask import Response, request
from flask.views import MethodView

from schemas.inspect.spot_checks import ReviewDecisionSchema, SpotCheckSchema, WholeSpotCheckSchema
from service.domain.inspect.spot_checks import SpotCheck
from service.operations.inspect import spot_check_reviews as reviews
from service.operations.inspect import spot_checks, spot_media
from service.web.api.conditional import if_match, made, tagged, with_id
from service.web.auth import actor, now, requires
from service.web.extensions import Blueprint, edits

blp = Blueprint("spot-checks", __name__, description="Drawn records looked up in the field")


@blp.route("/spot-checks")
class SpotChecks(MethodView):
    @requires("spot_checks.write")
    @blp.arguments(SpotCheckSchema)
    @blp.response(201, SpotCheckSchema)
    def post(self, values: dict[str, Any]) -> Any:
        """Log what was found of a drawn item"""
        return made(spot_checks.log(actor(), now(), SpotCheck(**with_id(values), by=actor().id)))


@blp.route("/spot-checks/<id>")
class OneSpotCheck(MethodView):
    @requires("spot_checks.read")
    @blp.response(200, WholeSpotCheckSchema)
    def get(self, id: str) -> Any:
        """One spot check with all that came from the phone"""
        return tagged(spot_checks.get(actor(), id))


@blp.route("/spot-checks/<id>/media/<sha256>")
class FileOfSpotCheck(MethodView):
    @requires("spot_checks.read")
    @blp.response(200, content_type="image/jpeg", schema={"type": "string", "format": "binary"})
    def get(self, id: str, sha256: str) -> Any:
        """A photo of a record without position, time and maker; with `?original` the evaluator gets it as it came"""
        spot, original = spot_checks.get(actor(), id), "original" in request.args
        content, kind = spot_media.content(actor(), spot, sha256, original)
        response = Response(content, mimetype=kind)
        if original:
            response.headers["Content-Disposition"] = "attachment"
        return response


@blp.route("/spot-checks/<id>/state")
class StateOfSpotCheck(MethodView):
    @requires("spot_checks.review")
    @blp.arguments(ReviewDecisionSchema)
    @blp.response(200, SpotCheckSchema)
    @edits
    def put(self, values: dict[str, Any], id: str) -> Any:
        """Accept, return or reject a record; If-Match holds the version that was read"""
        return tagged(reviews.review(actor(), now(), id, values["state"], values["comment"], if_match()))
