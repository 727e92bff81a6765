"""Satisfaction beside one another: the sites of a campaign, the campaigns of a project, and how a figure moves."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from service.domain.access import Actor
from service.domain.collect import joining
from service.domain.collect.campaigns import Campaign
from service.domain.collect.satisfaction import Estimate
from service.domain.errors import Fault, Refused, invalid
from service.domain.estimates import comparisons as rules
from service.domain.estimates import trends
from service.domain.estimates.comparisons import Comparison, Member, Unlike
from service.domain.estimates.intervals import WILSON
from service.domain.estimates.trends import Point, Trend
from service.domain.projects import Site
from service.operations import projects
from service.operations.collect import campaigns, satisfaction
from service.operations.collect.questionnaires import of_campaign, version_id
from service.store import records

MOST_MEMBERS, MOST_LABEL = 60, 500
QUESTIONNAIRES, FIGURES, DISTRIBUTIONS, MODES = "questionnaires", "figures", "distributions", "modes"


@dataclass(frozen=True)
class Asking:
    """Which figure is compared and how (see satisfaction.figures); `label` says what a list of unlike members is."""

    figure: str = "satisfied"
    where: Mapping[str, Sequence[str]] | None = None
    scale: str = "satisfaction"
    marked: str = satisfaction.WITH
    formula: str = ""
    weights: Sequence[str] = ()
    cluster: str = ""
    interval: str = WILSON
    label: str = ""


def of_sites(actor: Actor, campaign: str, asking: Asking = Asking(), by: str = "site") -> Comparison:
    """The sites of a campaign (or its groups by another dimension of the tally's key) by one figure.

    Raises Refused("not_comparable") where groups answered in other ways or got their codes in another way, unless a
    label says so; "invalid" for fewer than two groups or an unknown figure; otherwise as satisfaction.figures.
    """
    _check(asking)
    found = _figures(actor, campaign, asking, (by,))
    names = {site.id: site.name for site in records.find(Site, project=campaigns.get(actor, campaign).project)}
    members = {key[0]: (names.get(key[0], key[0]), estimate) for key, estimate in found.groups}
    return _compared(members, asking, {})


def of_estimates(found: Sequence[tuple[str, Estimate]], asking: Asking = Asking()) -> Comparison:
    """`of_sites` over estimates that were read already, as `asking` wants them: whoever asks has been checked."""
    _check(asking)
    return _compared({key: (key, one) for key, one in found}, asking, {})


def of_campaigns(actor: Actor, project: str, ids: Sequence[str], asking: Asking = Asking()) -> Comparison:
    """Campaigns (rounds of asking) of a project by one figure, each over all its answers.

    Raises as `of_sites`; questions that differ between the versions are unlike too. The campaigns are taken as draws
    that know nothing of one another.
    """
    _check(asking)
    held = _of_project(actor, project, ids)
    members, questions = _campaign_members(actor, held, asking)
    return _compared(members, asking, questions)


def trend(actor: Actor, project: str, ids: Sequence[str] = (), asking: Asking = Asking()) -> Trend:
    """A figure over the campaigns of a project in order of their opening: steps, and the line through them.

    Without `ids` all campaigns that were opened and ask the scale. Raises as `of_campaigns`.
    """
    _check(asking)
    held = _of_project(actor, project, ids) if ids else _opened(actor, project, asking.scale)
    held = sorted(held, key=lambda campaign: (campaign.opens_at, campaign.id))
    members, questions = _campaign_members(actor, held, asking)
    compared = _compared(members, asking, questions)
    by_key = {member.key: member for member in compared.members}
    points = tuple(Point(by_key[campaign.id], campaign.opens_at) for campaign in held)
    steps = rules.steps([point.member for point in points])
    return Trend(asking.figure, compared.unit, points, steps, trends.line(points), compared)


def _check(asking: Asking) -> None:
    if len(asking.label) > MOST_LABEL:
        raise Refused("invalid", [Fault("label", "too_long", {"limit": MOST_LABEL})])


def _of_project(actor: Actor, project: str, ids: Sequence[str]) -> list[Campaign]:
    projects.project(actor, project, "satisfaction.read")
    if not 2 <= len(ids) <= MOST_MEMBERS or len(set(ids)) != len(ids):
        raise invalid("campaigns", "name 2 to {most_members} campaigns, each once", most_members=MOST_MEMBERS)
    held = [campaigns.get(actor, id, "satisfaction.read") for id in ids]
    if any(campaign.project != project for campaign in held):
        raise Refused("not_found", noun="campaign")
    return held


def _opened(actor: Actor, project: str, scale: str) -> list[Campaign]:
    held = [
        one
        for one in campaigns.of_project(actor, project, "satisfaction.read")
        if one.opened_at is not None and scale in of_campaign(one.id).scales
    ]
    return _of_project(actor, project, [one.id for one in held])


def _figures(actor: Actor, campaign: str, asking: Asking, by: Sequence[str] = ()) -> satisfaction.Figures:
    return satisfaction.figures(
        actor,
        campaign,
        by,
        asking.where,
        asking.scale,
        marked=asking.marked,
        formula=asking.formula,
        weights=asking.weights,
        cluster=asking.cluster,
        interval=asking.interval,
    )


Members = dict[str, tuple[str, Estimate]]


def _campaign_members(
    actor: Actor, held: Sequence[Campaign], asking: Asking
) -> tuple[Members, dict[str, dict[str, str]]]:
    """(estimate of each campaign, aspects of their questions: one word where the versions may be joined)."""
    members: Members = {}
    for campaign in held:
        groups = _figures(actor, campaign.id, asking).groups
        if not groups:
            raise invalid("campaigns", "nobody has answered in the campaign {id!r} yet", id=campaign.id)
        members[campaign.id] = (campaign.name, groups[0][1])
    versions = {campaign.id: of_campaign(campaign.id) for campaign in held}
    first = next(iter(versions.values()))
    questions: dict[str, str] = {}
    for id, version in versions.items():
        same = joining.is_joinable((first, version), asking.scale)
        questions[id] = version_id((first if same else version).id, (first if same else version).version)
    return members, {QUESTIONNAIRES: questions}


def _compared(members: Members, asking: Asking, aspects: Mapping[str, Mapping[str, str]]) -> Comparison:
    if not 2 <= len(members) <= MOST_MEMBERS:
        raise invalid(
            "by",
            "2 to {most_members} of them are compared, here are {count}",
            most_members=MOST_MEMBERS,
            count=len(members),
        )
    found = {key: satisfaction.named(estimate, [asking.figure])[0] for key, (_, estimate) in members.items()}
    said = {
        **aspects,
        FIGURES: {key: figure.formula for key, figure in found.items()},
        DISTRIBUTIONS: {key: ", ".join(estimate.distributions) or "–" for key, (_, estimate) in members.items()},
        MODES: {key: ", ".join(estimate.modes) or "–" for key, (_, estimate) in members.items()},
    }
    differences = rules.unlike(said)
    if differences and not asking.label.strip():
        raise Refused("not_comparable", [_fault(one) for one in differences])
    compared = [
        Member(key, name, found[key], estimate.bounds if asking.figure == "satisfied" else None)
        for key, (name, estimate) in members.items()
    ]
    return rules.compare(compared, differences, asking.label.strip(), asking.figure)


def _fault(one: Unlike) -> Fault:
    return Fault("label", "unlike", {"aspect": one.aspect, "nodes": "", "values": " / ".join(one.values)})
