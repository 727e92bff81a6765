"""Visits: planning, starting and ending them, and who makes them."""

from typing import Any

from flask.views import MethodView

from schemas.inspect.visits import (
    AssignmentSchema,
    FinishSchema,
    ReasonSchema,
    ReplacedPersonSchema,
    VisitChangeSchema,
    VisitSchema,
)
from service.domain.inspect.visits import Visit
from service.operations.inspect import assignments, visits
from service.web.api.conditional import if_match, made, tagged, with_id
from service.web.auth import actor, now, requires
from service.web.extensions import Blueprint, edits, keys

blp = Blueprint("visits", __name__, description="Who looks where on which day")


def _lists(values: dict[str, Any]) -> dict[str, Any]:
    return values | {name: tuple(values[name]) for name in ("persons", "draws", "checklists")}


@blp.route("/visits")
class Visits(MethodView):
    @requires("visits.write")
    @blp.arguments(VisitSchema)
    @blp.response(201, VisitSchema)
    def post(self, values: dict[str, Any]) -> Any:
        """Plan a visit"""
        return made(visits.plan(actor(), now(), Visit(**with_id(_lists(values)))))


@blp.route("/visits/mine")
class MyVisits(MethodView):
    @requires("visits.read")
    @blp.response(200, VisitSchema(many=True))
    def get(self) -> Any:
        """Your visits that are not over, and those finished in the last days"""
        return visits.mine(actor(), now())


@blp.route("/projects/<id>/visits")
class VisitsOfProject(MethodView):
    @requires("visits.read")
    @blp.response(200, VisitSchema(many=True))
    @blp.paginate(blp.list_page, page_size=100, max_page_size=1000)
    def get(self, id: str) -> Any:
        """The visits of a project by day; all for the evaluator, your own otherwise"""
        return visits.of_project(actor(), id)


@blp.route("/visits/<id>")
class OneVisit(MethodView):
    @requires("visits.read")
    @blp.response(200, VisitSchema)
    def get(self, id: str) -> Any:
        """One visit; ETag is its version"""
        return tagged(visits.get(actor(), id))

    @requires("visits.write")
    @blp.arguments(VisitChangeSchema)
    @blp.response(200, VisitSchema)
    @edits
    def put(self, values: dict[str, Any], id: str) -> Any:
        """Plan it differently, before it starts; If-Match is the version that was read"""
        version = if_match()
        there = visits.get(actor(), id)
        return tagged(visits.change(actor(), now(), Visit(id=id, project=there.project, **_lists(values)), version))


@blp.route("/visits/<id>/start")
class Start(MethodView):
    @requires("visits.run")
    @blp.response(200, VisitSchema)
    def post(self, id: str) -> Any:
        """Start your visit on its day: opens what is drawn and shares it out; safe to repeat"""
        return tagged(visits.start(actor(), now(), keys(), id))


@blp.route("/visits/<id>/finish")
class Finish(MethodView):
    @requires("visits.run")
    @blp.arguments(FinishSchema)
    @blp.response(200, VisitSchema)
    def post(self, values: dict[str, Any], id: str) -> Any:
        """Finish a visit; safe to repeat"""
        return tagged(visits.finish(actor(), now(), id, values["reason"]))


@blp.route("/visits/<id>/cancel")
class Cancel(MethodView):
    @requires("visits.write")
    @blp.arguments(ReasonSchema)
    @blp.response(200, VisitSchema)
    @edits
    def post(self, values: dict[str, Any], id: str) -> Any:
        """Call a visit off; If-Match is the version that was read"""
        return tagged(visits.cancel(actor(), now(), id, values["reason"], if_match()))


@blp.route("/visits/<id>/persons")
class Persons(MethodView):
    @requires("visits.write")
    @blp.arguments(ReplacedPersonSchema)
    @blp.response(200, VisitSchema)
    @edits
    def put(self, values: dict[str, Any], id: str) -> Any:
        """Send somebody else, before or after the start; If-Match is the version that was read"""
        return tagged(visits.replace_person(actor(), now(), id, **values, version=if_match()))


@blp.route("/visits/<id>/assignments")
class AssignmentsOfVisit(MethodView):
    @requires("visits.read")
    @blp.response(200, AssignmentSchema(many=True))
    def get(self, id: str) -> Any:
        """What is looked up on a visit, and by whom"""
        return assignments.of_visit(actor(), id)
