"""Tokens of programs that read: made and revoked by their makers, and looked up at each request."""

import secrets
from datetime import datetime

from service import store
from service.domain import access
from service.domain.access import Actor
from service.domain.errors import Fault, Refused
from service.domain.organisations import User
from service.domain.read_tokens import MOST, ReadToken, hashed, revoked
from service.operations.acts import act, load
from service.store import records

WRITE = "read_tokens.write"


def make(actor: Actor, now: datetime, name: str) -> tuple[str, ReadToken]:
    """(token, what is kept of it) for oneself; it is seen this once. What it reads is what its maker may read then.

    Raises Refused("invalid") for one more than MOST live ones.
    """
    access.require(actor, WRITE)
    if not name.strip():
        raise Refused("invalid", [Fault("name", "empty")])
    token = secrets.token_urlsafe(32)
    kept = ReadToken(hashed(token), actor.id, name.strip(), now)

    def write(tx: store.Tx) -> None:
        live = [one for one in records.find(ReadToken, tx, user=actor.id) if one.live]
        if len(live) >= MOST:
            raise Refused("invalid", [Fault("name", "too_many", {"limit": MOST})])
        records.insert(kept, tx)

    act("read_token.made", actor, now, _scope(actor), actor.id, {"name": kept.name, "token": kept.id[:12]}, write)
    return token, kept


def mine(actor: Actor) -> list[ReadToken]:
    """The actor's live tokens, the latest first."""
    access.require(actor, WRITE)
    live = [one for one in records.find(ReadToken, user=actor.id) if one.live]
    return sorted(live, key=lambda one: (one.made_at, one.id), reverse=True)


def revoke(actor: Actor, now: datetime, id: str) -> ReadToken:
    """Take one's own token out of use at once; once more changes nothing."""
    access.require(actor, WRITE)
    found = load(ReadToken, id, "token")
    if found.user != actor.id:
        raise Refused("not_found", noun="token")
    if not found.live:
        return found
    ended, details = revoked(found, now), {"name": found.name, "token": found.id[:12]}

    def write(tx: store.Tx) -> None:
        records.replace(ended, found.version, tx)

    act("read_token.revoked", actor, now, _scope(actor), actor.id, details, write)
    return ended


def reader_of(token: str) -> Actor:
    """Whoever made the token, with the rights that person has now.

    Raises Refused("unauthenticated"): unknown, revoked and of a closed account look alike.
    """
    found = records.get(ReadToken, hashed(token)) if token else None
    user = records.get(User, found.user) if found and found.live else None
    if user is None or not user.active:
        raise Refused("unauthenticated")
    return Actor(user.id, user.username, user.organisation, user.roles)


def _scope(actor: Actor) -> str:
    return f"organisation:{actor.organisation}"
