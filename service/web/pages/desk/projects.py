"""The desk's pages of projects: the list, searched and filtered by its address, and one project with its ways on."""

from datetime import datetime
from typing import Any

from flask import Response, request, url_for

from service.domain import access
from service.domain.days import day_of
from service.domain.inspect.ceremonies import OPENED
from service.domain.projects import PERIODS, Project
from service.operations import organisations, projects
from service.operations.collect import campaigns
from service.operations.evaluate import rounds
from service.operations.inspect import draws
from service.operations.procedure import due
from service.web.auth import actor, now, requires
from service.web.pages.desk.due import campaign_address, due_lines, project_lines
from service.web.pages.desk.home import blueprint, page
from service.web.pages.desk.ways import opens, ways

PAGE_SIZE, MOST_DUE = 50, 8


@blueprint.get("/projects", endpoint="projects")
@requires("projects.list")
def list_projects() -> Response:
    """The reader's projects, fifty at a time."""
    asked = {name: request.args.get(name, "")[:200] for name in ("q", "organisation", "period")}
    period = asked["period"] if asked["period"] in PERIODS else ""
    found = projects.listed(actor(), day_of(now()), asked["q"], asked["organisation"], period)
    number = page_number(len(found), PAGE_SIZE)
    shown = found[(number - 1) * PAGE_SIZE : number * PAGE_SIZE]
    return page(
        "projects.html",
        lines=project_lines(actor(), shown, due.of_projects(shown, now())),
        count=len(found),
        names={one.id: one.name for one in organisations.organisations(actor())},
        periods=PERIODS,
        asked=asked,
        number=number,
        last=-(-len(found) // PAGE_SIZE),
    )


def page_number(count: int, size: int) -> int:
    """The page that the address asks for, or the nearest one that there is."""
    text = request.args.get("page", "1")
    number = int(text) if text.isascii() and text.isdigit() and len(text) < 7 else 1
    return max(1, min(number, -(-count // size)))


@blueprint.get("/projects/<id>", endpoint="project")
@requires("projects.read")
def show_project(id: str) -> Response:
    """Facts, what is due, rounds, campaigns and draws of one project, and the ways on that the reader's role has."""
    found = projects.project(actor(), id)
    lines = due_lines(actor(), [found], due.of_projects([found], now()))
    return page(
        "project.html",
        project=found,
        names={one.id: one.name for one in organisations.organisations(actor())},
        sites=projects.sites(actor(), id),
        due=lines[:MOST_DUE],
        all_due=len(lines),
        ways=ways(actor(), "project", found.parties, id),
        **_work(found, now()),
    )


def _work(found: Project, at: datetime) -> dict[str, Any]:
    """Rounds, campaigns and draws with their pages; None for what the reader's role has no part in."""
    seen: dict[str, Any] = {"rounds": None, "campaigns": None, "draws": None}
    if access.may(actor(), "rounds.read", found.parties):
        linked = opens(actor(), "round", found.parties)
        rows = sorted(rounds.rows([found.id]), key=lambda one: (one.opened_at, one.id), reverse=True)
        seen["rounds"] = [(row, url_for("desk.round", id=row.id) if linked else "") for row in rows]
    if access.may(actor(), "progress.read", found.parties):
        listed = campaigns.listed(actor(), [found])
        seen["campaigns"] = [(one, state, campaign_address(actor(), one, state, found)) for one, state in listed]
    if access.may(actor(), "draws.follow", found.parties):
        whole = opens(actor(), "draw", found.parties)
        seen["draws"] = [
            (one, url_for("desk.draw" if whole and one.state == OPENED else "desk.ceremony", id=one.id))
            for one in draws.of_project(actor(), found.id, at)
        ]
    return seen
