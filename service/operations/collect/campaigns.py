"""Campaigns: making, opening, closing, and the view of one that every phone's request needs."""

import secrets
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from service import store
from service.domain import access
from service.domain.access import Actor
from service.domain.collect import tallies
from service.domain.collect.campaigns import DRAFT, FINAL, OPEN, Campaign, check_extension, check_openable, check_pause
from service.domain.collect.questionnaires import Questionnaire
from service.domain.collect.responses import SHORT_CODE
from service.domain.collect.tickets import ALPHABET, Batch
from service.domain.errors import Fault, Refused
from service.domain.keys import Key
from service.domain.organisations import Organisation
from service.domain.projects import Project, Session, Site, sessions_of
from service.operations import projects
from service.operations.acts import act, create_once, load
from service.operations.collect import media, questionnaires, seals, used_slips
from service.store import records
from service.store.collect import ledger
from service.store.collect import seals as stored_seals

FRESH_SECONDS = 2.0  # how old a cached view of a campaign may be


@dataclass(frozen=True)
class View:
    """What a request from a phone needs to know of a campaign."""

    campaign: Campaign
    state: str
    questionnaire: Questionnaire
    site_names: dict[str, str]
    sessions: dict[tuple[str, str], Session]  # by site and id


_views: dict[str, tuple[float, View]] = {}


def create(actor: Actor, now: datetime, campaign: Campaign) -> tuple[Campaign, bool]:
    """A draft. Its short code is made here; its questionnaire version and sites must exist."""
    owner = projects.project(actor, campaign.project, "campaigns.write")
    questionnaires.get(actor, questionnaires.version_id(campaign.questionnaire, campaign.questionnaire_version))
    _check_sites(campaign)
    short = "".join(secrets.choice(ALPHABET) for _ in range(SHORT_CODE))
    drafted = Campaign(**vars(campaign) | {"short_code": short})
    ignoring = ("short_code", "opened_at", "version")
    return create_once("campaign.created", actor, now, projects.scope(owner.id), drafted, ignoring)


def _check_sites(campaign: Campaign) -> None:
    known = {site.id for site in records.find(Site, project=campaign.project)}
    faults = [Fault("sites", "no_site", {"value": site}) for site in campaign.sites if site not in known]
    if faults:
        raise Refused("invalid", faults)


def get(actor: Actor, id: str, action: str = "campaigns.read") -> Campaign:
    campaign = load(Campaign, id, "campaign")
    owner = load(Project, campaign.project, "project")
    if not access.may(actor, "projects.read", owner.parties):
        raise Refused("not_found", noun="campaign")
    access.require(actor, action, owner.parties)
    return campaign


def of_project(actor: Actor, project: str, action: str = "campaigns.read") -> list[Campaign]:
    projects.project(actor, project, action)
    return records.find(Campaign, project=project)


def listed(actor: Actor, among: Sequence[Project]) -> list[tuple[Campaign, str]]:
    """(campaign, state) of these projects as far as the actor may follow them; drafts for their readers only."""
    seen = {one.id: access.may(actor, "campaigns.read", one.parties) for one in among}
    mine = tuple(one.id for one in among if access.may(actor, "progress.read", one.parties))
    found = records.find(Campaign, project=mine) if mine else []
    known = states([one.id for one in found])
    return [(one, known[one.id]) for one in found if known[one.id] != DRAFT or seen[one.project]]


def states(ids: Sequence[str]) -> dict[str, str]:
    """The state of each, for lists: asked once for all of them."""
    known = ledger.states(ids) if ids else {}
    return {id: known.get(id, DRAFT) for id in ids}


def state(id: str) -> str:
    """draft, open, closing or final: what the ledger says; a campaign without one was never opened."""
    return ledger.state(id) or DRAFT


def change_state(actor: Actor, now: datetime, id: str, wanted: str, version: int, keys: Sequence[Key] = ()) -> Campaign:
    """open: from draft, once all that respondents must be told is there. final: closed for ever, tally frozen.

    With the `keys` of the codes, closing also keeps how many slips of each batch were used.
    """
    campaign = get(actor, id, "campaigns.write")
    if campaign.version != version:
        raise Refused("stale", version=campaign.version)
    current = state(id)
    if (current, wanted) == (DRAFT, OPEN):
        return _open(actor, now, campaign)
    if current != DRAFT and wanted == FINAL:
        return _finalise(actor, now, campaign, keys)
    if wanted not in (OPEN, FINAL):
        raise Refused("invalid", [Fault("state", "not_an_option", {"value": wanted, "options": f"{OPEN}, {FINAL}"})])
    raise Refused("state_conflict", noun="campaign", state=current)


def _open(actor: Actor, now: datetime, campaign: Campaign) -> Campaign:
    owner = load(Project, campaign.project, "project")
    spoken = questionnaires.of_campaign(campaign.id).languages
    check_openable(campaign, spoken, load(Organisation, owner.provider, "organisation").phones)
    opened = Campaign(**vars(campaign) | {"opened_at": now, "version": campaign.version + 1})

    def write(tx: store.Tx) -> None:
        records.replace(opened, campaign.version, tx)
        ledger.create(tx, campaign.id)

    act("campaign.opened", actor, now, projects.scope(owner.id), campaign.id, {"notice": dict(campaign.notice)}, write)
    _views.pop(campaign.id, None)
    return opened


def finalise_bound(actor: Actor, now: datetime, ids: Sequence[str], keys: Sequence[Key] = ()) -> None:
    """Close these for ever, whoever moves the round whose evidence they are; what was never opened has no answers."""
    for id in ids:
        if state(id) != DRAFT and (state(id) != FINAL or stored_seals.frozen(id) is None):
            _finalise(actor, now, load(Campaign, id, "campaign"), keys)


def _finalise(actor: Actor, now: datetime, campaign: Campaign, keys: Sequence[Key]) -> Campaign:
    """F1 to F5. A repeat after a crash goes on where the first one stopped; the frozen tally is written once."""
    tally, revision = seals.finalise(campaign.id)
    _views.pop(campaign.id, None)
    if stored_seals.frozen(campaign.id) is None:
        digest = tallies.digest(tally)
        closed = Campaign(**vars(campaign) | {"version": campaign.version + 1})

        def write(tx: store.Tx) -> None:
            records.replace(closed, campaign.version, tx)
            stored_seals.freeze(tx, campaign.id, revision, now, digest, tally)
            used_slips.keep(tx, records.find(Batch, tx, campaign=campaign.id), keys)

        details = {"tally_sha256": digest, "revision": revision}
        act("campaign.finalised", actor, now, projects.scope(campaign.project), campaign.id, details, write)
        campaign = closed
    seals.forget_order(campaign.id)
    media.forget_unclaimed(campaign.id, questionnaires.of_campaign(campaign.id).questions)
    return campaign


def change(actor: Actor, now: datetime, changed: Campaign, version: int) -> Campaign:
    """Edit a draft: what respondents are told, the sites, the window. Opened campaigns do not change."""
    there = get(actor, changed.id, "campaigns.write")
    if there.version != version:  # else one who opens it meanwhile could be overwritten by a guessed version
        raise Refused("stale", version=there.version)
    if state(there.id) != DRAFT:
        raise Refused("state_conflict", noun="campaign", state=state(there.id))
    fixed = ("short_code", "project", "questionnaire", "questionnaire_version", "opened_at", "quotas")
    kept = {name: getattr(there, name) for name in fixed}
    stored = Campaign(**vars(changed) | kept | {"version": version + 1})
    _check_sites(stored)
    scope = projects.scope(there.project)
    act(
        "campaign.changed",
        actor,
        now,
        scope,
        there.id,
        {"name": stored.name},
        lambda tx: records.replace(stored, version, tx),
    )
    return stored


def pause(actor: Actor, now: datetime, id: str, resumes_at: datetime | None, reason: str, version: int) -> Campaign:
    """Take in nothing new until `resumes_at` or `resume`. The ledger does not hear of it: repeats get receipts."""
    campaign = _opened(actor, id)
    if campaign.paused(now):
        raise Refused("state_conflict", noun="campaign", state="paused")
    check_pause(resumes_at, reason, now)
    change = {"paused_at": now, "resumes_at": resumes_at, "pause_reason": reason}
    return control("campaign.paused", actor, now, campaign, change, change, version)


def resume(actor: Actor, now: datetime, id: str, reason: str, version: int) -> Campaign:
    """End a pause before its time, or one without an end."""
    campaign = _opened(actor, id)
    if not campaign.paused(now):
        raise Refused("state_conflict", noun="campaign", state="not paused")
    change = {"paused_at": None, "resumes_at": None, "pause_reason": ""}
    return control("campaign.resumed", actor, now, campaign, change, {"reason": reason}, version)


def extend(actor: Actor, now: datetime, id: str, closes_at: datetime, reason: str, version: int) -> Campaign:
    """Close later than was said; never earlier."""
    campaign = _opened(actor, id)
    check_extension(campaign, closes_at, reason, now)
    details = {"from": campaign.closes_at, "to": closes_at, "reason": reason}
    return control("campaign.extended", actor, now, campaign, {"closes_at": closes_at}, details, version)


def _opened(actor: Actor, id: str) -> Campaign:
    campaign, current = get(actor, id, "campaigns.write"), state(id)
    if current != OPEN:
        raise Refused("state_conflict", noun="campaign", state=current)
    return campaign


def control(
    name: str,
    actor: Actor,
    now: datetime,
    campaign: Campaign,
    change: Mapping[str, Any],
    details: Mapping[str, Any],
    version: int,
) -> Campaign:
    """Change a campaign at work, journalled as `name`; seen by every process within FRESH_SECONDS."""
    changed = Campaign(**vars(campaign) | dict(change) | {"version": version + 1})
    told = {key: value.isoformat() if isinstance(value, datetime) else value for key, value in details.items()}
    scope = projects.scope(campaign.project)
    act(name, actor, now, scope, campaign.id, told, lambda tx: records.replace(changed, version, tx))
    _views.pop(campaign.id, None)
    return changed


def view(id: str) -> View:
    """Campaign, state and questionnaire, at most FRESH_SECONDS old: step 3 asks the ledger itself again."""
    cached = _views.get(id)
    at = time.monotonic()
    if cached and at - cached[0] < FRESH_SECONDS:
        return cached[1]
    campaign = load(Campaign, id, "campaign")
    sites = records.find(Site, project=campaign.project)
    sessions = {(site.id, session): found for site in sites for session, found in sessions_of(site).items()}
    names = {site.id: site.name for site in sites}
    fresh = View(campaign, state(id), questionnaires.of_campaign(id), names, sessions)
    _views[id] = (at, fresh)
    return fresh


def by_short_code(short_code: str) -> str | None:
    """The id of the campaign whose receipts begin with this code."""
    found = records.find(Campaign, short_code=short_code)
    return found[0].id if found else None


def forget_views() -> None:
    """Drop what is cached; for tests, which empty the database under it."""
    _views.clear()
    questionnaires.of_campaign.cache_clear()
    questionnaires.parsed.cache_clear()
