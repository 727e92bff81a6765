"""Assessments of agencies."""

from typing import Any

from flask.views import MethodView

from schemas.evaluate.rounds import RoundSchema
from schemas.procedure.agency_assessments import AgencyAssessmentSchema, AgencyAssessmentsSchema, ReferencesSchema
from service.operations.procedure import agency_assessments
from service.web.api.conditional import if_match, made, tagged, with_id
from service.web.auth import actor, now, requires
from service.web.extensions import Blueprint, edits

blp = Blueprint("agency-assessments", __name__, description="What was found of an agency, once a period")


@blp.route("/rounds/<id>/agency-assessments")
class AssessmentsOfRound(MethodView):
    @requires("agency_assessments.write")
    @blp.arguments(AgencyAssessmentSchema)
    @blp.response(201, AgencyAssessmentSchema)
    def post(self, values: dict[str, Any], id: str) -> Any:
        """Keep what this round's group has judged of the agency, for the rounds of its other projects"""
        return made(agency_assessments.record(actor(), now(), round_id=id, **with_id(values)))


@blp.route("/rounds/<id>/references")
class References(MethodView):
    @requires("rounds.write")
    @blp.arguments(ReferencesSchema)
    @blp.response(200, RoundSchema)
    @edits
    def put(self, values: dict[str, Any], id: str) -> Any:
        """Let assessments of the agency stand for nodes of this round; If-Match is the round's version"""
        return tagged(agency_assessments.refer(actor(), now(), id, values["references"], if_match()))


@blp.route("/providers/<id>/agency-assessments")
class AssessmentsOfProvider(MethodView):
    @requires("agency_assessments.read")
    @blp.response(200, AgencyAssessmentsSchema)
    def get(self, id: str) -> Any:
        """What was found of a provider in your projects"""
        return {"assessments": agency_assessments.of_provider(actor(), id)}
