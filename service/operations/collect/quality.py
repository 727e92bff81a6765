"""Quality marks: a scan over all sealed answers, decisions in bulk, and what the decided ones add up to."""

import secrets
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial

from service import store
from service.domain.access import Actor
from service.domain.collect import quality as rules
from service.domain.collect import tallies
from service.domain.collect.campaigns import Campaign
from service.domain.collect.quality import Mark, MarkedResponse, QualityDecision, QualityScan
from service.domain.collect.quality_scan import Known, Marking, Overview, count
from service.domain.collect.tallies import Tally
from service.domain.collect.tickets import SLIP, Batch
from service.domain.errors import Fault, Refused
from service.domain.projects import Site
from service.operations import projects
from service.operations.acts import act, load
from service.operations.collect import campaigns, seals
from service.operations.collect.questionnaires import of_campaign
from service.store import records
from service.store.collect import ledger, responses, withdrawals
from service.store.collect import quality as stored
from service.store.collect import seals as stored_seals

SYSTEM = Actor("system", "system", "", ())
TRIES = 5
_taken_out: dict[str, tuple[int, int, Tally]] = {}  # campaign -> (scan's version, answers withdrawn, tally)


@dataclass(frozen=True)
class Reviewed:
    """Marks of one kind: how many answers, and how many of them were decided to keep or to exclude."""

    marked: int
    kept: int
    excluded: int

    @property
    def undecided(self) -> int:
        return self.marked - self.kept - self.excluded


@dataclass(frozen=True)
class Quality:
    """The last scan, its decisions in order, marks of places with their verdict, and numbers by kind."""

    scan: QualityScan
    decisions: tuple[QualityDecision, ...]
    places: tuple[tuple[Mark, str | None], ...]
    kinds: Mapping[str, Reviewed]
    excluded: int


def scan(
    actor: Actor,
    now: datetime,
    campaign: str,
    parameters: Mapping[str, Mapping[str, float]],
    contacts: Mapping[str, int],
) -> QualityScan:
    """Look at every sealed answer again; the new marks take the place of the old ones at one moment.

    Raises Refused: invalid (a parameter, a site), campaign_not_open, stale (another scan or decision came between).
    """
    there = campaigns.get(actor, campaign, "quality.write")
    faults = [
        Fault(f"contacts.{site}", "not_an_option", {"value": site, "options": ", ".join(there.sites)})
        for site in contacts
        if site not in there.sites
    ]
    if faults:
        raise Refused("invalid", faults)
    return _scan(actor, now, there, rules.parameters(parameters), contacts)


def scan_again(now: datetime, campaign: str, scheme: Mapping[str, Mapping[str, float]]) -> QualityScan:
    """The last scan once more with its own parameters, or the first one with the defaults; as the system.

    The thresholds of the round's scheme go before both.
    """
    before = stored.scan(campaign)
    there = load(Campaign, campaign, "campaign")
    given = before.parameters if before else {}
    contacts = {one["site"]: one["n"] for one in before.contacts} if before else {}
    return _scan(SYSTEM, now, there, rules.parameters(rules.overlaid(given, scheme)), contacts)


def _scan(
    actor: Actor,
    now: datetime,
    campaign: Campaign,
    parameters: Mapping[str, Mapping[str, float]],
    contacts: Mapping[str, int],
) -> QualityScan:
    before = stored.scan(campaign.id)
    number, generation = (before.number if before else 0) + 1, secrets.token_hex(6)
    seals.seal(campaign.id)
    overview = Overview(of_campaign(campaign.id), parameters, _known(campaign, contacts))
    for response in responses.each(campaign.id):
        overview.add(response)
    marking = Marking(overview)
    counts = _mark_all(campaign.id, marking, before, number, generation)
    made = QualityScan(
        campaign.id,
        number,
        generation,
        now,
        actor.id,
        rules.RULE_VERSION,
        parameters,
        tuple({"site": site, "n": n} for site, n in sorted(contacts.items())),
        overview.answers,
        dict(sorted(counts.items())),
        overview.not_judged(),
        rules.carried_over(marking.places, before.places if before else (), number),
        (before.version if before else 0) + 1,
    )
    return _publish(actor, now, campaign, made)


def _publish(actor: Actor, now: datetime, campaign: Campaign, made: QualityScan) -> QualityScan:
    """From here on the new marks are the campaign's; the others are deleted."""
    details = {"rule_version": made.rule_version, "scan": made.number, "counts": dict(made.counts)}
    details |= {"parameters": {kind: dict(values) for kind, values in made.parameters.items()}}
    scope = projects.scope(campaign.project)
    try:
        act(
            "quality.scanned",
            actor,
            now,
            scope,
            campaign.id,
            details,
            lambda tx: stored.put_scan(made, made.version - 1, tx),
        )
    except (records.Duplicate, Refused):
        stored.forget_generation(campaign.id, made.generation)
        raise Refused("stale", version=made.version) from None
    stored.forget_other_generations(campaign.id, made.generation)
    return made


def _known(campaign: Campaign, contacts: Mapping[str, int]) -> Known:
    slips: Counter[tuple[str, str, str]] = Counter()
    others = set()
    for batch in records.find(Batch, campaign=campaign.id):
        group = (batch.site, batch.session, batch.distribution)
        slips[group] += batch.count if batch.handed_out is None else batch.handed_out
        if batch.kind != SLIP:  # a poster or a tablet of the same kind has no number of answers that it may give
            others.add(group)
    sessions = {
        (site.id, session["id"]): session.get("starts_at", "")
        for site in records.find(Site, project=campaign.project)
        for session in site.sessions
    }
    return Known({group: n for group, n in slips.items() if group not in others}, sessions, contacts)


def _mark_all(
    campaign: str, marking: Marking, before: QualityScan | None, number: int, generation: str
) -> Counter[str]:
    """The second pass. -> answers marked, by kind."""
    counts: Counter[str] = Counter()
    for first, slots, answers in responses.ranges(partial(responses.page, campaign)):
        found = {one.final_id: marks for one in answers if (marks := marking.of(one))}
        if not found:
            continue
        old = stored.page(campaign, before.generation, first, slots) if before else []
        earlier = {one.final_id: one.marks for one in old}
        stored.insert(
            [
                MarkedResponse(id, campaign, generation, rules.carried_over(marks, earlier.get(id, ()), number))
                for id, marks in found.items()
            ]
        )
        gone = set(found) - {one.final_id for one in responses.page(campaign, first, slots)}
        if gone:  # withdrawn while we were marking: whoever withdraws after this deletes the mark
            stored.forget(sorted(gone))
        for id in set(found) - gone:
            counts.update(count(found[id]))
    return counts


def decide(actor: Actor, now: datetime, decision: QualityDecision, version: int) -> QualityDecision:
    """Keep or exclude the marks of a kind, those that `version` of the scan shows; journalled with the reason.

    A repeat under the same id finds the decision made. Raises Refused: invalid, stale, not_found (nothing scanned).
    """
    campaign = campaigns.get(actor, decision.campaign, "quality.write")
    rules.check_decision(decision)
    if (site := decision.place.get("site", "")) and site not in campaign.sites:
        raise Refused(
            "invalid", [Fault("place.site", "not_an_option", {"value": site, "options": ", ".join(campaign.sites)})]
        )
    there = records.get(QualityDecision, decision.id)
    if there is not None:
        return _same(there, decision)
    last = _last(campaign.id)
    if last.version != version:
        raise Refused("stale", version=last.version)
    made = replace(decision, number=len(decisions(campaign.id)) + 1, scan=last.number, by=actor.id, at=now)

    def write(tx: store.Tx) -> None:
        records.insert(made, tx)
        stored.put_scan(replace(last, version=version + 1), version, tx)

    details = {name: getattr(made, name) for name in ("id", "kind", "verdict", "reason", "number", "scan")}
    details |= {"place": dict(made.place), "final_ids": list(made.final_ids)}
    act("quality.decided", actor, now, projects.scope(campaign.project), campaign.id, details, write)
    return made


def _same(there: QualityDecision, again: QualityDecision) -> QualityDecision:
    fields = ("campaign", "kind", "verdict", "reason", "place", "final_ids")
    if any(getattr(there, name) != getattr(again, name) for name in fields):
        raise Refused("id_taken", id=there.id)
    return there


def decisions(campaign: str) -> list[QualityDecision]:
    """In the order in which they were made."""
    return sorted(records.find(QualityDecision, campaign=campaign), key=lambda one: one.number)


def _last(campaign: str) -> QualityScan:
    last = stored.scan(campaign)
    if last is None:
        raise Refused("not_found", noun="quality scan")
    return last


def of(actor: Actor, campaign: str) -> Quality:
    """Marks with their numbers. Raises Refused("not_found") before the first scan."""
    campaigns.get(actor, campaign, "quality.read")
    last, decided = _last(campaign), decisions(campaign)
    numbers: dict[str, Counter[str]] = {kind: Counter() for kind in rules.RULES}
    excluded = 0
    for one in stored.each(campaign, last.generation):
        excluded += rules.is_excluded(one, decided)
        for mark in one.marks:
            numbers[mark.kind]["marked"] += 1
            numbers[mark.kind][rules.verdict(mark, decided, one.final_id) or ""] += 1
    kinds = {kind: Reviewed(n["marked"], n[rules.KEEP], n[rules.EXCLUDE]) for kind, n in numbers.items()}
    places = tuple((mark, rules.verdict(mark, decided)) for mark in last.places)
    return Quality(last, tuple(decided), places, kinds, excluded)


def hours(actor: Actor, campaign: str) -> dict[str, int]:
    """Answers sealed by hour (UTC, `2026-11-22T09`), all sites together, withdrawn ones too."""
    campaigns.get(actor, campaign, "quality.read")
    found: dict[str, int] = {}
    for hour, _, number in stored_seals.arrivals(campaign):
        found[hour] = found.get(hour, 0) + number
    return dict(sorted(found.items()))


def page(
    actor: Actor, campaign: str, kind: str, cursor: int, size: int
) -> tuple[list[tuple[str, Mark, str | None]], int | None]:
    """((final id, mark, verdict) in the order of the random ids, the next cursor or None); `kind` "" for all kinds."""
    campaigns.get(actor, campaign, "quality.read")
    last, decided = _last(campaign), decisions(campaign)
    total = sum(last.counts.values())
    width = max(responses.SLOTS * size // max(total, size), 1)
    found: list[tuple[str, Mark, str | None]] = []
    while len(found) < size and cursor < responses.SLOTS:
        for one in stored.page(campaign, last.generation, cursor, width):
            wanted = [mark for mark in one.marks if not kind or mark.kind == kind]
            found += [(one.final_id, mark, rules.verdict(mark, decided, one.final_id)) for mark in wanted]
        cursor += width
    return found, cursor if cursor < responses.SLOTS else None


def split(campaign: str) -> tuple[Tally, Tally, int]:
    """(tally of all answers, tally of the excluded ones among them, the ledger's revision both belong to).

    Figures without marked = the first less the second. A withdrawn answer is in neither.
    """
    for _ in range(TRIES):
        whole, revision = seals.read(campaign)
        taken_out = _excluded(campaign)
        if ledger.revision(campaign) == revision:
            return whole, taken_out, revision
    raise Refused("busy")


def _excluded(campaign: str) -> Tally:
    """Counted from the answers themselves, then kept until a scan, a decision or a withdrawal changes it."""
    last = stored.scan(campaign)
    if last is None:
        return {}
    withdrawn = sum(withdrawals.by_site(campaign).values())
    known = _taken_out.get(campaign)
    if known is not None and known[:2] == (last.version, withdrawn):
        return known[2]
    tally = _tally_of_excluded(campaign, last)
    if sum(withdrawals.by_site(campaign).values()) == withdrawn:
        _taken_out[campaign] = (last.version, withdrawn, tally)
    return tally


def _tally_of_excluded(campaign: str, last: QualityScan) -> Tally:
    """By ranges of the random ids: the database reads a range faster than as many single ids."""
    questionnaire, decided, total = of_campaign(campaign), decisions(campaign), Tally()
    if all(decision.verdict != rules.EXCLUDE for decision in decided):
        return total
    for first, slots, answers in responses.ranges(partial(responses.page, campaign)):
        out = set(rules.excluded(stored.page(campaign, last.generation, first, slots), decided)) if answers else set()
        some = [one for one in answers if one.final_id in out]
        parts = [tallies.tally_of(questionnaire, one.cell, one.answers, one.duration) for one in some]
        total = tallies.total([total, *parts])
    return total


def forget_tallies() -> None:
    """Drop what is cached; for tests, which empty the database under it."""
    _taken_out.clear()
