"""Rounds and what the group enters."""

from typing import Any

from flask.views import MethodView

from schemas.evaluate.rounds import (
    CounterSchema,
    DecisionSchema,
    RoundRowSchema,
    RoundSchema,
    RoundsQuerySchema,
    SourcesSchema,
    TermsSchema,
)
from service.domain.evaluate.rounds import Round, RoundDecision, RoundQuantity
from service.operations.evaluate import rounds
from service.web.api.conditional import if_match, made, tagged, with_id
from service.web.auth import actor, now, requires
from service.web.extensions import Blueprint, edits, settings

blp = Blueprint("rounds", __name__, description="Evaluation rounds and what their groups enter")


@blp.route("/rounds")
class Rounds(MethodView):
    @requires("rounds.read")
    @blp.arguments(RoundsQuerySchema, location="query")
    @blp.response(200, RoundRowSchema(many=True))
    @blp.paginate(blp.list_page, page_size=100, max_page_size=1000)
    def get(self, query: dict[str, Any]) -> Any:
        """The rounds of your projects, by state, kind, project, lead and what is due"""
        return rounds.listed(actor(), **query)

    @requires("rounds.open")
    @blp.arguments(RoundSchema)
    @blp.response(201, RoundSchema)
    def post(self, values: dict[str, Any]) -> Any:
        """Open a round: scheme, weights and figures freeze"""
        values["panels"] = {node: tuple(raters) for node, raters in values["panels"].items()}
        opened = Round(**with_id(values), scheme_digest="", opened_at=now())
        return made(rounds.open_round(actor(), now(), opened, adoption_needed=not settings().demo))


@blp.route("/rounds/<id>")
class OneRound(MethodView):
    @requires("rounds.read")
    @blp.response(200, RoundSchema)
    def get(self, id: str) -> Any:
        """One round; ETag is its version"""
        found = rounds.get(actor(), id)
        return rounds.shown(actor(), found), 200, {"ETag": f'"{found.version}"'}


@blp.route("/rounds/<id>/terms")
class Terms(MethodView):
    @requires("rounds.lead")
    @blp.arguments(TermsSchema)
    @blp.response(200, RoundSchema)
    @edits
    def put(self, values: dict[str, Any], id: str) -> Any:
        """Set terms, the mid-term day and the reviewing body, until the scheme is served; If-Match as read"""
        return tagged(rounds.set_terms(actor(), now(), id, values, if_match()))


@blp.route("/rounds/<id>/sources")
class Sources(MethodView):
    @requires("rounds.write")
    @blp.arguments(SourcesSchema)
    @blp.response(200, RoundSchema)
    @edits
    def put(self, values: dict[str, Any], id: str) -> Any:
        """Say which campaign, draw and raters are the evidence of which node"""
        return tagged(rounds.bind(actor(), now(), id, **values, version=if_match()))


@blp.route("/rounds/<id>/counters")
class Counters(MethodView):
    @requires("judgements.read")
    @blp.response(200, CounterSchema(many=True))
    def get(self, id: str) -> Any:
        """All counters of a round"""
        return rounds.quantities(rounds.get(actor(), id, "judgements.read"))

    @requires("rounds.write")
    @blp.arguments(CounterSchema)
    @blp.response(201, CounterSchema)
    def post(self, values: dict[str, Any], id: str) -> Any:
        """Enter target, claim and verified value of a counter"""
        quantity = RoundQuantity(**with_id(values), round=id, at=now(), by=actor().id)
        return made(rounds.enter_quantity(actor(), now(), quantity))


@blp.route("/rounds/<id>/decisions")
class Decisions(MethodView):
    @requires("rounds.write")
    @blp.arguments(DecisionSchema)
    @blp.response(201, DecisionSchema)
    def post(self, values: dict[str, Any], id: str) -> Any:
        """Decide, with a reason, on a survey below the scheme's minimum"""
        decision = RoundDecision(**with_id(values), round=id, at=now(), by=actor().id)
        return made(rounds.decide(actor(), now(), decision))
