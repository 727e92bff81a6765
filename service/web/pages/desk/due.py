"""The desk's first page, what is due and where it is done, and the whole list of it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from flask import Response, request, url_for

from service.domain import access
from service.domain.access import PARTY_OF_ROLE, Actor
from service.domain.collect.campaigns import DRAFT, OPEN, Campaign
from service.domain.evaluate.rounds import RoundRow
from service.domain.procedure.due import Due
from service.domain.projects import Project
from service.operations import projects
from service.operations.collect import campaigns
from service.operations.evaluate import rounds
from service.operations.procedure import due
from service.web.auth import SIGNED_IN, actor, now, requires
from service.web.pages.desk.home import blueprint, page
from service.web.pages.desk.ways import opens, ways

MOST_DUE, MOST_PROJECTS = 12, 12

# Kind of what is due -> (page where it is done, what of it the page is named by); others lead to round or project.
PLACES: Mapping[str, tuple[str, str]] = {
    "follow_up_answer": ("follow_up", "subject"),
    "follow_up_verification": ("follow_up", "subject"),
    "follow_up_look_back": ("follow_up", "subject"),
    "objection_answer": ("objection", "subject"),
    "objection_correction": ("objection", "subject"),
    "deadline": ("steps", "round"),
    "scheme_change": ("scheme_changes", "round"),
    "scoring": ("judging", "round"),
    "appeal_acceptance": ("appeal", "subject"),
    "appeal_review": ("appeal", "subject"),
    "appeal_conclusion": ("appeal", "subject"),
    "consequence": ("consequences", "round"),
    "continuation": ("continuations", "project"),
    "payment": ("payments", "project"),
    "recurring_task": ("recurring_tasks", "project"),
}
# Who has scored is for those who lead or evaluate, though scores are read by more: any of these actions.
NEEDED: Mapping[str, tuple[str, ...]] = {"scoring": ("judging.write", "rounds.write")}


@dataclass(frozen=True)
class DueLine:
    """One thing that is due as a list shows it; `mine`: the reader's organisation has to act."""

    due: Due
    project: Project
    address: str
    mine: bool


@dataclass(frozen=True)
class ProjectLine:
    """One project as a list shows it: its newest round, its campaigns that take answers, what is late."""

    project: Project
    round: RoundRow | None
    round_address: str
    campaigns: Sequence[tuple[Campaign, str, str]]
    overdue: int


@blueprint.get("/")
@requires(SIGNED_IN)
def home() -> Response:
    """What is due, the reader's first; the projects that need looking at; the tools of the reader's roles."""
    mine = _mine(actor())
    by_id = {one.id: one for one in mine}
    found = ordered(due.of_projects(mine, now()))
    own = [one for one in found if _acts(actor(), one, by_id[one.project])]
    others = [one for one in found if not _acts(actor(), one, by_id[one.project])]
    pressing = {one.project: place for place, one in reversed(list(enumerate([*own, *others])))}
    chosen = sorted(mine, key=lambda one: (pressing.get(one.id, len(found)), one.name, one.id))[:MOST_PROJECTS]
    return page(
        "home.html",
        own=due_lines(actor(), mine, own[:MOST_DUE]),
        others=due_lines(actor(), mine, others[:MOST_DUE]),
        all_due=len(found),
        projects=project_lines(actor(), chosen, found),
        all_projects=len(mine),
        tools=[(heading, found) for heading, found in ways(actor(), "desk") if heading],
    )


@blueprint.get("/due")
@requires("projects.list")
def due_list() -> Response:
    """Everything that is due, filtered by what stands in the address."""
    mine = _mine(actor())
    lines = due_lines(actor(), mine, due.of_projects(mine, now(), "overdue" in request.args))
    whose, project = request.args.get("whose", ""), request.args.get("project", "")
    kept = [one for one in lines if (whose != "mine" or one.mine) and (not project or one.project.id == project)]
    return page(
        "due.html",
        projects=sorted(mine, key=lambda one: (one.name, one.id)),
        lines=kept,
        whose=whose,
        project_id=project,
        overdue="overdue" in request.args,
    )


def _mine(actor: Actor) -> list[Project]:
    return projects.projects(actor) if access.may(actor, "projects.list") else []


def due_lines(actor: Actor, mine: Sequence[Project], found: Sequence[Due]) -> list[DueLine]:
    """What is overdue first, then the earliest."""
    by_id = {one.id: one for one in mine}
    return [
        DueLine(one, by_id[one.project], _place(actor, one, by_id[one.project]), _acts(actor, one, by_id[one.project]))
        for one in ordered(found)
    ]


def ordered(found: Sequence[Due]) -> list[Due]:
    """What is overdue first, then the earliest."""
    return sorted(found, key=lambda one: (not one.overdue, one.on))


def _acts(actor: Actor, one: Due, project: Project) -> bool:
    parts = {PARTY_OF_ROLE.get(role) for role in actor.roles}
    return one.whom in parts and project.parties.get(one.whom) == actor.organisation


def _place(actor: Actor, one: Due, project: Project) -> str:
    """The address of the page where it is done, as far as the reader may open it."""
    endpoint, name = PLACES.get(one.kind, ("", ""))
    needed = NEEDED.get(one.kind, ())
    may = not needed or any(access.may(actor, action, project.parties) for action in needed)
    if endpoint and may and opens(actor, endpoint, project.parties):
        return url_for(f"desk.{endpoint}", id=getattr(one, name))
    if one.round and opens(actor, "round", project.parties):
        return url_for("desk.round", id=one.round)
    return url_for("desk.project", id=project.id)


def project_lines(actor: Actor, chosen: Sequence[Project], found: Sequence[Due]) -> list[ProjectLine]:
    """The chosen projects with what a list says of each: two questions to the database for all of them."""
    newest: dict[str, RoundRow] = {}
    seen = {one.id for one in chosen if access.may(actor, "rounds.read", one.parties)}
    for row in sorted(rounds.rows(seen), key=lambda one: (one.opened_at, one.id)) if seen else []:
        newest[row.project] = row
    asked: dict[str, list[tuple[Campaign, str]]] = {}
    for campaign, state in campaigns.listed(actor, chosen):
        asked.setdefault(campaign.project, []).append((campaign, state))
    late: dict[str, int] = {}
    for each in found:
        late[each.project] = late.get(each.project, 0) + each.overdue
    return [_project_line(actor, one, newest.get(one.id), asked.get(one.id, []), late.get(one.id, 0)) for one in chosen]


def _project_line(
    actor: Actor, project: Project, row: RoundRow | None, asked: Sequence[tuple[Campaign, str]], late: int
) -> ProjectLine:
    address = url_for("desk.round", id=row.id) if row and opens(actor, "round", project.parties) else ""
    running = [(one, state, campaign_address(actor, one, state, project)) for one, state in asked if state == OPEN]
    return ProjectLine(project, row, address, running, late)


def campaign_address(actor: Actor, campaign: Campaign, state: str, project: Project) -> str:
    """The page of a campaign that this reader may open; empty if there is none for a draft."""
    readable = state != DRAFT or access.may(actor, "campaigns.read", project.parties)
    return url_for("desk.campaign", id=campaign.id) if readable and opens(actor, "campaign", project.parties) else ""
