"""Users who were told to come and watch a check."""

from typing import Any

from flask.views import MethodView

from schemas.inspect.user_notifications import AttendanceSchema, NotifiedSchema, UserNotificationSchema
from service.operations.inspect import user_notifications
from service.web.api.conditional import if_match, made, tagged, with_id
from service.web.auth import actor, now, requires
from service.web.extensions import Blueprint, edits

blp = Blueprint("user-notifications", __name__, description="Users who were told to come and watch (at least three)")


@blp.route("/draws/<id>/user-notifications")
class NotificationsOfDraw(MethodView):
    @requires("user_notifications.write")
    @blp.arguments(UserNotificationSchema)
    @blp.response(201, UserNotificationSchema)
    def post(self, values: dict[str, Any], id: str) -> Any:
        """Record that a drawn user was told, and what proves it"""
        return made(user_notifications.notify(actor(), now(), id, with_id(values)))


@blp.route("/projects/<id>/user-notifications")
class NotificationsOfProject(MethodView):
    @requires("user_notifications.read")
    @blp.response(200, NotifiedSchema)
    def get(self, id: str) -> Any:
        """Who was told, who came, and whether enough were told"""
        return user_notifications.of_project(actor(), id)


@blp.route("/user-notifications/<id>/attendance")
class Attendance(MethodView):
    @requires("user_notifications.write")
    @blp.arguments(AttendanceSchema)
    @blp.response(200, UserNotificationSchema)
    @edits
    def put(self, values: dict[str, Any], id: str) -> Any:
        """Record whether a notified user came; If-Match is the version that was read"""
        found = user_notifications.attend(actor(), now(), id, values["attended"], values["evidence"], if_match())
        return tagged(found)
