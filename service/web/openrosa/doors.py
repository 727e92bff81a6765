"""Who is let in: the token stands in the address, for the apps answer no other challenge over plain http."""

from collections.abc import Callable
from functools import wraps
from typing import Any, TypeVar, cast

from flask import Blueprint, g

from service.domain.access import ACTIONS
from service.domain.errors import Refused
from service.operations.inspect import field_tokens

blueprint = Blueprint("openrosa", __name__, url_prefix="/openrosa/<token>")
LARGEST_WANTED = 10_000_000  # bytes: what the app keeps its requests below; a single larger file comes alone
LARGEST_TAKEN = 40_000_000
F = TypeVar("F", bound=Callable[..., Any])


def by_token(action: str) -> Callable[[F], F]:
    """Only for apps with a live token of somebody who may do `action`; the view does not see the token."""

    def declare(view: F) -> F:
        @wraps(view)
        def guarded(*args: Any, token: str, **kwargs: Any) -> Any:
            g.actor = field_tokens.actor_of(token)
            if not set(g.actor.roles) & set(ACTIONS[action]):
                raise Refused("forbidden")
            return view(*args, **kwargs)

        guarded.declared_access = action  # type: ignore[attr-defined]
        return cast(F, guarded)

    return declare
