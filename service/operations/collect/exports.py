"""Exports of a campaign's single answers, page by page; for its evaluator."""

from collections.abc import Iterator
from dataclasses import dataclass

from service.domain.access import Actor
from service.domain.collect import exports as rules
from service.domain.collect.campaigns import DRAFT, Campaign
from service.domain.collect.exports import Column
from service.domain.collect.questionnaires import Questionnaire
from service.domain.collect.responses import Response
from service.domain.projects import Site
from service.operations.collect import campaigns, seals
from service.operations.collect.questionnaires import of_campaign
from service.store import records
from service.store.collect import responses as stored

PAGE = 500  # answers that are held at once


@dataclass(frozen=True)
class Exported:
    """The head of an export of single answers: `number` are sealed, `waiting` are counted and not readable yet."""

    campaign: Campaign
    questionnaire: Questionnaire
    columns: tuple[Column, ...]
    number: int
    waiting: int


def exported(actor: Actor, id: str) -> Exported:
    """What an export of a campaign's answers would hold. Evaluator only. Raises Refused: not_found, forbidden."""
    campaign = campaigns.get(actor, id, "responses.read")
    drafted = campaigns.state(id) == DRAFT
    number, waiting = (0, 0) if drafted else (seals.sealed(id), seals.waiting(id))
    return Exported(campaign, of_campaign(id), _columns(campaign), number, waiting)


def columns(actor: Actor, id: str) -> tuple[Column, ...]:
    """The columns of a campaign's answers, for the codebook: for whoever knows of the campaign."""
    return _columns(campaigns.get(actor, id, "campaigns.read"))


def _columns(campaign: Campaign) -> tuple[Column, ...]:
    sites = {site.id: site.name for site in records.find(Site, project=campaign.project)}
    return rules.columns(of_campaign(campaign.id), sites)


def pages(found: Exported) -> Iterator[list[Response]]:
    """All sealed answers in the order of their random ids, at most a few hundred at once.

    The ids are spread evenly, so each page is a narrow range of them, which the database finds by its index. An answer
    that is withdrawn meanwhile is left out if its page has not been read yet.
    """
    yield from _ranges(found.campaign.id, 0, found.number)


def after(found: Exported, last: str, size: int) -> list[Response]:
    """At most `size` answers whose ids come after `last` ("" for the first ones), in order."""
    taken: list[Response] = []
    for page in _ranges(found.campaign.id, stored.slot_of(last) if last else 0, found.number, size):
        taken += [response for response in page if response.final_id > last]
        if len(taken) >= size:
            break
    return taken[:size]


def _ranges(campaign: str, first: int, number: int, size: int = PAGE) -> Iterator[list[Response]]:
    width = max(stored.SLOTS * min(size, PAGE) // max(number, PAGE), 1)
    for start in range(first, stored.SLOTS, width):
        if page := stored.page(campaign, start, width):
            yield page
