"""Spot checks."""

from typing import Any

from flask.views import MethodView

from schemas.inspect.spot_checks import SpotCheckSchema
from service.domain.inspect.spot_checks import SpotCheck
from service.operations.inspect import spot_checks
from service.web.api.conditional import made, with_id
from service.web.auth import actor, now, requires
from service.web.extensions import Blueprint

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
    @blp.response(200, SpotCheckSchema)
    def get(self, id: str) -> Any:
        """One spot check"""
        return spot_checks.get(actor(), id)
