"""Users who were drawn are told to come and watch (C13); the notice and the attendance are recorded one by one."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

from service.domain.access import Actor
from service.domain.errors import Fault, Refused, invalid
from service.domain.inspect import user_notifications as rules
from service.domain.inspect.draws import PLANNED_TRIGGER, RecordedDraw
from service.domain.inspect.frames import FrozenFrame
from service.domain.inspect.user_notifications import Notified, UserNotification
from service.operations import projects
from service.operations.acts import act, create_once, load
from service.operations.inspect import frames
from service.store import records

USERS = "recipient"  # the kind of list that actual users are drawn from


def notify(actor: Actor, now: datetime, draw_id: str, values: Mapping[str, Any]) -> tuple[UserNotification, bool]:
    """Record that a drawn user was told. Who was not drawn at random from a list of users does not count."""
    draw = load(RecordedDraw, draw_id, "draw")
    owner = frames.owner_of(actor, draw.project, "user_notifications.write", "draw")
    told = UserNotification(project=owner.id, draw=draw_id, at=now, by=actor.id, **values)
    rules.check(told)
    kind = load(FrozenFrame, draw.frame, "frame").kind
    if kind != USERS or draw.trigger != PLANNED_TRIGGER:
        raise invalid("draw", "users are told from a planned draw of a list of recipients")
    if told.serial not in {item.serial for item in draw.items}:
        raise Refused("invalid", [Fault("serial", "not_drawn", {"value": told.serial})])
    known = records.find(UserNotification, draw=draw_id, serial=told.serial)
    if known and known[0].id != told.id:
        raise Refused("invalid", [Fault("serial", "duplicate", {"value": told.serial})])
    filled_in = ("at", "by", "attended", "attendance", "attendance_by", "version")
    return create_once("user.notified", actor, now, projects.scope(owner.id), told, filled_in)


def attend(actor: Actor, now: datetime, id: str, attended: bool, evidence: str, version: int) -> UserNotification:
    """Record whether a notified user came. Raises Refused("stale")."""
    there = get(actor, id, "user_notifications.write")
    rules.check_attendance(evidence)
    changed = replace(there, attended=attended, attendance=evidence, attendance_by=actor.id, version=version + 1)
    details = {"serial": there.serial, "attended": attended, "evidence": evidence}
    scope = projects.scope(there.project)
    act("user.attended", actor, now, scope, id, details, lambda tx: records.replace(changed, version, tx))
    return changed


def get(actor: Actor, id: str, action: str = "user_notifications.read") -> UserNotification:
    found = load(UserNotification, id, "notification")
    frames.owner_of(actor, found.project, action, "notification")
    return found


def of_project(actor: Actor, project: str) -> Notified:
    """How many users were told, and how many came."""
    projects.project(actor, project, "user_notifications.read")
    return rules.summary(records.find(UserNotification, project=project))
