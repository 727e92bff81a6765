"""Satisfaction: figures of one or several campaigns from their tallies, with the reach of their batches beside them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import chain

from service.domain.access import Actor
from service.domain.collect import awareness as awareness_rules
from service.domain.collect import joining, samples, scale_figures, tallies
from service.domain.collect import satisfaction as rules
from service.domain.collect.awareness import AwarenessFigure
from service.domain.collect.questionnaires import Questionnaire
from service.domain.collect.reaches import Reach
from service.domain.collect.samples import CLUSTERS, Method
from service.domain.collect.satisfaction import Estimate, IndexMapping
from service.domain.collect.tallies import Tally
from service.domain.collect.tickets import SLIP, Batch
from service.domain.errors import Fault, Refused
from service.domain.estimates.figures import Figure
from service.domain.estimates.intervals import SHARE_METHODS, WILSON
from service.domain.modes import OUT_OF_POINTS
from service.operations import projects
from service.operations.collect import campaigns, quality, seals, weightings
from service.operations.collect.questionnaires import of_campaign, version_id
from service.store import records

USUAL = ("satisfied", "top2", "top3", "index")
WITH, WITHOUT = "with", "without"  # answers that were marked and then excluded
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
    marked: str = WITH,
    *,
    formula: str = "",
    weights: Sequence[str] = (),
    cluster: str = "",
    interval: str = WILSON,
) -> Figures:
    """Estimates of a declared scale, for all answers or by group, within filters of the tally key.

    `marked` WITHOUT leaves out the answers that were marked and then excluded by a decision. Answers withdrawn
    after the campaign was finalised are in neither; the tally frozen then is evidence of its own (see scores).
    Each estimate gives named figures by `found`; for these hold `formula` (what levels are worth: "linear" or the
    points from the best level down, "100-80-60-30-0"), `weights` to totals of frozen frames (see weightings.Margin),
    `cluster` ("session" or "site": answers of one are alike) and `interval` ("wilson" or "exact").
    Raises Refused("filter_unavailable") for a dimension outside the key, Refused("invalid") for an undeclared scale.
    """
    project = campaigns.get(actor, campaign, "satisfaction.read").project
    questionnaire = of_campaign(campaign)
    _declared(questionnaire, scale)
    mapping = rules.index_formula(formula, questionnaire.scales[scale].levels) if formula else mapping
    method = _method(interval, cluster)
    tally, revision = read(campaign, marked)
    if totals := weightings.of_frames(project, questionnaire, weights):
        own = {cell: counts for cell, counts in tally.items() if cell.assistance not in OUT_OF_POINTS}
        method = replace(method, weights=samples.of_part(totals, own) if by or where else totals)
    asked = _Asked(questionnaire, scale, mapping, by, where or {}, method)
    estimates = _estimates(asked, tally, [records.find(Batch, campaign=campaign)])
    return Figures(campaign, revision, tuple(by), tuple(estimates))


@dataclass(frozen=True)
class Overview:
    """What the page of a campaign shows, read once: estimates by scale, for all (None without answers) and by site."""

    revision: int
    whole: Mapping[str, Estimate | None]
    sites: Mapping[str, Sequence[tuple[str, Estimate]]]
    awareness: AwarenessFigure | None
    batches: Sequence[Batch]


def overview(actor: Actor, campaign: str, mappings: Mapping[str, IndexMapping] | None = None) -> Overview:
    """`figures` of every scale for all answers and by site, and `awareness`, from one reading of the tallies."""
    campaigns.get(actor, campaign, "satisfaction.read")
    questionnaire, (tally, revision) = of_campaign(campaign), seals.read(campaign)
    batches = records.find(Batch, campaign=campaign)
    whole: dict[str, Estimate | None] = {}
    sites: dict[str, Sequence[tuple[str, Estimate]]] = {}
    for scale in questionnaire.scales:
        asked = _Asked(questionnaire, scale, (mappings or {}).get(scale), (), {})
        whole[scale] = next((one for _, one in _estimates(asked, tally, [batches])), None)
        of_sites = _estimates(replace(asked, by=("site",)), tally, [batches])
        sites[scale] = [(key[0], one) for key, one in of_sites]
    return Overview(revision, whole, sites, awareness_rules.awareness(questionnaire, tally), batches)


def named(estimate: Estimate, names: Sequence[str] = ()) -> list[Figure]:
    """These figures of an estimate, each with its design, formula and limits; the usual ones where none is named.

    Raises Refused("invalid") for a name that its scale has no figure of.
    """
    if names and estimate.scoring is not None:
        for name in names:
            scale_figures.check_name(estimate.scoring, name)
    return [estimate.found(name) for name in names or USUAL]


def _method(interval: str, cluster: str) -> Method:
    for field, value, options in (("interval", interval, SHARE_METHODS), ("cluster", cluster, ("", *CLUSTERS))):
        if value not in options:
            named = ", ".join(filter(None, options))
            raise Refused("invalid", [Fault(field, "not_an_option", {"value": value, "options": named})])
    return Method(interval, cluster)


def read(campaign: str, marked: str) -> tuple[Tally, int]:
    """(the tally of a campaign WITH or WITHOUT answers that were marked and excluded, the revision of its ledger)."""
    if marked == WITH:
        return seals.read(campaign)
    whole, excluded, revision = quality.split(campaign)
    return tallies.subtract(whole, excluded), revision


def side_by_side(actor: Actor, campaign: str, scale: str = "satisfaction") -> dict[str, Estimate]:
    """WITH and WITHOUT marked answers, at one moment; nothing where the scale is not declared or no answer stays."""
    campaigns.get(actor, campaign, "satisfaction.read")
    questionnaire = of_campaign(campaign)
    if scale not in questionnaire.scales:
        return {}
    whole, excluded, _ = quality.split(campaign)
    asked, issued = _Asked(questionnaire, scale, None, (), {}), [records.find(Batch, campaign=campaign)]
    parts = {WITH: whole, WITHOUT: tallies.subtract(whole, excluded)}
    found = {name: _estimates(asked, part, issued) for name, part in parts.items()}
    return {name: groups[0][1] for name, groups in found.items()} if all(found.values()) else {}


@dataclass(frozen=True)
class Joined:
    """Estimates over several campaigns. `revisions` are their ledgers', in the order of `campaigns`."""

    campaigns: tuple[str, ...]
    versions: tuple[str, ...]
    revisions: tuple[int, ...]
    by: tuple[str, ...]
    groups: tuple[tuple[tuple[str, ...], Estimate], ...]


def joined(
    actor: Actor,
    project: str,
    asked_campaigns: Sequence[str],
    by: Sequence[str] = (),
    where: Mapping[str, Sequence[str]] | None = None,
    scale: str = "satisfaction",
) -> Joined:
    """Figures over campaigns of a project whose versions ask the scale's questions unchanged.

    Raises Refused("not_joinable") naming each changed question; otherwise as `figures`. No interval: the campaigns are
    several draws, and what each of them may claim stands in its own figures.
    """
    projects.project(actor, project, "satisfaction.read")
    for id in asked_campaigns:
        if campaigns.get(actor, id, "satisfaction.read").project != project:
            raise Refused("not_found", noun="campaign")
    versions = [of_campaign(id) for id in asked_campaigns]
    _declared(versions[0], scale)
    joining.check_joinable(versions, scale)
    read = [seals.read(id) for id in asked_campaigns]
    parts = [(version, tally) for version, (tally, _) in zip(versions, read, strict=True)]
    weights = versions[0].weights if joining.same_weights(versions) else ()
    asked = _Asked(replace(versions[0], weights=weights), scale, None, by, where or {})
    issued = [records.find(Batch, campaign=id) for id in asked_campaigns]
    estimates = _estimates(asked, joining.joined(parts, scale), issued)
    if len(asked_campaigns) > 1:
        estimates = [(key, joining.without_interval(estimate)) for key, estimate in estimates]
    names = tuple(version_id(version.id, version.version) for version in versions)
    return Joined(tuple(asked_campaigns), names, tuple(rev for _, rev in read), tuple(by), tuple(estimates))


def _declared(questionnaire: Questionnaire, scale: str) -> None:
    if scale not in questionnaire.scales:
        options = ", ".join(questionnaire.scales)
        raise Refused("invalid", [Fault("scale", "not_an_option", {"value": scale, "options": options})])


@dataclass(frozen=True)
class _Asked:
    """What is wanted of a tally: a scale of a questionnaire, split by dimensions of the key, within filters."""

    questionnaire: Questionnaire
    scale: str
    mapping: IndexMapping | None
    by: Sequence[str]
    where: Mapping[str, Sequence[str]]
    method: Method = Method()

    @property
    def dimensions(self) -> list[str]:
        return [_dimension(self.questionnaire, name) for name in self.by]

    @property
    def filters(self) -> dict[str, Sequence[str]]:
        return {_dimension(self.questionnaire, name): tuple(values) for name, values in self.where.items()}


def _estimates(
    asked: _Asked, tally: Tally, issued: Sequence[Sequence[Batch]]
) -> list[tuple[tuple[str, ...], Estimate]]:
    """Estimates by group. `issued` are the batches of each campaign: a frame is one draw within a campaign only."""
    filters, dimensions = asked.filters, asked.dimensions
    batches = [[batch for batch in some if _within(batch, filters)] for some in issued]
    groups = tallies.by(tallies.select(tally, **filters), *dimensions)
    if dimensions and set(dimensions) <= WHOLE_BATCHES:  # a site without any answer is a group too, with rate zero
        for batch in chain(*batches):
            groups.setdefault(tuple(getattr(batch, name) for name in dimensions), {})
    whole = set(dimensions) | set(filters) <= WHOLE_BATCHES
    estimates = []
    for key, part in sorted(groups.items()):
        of_group = dict(zip(dimensions, ((value,) for value in key), strict=True))
        reached: list[Reach] = []
        for own, all_of_it in zip(batches, issued, strict=True):
            reached += reach([batch for batch in own if _within(batch, of_group)], all_of_it)
        if len(issued) > 1:  # draws of several campaigns are counted together, not weighted to one another
            reached = [replace(one, places=frozenset()) for one in reached]
        found = estimate(asked.questionnaire, part, reached, asked.scale, asked.mapping, whole, asked.method)
        estimates.append((key, found))
    return estimates


def awareness(actor: Actor, campaign: str) -> AwarenessFigure | None:
    """How many know the service, without answers helped by its staff; None where the questionnaire does not ask."""
    campaigns.get(actor, campaign, "satisfaction.read")
    return awareness_rules.awareness(of_campaign(campaign), seals.read(campaign)[0])


def estimate(
    questionnaire: Questionnaire,
    tally: Tally,
    asked: Sequence[Reach],
    scale: str,
    mapping: IndexMapping | None,
    whole: bool = True,
    method: Method | None = None,
) -> Estimate:
    """Figures of a tally; `whole` tells that it holds whole batches, of which alone a rate can be stated."""
    return rules.estimate(questionnaire, tally, asked, scale=scale, mapping=mapping, whole=whole, method=method)


def reach(batches: Sequence[Batch], issued: Sequence[Batch]) -> list[Reach]:
    """Who was asked by `batches`, out of all that were `issued` in the campaign.

    Batches of one frame are one draw. Its N holds for all of them together: how much of the frame belongs to some of
    them only is not known, so a part has none, but the fraction of the whole draw. Was everyone on the list asked, the
    part is a census too. A batch that replaces a voided one is for the same persons: it adds none.
    """
    batches, issued = ([batch for batch in some if not batch.replaces] for some in (batches, issued))
    asked = [Reach(batch.distribution, batch.count) for batch in batches if batch.kind == SLIP and not batch.frame]
    for frame in sorted({batch.frame for batch in batches if batch.frame}):
        own, all_of_it = ([batch for batch in some if batch.frame == frame] for some in (batches, issued))
        count, drawn, size = (sum(one.count for one in own), sum(one.count for one in all_of_it), own[0].population)
        population = size if len(own) == len(all_of_it) else count if drawn == size else None
        places = frozenset((batch.site, batch.session) for batch in own)
        asked.append(Reach(own[0].distribution, count, population, frame, places, drawn, size or 0))
    return asked


def _within(batch: Batch, filters: Mapping[str, Sequence[str]]) -> bool:
    return all(
        getattr(batch, name) in values
        for name, values in filters.items()
        if name in ("site", "session", "distribution")
    )


def _dimension(questionnaire: Questionnaire, name: str) -> str:
    return tallies.dimension(questionnaire, name)
