"""Calendar feeds: a user's token is made, renewed and revoked, and looked up when a calendar program asks."""

import secrets
from datetime import datetime

from service import store
from service.domain import access
from service.domain.access import Actor
from service.domain.errors import Refused
from service.domain.organisations import User
from service.domain.procedure.feed_tokens import FeedToken, hashed, revoked
from service.operations.acts import act, load
from service.store import records


def make(actor: Actor, now: datetime, language: str) -> tuple[str, FeedToken]:
    """(token, what is kept of it) for oneself; a former one ends with it. The token is seen this once."""
    access.require(actor, "projects.list")
    token = secrets.token_urlsafe(32)
    kept = FeedToken(hashed(token), actor.id, language, now)

    def write(tx: store.Tx) -> None:
        for former in records.find(FeedToken, tx, user=actor.id):
            if former.live:
                records.replace(revoked(former, now), former.version, tx)
        records.insert(kept, tx)

    act("feed_token.made", actor, now, f"organisation:{actor.organisation}", actor.id, {}, write)
    return token, kept


def mine(actor: Actor) -> list[FeedToken]:
    """The actor's live token, if there is one."""
    return [one for one in records.find(FeedToken, user=actor.id) if one.live]


def revoke(actor: Actor, now: datetime, id: str) -> FeedToken:
    """Take one's token out of use at once; once more changes nothing."""
    found = load(FeedToken, id, "token")
    if found.user != actor.id:
        raise Refused("not_found", noun="token")
    if not found.live:
        return found
    ended, scope = revoked(found, now), f"organisation:{actor.organisation}"
    act("feed_token.revoked", actor, now, scope, actor.id, {}, lambda tx: records.replace(ended, found.version, tx))
    return ended


def reader_of(token: str) -> tuple[Actor, FeedToken]:
    """Whose feed this is. Raises Refused("feed_unknown"): unknown, revoked and of a closed account look alike."""
    found = records.get(FeedToken, hashed(token))
    user = records.get(User, found.user) if found and found.live else None
    if found is None or user is None or not user.active:
        raise Refused("feed_unknown")
    return Actor(user.id, user.username, user.organisation, user.roles), found
