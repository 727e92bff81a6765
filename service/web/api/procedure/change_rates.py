"""Change rates of recipients."""

from typing import Any

from flask.views import MethodView

from schemas.procedure.change_rates import ChangeRateSchema, ChangeRatesSchema, ChangeVerdictSchema
from service.domain.procedure.change_rates import ChangePairs
from service.operations.procedure import change_rates
from service.web.api.conditional import if_match, made, tagged, with_id
from service.web.auth import actor, now, requires
from service.web.extensions import Blueprint, edits

blp = Blueprint("change-rates", __name__, description="Recipients assessed before and after")


@blp.route("/rounds/<id>/change-rates")
class ChangeRates(MethodView):
    @requires("change_rates.read")
    @blp.response(200, ChangeRatesSchema)
    def get(self, id: str) -> Any:
        """What was sent for a round, with the rate that it makes"""
        return {"change_rates": change_rates.of_round(actor(), id)}

    @requires("change_rates.write")
    @blp.arguments(ChangeRateSchema)
    @blp.response(201, ChangeRateSchema)
    def post(self, values: dict[str, Any], id: str) -> Any:
        """Send the assessments before and after of one node"""
        pairs = tuple(
            {name: value if name == "serial" or value is None else format(value, "f") for name, value in one.items()}
            for one in values.pop("pairs")
        )
        sent = ChangePairs(**with_id(values), round=id, project="", pairs=pairs, at=now(), by=actor().id)
        return made(change_rates.send(actor(), now(), sent))


@blp.route("/change-rates/<id>/verdict")
class Verdict(MethodView):
    @requires("change_rates.decide")
    @blp.arguments(ChangeVerdictSchema)
    @blp.response(200, ChangeRateSchema)
    @edits
    def put(self, values: dict[str, Any], id: str) -> Any:
        """Take the pairs as evidence after looking some up; those that were not confirmed count as not improved"""
        return tagged(change_rates.accept(actor(), now(), id, values["checked"], values["struck"], if_match()))
