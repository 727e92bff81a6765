"""Ratios, measured values, events and findings on gates."""

from typing import Any

from flask.views import MethodView

from schemas.evaluate.entries import (
    EventSchema,
    GateFindingSchema,
    MeasureSchema,
    PeriodsQuerySchema,
    PeriodStandingSchema,
    RatioSchema,
)
from service.domain.evaluate.entries import RoundEvent, RoundGateFinding, RoundMeasure, RoundRatio
from service.operations.evaluate import entries
from service.web.api.conditional import made, with_id
from service.web.auth import actor, now, requires
from service.web.extensions import Blueprint

blp = Blueprint("entries", __name__, description="What the group enters beside volumes and judgements")


@blp.route("/rounds/<id>/ratios")
class Ratios(MethodView):
    @requires("judgements.read")
    @blp.response(200, RatioSchema(many=True))
    def get(self, id: str) -> Any:
        """All ratios of a round"""
        return entries.of_round(actor(), id, RoundRatio)

    @requires("rounds.write")
    @blp.arguments(RatioSchema)
    @blp.response(201, RatioSchema)
    def post(self, values: dict[str, Any], id: str) -> Any:
        """Enter the two numbers of a ratio"""
        return made(entries.enter(actor(), now(), RoundRatio(**with_id(values), round=id, at=now(), by=actor().id)))


@blp.route("/rounds/<id>/measures")
class Measures(MethodView):
    @requires("judgements.read")
    @blp.response(200, MeasureSchema(many=True))
    def get(self, id: str) -> Any:
        """All measured values of a round"""
        return entries.of_round(actor(), id, RoundMeasure)

    @requires("rounds.write")
    @blp.arguments(MeasureSchema)
    @blp.response(201, MeasureSchema)
    def post(self, values: dict[str, Any], id: str) -> Any:
        """Enter a measured value"""
        return made(entries.enter(actor(), now(), RoundMeasure(**with_id(values), round=id, at=now(), by=actor().id)))


@blp.route("/rounds/<id>/events")
class Events(MethodView):
    @requires("judgements.read")
    @blp.response(200, EventSchema(many=True))
    def get(self, id: str) -> Any:
        """All events of a round"""
        return entries.of_round(actor(), id, RoundEvent)

    @requires("rounds.write")
    @blp.arguments(EventSchema)
    @blp.response(201, EventSchema)
    def post(self, values: dict[str, Any], id: str) -> Any:
        """Enter events of one type"""
        values["modifiers"] = tuple(values["modifiers"])
        return made(entries.enter(actor(), now(), RoundEvent(**with_id(values), round=id, at=now(), by=actor().id)))


@blp.route("/rounds/<id>/gate-findings")
class GateFindings(MethodView):
    @requires("judgements.read")
    @blp.response(200, GateFindingSchema(many=True))
    def get(self, id: str) -> Any:
        """All findings on conditions, the later ones in the place of the earlier"""
        return entries.of_round(actor(), id, RoundGateFinding)

    @requires("rounds.write")
    @blp.arguments(GateFindingSchema)
    @blp.response(201, GateFindingSchema)
    def post(self, values: dict[str, Any], id: str) -> Any:
        """Say whether a condition is met, and why"""
        found = RoundGateFinding(**with_id(values), round=id, at=now(), by=actor().id)
        return made(entries.enter(actor(), now(), found))


@blp.route("/rounds/<id>/periods")
class Periods(MethodView):
    @requires("scores.read")
    @blp.arguments(PeriodsQuerySchema, location="query")
    @blp.response(200, PeriodStandingSchema(many=True))
    def get(self, values: dict[str, str], id: str) -> Any:
        """Points of each period of the scheme's year against the targets of a group of units"""
        return list(entries.standings(actor(), id, values["group"]))
