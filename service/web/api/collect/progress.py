"""Progress of a campaign."""

from typing import Any

from flask.views import MethodView

from schemas.collect.progress import ProgressSchema
from service.operations.collect import progress
from service.web.auth import actor, requires
from service.web.extensions import Blueprint

blp = Blueprint("progress", __name__, description="How many have answered, by site")


@blp.route("/campaigns/<id>/progress")
class CampaignProgress(MethodView):
    @requires("progress.read")
    @blp.response(200, ProgressSchema)
    def get(self, id: str) -> Any:
        """By site against target; others than the evaluator read one coarse total a site"""
        return progress.of(actor(), id)
