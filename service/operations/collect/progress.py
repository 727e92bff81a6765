"""Progress of a campaign: everything for the evaluator, one coarse total a site for the others."""

from dataclasses import dataclass

from service.domain import access
from service.domain.access import Actor
from service.domain.collect import progress as rules
from service.domain.collect import quotas
from service.domain.collect.campaigns import DRAFT, Campaign
from service.domain.collect.progress import SiteProgress, SiteTotal
from service.domain.errors import Refused
from service.domain.projects import Project
from service.operations.acts import load
from service.operations.collect import campaigns, seals
from service.operations.collect.questionnaires import of_campaign
from service.store.collect import seals as stored_seals
from service.store.collect import withdrawals


@dataclass(frozen=True)
class Progress:
    """`sites` for the evaluator; `totals` for everybody else."""

    campaign: Campaign
    sites: tuple[SiteProgress, ...] = ()
    totals: tuple[SiteTotal, ...] = ()


def of(actor: Actor, id: str) -> Progress:
    """What this reader may see. Raises Refused("campaign_not_open") for a draft."""
    campaign = campaigns.get(actor, id, "progress.read")
    if campaigns.state(id) == DRAFT:
        raise Refused("campaign_not_open")
    tally, _ = seals.read(id)
    wanted = quotas.of_plain(campaign.quotas)
    arrivals, withdrawn = stored_seals.arrivals(id), withdrawals.by_site(id)
    sites = rules.of_sites(campaign.sites, of_campaign(id), tally, wanted, arrivals, withdrawn)
    if access.may(actor, "responses.read", load(Project, campaign.project, "project").parties):
        return Progress(campaign, tuple(sites))
    return Progress(campaign, totals=tuple(rules.for_others(sites)))
