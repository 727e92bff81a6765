"""Who is let in: Basic authentication, any user name, a read token as the password. Sessions open nothing here."""

from collections.abc import Callable
from functools import wraps
from typing import Any, TypeVar, cast

from flask import Blueprint, g, request

from service.domain.access import ACTIONS
from service.domain.errors import Refused
from service.operations import read_tokens

blueprint = Blueprint("odata", __name__, url_prefix="/odata")
F = TypeVar("F", bound=Callable[..., Any])


def by_token(action: str) -> Callable[[F], F]:
    """Only with a live token of somebody who may do `action`; the operation checks in which project."""

    def declare(view: F) -> F:
        @wraps(view)
        def guarded(*args: Any, **kwargs: Any) -> Any:
            g.actor = read_tokens.reader_of(_password())
            if not set(g.actor.roles) & set(ACTIONS[action]):
                raise Refused("forbidden")
            return view(*args, **kwargs)

        guarded.declared_access = action  # type: ignore[attr-defined]
        return cast(F, guarded)

    return declare


def _password() -> str:
    given = request.authorization
    return (given.password or "") if given is not None and given.type == "basic" else ""
