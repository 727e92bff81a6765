"""Notices of checks."""

from typing import Any

from flask import Response
from flask.views import MethodView

from schemas.inspect.notices import CheckNoticeSchema, NoticesSchema, NoticeStateSchema, NoticeTextSchema
from service.domain.days import day_of
from service.domain.inspect.notices import ISSUED, Notice
from service.operations.inspect import notices
from service.web.api.conditional import if_match, made, tagged, with_id
from service.web.auth import actor, now, requires
from service.web.downloads import attachment
from service.web.extensions import Blueprint, edits
from service.web.printing.notices import MEDIA_TYPE, written

blp = Blueprint("notices", __name__, description="The written result of checks, served on the provider")


def _notice(values: dict[str, Any], project: str) -> Notice:
    plain = with_id(values)
    plain["draws"], plain["visits"] = tuple(plain["draws"]), tuple(plain["visits"])
    return Notice(**plain, project=project, number=1, kind="")


@blp.route("/projects/<id>/notices")
class NoticesOfProject(MethodView):
    @requires("notices.read")
    @blp.response(200, NoticesSchema)
    def get(self, id: str) -> Any:
        """The project's notices; drafts for the evaluator only"""
        return {"notices": notices.of_project(actor(), id)}

    @requires("notices.write")
    @blp.arguments(CheckNoticeSchema)
    @blp.response(201, CheckNoticeSchema)
    def post(self, values: dict[str, Any], id: str) -> Any:
        """Write a notice of the checks of some draws"""
        return made(notices.write(actor(), now(), _notice(values, id)))


@blp.route("/notices/<id>")
class OneNotice(MethodView):
    @requires("notices.read")
    @blp.response(200, CheckNoticeSchema)
    def get(self, id: str) -> Any:
        """One notice; a draft with the findings that it would fix now"""
        return tagged(notices.preview(actor(), id))

    @requires("notices.write")
    @blp.arguments(NoticeTextSchema)
    @blp.response(200, CheckNoticeSchema)
    @edits
    def put(self, values: dict[str, Any], id: str) -> Any:
        """Edit a draft"""
        return tagged(notices.change(actor(), now(), _notice(values | {"id": id}, ""), if_match()))


@blp.route("/notices/<id>/state")
class StateOfNotice(MethodView):
    @requires("notices.write")
    @blp.arguments(NoticeStateSchema)
    @blp.response(200, CheckNoticeSchema)
    @edits
    def put(self, values: dict[str, Any], id: str) -> Any:
        """Issue a draft, which fixes its findings, or record that the provider has it"""
        version = if_match()
        if values["state"] == ISSUED:
            return tagged(notices.issue(actor(), now(), id, version))
        served = (values["served_on"] or day_of(now()), values["channel"], values["received_by"])
        return tagged(notices.serve(actor(), now(), id, version, *served))


@blp.route("/notices/<id>/document")
class DocumentOfNotice(MethodView):
    @requires("notices.read")
    @blp.response(200, content_type=MEDIA_TYPE, schema={"type": "string", "format": "binary"})
    def get(self, id: str) -> Response:
        """The notice as a DOCX document, in the language asked for"""
        notice = notices.preview(actor(), id)
        return attachment(f"notice-{notice.number}.docx", written(notices.told(actor(), notice)), MEDIA_TYPE)
