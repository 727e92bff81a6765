"""Who may call a route: each one declares it, by `requires(action)` or `public`."""

import ipaddress
from collections.abc import Callable
from datetime import UTC, datetime
from functools import wraps
from typing import Any, TypeVar, cast

from flask import g, request

from service.domain.access import ACTIONS, Actor
from service.domain.errors import Refused
from service.operations import organisations

COOKIE = "minyi_session"
SIGNED_IN = "signed in"
PUBLIC = "public"
F = TypeVar("F", bound=Callable[..., Any])


def now() -> datetime:
    """The clock of the web layer, in milliseconds as times are kept; operations get the time as an argument."""
    at = datetime.now(UTC)
    return at.replace(microsecond=at.microsecond // 1000 * 1000)


def requires(action: str) -> Callable[[F], F]:
    """Only for signed-in users with a role for `action`; whether in this project too is checked by the operation."""

    def declare(view: F) -> F:
        @wraps(view)
        def guarded(*args: Any, **kwargs: Any) -> Any:
            g.actor = organisations.actor_of(_token(), now())
            if action != SIGNED_IN and not set(g.actor.roles) & set(ACTIONS[action]):
                raise Refused("forbidden")
            return view(*args, **kwargs)

        guarded.declared_access = action  # type: ignore[attr-defined]
        return cast(F, guarded)

    return declare


def public(view: F) -> F:
    """For everybody, on purpose."""
    view.declared_access = PUBLIC  # type: ignore[attr-defined]
    return view


def actor() -> Actor:
    """Whoever asks; only in views that `requires` guards."""
    return cast(Actor, g.actor)


def address() -> str:
    """The caller's address as far as the trusted proxies tell it; used for counting wrong tries only.

    Of IPv6 the first half: the other one is whatever the caller likes, 2^64 addresses on one connection (RFC 4291).
    """
    try:
        told = ipaddress.ip_address(request.remote_addr or "")
    except ValueError:
        return request.remote_addr or "unknown"
    if isinstance(told, ipaddress.IPv4Address):
        return str(told)
    return str(told.ipv4_mapped or ipaddress.ip_network((int(told), 64), strict=False))


def presented_token() -> str:
    """Bearer token for the API, the cookie for pages. Never the cookie for the API: other sites' pages could use it."""
    if request.path.startswith("/api/"):
        scheme, _, token = request.headers.get("Authorization", "").partition(" ")
        return token.strip() if scheme.lower() == "bearer" else ""
    return request.cookies.get(COOKIE, "")


def _token() -> str:
    token = presented_token()
    if not token:
        raise Refused("unauthenticated")
    return token
