"""`atomic()`: the only transaction. Every administrative write takes its `tx`, as does the journal entry beside it."""

import random
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TypeVar

import mongoengine
from pymongo.client_session import ClientSession
from pymongo.errors import ConnectionFailure, OperationFailure, PyMongoError

from service.domain.errors import Refused

T = TypeVar("T")
ATTEMPTS = 16
LONGEST_WAIT = 0.2  # seconds


class Lost(Exception):
    """Somebody else was first: what was read inside the transaction is no longer so. `retrying` runs it again."""


@dataclass(frozen=True)
class Tx:
    """Proof that a write stands inside `atomic()`."""

    session: ClientSession


@contextmanager
def atomic() -> Iterator[Tx]:
    """All writes that are given the `tx` happen, or none. Raises Lost when another transaction was in the way."""
    with mongoengine.get_connection().start_session() as session:
        try:
            with session.start_transaction():
                yield Tx(session)
        except (OperationFailure, ConnectionFailure) as error:
            if _may_be_tried_again(error):
                raise Lost from error
            raise


def _may_be_tried_again(error: PyMongoError) -> bool:
    labelled = error.has_error_label("TransientTransactionError")
    return labelled or (isinstance(error, OperationFailure) and error.code == 112)  # WriteConflict


def retrying(act: Callable[[Tx], T]) -> T:
    """Run `act` inside `atomic()`, again from its first read when it is Lost. Raises Refused("busy") in the end."""
    for attempt in range(ATTEMPTS):
        try:
            with atomic() as tx:
                return act(tx)
        except Lost:
            time.sleep(random.uniform(0, min(LONGEST_WAIT, 0.005 * 2**attempt)))  # noqa: S311 - spreads contenders, no secret
    raise Refused("busy")
