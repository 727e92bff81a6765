"""Evaluation groups: appointed by the lead of a round."""

from typing import Any

from flask.views import MethodView

from schemas.procedure.groups import (
    EvaluationGroupSchema,
    GroupMemberSchema,
    MemberDepartureSchema,
    ReviewPanelAnswerSchema,
    ReviewPanelSchema,
)
from service.domain.procedure.groups import Candidate, GroupMember
from service.operations.procedure import groups
from service.web.api.conditional import if_match, made, tagged, with_id
from service.web.auth import actor, now, requires
from service.web.extensions import Blueprint, edits

blp = Blueprint("groups", __name__, description="Who evaluates, in which part, and who may not")


@blp.route("/rounds/<id>/group")
class Group(MethodView):
    @requires("groups.read")
    @blp.response(200, EvaluationGroupSchema)
    def get(self, id: str) -> Any:
        """The group of a round, those who left too"""
        return {"members": groups.of_round(actor(), id)}

    @requires("groups.write")
    @blp.arguments(GroupMemberSchema)
    @blp.response(201, GroupMemberSchema)
    def post(self, values: dict[str, Any], id: str) -> Any:
        """Appoint a member; a part that does not go together with another of the same person is refused"""
        for name in ("roles", "nodes", "duties"):
            values[name] = tuple(values[name])
        return made(groups.appoint(actor(), now(), GroupMember(**with_id(values), round=id)))


@blp.route("/group-members/<id>/departure")
class Departure(MethodView):
    @requires("groups.write")
    @blp.arguments(MemberDepartureSchema)
    @blp.response(200, GroupMemberSchema)
    @edits
    def put(self, values: dict[str, Any], id: str) -> Any:
        """End a membership, with the reason"""
        return tagged(groups.leave(actor(), now(), id, values["reason"], if_match()))


@blp.route("/rounds/<id>/group/panel")
class Panel(MethodView):
    @requires("groups.write")
    @blp.arguments(ReviewPanelSchema)
    @blp.response(200, ReviewPanelAnswerSchema)
    def post(self, values: dict[str, Any], id: str) -> Any:
        """Ask who of these may not sit in a review of this round, and why; nothing is stored"""
        return {"barred": groups.panel(actor(), id, [Candidate(**one) for one in values["members"]])}
