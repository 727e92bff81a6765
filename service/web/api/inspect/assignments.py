"""Assignments, workload, declarations of interest and back-checks."""

from typing import Any

from flask.views import MethodView

from schemas.inspect.visits import (
    AssignmentSchema,
    BackCheckDrawSchema,
    BackChecksSchema,
    DeclarationSchema,
    LoadSchema,
    PersonDeclarationsSchema,
    ReassignmentSchema,
)
from service.domain.inspect.back_checks import LEAST_SHARE
from service.domain.inspect.conflicts import Declaration
from service.operations.inspect import assignments, back_checks, conflicts
from service.web.api.conditional import if_match, made, tagged, with_id
from service.web.auth import actor, now, requires
from service.web.extensions import Blueprint, edits

blp = Blueprint("assignments", __name__, description="Who looks up what, who may not, and who looks a second time")


@blp.route("/assignments/mine")
class MyAssignments(MethodView):
    @requires("visits.read")
    @blp.response(200, AssignmentSchema(many=True))
    def get(self) -> Any:
        """What you have to look up or have looked up"""
        return assignments.of_auditor(actor())


@blp.route("/assignments/<id>")
class OneAssignment(MethodView):
    @requires("visits.read")
    @blp.response(200, AssignmentSchema)
    def get(self, id: str) -> Any:
        """One assignment; ETag is its version"""
        return tagged(assignments.get(actor(), id))

    @requires("assignments.write")
    @blp.arguments(ReassignmentSchema)
    @blp.response(200, AssignmentSchema)
    @edits
    def put(self, values: dict[str, Any], id: str) -> Any:
        """Hand an open item to somebody else; If-Match is the version that was read"""
        return tagged(assignments.reassign(actor(), now(), id, **values, version=if_match()))


@blp.route("/projects/<id>/workload")
class Workload(MethodView):
    @requires("visits.read")
    @blp.response(200, LoadSchema(many=True))
    def get(self, id: str) -> Any:
        """What each person has to do; your own for those who are not the evaluator"""
        return assignments.workload(actor(), id)


@blp.route("/declarations")
class Declarations(MethodView):
    @requires("declarations.write")
    @blp.arguments(DeclarationSchema)
    @blp.response(201, DeclarationSchema)
    def post(self, values: dict[str, Any]) -> Any:
        """Declare whether there is a conflict of interest"""
        given = with_id(values) | {"user": values["user"] or actor().id}
        given |= {name: values[name] or "" for name in ("organisation", "project")}
        return made(conflicts.declare(actor(), now(), Declaration(**given)))


@blp.route("/projects/<id>/declarations")
class DeclarationsOfProject(MethodView):
    @requires("visits.read")
    @blp.response(200, PersonDeclarationsSchema(many=True))
    def get(self, id: str) -> Any:
        """What is in force about this project and its provider, by person"""
        found = conflicts.of_project(actor(), id)
        return [{"person": person, "declarations": said} for person, said in found.items()]


@blp.route("/draws/<id>/back-checks")
class BackChecks(MethodView):
    @requires("assignments.write")
    @blp.response(200, BackChecksSchema)
    def get(self, id: str) -> Any:
        """What is looked up again, by whom, and how far the two looks agree"""
        return {
            "draws": back_checks.of_draw(actor(), id),
            "assignments": back_checks.handed_of(actor(), id),
            "agreement": back_checks.agreement(actor(), id),
        }

    @requires("assignments.write")
    @blp.arguments(BackCheckDrawSchema)
    @blp.response(201, BackCheckDrawSchema)
    def post(self, values: dict[str, Any], id: str) -> Any:
        """Draw some of what is finished, to be looked up again by somebody else"""
        asked = with_id(values)
        share, auditors = asked["share"] or LEAST_SHARE, tuple(asked["auditors"])
        return made(back_checks.draw_back_checks(actor(), now(), asked["id"], id, share, auditors))
