"""What was deleted because it had been kept long enough."""

from typing import Any

from flask.views import MethodView

from schemas.procedure.retention import PurgesSchema
from service.domain.procedure.retention import RULES
from service.operations.procedure import retention
from service.web.auth import actor, requires
from service.web.extensions import Blueprint

blp = Blueprint("retention", __name__, description="How long data are kept, and proofs of what was deleted")


@blp.route("/projects/<id>/purges")
class Purges(MethodView):
    @requires("purges.read")
    @blp.response(200, PurgesSchema)
    def get(self, id: str) -> Any:
        """The terms of each kind of data, and a proof of each deletion in this project"""
        return {"rules": RULES.values(), "purges": retention.of_project(actor(), id)}
