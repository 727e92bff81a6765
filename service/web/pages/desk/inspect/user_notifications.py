"""The desk's pages of users who were told to come and watch a check: who was told, and who came."""

from typing import Any

from flask import Response, url_for
from flask_babel import gettext as _

from schemas.inspect.user_notifications import AttendanceSchema, UserNotificationSchema
from service.domain import access
from service.domain.inspect.ceremonies import OPENED
from service.domain.inspect.draws import PLANNED_TRIGGER, RecordedDraw
from service.domain.inspect.user_notifications import CHANNELS, UserNotification
from service.domain.projects import Project
from service.operations import projects
from service.operations.inspect import draws, frames, user_notifications
from service.web.auth import actor, now, requires
from service.web.pages.desk.forms import Field, Form, Steps
from service.web.pages.desk.home import blueprint, page
from service.web.pages.desk.procedure.act_pages import act_page, project_steps
from service.web.pages.desk.ways import N_, way
from service.web.pages.desk.words import word

TOLD = Form(
    UserNotificationSchema,
    (
        Field("id", "", "new_id"),
        Field("serial", N_("User, as drawn"), "choice"),
        Field("channel", N_("How the user was told"), "choice"),
        Field("notified_at", N_("Told at"), "moment"),
        Field(
            "evidence", N_("What proves it"), "long", hint=N_("The call's record, a signed slip, a copy."), also=("*",)
        ),
    ),
)
CAME = Form(
    AttendanceSchema,
    (
        Field("attended", N_("Did the user come?"), "choice", choices=(("true", N_("yes")), ("false", N_("no")))),
        Field("evidence", N_("How that is known"), "long"),
    ),
)


@blueprint.get("/projects/<id>/user-notifications", endpoint="user_notifications")
@requires("user_notifications.read")
@way(
    *("project", N_("Users told of checks"), "user_notifications.read"),
    heading=N_("Inspecting"),
    order=45,
    endpoint="user_notifications",
)
def show_user_notifications(id: str) -> Response:
    """Whether enough users were told, each of them, and who came."""
    project = projects.project(actor(), id, "user_notifications.read")
    writes = access.may(actor(), "user_notifications.write", project.parties)
    return page(
        "inspect/user_notifications.html",
        project=project,
        found=user_notifications.of_project(actor(), id),
        writes=writes,
        draws=_draws_of_users(id) if writes else [],
    )


@blueprint.route("/draws/<id>/user-notifications", methods=["GET", "POST"], endpoint="tell_user")
@requires("user_notifications.write")
def tell_user(id: str) -> Response:
    """Record that one drawn user was told."""
    drawn = draws.get(actor(), id)
    project = projects.project(actor(), drawn.project, "user_notifications.write")
    told = {one.serial for one in user_notifications.of_project(actor(), project.id).notifications if one.draw == id}
    choices = {
        "serial": [(item.serial, item.serial) for item in drawn.items if item.serial not in told],
        "channel": [(one, word("told_by", one)) for one in CHANNELS],
    }

    def act(values: dict[str, Any], version: int) -> Any:
        return user_notifications.notify(actor(), now(), id, values)

    words = _("A user was told"), _("Save")
    return act_page(TOLD.having(choices), words, _steps(project), act, lambda made: _home(project.id))


@blueprint.route("/user-notifications/<id>/attendance", methods=["GET", "POST"], endpoint="attendance_of_user")
@requires("user_notifications.write")
def attendance_of_user(id: str) -> Response:
    """Record whether a user who was told came."""
    there = user_notifications.get(actor(), id, "user_notifications.write")
    project = projects.project(actor(), there.project, "user_notifications.write")

    def act(values: dict[str, Any], version: int) -> Any:
        return user_notifications.attend(actor(), now(), id, values["attended"], values["evidence"], version)

    def current() -> tuple[dict[str, Any], int]:
        stored = user_notifications.get(actor(), id)
        return _attendance(stored), stored.version

    words = _("Did the user come?"), _("Save")
    return act_page(
        CAME,
        words,
        _steps(project),
        act,
        lambda made: _home(project.id),
        _attendance(there),
        there.version,
        there.serial,
        current=current,
    )


def _attendance(there: UserNotification) -> dict[str, Any]:
    return {"attended": there.attended, "evidence": there.attendance}


def _draws_of_users(project: str) -> list[RecordedDraw]:
    """The draws from which users can be told: opened ones, as planned, from a list of users."""
    lists = {one.id for one in frames.of_project(actor(), project) if one.kind == user_notifications.USERS}
    found = draws.of_project(actor(), project)
    return [one for one in found if one.frame in lists and one.state == OPENED and one.trigger == PLANNED_TRIGGER]


def _steps(project: Project) -> Steps:
    return [*project_steps(project), (_("Users told of checks"), _home(project.id))]


def _home(project: str) -> str:
    return url_for("desk.user_notifications", id=project)
