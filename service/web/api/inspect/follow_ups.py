"""Follow-ups, and what ratings may become."""

from typing import Any

from flask import Response, request
from flask.views import MethodView

from schemas.inspect.follow_ups import (
    AnswerSchema,
    EvidenceSchema,
    FollowUpSchema,
    FollowUpsSchema,
    LookBackSchema,
    MonthQuerySchema,
    MonthSchema,
    NewFollowUpSchema,
    PassedOnSchema,
    ThemeSchema,
    VerdictSchema,
)
from service.domain.collect.scans import MEDIA_TYPES
from service.domain.inspect.follow_ups import VERIFIED
from service.operations.inspect import follow_ups, themes
from service.web.api.conditional import if_match, made, tagged, with_id
from service.web.auth import actor, now, requires
from service.web.downloads import attachment
from service.web.extensions import Blueprint, edits

blp = Blueprint("follow-ups", __name__, description="Deviations, their deadlines, answers, verification and look-back")


@blp.route("/projects/<id>/follow-ups")
class FollowUpsOfProject(MethodView):
    @requires("follow_ups.read")
    @blp.response(200, FollowUpsSchema)
    def get(self, id: str) -> Any:
        """The project's cases, those that wait longest first"""
        return {"follow_ups": follow_ups.of_project(actor(), id)}

    @requires("follow_ups.write")
    @blp.arguments(NewFollowUpSchema)
    @blp.response(201, FollowUpSchema)
    def post(self, values: dict[str, Any], id: str) -> Any:
        """Open a case on a finding or another deviation"""
        return made(follow_ups.open_case(actor(), now(), project=id, **with_id(values)))


@blp.route("/projects/<id>/follow-ups/statistics")
class MonthOfProject(MethodView):
    @requires("follow_ups.read")
    @blp.arguments(MonthQuerySchema, location="query")
    @blp.response(200, MonthSchema)
    def get(self, query: dict[str, str], id: str) -> Any:
        """The project's statistics of one month, such as 2026-11"""
        return follow_ups.month(actor(), now(), id, query["month"])


@blp.route("/follow-ups/overdue")
class Overdue(MethodView):
    @requires("follow_ups.read")
    @blp.response(200, FollowUpsSchema)
    def get(self) -> Any:
        """Of all projects of the reader's organisation: answers and look-backs that are late today"""
        return {"follow_ups": follow_ups.overdue(actor(), now())}


@blp.route("/follow-ups/<id>")
class OneFollowUp(MethodView):
    @requires("follow_ups.read")
    @blp.response(200, FollowUpSchema)
    def get(self, id: str) -> Any:
        """One case"""
        return tagged(follow_ups.get(actor(), id))


@blp.route("/follow-ups/<id>/evidence")
class EvidenceOfFollowUp(MethodView):
    @requires("follow_ups.answer")
    @blp.response(201, EvidenceSchema)
    @blp.doc(
        requestBody={
            "required": True,
            "content": {type: {"schema": {"type": "string", "format": "binary"}} for type in MEDIA_TYPES.values()},
        }
    )
    def post(self, id: str) -> Any:
        """Send a file (PDF, JPEG, PNG) that the answer will name"""
        return follow_ups.add_evidence(actor(), now(), id, request.get_data())


@blp.route("/follow-ups/<id>/evidence/<name>")
class OneEvidence(MethodView):
    @requires("follow_ups.read")
    @blp.response(200, content_type="application/octet-stream", schema={"type": "string", "format": "binary"})
    def get(self, id: str, name: str) -> Response:
        """A file that was sent with an answer"""
        found, data = follow_ups.evidence(actor(), id, name)
        return attachment(f"{found.name[:12]}.{found.kind}", data, MEDIA_TYPES[found.kind])


@blp.route("/follow-ups/<id>/answer")
class AnswerOfFollowUp(MethodView):
    @requires("follow_ups.answer")
    @blp.arguments(AnswerSchema)
    @blp.response(200, FollowUpSchema)
    @edits
    def put(self, values: dict[str, Any], id: str) -> Any:
        """The provider's answer: what was done"""
        sent = follow_ups.answer(actor(), now(), id, if_match(), values["text"], tuple(values["evidence"]))
        return tagged(sent)


@blp.route("/follow-ups/<id>/verdict")
class VerdictOfFollowUp(MethodView):
    @requires("follow_ups.write")
    @blp.arguments(VerdictSchema)
    @blp.response(200, FollowUpSchema)
    @edits
    def put(self, values: dict[str, Any], id: str) -> Any:
        """The answer is verified, or returned with a new term"""
        version, comment = if_match(), values["comment"]
        if values["state"] == VERIFIED:
            look, said = values["look_back_on"], values["call_back"]
            return tagged(follow_ups.verify(actor(), now(), id, version, comment, look, said))
        return tagged(follow_ups.give_back(actor(), now(), id, version, comment, values["working_days"]))


@blp.route("/follow-ups/<id>/look-back")
class LookBackOfFollowUp(MethodView):
    @requires("follow_ups.write")
    @blp.arguments(LookBackSchema)
    @blp.response(200, FollowUpSchema)
    @edits
    def put(self, values: dict[str, Any], id: str) -> Any:
        """Whether the measure lasted"""
        return tagged(follow_ups.look_back(actor(), now(), id, if_match(), values["result"], values["comment"]))


@blp.route("/campaigns/<id>/themes")
class Themes(MethodView):
    @requires("follow_ups.write")
    @blp.arguments(ThemeSchema)
    @blp.response(201, FollowUpSchema)
    def post(self, values: dict[str, Any], id: str) -> Any:
        """Release a theme of a closed campaign: in the evaluator's words, with enough answers behind it"""
        asked = with_id(values)
        return made(
            themes.release(
                actor(),
                now(),
                asked["id"],
                id,
                asked["title"],
                asked["text"],
                asked["responses"],
                asked["working_days"],
            )
        )


@blp.route("/campaigns/<id>/responses/<response>/follow-up")
class PassedOn(MethodView):
    @requires("follow_ups.write")
    @blp.arguments(PassedOnSchema)
    @blp.response(201, FollowUpSchema)
    def post(self, values: dict[str, Any], id: str, response: str) -> Any:
        """Make one answer a case, with what its person ticked may be passed on, and to whom"""
        asked = with_id(values)
        said = (asked["title"], asked["text"], asked["working_days"])
        return made(themes.pass_on(actor(), now(), asked["id"], id, response, *said))
