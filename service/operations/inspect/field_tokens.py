"""Setting up an auditor's collecting app: its token is made, renewed, revoked, and looked up at each request."""

import secrets
from datetime import datetime

from service import store
from service.domain import access
from service.domain.access import Actor
from service.domain.errors import Fault, Refused
from service.domain.inspect.field_tokens import FIELD_ROLES, FieldToken, hashed, revoked
from service.domain.organisations import User
from service.operations.acts import act, load
from service.store import records


def make(actor: Actor, now: datetime, user: str) -> tuple[str, FieldToken]:
    """(token, what is kept of it) for a colleague; a former one of theirs ends with it. The token is seen this once."""
    access.require(actor, "field_tokens.write")
    bearer = _colleague(actor, user)
    token = secrets.token_urlsafe(32)
    kept = FieldToken(hashed(token), bearer.id, bearer.organisation, now, actor.id)

    def write(tx: store.Tx) -> None:
        for former in _live(bearer.id, tx):
            records.replace(revoked(former, now, actor.id), former.version, tx)
        records.insert(kept, tx)

    act("field_token.made", actor, now, f"organisation:{bearer.organisation}", bearer.id, {}, write)
    return token, kept


def revoke(actor: Actor, now: datetime, id: str) -> FieldToken:
    """Take a token out of use at once; once more changes nothing."""
    access.require(actor, "field_tokens.write")
    found = load(FieldToken, id, "token")
    if found.organisation != actor.organisation:
        raise Refused("not_found", noun="token")
    if not found.live:
        return found
    ended = revoked(found, now, actor.id)
    scope = f"organisation:{found.organisation}"
    act(
        "field_token.revoked",
        actor,
        now,
        scope,
        found.user,
        {},
        lambda tx: records.replace(ended, found.version, tx),
    )
    return ended


def of_colleagues(actor: Actor) -> list[tuple[User, FieldToken | None]]:
    """Those of the actor's organisation whose apps may be set up, each with the live token."""
    access.require(actor, "field_tokens.write")
    live = {token.user: token for token in records.find(FieldToken, organisation=actor.organisation) if token.live}
    users = [user for user in records.find(User, organisation=actor.organisation) if _may_collect(user)]
    return [(user, live.get(user.id)) for user in sorted(users, key=lambda one: one.username)]


def actor_of(token: str) -> Actor:
    """Whose app this is. Raises Refused("field_token_unknown"): unknown, revoked and of a closed account look alike."""
    found = records.get(FieldToken, hashed(token))
    user = records.get(User, found.user) if found and found.live else None
    if user is None or not _may_collect(user):
        raise Refused("field_token_unknown")
    return Actor(user.id, user.username, user.organisation, user.roles)


def _colleague(actor: Actor, id: str) -> User:
    user = records.get(User, id)
    if user is None or user.organisation != actor.organisation:
        raise Refused("not_found", noun="user")
    if not _may_collect(user):
        raise Refused("invalid", [Fault("user", "not_an_option", {"value": id, "options": ", ".join(FIELD_ROLES)})])
    return user


def _may_collect(user: User) -> bool:
    return user.active and bool(set(user.roles) & set(FIELD_ROLES))


def _live(user: str, tx: store.Tx) -> list[FieldToken]:
    return [token for token in records.find(FieldToken, tx, user=user) if token.live]
