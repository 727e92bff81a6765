"""Tablets: set up by an evaluator at one site, then handed from person to person without anybody's account on them."""

import hashlib
import secrets
from collections.abc import Sequence
from datetime import datetime

from service.domain.access import Actor
from service.domain.collect import tablets as rules
from service.domain.collect.campaigns import OPEN
from service.domain.collect.tablets import TABLET_LIFE, Tablet
from service.domain.errors import Fault, Refused
from service.domain.keys import Key
from service.domain.organisations import User
from service.domain.projects import Site
from service.operations import projects
from service.operations.acts import act, load
from service.operations.collect import campaigns, tickets
from service.store import records

MODE = "shared_tablet"


def start(actor: Actor, now: datetime, campaign: str, site: str, session: str) -> tuple[str, Tablet]:
    """(what the device keeps, the tablet). It is shown this once; what is stored is its hash."""
    there = campaigns.get(actor, campaign, "responses.write")
    if campaigns.state(campaign) != OPEN:
        raise Refused("state_conflict", noun="campaign", state=campaigns.state(campaign))
    _check_place(there.sites, site, session)
    token = secrets.token_urlsafe(32)
    tablet = Tablet(_hash(token), campaign, site, session, now, actor.id, now + TABLET_LIFE)
    details = {"campaign": campaign, "site": site, "session": session}
    scope = projects.scope(there.project)
    act("tablet.started", actor, now, scope, tablet.id, details, lambda tx: records.insert(tablet, tx))
    return token, tablet


def _check_place(sites: Sequence[str], site: str, session: str) -> None:
    if site not in sites:
        raise Refused("invalid", [Fault("site", "not_an_option", {"value": site, "options": ", ".join(sites)})])
    known = [each["id"] for each in load(Site, site, "site").sessions]
    if session and session not in known:
        options = ", ".join(known) or "none: the site has no sessions"
        raise Refused("invalid", [Fault("session", "not_an_option", {"value": session, "options": options})])


def of_token(token: str, now: datetime) -> Tablet:
    """The tablet that holds this token. Raises Refused("tablet_ended") when it may not be used, or not any more."""
    tablet = records.get(Tablet, _hash(token)) if token else None
    if tablet is None or not tablet.works(now):
        raise Refused("tablet_ended")
    starter = records.get(User, tablet.started_by)
    if starter is None or not starter.active:
        raise Refused("tablet_ended")
    return tablet


def check_code(tablet: Tablet, code: str, keys: Sequence[Key]) -> None:
    """Raises Refused: code_mistyped, code_unknown, code_elsewhere."""
    _, batch = tickets.look_up(code, keys)
    rules.check_code(tablet, batch)


def running(actor: Actor, campaign: str, now: datetime) -> list[Tablet]:
    """The tablets that are in use, so that a lost one can be ended."""
    campaigns.get(actor, campaign, "responses.write")
    return [tablet for tablet in records.find(Tablet, campaign=campaign) if tablet.works(now)]


def end(actor: Actor, now: datetime, campaign: str, id: str) -> Tablet:
    """The device shows nothing more of the campaign. Ending it twice changes nothing."""
    there = campaigns.get(actor, campaign, "responses.write")
    tablet = load(Tablet, id, "tablet")
    if tablet.campaign != campaign:
        raise Refused("not_found", noun="tablet")
    if not tablet.works(now):
        return tablet
    ended = Tablet(**vars(tablet) | {"ended_at": now, "version": tablet.version + 1})
    scope = projects.scope(there.project)
    act("tablet.ended", actor, now, scope, id, {}, lambda tx: records.replace(ended, tablet.version, tx))
    return ended


def _hash(token: str) -> str:
    return hashlib.sha256(b"minyi-tablet\0" + token.encode()).hexdigest()
