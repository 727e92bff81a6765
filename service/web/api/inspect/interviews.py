"""Interviews: plans for who supervises, one person at a time for who calls."""

from typing import Any

from flask.views import MethodView

from schemas.base import StateSchema
from schemas.inspect.interviews import (
    FilledUpSchema,
    GiveBackSchema,
    InHandSchema,
    InterviewAnsweredSchema,
    InterviewAnswersSchema,
    InterviewComparisonQuerySchema,
    InterviewComparisonSchema,
    IntervieweeSchema,
    InterviewPlanSchema,
    InterviewQuerySchema,
    NextPersonSchema,
    OutcomeSchema,
    ProgressOfPlanSchema,
    VerificationSchema,
)
from service.domain.errors import Fault, Refused
from service.domain.inspect.interviews import CLOSED, InterviewPlan
from service.operations.collect.responses import Submission
from service.operations.inspect import interview_answers, interview_figures, interview_plans, interviews
from service.web.api.conditional import if_match, made, tagged, with_id
from service.web.auth import actor, now, requires
from service.web.extensions import Blueprint, edits, keys

blp = Blueprint("interviews", __name__, description="Drawn persons called or visited, and what they say of records")


@blp.route("/interviews")
class Plans(MethodView):
    @requires("interviews.conduct")
    @blp.arguments(InterviewQuerySchema, location="query")
    @blp.response(200, InterviewPlanSchema(many=True))
    def get(self, query: dict[str, str]) -> Any:
        """The plans of a project"""
        return interview_plans.of_project(actor(), query["project"])

    @requires("interviews.write")
    @blp.arguments(InterviewPlanSchema)
    @blp.response(201, InterviewPlanSchema)
    def post(self, values: dict[str, Any]) -> Any:
        """Open the interviews of a station: the first tickets of its draw become the lists"""
        asked = with_id(values) | {"quotas": tuple(values["quotas"]), "project": ""}
        return made(interview_plans.open_plan(actor(), now(), keys(), InterviewPlan(**asked)))


@blp.route("/interviews/<id>")
class OnePlan(MethodView):
    @requires("interviews.conduct")
    @blp.response(200, InterviewPlanSchema)
    def get(self, id: str) -> Any:
        """A plan with its rules"""
        return tagged(interview_plans.get(actor(), id))


@blp.route("/interviews/<id>/state")
class State(MethodView):
    @requires("interviews.write")
    @blp.arguments(StateSchema)
    @blp.response(200, InterviewPlanSchema)
    @edits
    def put(self, values: dict[str, str], id: str) -> Any:
        """`closed`: nobody is called any more"""
        version = if_match()
        if values["state"] != CLOSED:
            raise Refused("invalid", [Fault("state", "not_an_option", {"value": values["state"], "options": CLOSED})])
        return tagged(interview_plans.close(actor(), now(), id, version))


@blp.route("/interviews/<id>/tickets")
class Tickets(MethodView):
    @requires("interviews.write")
    @blp.response(200, FilledUpSchema)
    def post(self, id: str) -> Any:
        """After a top-up of the draw: bring in the next tickets for those whom nobody could replace"""
        return {"came_in": interview_plans.fill_up(actor(), now(), keys(), id)}


@blp.route("/interviews/<id>/next")
class NextPerson(MethodView):
    @requires("interviews.conduct")
    @blp.arguments(NextPersonSchema)
    @blp.response(200, InHandSchema)
    def post(self, values: dict[str, str], id: str) -> Any:
        """The next person with the number; the same one again until it is said how the call ended"""
        interviews.hand_out(actor(), now(), id, values["mode"], values["serial"])
        return interviews.show(actor(), now(), keys(), id)


@blp.route("/interviews/<id>/attempts")
class Attempts(MethodView):
    @requires("interviews.conduct")
    @blp.arguments(OutcomeSchema)
    @blp.response(200, IntervieweeSchema)
    def post(self, values: dict[str, Any], id: str) -> Any:
        """How a try ended"""
        return interviews.record(actor(), now(), keys(), id, **values)


@blp.route("/interviews/<id>/returns")
class Returns(MethodView):
    @requires("interviews.conduct")
    @blp.arguments(GiveBackSchema)
    @blp.response(200, IntervieweeSchema)
    def post(self, values: dict[str, Any], id: str) -> Any:
        """Give the person in hand back uncalled, with the reason; somebody else will call"""
        return interviews.give_back(actor(), now(), id, **values)


@blp.route("/interviews/<id>/verification")
class Verification(MethodView):
    @requires("interviews.conduct")
    @blp.arguments(VerificationSchema)
    @blp.response(200, IntervieweeSchema)
    def put(self, values: dict[str, str], id: str) -> Any:
        """The first questions; a denial closes the person and is an error of the record"""
        return interviews.verify(actor(), now(), keys(), id, values.pop("serial"), values)


@blp.route("/interviews/<id>/answers")
class AnswersOfPerson(MethodView):
    @requires("interviews.conduct")
    @blp.arguments(InterviewAnswersSchema)
    @blp.response(200, InterviewAnsweredSchema)
    def post(self, values: dict[str, Any], id: str) -> Any:
        """The questionnaire; it counts once and is not kept with the person"""
        serial, receipt = values.pop("serial"), values.pop("earlier_receipt")
        sent = Submission(language=values.pop("lang"), **values)
        return interview_answers.answer(actor(), now(), keys(), id, serial, sent, receipt)


@blp.route("/interviews/<id>/progress")
class ProgressOfPlan(MethodView):
    @requires("interviews.read")
    @blp.response(200, ProgressOfPlanSchema)
    def get(self, id: str) -> Any:
        """Per stratum and mode, dispositions, response rates, replacements, record failures"""
        return interview_figures.progress(actor(), id)


@blp.route("/interviews/<id>/comparison")
class ComparisonOfPlan(MethodView):
    @requires("interviews.read")
    @blp.arguments(InterviewComparisonQuerySchema, location="query")
    @blp.response(200, InterviewComparisonSchema)
    def get(self, query: dict[str, str], id: str) -> Any:
        """Beside the slips of a campaign: two samples; the same persons twice only where they were told"""
        return interview_figures.comparison(actor(), id, query["campaign"])
