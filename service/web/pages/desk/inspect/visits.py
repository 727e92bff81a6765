"""The desk's pages of visits: a project's list with the form that plans one, and one visit with its items."""

import uuid
from collections.abc import Callable
from datetime import date
from typing import Any

from flask import Response, make_response, redirect, request, url_for

from service.domain import access
from service.domain.days import day_of
from service.domain.errors import Fault, Refused
from service.domain.evaluate.methods import MethodProgress
from service.domain.inspect.checklists import VISIT_KINDS
from service.domain.inspect.conflicts import Declaration
from service.domain.inspect.draws import CHECK_KINDS, TRIGGERS
from service.domain.inspect.visits import PLANNED, STARTED, Visit
from service.domain.projects import Project
from service.operations import organisations, projects
from service.operations.evaluate import methods
from service.operations.inspect import assignments, checklists, conflicts, draws, visits
from service.web.auth import actor, now, requires
from service.web.errors import fault_text, status_of
from service.web.extensions import keys
from service.web.pages.desk.home import blueprint, message, page
from service.web.pages.desk.ways import N_, way

# What is shown on the page with what was typed; anything else is the desk's page of refusals.
MENDED = ("invalid", "conflict_of_interest", "undeclared", "stale", "state_conflict", "visit_not_today", "not_of_visit")
MENDED_TOO = ("visit_items_open", "draw_not_ready", "draw_void", "nothing_to_check_again", "id_taken", "busy")


@blueprint.get("/projects/<id>/visits", endpoint="visits")
@requires("visits.read")
@way("project", N_("Visits"), "visits.read", heading=N_("Inspecting"), order=41, endpoint="visits")
def show_visits(id: str) -> Response:
    """The visits by day, the own declaration, and for the evaluator the form that plans one."""
    return _list_page(id)


@blueprint.post("/projects/<id>/visits")
@requires("visits.write")
def plan_visit(id: str) -> Response:
    """Plan a visit; the page carries its id, so that pressing twice makes one."""
    try:
        made, _ = visits.plan(actor(), now(), _asked(request.form.get("id") or uuid.uuid4().hex, id))
    except Refused as refused:
        return _list_page(id, refused)
    return to("desk.visit", id=made.id)


@blueprint.post("/projects/<id>/declarations")
@requires("declarations.write")
def declare_interest(id: str) -> Response:
    """The reader's own word on this project."""
    form = request.form
    try:
        if form.get("conflict") not in ("yes", "no"):
            raise Refused("invalid", [Fault("conflict", "missing")])
        conflict, text = form["conflict"] == "yes", form.get("text", "").strip()
        conflicts.declare(actor(), now(), Declaration(uuid.uuid4().hex, actor().id, conflict, project=id, text=text))
    except Refused as refused:
        return _list_page(id, refused)
    return to("desk.visits", id=id)


@blueprint.get("/visits/<id>", endpoint="visit")
@requires("visits.read")
def show_visit(id: str) -> Response:
    """One visit, its items and what may be done with it now."""
    return _visit_page(id)


@blueprint.post("/visits/<id>/plan")
@requires("visits.write")
def change_visit(id: str) -> Response:
    """Plan it differently."""
    there = visits.get(actor(), id)
    return _changed(id, lambda: visits.change(actor(), now(), _asked(id, there.project), version()))


@blueprint.post("/visits/<id>/start")
@requires("visits.run")
def start_visit(id: str) -> Response:
    """Open what is drawn and share it out."""
    return _changed(id, lambda: visits.start(actor(), now(), keys(), id))


@blueprint.post("/visits/<id>/finish")
@requires("visits.run")
def finish_visit(id: str) -> Response:
    """End it, with a reason for what is left open."""
    return _changed(id, lambda: visits.finish(actor(), now(), id, given("reason")))


@blueprint.post("/visits/<id>/cancel")
@requires("visits.write")
def cancel_visit(id: str) -> Response:
    """Call it off."""
    return _changed(id, lambda: visits.cancel(actor(), now(), id, given("reason"), version()))


@blueprint.post("/visits/<id>/persons")
@requires("visits.write")
def replace_person(id: str) -> Response:
    """Send somebody else."""
    form = request.form

    def act() -> Visit:
        leaving, coming = form.get("leaving", ""), form.get("coming", "")
        return visits.replace_person(actor(), now(), id, leaving, coming, given("reason"), version())

    return _changed(id, act)


@blueprint.post("/visits/<id>/items")
@requires("assignments.write")
def reassign_items(id: str) -> Response:
    """Hand the ticked items to somebody else, each with its history."""

    def act() -> None:
        chosen = request.form.getlist("item")
        if not chosen:
            raise Refused("invalid", [Fault("item", "missing")])
        for item in chosen:
            assignments.reassign(actor(), now(), item, request.form.get("auditor", ""), given("reason"))

    return _changed(id, act)


def to(endpoint: str, **values: Any) -> Response:
    return make_response(redirect(url_for(endpoint, **values), 303))


def version() -> int:
    """What the page had read; 0, which is never stored, for anything that is no number."""
    text = request.form.get("version", "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else 0


def given(name: str) -> str:
    return request.form.get(name, "").strip()


def told(refused: Refused | None) -> list[str]:
    """The refusal as sentences for the page; what no form can mend is raised again."""
    if refused is None:
        return []
    if refused.reason not in (*MENDED, *MENDED_TOO):
        raise refused
    lines = [fault_text(fault) for fault in refused.faults]
    return [message(refused), *lines] if refused.reason != "invalid" or not lines else lines


def _changed(id: str, act: Callable[[], object]) -> Response:
    try:
        act()
    except Refused as refused:
        return _visit_page(id, refused)
    return to("desk.visit", id=id)


def _asked(id: str, project: str) -> Visit:
    form = request.form
    lead = form.get("lead", "")
    others = [person for person in form.getlist("person") if person != lead]
    try:
        on = date.fromisoformat(form.get("on", "").strip())
    except ValueError:
        raise Refused("invalid", [Fault("on", "not_a_date")]) from None
    note = given("note")
    if len(note) > 2000:
        raise Refused("invalid", [Fault("note", "too_long", {"limit": 2000})])
    return Visit(
        id=id,
        project=project,
        site=form.get("site", ""),
        on=on,
        persons=(*((lead,) if lead else ()), *others),
        draws=tuple(form.getlist("draw")),
        checklists=tuple(form.getlist("checklist")),
        kind=form.get("kind", ""),
        trigger=form.get("trigger", ""),
        note=note,
    )


def choices(project: Project) -> dict[str, Any]:
    """What a visit of this project may be made of; for the evaluator, who plans."""
    latest = {one.checklist: one for one in checklists.published() if one.record_kind in VISIT_KINDS}
    said = conflicts.of_project(actor(), project.id)
    return {
        "workers": conflicts.field_workers(project),
        "undeclared": [person for person, found in said.items() if not found],
        "barred": [person for person, found in said.items() if any(one.conflict for one in found)],
        "sites": projects.sites(actor(), project.id),
        "draws": [draw for draw in draws.of_project(actor(), project.id, now()) if draw.state != "void"],
        "checklists": list(latest.values()),
        "kinds": CHECK_KINDS,
        "triggers": TRIGGERS,
    }


def _gathered(project: Project) -> list[MethodProgress] | None:
    """What each method has delivered; None before a round says what is asked for."""
    if not access.may(actor(), "methods.read", project.parties):
        return None
    try:
        return methods.of_project(actor(), project.id)
    except Refused as refused:
        if refused.reason != "not_found":
            raise
        return None


def people() -> dict[str, str]:
    return organisations.colleagues(actor())


def _list_page(id: str, refused: Refused | None = None) -> Response:
    errors = told(refused)
    project = projects.project(actor(), id, "visits.read")
    plans = access.may(actor(), "visits.write", project.parties)
    return page(
        "inspect/visits.html",
        status_of(refused) if refused else 200,
        project=project,
        visits=visits.of_project(actor(), id),
        plans=choices(project) if plans else None,
        methods=_gathered(project),
        mine=conflicts.of_project(actor(), id).get(actor().id),
        names={site.id: site.name for site in projects.sites(actor(), id)},
        people=people(),
        fresh=uuid.uuid4().hex,
        today=day_of(now()),
        form=request.form,
        errors=errors,
    )


def _visit_page(id: str, refused: Refused | None = None) -> Response:
    errors = told(refused)
    visit = visits.get(actor(), id)
    project = projects.project(actor(), visit.project, "visits.read")
    plans = access.may(actor(), "visits.write", project.parties)
    own = actor().id in visit.persons
    items = sorted(assignments.of_visit(actor(), id), key=lambda one: (one.auditor, one.draw, one.serial))
    titles = {one.id: one.definition.get("title") for one in checklists.published()}
    return page(
        "inspect/visit.html",
        status_of(refused) if refused else 200,
        visit=visit,
        project=project,
        items=items,
        open=sum(one.state == "open" for one in items),
        plans=choices(project) if plans else None,
        starts=own and visit.state == PLANNED,
        today=day_of(now()),
        ends=(own or plans) and visit.state == STARTED,
        names={site.id: site.name for site in projects.sites(actor(), project.id)},
        people=people(),
        titles=titles,
        form=request.form,
        errors=errors,
    )
