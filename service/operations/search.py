"""Search: what of the actor's projects has these words in its name, or this beginning of an id."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from service.domain import access
from service.domain.access import Actor
from service.domain.projects import Project, Site
from service.operations import projects
from service.operations.collect import campaigns, questionnaires
from service.operations.evaluate import rounds
from service.operations.inspect import follow_ups, notices
from service.operations.procedure import appeals, objections
from service.store import records

SHORTEST, MOST = 2, 10  # letters that are sought; hits of a kind that are told
TOLD = 80  # characters of a text that stand for the name of what has none


@dataclass(frozen=True)
class Hit:
    """One thing found: `kind` is one of KINDS, `project` its project's id ("" for questionnaires)."""

    kind: str
    id: str
    name: str
    project: str = ""
    state: str = ""


Source = Callable[[Actor, Sequence[Project]], Iterable[Hit]]


def search(actor: Actor, text: str) -> dict[str, list[Hit]]:
    """Kind -> at most MOST + 1 hits, ids that are equal to `text` first, then names; kinds without any are left out.

    One question to the database for each kind, however many projects there are; answers are never searched.
    """
    sought = text.strip().casefold()
    if len(sought) < SHORTEST:
        return {}
    mine = projects.projects(actor) if access.may(actor, "projects.list") else []
    found = {}
    for kind, source in SOURCES.items():
        hits = [hit for hit in source(actor, mine) if _fits(hit, sought)]
        if hits:
            found[kind] = sorted(hits, key=lambda hit: (hit.id.casefold() != sought, hit.name, hit.id))[: MOST + 1]
    return found


def _fits(hit: Hit, sought: str) -> bool:
    return sought in hit.name.casefold() or hit.id.casefold().startswith(sought)


def _projects(actor: Actor, mine: Sequence[Project]) -> Iterable[Hit]:
    return (Hit("project", one.id, one.name, one.id) for one in mine)


def _sites(actor: Actor, mine: Sequence[Project]) -> Iterable[Hit]:
    ids = tuple(one.id for one in mine)
    return (Hit("site", one.id, one.name, one.project) for one in (records.find(Site, project=ids) if ids else ()))


def _campaigns(actor: Actor, mine: Sequence[Project]) -> Iterable[Hit]:
    return (Hit("campaign", one.id, one.name, one.project, state) for one, state in campaigns.listed(actor, mine))


def _rounds(actor: Actor, mine: Sequence[Project]) -> Iterable[Hit]:
    ids = {one.id for one in mine if access.may(actor, "rounds.read", one.parties)}
    return (Hit("round", one.id, one.name, one.project, one.state) for one in (rounds.rows(ids) if ids else ()))


def _questionnaires(actor: Actor, mine: Sequence[Project]) -> Iterable[Hit]:
    if not access.may(actor, "questionnaires.read"):
        return
    for one in questionnaires.versions(actor):
        titles = one.definition.get("title")
        yield Hit("questionnaire", one.id, " / ".join(titles.values()) if isinstance(titles, dict) else one.id)


def _cases(actor: Actor, mine: Sequence[Project]) -> Iterable[Hit]:
    return (Hit("case", one.id, one.title, one.project, one.state) for one in follow_ups.of_projects(actor, mine))


def _notices(actor: Actor, mine: Sequence[Project]) -> Iterable[Hit]:
    for one in notices.of_projects(actor, mine):
        yield Hit("notice", one.id, f"{one.number} {one.summary[:TOLD]}".strip(), one.project, one.state)


def _objections(actor: Actor, mine: Sequence[Project]) -> Iterable[Hit]:
    found = objections.of_projects(actor, mine)
    return (Hit("objection", one.id, one.text[:TOLD], one.project, one.state) for one in found)


def _appeals(actor: Actor, mine: Sequence[Project]) -> Iterable[Hit]:
    found = appeals.of_projects(actor, mine)
    return (Hit("appeal", one.id, one.text[:TOLD], one.project, one.state) for one in found)


SOURCES: dict[str, Source] = {
    "project": _projects,
    "site": _sites,
    "campaign": _campaigns,
    "round": _rounds,
    "questionnaire": _questionnaires,
    "case": _cases,
    "notice": _notices,
    "objection": _objections,
    "appeal": _appeals,
}
