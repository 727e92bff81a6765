"""Assessments of agencies."""

from typing import Any

from flask.views import MethodView

from schemas.procedure.agency_assessments import AgencyAssessmentSchema, AgencyAssessmentsSchema
from service.domain.procedure.agency_assessments import AgencyAssessment
from service.operations.procedure import agency_assessments
from service.web.api.conditional import made, with_id
from service.web.auth import actor, now, requires
from service.web.extensions import Blueprint

blp = Blueprint("agency-assessments", __name__, description="What was found of an agency, once a period")


@blp.route("/rounds/<id>/agency-assessments")
class AssessmentsOfRound(MethodView):
    @requires("agency_assessments.write")
    @blp.arguments(AgencyAssessmentSchema)
    @blp.response(201, AgencyAssessmentSchema)
    def post(self, values: dict[str, Any], id: str) -> Any:
        """Keep what this round's group found of the agency, for the rounds of its other projects"""
        values["evidence"] = tuple(values["evidence"])
        assessed = AgencyAssessment(
            **with_id(values), provider="", project="", round=id, rules=(), at=now(), by=actor().id
        )
        return made(agency_assessments.record(actor(), now(), assessed))


@blp.route("/providers/<id>/agency-assessments")
class AssessmentsOfProvider(MethodView):
    @requires("agency_assessments.read")
    @blp.response(200, AgencyAssessmentsSchema)
    def get(self, id: str) -> Any:
        """What was found of a provider in your projects"""
        return {"assessments": agency_assessments.of_provider(actor(), id)}
