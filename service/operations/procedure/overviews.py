"""A district at a glance: every station's progress, next deadline and result, as far as the reader may see them."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from service.domain import access
from service.domain.access import Actor
from service.domain.collect.campaigns import DRAFT, Campaign
from service.domain.evaluate.results import ResultVersion, visible
from service.domain.evaluate.rounds import Round
from service.domain.procedure.due import Due
from service.domain.projects import Project
from service.operations import projects
from service.operations.collect import campaigns, progress
from service.operations.evaluate import result_versions, schemes
from service.operations.procedure import due
from service.store import records


@dataclass(frozen=True)
class Station:
    """One project and its newest round. `answered` is exact for the evaluator and a coarse floor for the others.

    None where there is nothing yet or nothing that this reader may see. `due` is what comes first, overdue or not.
    """

    project: Project
    round: Round | None
    answered: int | None
    sites: int
    due: Due | None
    overdue: int
    total: Decimal | None
    grade: str
    grade_label: Mapping[str, str]


def of(actor: Actor, now: datetime, state: str = "", overdue: bool = False) -> list[Station]:
    """The stations of the actor's organisation, those with something overdue first, then by name."""
    found = [*_stations(actor, now)]
    kept = [
        one
        for one in found
        if (not state or (one.round is not None and one.round.state == state)) and (not overdue or one.overdue)
    ]
    return sorted(kept, key=lambda one: (-one.overdue, one.project.name, one.project.id))


def _stations(actor: Actor, now: datetime) -> Iterator[Station]:
    mine = [one for one in projects.projects(actor) if access.may(actor, "rounds.read", one.parties)]
    if not mine:
        return
    ids = tuple(one.id for one in mine)
    opened: dict[str, Round] = {}
    for round in sorted(records.find(Round, project=ids), key=lambda one: (one.opened_at, one.id)):
        opened[round.project] = round
    asked: dict[str, list[Campaign]] = {}
    for campaign in records.find(Campaign, project=ids):
        asked.setdefault(campaign.project, []).append(campaign)
    coming: dict[str, list[Due]] = {}
    for one in due.of(actor, now):
        coming.setdefault(one.project, []).append(one)
    for project in mine:
        yield _station(actor, project, opened.get(project.id), asked.get(project.id, []), coming.get(project.id, []))


def _station(
    actor: Actor, project: Project, round: Round | None, asked: Sequence[Campaign], coming: Sequence[Due]
) -> Station:
    version = result_versions.latest(round.id) if round and _shown(actor, project, round) else None
    return Station(
        project=project,
        round=round,
        answered=_answered(actor, asked),
        sites=len({site for campaign in asked for site in campaign.sites}),
        due=coming[0] if coming else None,
        overdue=sum(one.overdue for one in coming),
        total=version.total if version else None,
        grade=version.grade if version else "",
        grade_label=_label(version) if version else {},
    )


def _shown(actor: Actor, project: Project, round: Round) -> bool:
    parts = {access.PARTY_OF_ROLE[role] for role in actor.roles if role in access.PARTY_OF_ROLE}
    return any(visible(part, round.state) and project.parties.get(part) == actor.organisation for part in parts)


def _label(version: ResultVersion) -> Mapping[str, str]:
    bands = {band.id: band.label for band in schemes.parsed(version.scheme).bands}
    return bands.get(version.grade, {})


def _answered(actor: Actor, asked: Sequence[Campaign]) -> int | None:
    """Answers of all campaigns that were opened; for others than the evaluator the sum of what each site shows."""
    opened = [campaign for campaign in asked if campaigns.state(campaign.id) != DRAFT]
    if not opened:
        return None
    seen = [progress.of(actor, campaign.id) for campaign in opened]
    exact = sum(site.answered for one in seen for site in one.sites)
    return exact + sum(site.at_least or 0 for one in seen for site in one.totals)
