"""Satisfaction: figures of a campaign from its tallies, with the reach of its batches beside them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from service.domain.access import Actor
from service.domain.collect import satisfaction as rules
from service.domain.collect import tallies
from service.domain.collect.questionnaires import Questionnaire
from service.domain.collect.satisfaction import AwarenessFigure, Estimate, IndexMapping, Reach
from service.domain.collect.tallies import Tally
from service.domain.collect.tickets import SLIP, Batch
from service.domain.errors import Fault, Refused
from service.operations.collect import campaigns, seals
from service.operations.collect.questionnaires import of_campaign
from service.store import records

WHOLE_BATCHES = {"site", "session", "distribution"}


@dataclass(frozen=True)
class Figures:
    """Estimates by group; a group is the values of the asked dimensions. `revision` is the ledger's."""

    campaign: str
    revision: int
    by: tuple[str, ...]
    groups: tuple[tuple[tuple[str, ...], Estimate], ...]


def figures(
    actor: Actor,
    campaign: str,
    by: Sequence[str] = (),
    where: Mapping[str, Sequence[str]] | None = None,
    scale: str = "satisfaction",
    mapping: IndexMapping | None = None,
) -> Figures:
    """Estimates of a declared scale, for all answers or by group, within filters of the tally key.

    Raises Refused("filter_unavailable") for a dimension outside the key, Refused("invalid") for an undeclared scale.
    """
    campaigns.get(actor, campaign, "satisfaction.read")
    questionnaire = of_campaign(campaign)
    if scale not in questionnaire.scales:
        options = ", ".join(questionnaire.scales)
        raise Refused("invalid", [Fault("scale", "not_an_option", {"value": scale, "options": options})])
    tally, revision = seals.read(campaign)
    filters = {_dimension(questionnaire, name): tuple(values) for name, values in (where or {}).items()}
    tally = tallies.select(tally, **filters)
    issued = records.find(Batch, campaign=campaign)
    batches = [batch for batch in issued if _within(batch, filters)]
    dimensions = [_dimension(questionnaire, name) for name in by]
    groups = tallies.by(tally, *dimensions)
    for batch in batches:  # a site without any answer is a group too, with its rate of zero
        if dimensions and set(dimensions) <= {"site", "session", "distribution"}:
            groups.setdefault(tuple(getattr(batch, name) for name in dimensions), {})
    estimates = []
    for key, part in sorted(groups.items()):
        own = [batch for batch in batches if _within(batch, dict(zip(dimensions, ((v,) for v in key), strict=True)))]
        whole = set(dimensions) | set(filters) <= WHOLE_BATCHES
        estimates.append((key, estimate(questionnaire, part, reach(own, issued), scale, mapping, whole)))
    return Figures(campaign, revision, tuple(by), tuple(estimates))


def awareness(actor: Actor, campaign: str) -> AwarenessFigure | None:
    """How many know the service, without answers helped by its staff; None where the questionnaire does not ask."""
    campaigns.get(actor, campaign, "satisfaction.read")
    return rules.awareness(of_campaign(campaign), seals.read(campaign)[0])


def estimate(
    questionnaire: Questionnaire,
    tally: Tally,
    asked: Sequence[Reach],
    scale: str,
    mapping: IndexMapping | None,
    whole: bool = True,
) -> Estimate:
    """Figures of a tally; `whole` tells that it holds whole batches, of which alone a rate can be stated."""
    return rules.estimate(questionnaire, tally, asked, scale=scale, mapping=mapping, whole=whole)


def reach(batches: Sequence[Batch], issued: Sequence[Batch]) -> list[Reach]:
    """Who was asked by `batches`, out of all that were `issued` in the campaign.

    Batches of one frame are one draw. Its N holds for all of them together: how much of the frame belongs to some of
    them only is not known, so a part has none.
    """
    asked = [Reach(batch.distribution, batch.count) for batch in batches if batch.kind == SLIP and not batch.frame]
    for frame in sorted({batch.frame for batch in batches if batch.frame}):
        own, all_of_it = ([batch for batch in some if batch.frame == frame] for some in (batches, issued))
        population = own[0].population if len(own) == len(all_of_it) else None
        asked.append(Reach(own[0].distribution, sum(batch.count for batch in own), population))
    return asked


def _within(batch: Batch, filters: Mapping[str, Sequence[str]]) -> bool:
    return all(
        getattr(batch, name) in values
        for name, values in filters.items()
        if name in ("site", "session", "distribution")
    )


def _dimension(questionnaire: Questionnaire, name: str) -> str:
    return tallies.dimension(questionnaire, name)
