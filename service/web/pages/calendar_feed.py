"""Deadlines as an iCalendar feed (RFC 5545) that calendar programs subscribe to; the token stands in the address."""

from collections.abc import Callable, Sequence
from datetime import date, timedelta
from functools import wraps
from typing import Any, TypeVar, cast

from flask import Blueprint, Response, g
from flask_babel import gettext

from service.domain.collect.questionnaires import in_language
from service.domain.days import day_of
from service.domain.procedure.due import Due
from service.operations import projects
from service.operations.procedure import due, feed_tokens
from service.web.auth import now
from service.web.languages import speak

blueprint = Blueprint("calendar", __name__, url_prefix="/calendar")
TYPE = "text/calendar; charset=utf-8"
HOURS = 6  # how often a program should look again
F = TypeVar("F", bound=Callable[..., Any])


def by_token(view: F) -> F:
    """Only with a live token; the view does not see it."""

    @wraps(view)
    def guarded(*args: Any, token: str, **kwargs: Any) -> Any:
        g.actor, kept = feed_tokens.reader_of(token)
        speak(kept.language)
        return view(*args, **kwargs)

    guarded.declared_access = "projects.list"  # type: ignore[attr-defined]
    return cast(F, guarded)


@blueprint.get("/<token>.ics")
@by_token
def feed() -> Response:
    """What is due in the reader's projects, a day each."""
    names = {project.id: project.name for project in projects.projects(g.actor)}
    response = Response(_written(due.of(g.actor, now()), names), content_type=TYPE)
    response.headers["Cache-Control"] = "private, no-store"
    return response


def _written(found: Sequence[Due], names: dict[str, str]) -> bytes:
    from icalendar import Calendar  # late: start-up stays light

    calendar = Calendar()
    calendar.add("prodid", "-//Minyi//Deadlines//EN")
    calendar.add("version", "2.0")
    calendar.add("x-wr-calname", gettext("Deadlines of evaluations"))
    calendar.add("refresh-interval", timedelta(hours=HOURS), parameters={"VALUE": "DURATION"})
    for one in found:
        calendar.add_component(_event(one, names))
    return bytes(calendar.to_ical())


def _event(one: Due, names: dict[str, str]) -> Any:
    """The same thing keeps its UID when its day moves, so that programs move it too."""
    from icalendar import Event

    event, at = Event(), now()
    event.add("uid", f"{one.kind}-{one.subject}-{one.round or one.project}@minyi")
    event.add("dtstamp", at)
    event.add("dtstart", one.on)
    if one.on < date.max:  # without an end it is that one day as well (RFC 5545, 3.6.1)
        event.add("dtend", one.on + timedelta(days=1))
    label = in_language(one.label, str(g.language))
    event.add("summary", f"{label} · {names.get(one.project, one.project)}")
    event.add("status", "TENTATIVE" if one.provisional else "CONFIRMED")
    event.add("transp", "TRANSPARENT")
    notes = []
    if one.provisional:
        notes.append(gettext("Provisional: the days off of that year are not announced yet."))
    if day_of(at) > one.on:
        notes.append(gettext("Overdue."))
    if notes:
        event.add("description", " ".join(notes))
    return event
