"""Organisations, users and signing in."""

import hashlib
import secrets
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime, timedelta

import argon2

from service.domain import access
from service.domain.access import Actor
from service.domain.errors import Fault, Refused
from service.domain.organisations import (
    KINDS,
    ROLES_OF_KIND,
    Organisation,
    Token,
    User,
    check_password,
    check_roles,
    check_user,
)
from service.operations import limits
from service.operations.acts import act, create_once, load, plain, replacing
from service.store import Tx, records

TOKEN_LIFE = timedelta(hours=12)
SYSTEM = "system"
# Whoever has the machine itself and works at its command line.
AT_THE_MACHINE = Actor(SYSTEM, SYSTEM, "operator", ("admin",))
_hasher = argon2.PasswordHasher()  # argon2id with RFC 9106's second recommended parameters
# Checked for unknown names too, so that the time of an answer does not tell which names exist. Of no password: to hash
# one would cost each command and each server a fifth of a second at its start.
_COST = f"m={_hasher.memory_cost},t={_hasher.time_cost},p={_hasher.parallelism}"
_NOBODY = f"$argon2id$v=19${_COST}${'A' * 22}${'A' * 43}"
AT_ONCE = 2  # passwords that one process checks at a time: each takes 64 MiB and four threads
WAITING = 8  # sign-ins under way in one process; the other threads stay free for answers
_places, _turns = threading.BoundedSemaphore(WAITING), threading.BoundedSemaphore(AT_ONCE)


def create_organisation(actor: Actor, now: datetime, organisation: Organisation) -> tuple[Organisation, bool]:
    access.require(actor, "organisations.write")
    if organisation.kind not in KINDS:
        raise Refused(
            "invalid", [Fault("kind", "not_an_option", {"value": organisation.kind, "options": ", ".join(KINDS)})]
        )
    return create_once("organisation.created", actor, now, f"organisation:{organisation.id}", organisation)


def organisation(actor: Actor, id: str) -> Organisation:
    access.require(actor, "organisations.read")
    return load(Organisation, id, "organisation")


def change_organisation(actor: Actor, now: datetime, changed: Organisation, version: int) -> Organisation:
    """Correct name and telephone numbers. Its kind stays: projects and roles rest on it. Raises Refused("stale")."""
    access.require(actor, "organisations.write")
    there = load(Organisation, changed.id, "organisation")
    if changed.kind != there.kind:
        raise Refused("invalid", [Fault("kind", "not_an_option", {"value": changed.kind, "options": there.kind})])
    stored = replace(changed, version=version + 1)
    scope, details = f"organisation:{there.id}", plain({"name": stored.name, "phones": stored.phones})
    act("organisation.changed", actor, now, scope, there.id, details, replacing(stored, version))
    return stored


def organisations(actor: Actor) -> list[Organisation]:
    """All of them: names and kinds are no secret among users."""
    access.require(actor, "organisations.read")
    return sorted(records.find(Organisation), key=lambda one: (one.name, one.id))


def create_user(
    actor: Actor, now: datetime, id: str, username: str, password: str, organisation: str, roles: tuple[str, ...]
) -> tuple[User, bool]:
    """A repeat under the same id with the same name, roles and password is recognised as such."""
    access.require(actor, "users.write")
    employer = load(Organisation, organisation, "organisation")
    check_user(username, password, roles, employer.kind)
    there = records.get(User, id)
    if there is not None:
        same = (there.username, there.organisation, there.roles) == (username, organisation, roles)
        if same and _matches(there.password_hash, password):
            return there, False
        raise Refused("id_taken", id=id)
    if records.find(User, username=username):
        raise Refused("invalid", [Fault("username", "duplicate", {"value": username})])
    user = User(id, username, organisation, roles, _hasher.hash(password))
    return create_once("user.created", actor, now, f"organisation:{organisation}", user)


def users(actor: Actor) -> list[User]:
    access.require(actor, "users.read")
    return sorted(records.find(User), key=lambda one: one.username)


def user(actor: Actor, id: str) -> User:
    """One account."""
    access.require(actor, "users.read")
    return load(User, id, "user")


def colleagues(actor: Actor) -> dict[str, str]:
    """User id -> user name within the actor's own organisation, so that a record can say who made it."""
    access.require(actor, "organisations.read")
    return {user.id: user.username for user in records.find(User, organisation=actor.organisation)}


def first_admin(username: str, password: str, now: datetime) -> User:
    """The account that makes all others; only where no user exists yet. For the command line, not for the web."""
    if records.find(User):
        raise Refused("state_conflict", noun="list of users", state="not empty")
    check_user(username, password, ROLES_OF_KIND["operator"], "operator")
    create_once(
        "organisation.created", AT_THE_MACHINE, now, "organisation:operator", Organisation("operator", "operator", "IT")
    )
    user = User(secrets.token_hex(8), username, "operator", ("admin",), _hasher.hash(password))
    return create_once("user.created", AT_THE_MACHINE, now, "organisation:operator", user)[0]


def sign_in(username: str, password: str, now: datetime, address: str) -> tuple[str, User]:
    """(token, user). The token is shown this once. Raises Refused credentials_wrong, slow_down, busy."""
    # Few tries of this account from here, many from elsewhere or for others: an office shares one address, and nobody
    # shall lock somebody else out by typing wrong passwords under that name.
    one, many = f"sign-in:{address}:{username[:40]}", (f"sign-in:{address}", f"sign-in:{username[:40]}")
    with _in_turn():  # the counts are read in turn too, else as many tries as there are threads would pass them
        limits.refuse_if_many([one], now)
        limits.refuse_if_many(many, now, limits.MANY_TRIES)
        found = records.find(User, username=username)
        user = found[0] if found and found[0].active else None
        if not _matches(user.password_hash if user else _NOBODY, password) or user is None:
            limits.count_failure([one, *many], now)
            raise Refused("credentials_wrong")
    token = secrets.token_urlsafe(32)
    records.insert(Token(_token_hash(token), user.id, now, now + TOKEN_LIFE))
    return token, user


@contextmanager
def _in_turn() -> Iterator[None]:
    """A few sign-ins wait for each other; beyond them Refused("busy")."""
    if not _places.acquire(blocking=False):
        raise Refused("busy")
    try:
        with _turns:
            yield
    finally:
        _places.release()


def sign_out(token: str) -> None:
    records.delete(Token, _token_hash(token))


def actor_of(token: str, now: datetime) -> Actor:
    """Whose token this is. Raises Refused("unauthenticated")."""
    session = records.get(Token, _token_hash(token))
    user = records.get(User, session.user) if session and session.expires_at > now else None
    if user is None or not user.active:
        raise Refused("unauthenticated")
    return Actor(user.id, user.username, user.organisation, user.roles)


def named(username: str) -> Actor:
    """The account of this name, for the command line: whoever runs it there has the database in hand anyway."""
    found = [user for user in records.find(User, username=username) if user.active]
    if not found:
        raise Refused("not_found", noun="user")
    return Actor(found[0].id, found[0].username, found[0].organisation, found[0].roles)


def set_active(actor: Actor, now: datetime, id: str, active: bool, version: int) -> User:
    """Switch an account on or off; its tokens end with it, since `actor_of` looks at the account each time.

    Raises Refused: stale, last_admin.
    """
    access.require(actor, "users.write")
    user = load(User, id, "user")
    changed = replace(user, active=active, version=version + 1)

    def check(tx: Tx) -> None:
        admins = [one for one in records.find(User, tx, organisation=user.organisation) if "admin" in one.roles]
        if not active and "admin" in user.roles and not any(one.active for one in admins if one.id != id):
            raise Refused("last_admin")

    name = "user.activated" if active else "user.deactivated"
    scope = f"organisation:{user.organisation}"
    act(name, actor, now, scope, id, {"active": active}, replacing(changed, version, check))
    return changed


def change_roles(actor: Actor, now: datetime, id: str, roles: tuple[str, ...], version: int) -> User:
    """What this user may do from now on. Raises Refused: invalid (roles that do not suit the organisation), stale."""
    access.require(actor, "users.write")
    user = load(User, id, "user")
    check_roles(roles, load(Organisation, user.organisation, "organisation").kind)
    changed = replace(user, roles=roles, version=version + 1)
    scope, details = f"organisation:{user.organisation}", {"from": list(user.roles), "to": list(roles)}
    act("user.roles_changed", actor, now, scope, id, details, replacing(changed, version))
    return changed


def reset_password(actor: Actor, now: datetime, id: str, password: str, version: int) -> User:
    """A new password for somebody who has lost his; all sessions of the account end. Raises Refused: invalid, stale."""
    access.require(actor, "users.write")
    user = load(User, id, "user")
    check_password(password)
    return _with_password(actor, now, user, password, version, "user.password_reset")


def change_password(actor: Actor, now: datetime, old: str, new: str, address: str, token: str) -> User:
    """One's own password, by whoever knows the old one; every other session of the account ends.

    Raises Refused: invalid (the old one is wrong, the new one does not do), slow_down, busy.
    """
    user = load(User, actor.id, "user")
    check_password(new)
    tries = f"password:{address}:{user.id}"
    with _in_turn():
        limits.refuse_if_many([tries], now)
        if not _matches(user.password_hash, old):
            limits.count_failure([tries], now)
            raise Refused("invalid", [Fault("old", "password_wrong")])
    return _with_password(actor, now, user, new, user.version, "user.password_changed", _token_hash(token))


def _with_password(
    actor: Actor, now: datetime, user: User, password: str, version: int, name: str, kept: str = ""
) -> User:
    changed = replace(user, password_hash=_hasher.hash(password), version=version + 1)

    def write(tx: Tx) -> None:
        staying = records.get(Token, kept, tx) if kept else None
        records.replace(changed, version, tx)
        records.remove_all(Token, tx, user=user.id)
        if staying is not None:
            records.insert(staying, tx)

    act(name, actor, now, f"organisation:{user.organisation}", user.id, {}, write)
    return changed


def _matches(stored: str, password: str) -> bool:
    try:
        return _hasher.verify(stored, password[:1000])
    except argon2.exceptions.VerificationError:
        return False


def _token_hash(token: str) -> str:
    return hashlib.sha256(b"minyi-token\0" + token.encode()).hexdigest()
