"""Whether the service can work, and which errors mean that its database is away for a moment."""

from service import store

LOST_DATABASE = store.CONNECTION_ERRORS


def ready() -> bool:
    """Reads data: a ping alone would not notice a full disk."""
    return store.ready()
