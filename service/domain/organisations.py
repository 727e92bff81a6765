"""Organisations, the people who work for them, and the tokens they sign in with."""

import re
from dataclasses import dataclass
from datetime import datetime

from service.domain.errors import Fault, Refused

KINDS = ("authority", "purchaser", "provider", "evaluator", "witness", "operator")
USERNAME = re.compile(r"[a-z0-9][a-z0-9._-]{2,39}")
PASSWORD_MINIMUM = 12  # length is what counts (NIST SP 800-63B-4, section 3.1.1.2)
PASSWORD_MAXIMUM = 200

ROLES_OF_KIND = {
    "authority": ("authority",),
    "purchaser": ("purchaser",),
    "provider": ("provider",),
    "evaluator": ("evaluator", "auditor", "interviewer", "scorer"),
    "witness": ("witness",),
    "operator": ("admin",),
}


@dataclass(frozen=True)
class Organisation:
    """`phones` are the numbers of this organisation: a respondent is never told a provider's as the official one."""

    id: str
    kind: str
    name: str
    phones: tuple[str, ...] = ()
    version: int = 1


@dataclass(frozen=True)
class User:
    id: str
    username: str
    organisation: str
    roles: tuple[str, ...]
    password_hash: str
    active: bool = True
    version: int = 1


@dataclass(frozen=True)
class Token:
    """A session: only the hash of the token is kept, so that a copy of the database opens nothing."""

    id: str
    user: str
    created_at: datetime
    expires_at: datetime


def check_user(username: str, password: str, roles: tuple[str, ...], kind: str) -> None:
    """Raises Refused("invalid") naming every field that does not fit; roles must suit the organisation's kind."""
    faults = []
    if not USERNAME.fullmatch(username):
        faults.append(
            Fault("username", "wrong_type", {"expected": "3 to 40 of a-z 0-9 . _ -, a letter or digit first"})
        )
    _refuse([*faults, *_password_faults(password), *_role_faults(roles, kind)])


def check_password(password: str) -> None:
    """Raises Refused("invalid") for a password that is too short or too long."""
    _refuse(_password_faults(password))


def check_roles(roles: tuple[str, ...], kind: str) -> None:
    """Raises Refused("invalid") unless there is a role, and each one suits the organisation's kind."""
    _refuse(_role_faults(roles, kind) if roles else [Fault("roles", "empty")])


def _password_faults(password: str) -> list[Fault]:
    if len(password) < PASSWORD_MINIMUM:
        return [Fault("password", "too_short", {"limit": PASSWORD_MINIMUM})]
    if len(password) > PASSWORD_MAXIMUM:
        return [Fault("password", "too_long", {"limit": PASSWORD_MAXIMUM})]
    return []


def _role_faults(roles: tuple[str, ...], kind: str) -> list[Fault]:
    allowed = ROLES_OF_KIND[kind]
    options = ", ".join(allowed)
    return [
        Fault("roles", "not_an_option", {"value": role, "options": options}) for role in roles if role not in allowed
    ]


def _refuse(faults: list[Fault]) -> None:
    if faults:
        raise Refused("invalid", faults)
