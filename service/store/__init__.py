"""The only code that knows MongoDB. Functions by noun; they take and return domain dataclasses."""

from service.store.connection import CONNECTION_ERRORS, close, ended, ensure_indexes, open_database, ready
from service.store.transactions import Lost, Tx, atomic, retrying

__all__ = [
    "CONNECTION_ERRORS",
    "Lost",
    "Tx",
    "atomic",
    "close",
    "ended",
    "ensure_indexes",
    "open_database",
    "ready",
    "retrying",
]
