"""Contract targets."""

from typing import Any

from flask.views import MethodView

from schemas.procedure.targets import ContractTargetChangeSchema, ContractTargetSchema, ContractTargetsSchema
from service.domain.procedure.targets import ContractTarget
from service.operations.procedure import targets
from service.web.api.conditional import if_match, made, tagged, with_id
from service.web.auth import actor, now, requires
from service.web.extensions import Blueprint, edits

blp = Blueprint("targets", __name__, description="What contracts ask of counters")


@blp.route("/projects/<id>/targets")
class Targets(MethodView):
    @requires("targets.read")
    @blp.response(200, ContractTargetsSchema)
    def get(self, id: str) -> Any:
        """What the contract asks of each counter"""
        return {"targets": targets.of_project(actor(), id)}

    @requires("targets.write")
    @blp.arguments(ContractTargetSchema)
    @blp.response(201, ContractTargetSchema)
    def post(self, values: dict[str, Any], id: str) -> Any:
        """Enter a target: quantity, unit, standard and day"""
        return made(targets.create(actor(), now(), ContractTarget(**with_id(values), project=id)))


@blp.route("/projects/<id>/targets/<target>")
class OneTarget(MethodView):
    @requires("targets.write")
    @blp.arguments(ContractTargetChangeSchema)
    @blp.response(200, ContractTargetSchema)
    @edits
    def put(self, values: dict[str, Any], id: str, target: str) -> Any:
        """Other terms from now on, with the reason; rounds that are open keep those they were opened with"""
        reason = values.pop("reason")
        new = ContractTarget(**values, id=target, project=id)
        return tagged(targets.change(actor(), now(), new, reason, if_match()))
