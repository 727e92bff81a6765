"""The desk's pages of visits: a project's list with the form that plans one, and one visit with its items."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from flask import Response, url_for
from flask_babel import gettext
from marshmallow import post_load

from schemas.base import identifier
from schemas.inspect.visits import (
    DeclarationSchema,
    FinishSchema,
    ReasonSchema,
    ReassignmentSchema,
    ReplacedPersonSchema,
    VisitSchema,
    identifiers,
)
from service.domain import access
from service.domain.days import day_of
from service.domain.errors import Refused
from service.domain.evaluate.methods import MethodProgress
from service.domain.inspect.assignments import OPEN
from service.domain.inspect.checklists import VISIT_KINDS
from service.domain.inspect.conflicts import Declaration
from service.domain.inspect.draws import CHECK_KINDS, TRIGGERS
from service.domain.inspect.visits import MOST_PERSONS, PLANNED, STARTED, Visit
from service.domain.projects import Project
from service.operations import organisations, projects
from service.operations.evaluate import methods
from service.operations.inspect import assignments, checklists, conflicts, draws, visits
from service.web.auth import actor, now, requires
from service.web.extensions import keys
from service.web.pages.desk.forms import NOTHING, Field, Form, ShownForm, save
from service.web.pages.desk.home import blueprint, page
from service.web.pages.desk.inspect.draws import draw_title
from service.web.pages.desk.ways import N_, way
from service.web.pages.desk.words import local, person_named, word

MOST_ITEMS = 1000


class LedVisitSchema(VisitSchema):
    """A visit with the person who leads it apart; over the API that is the first one."""

    lead = identifier(required=True)
    persons = identifiers(MOST_PERSONS, load_default=list)

    @post_load
    def lead_first(self, values: dict[str, Any], **_more: Any) -> dict[str, Any]:
        lead = values.pop("lead")
        return values | {"persons": [lead, *(person for person in values["persons"] if person != lead)]}


class HandedOverSchema(ReassignmentSchema):
    """Several items at once."""

    items = identifiers(MOST_ITEMS, 1, required=True)


PLANNED_FIELDS = (
    Field("site", N_("Site"), "choice"),
    Field("on", N_("Day"), "date"),
    Field("lead", N_("Who leads"), "choice"),
    Field("persons", N_("Who goes along (at least one)"), "choices"),
    Field("draws", N_("Draws that are opened at the start"), "choices"),
    Field("checklists", N_("Filled in once during the visit"), "choices"),
    Field("kind", N_("Kind of check"), "choice", required=True),
    Field("trigger", N_("Why it is made"), "choice", required=True),
    Field("note", N_("Note for those who go"), "long", lines=2),
)
PLAN = Form(LedVisitSchema, (Field("id", "", "new_id"), *PLANNED_FIELDS), key="plan")
CHANGE = Form(LedVisitSchema, PLANNED_FIELDS, key="change")
DECLARE = Form(
    DeclarationSchema,
    (
        Field("id", "", "new_id"),
        Field(
            "conflict",
            N_("Is there a conflict of interest?"),
            "radio",
            choices=(("false", N_("No")), ("true", N_("Yes"))),
        ),
        Field("text", N_("Which one, if there is one"), "long", lines=2),
    ),
    key="declare",
)
REASON = Field("reason", N_("Reason"))
START = replace(NOTHING, key="start")
FINISH = Form(FinishSchema, (Field("reason", N_("Remark")),), key="finish")
FINISH_OPEN = replace(FINISH, fields=(Field("reason", N_("Reason for what is still open"), required=True),))
CANCEL = Form(ReasonSchema, (REASON,), key="cancel")
REPLACE = Form(
    ReplacedPersonSchema,
    (Field("leaving", N_("Instead of"), "choice"), Field("coming", N_("Who comes"), "choice"), REASON),
    key="replace",
)
HAND_OVER = Form(
    HandedOverSchema,
    (Field("items", N_("Items"), "choices"), Field("auditor", N_("To"), "choice"), REASON),
    key="hand",
)


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
    form = _planning(PLAN, projects.project(actor(), id, "visits.write"))
    return save(form, lambda values, version: visits.plan(actor(), now(), _visit(values)), _address, _listed(id, PLAN))


@blueprint.post("/projects/<id>/declarations")
@requires("declarations.write")
def declare_interest(id: str) -> Response:
    """The reader's own word on this project."""

    def act(values: dict[str, Any], version: int) -> tuple[Declaration, bool]:
        mine = values | {"user": actor().id, "project": id, "organisation": ""}
        return conflicts.declare(actor(), now(), Declaration(**mine))

    return save(DECLARE, act, lambda made: url_for("desk.visits", id=id), _listed(id, DECLARE))


def _listed(id: str, form: Form) -> Callable[[ShownForm, int], Response]:
    return lambda shown, status: _list_page(id, status, {form.key: shown})


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
    form = _planning(CHANGE, projects.project(actor(), there.project, "visits.write")).having(fixed={"id": id})

    def change(values: dict[str, Any], version: int) -> Visit:
        return visits.change(actor(), now(), _visit(values), version)

    def current() -> tuple[Visit, int]:
        stored = visits.get(actor(), id)
        return stored, stored.version

    return save(form, change, _address, _shown(id, CHANGE), current)


@blueprint.post("/visits/<id>/start")
@requires("visits.run")
def start_visit(id: str) -> Response:
    """Open what is drawn and share it out."""
    return _step(id, START, lambda values, version: visits.start(actor(), now(), keys(), id))


@blueprint.post("/visits/<id>/finish")
@requires("visits.run")
def finish_visit(id: str) -> Response:
    """End it, with a reason for what is left open."""
    left = any(one.state == OPEN for one in assignments.of_visit(actor(), id))
    form = FINISH_OPEN if left else FINISH
    return _step(id, form, lambda values, version: visits.finish(actor(), now(), id, values["reason"]))


@blueprint.post("/visits/<id>/cancel")
@requires("visits.write")
def cancel_visit(id: str) -> Response:
    """Call it off."""
    return _step(id, CANCEL, lambda values, version: visits.cancel(actor(), now(), id, values["reason"], version))


@blueprint.post("/visits/<id>/persons")
@requires("visits.write")
def replace_person(id: str) -> Response:
    """Send somebody else."""
    return _step(
        id, REPLACE, lambda values, version: visits.replace_person(actor(), now(), id, **values, version=version)
    )


@blueprint.post("/visits/<id>/items")
@requires("assignments.write")
def reassign_items(id: str) -> Response:
    """Hand the ticked items to somebody else, each with its history."""

    def act(values: dict[str, Any], version: int) -> None:
        for item in values["items"]:
            assignments.reassign(actor(), now(), item, values["auditor"], values["reason"])

    return _step(id, HAND_OVER, act)


def _step(id: str, form: Form, act: Callable[[dict[str, Any], int], Any]) -> Response:
    visit = visits.get(actor(), id)
    asked = _stepping(form, visit, projects.project(actor(), visit.project, "visits.read"))
    return save(asked, act, lambda made: url_for("desk.visit", id=id), _shown(id, form))


def _shown(id: str, form: Form) -> Callable[[ShownForm, int], Response]:
    return lambda shown, status: _visit_page(id, status, {form.key: shown})


def _address(visit: Visit) -> str:
    return url_for("desk.visit", id=visit.id)


def _visit(values: dict[str, Any]) -> Visit:
    return Visit(**values | {name: tuple(values[name]) for name in ("persons", "draws", "checklists")})


def _planning(form: Form, project: Project) -> Form:
    """With what a visit of this project may be made of; for the evaluator, who plans."""
    latest = {one.checklist: one for one in checklists.published() if one.record_kind in VISIT_KINDS}
    drawn = [draw for draw in draws.of_project(actor(), project.id, now()) if draw.state != "void"]
    return form.having(
        {
            "site": [(site.id, site.name) for site in projects.sites(actor(), project.id)],
            "lead": _workers(project),
            "persons": _declared(project),
            "draws": [
                (one.id, f"{draw_title(one.id)} · {gettext('%(count)s drawn', count=one.size)}") for one in drawn
            ],
            "checklists": [(one.id, local(one.definition["title"])) for one in latest.values()],
            "kind": [(kind, word("check_kind", kind)) for kind in CHECK_KINDS],
            "trigger": [(one, word("trigger", one)) for one in TRIGGERS],
        },
        {"project": project.id},
    )


def _workers(project: Project) -> list[tuple[str, str]]:
    return [(user.id, user.username) for user in conflicts.field_workers(project)]


def _declared(project: Project) -> list[tuple[str, str]]:
    """Those who may go, each with what keeps them from it."""
    said = conflicts.of_project(actor(), project.id)

    def told(person: str) -> str:
        if any(one.conflict for one in said.get(person, ())):
            return f" · {gettext('conflict of interest')}"
        return "" if said.get(person) else f" · {gettext('not declared yet')}"

    return [(person, name + told(person)) for person, name in _workers(project)]


def _stepping(form: Form, visit: Visit, project: Project) -> Form:
    """A step with whom it may name, and with what its page shows of the visit."""
    names = {site.id: site.name for site in projects.sites(actor(), project.id)}
    persons = [(person, person_named(people(), person)) for person in visit.persons]
    seen = {
        N_("State"): word("visit_state", visit.state),
        N_("Day"): visit.on.isoformat(),
        N_("Site"): names.get(visit.site, visit.site),
        N_("Persons"): "\n".join(name for _, name in persons),
        N_("Draws"): "\n".join(draw_title(draw) for draw in visit.draws),
        N_("Kind of check"): word("check_kind", visit.kind),
        N_("Why it is made"): word("trigger", visit.trigger),
        N_("Note for those who go"): visit.note,
    }
    plans = access.may(actor(), "visits.write", project.parties)
    workers = _workers(project) if plans else []
    return form.having({"leaving": persons, "coming": workers, "auditor": workers}, seen=seen)


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


def _list_page(id: str, status: int = 200, refused: Mapping[str, ShownForm] | None = None) -> Response:
    project = projects.project(actor(), id, "visits.read")
    plans = access.may(actor(), "visits.write", project.parties)
    shown = {PLAN.key: _planning(PLAN, project).shown()} if plans else {}
    return page(
        "inspect/visits.html",
        status,
        project=project,
        visits=visits.of_project(actor(), id),
        methods=_gathered(project),
        mine=conflicts.of_project(actor(), id).get(actor().id),
        names={site.id: site.name for site in projects.sites(actor(), id)},
        people=people(),
        today=day_of(now()),
        shown={DECLARE.key: DECLARE.shown(), **shown, **(refused or {})},
    )


def _visit_page(id: str, status: int = 200, refused: Mapping[str, ShownForm] | None = None) -> Response:
    visit = visits.get(actor(), id)
    project = projects.project(actor(), visit.project, "visits.read")
    items = sorted(assignments.of_visit(actor(), id), key=lambda one: (one.auditor, one.draw, one.serial))
    left = sum(one.state == OPEN for one in items)
    plans = access.may(actor(), "visits.write", project.parties)
    shown = {
        form.key: _stepping(form, visit, project).shown(version=visit.version) for form in _steps(visit, project, left)
    }
    if plans and visit.state == PLANNED:
        shown[CHANGE.key] = _planning(CHANGE, project).shown(visit)
    titles = {one.id: one.definition.get("title") for one in checklists.published()}
    return page(
        "inspect/visit.html",
        status,
        visit=visit,
        project=project,
        items=items,
        open=left,
        plans=plans,
        today=day_of(now()),
        names={site.id: site.name for site in projects.sites(actor(), project.id)},
        people=people(),
        titles=titles,
        shown=shown | {key: form for key, form in (refused or {}).items() if key in shown},
        failed=next(iter((refused or {}).values()), None),
    )


def _steps(visit: Visit, project: Project, left: int) -> list[Form]:
    """What the reader may do with the visit now; `left` items are still to be looked up."""
    own, plans = actor().id in visit.persons, access.may(actor(), "visits.write", project.parties)
    found = [START] if own and visit.state == PLANNED else []
    found += [FINISH_OPEN if left else FINISH] if (own or plans) and visit.state == STARTED else []
    found += [HAND_OVER] if plans and left and visit.state != PLANNED else []
    return found + ([REPLACE, CANCEL] if plans and visit.running else [])
