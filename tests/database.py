"""For tests only: a database that was used is made empty again, its indexes kept."""

from typing import Any

from pymongo import monitoring

from service.store.documents import ALL
from service.store.records import collection

# Tests in these folders write by this process alone; elsewhere servers and commands of their own write too.
OWN_WRITES = frozenset({"domain", "operations", "web"})
_WRITES = frozenset({"insert", "update", "delete", "findAndModify"})


class _Written(monitoring.CommandListener):
    """Names of the collections that this process has written into: emptying some ninety of them for each test costs
    more than many a test. `elsewhere`: other processes may have written as well, so that nothing is known."""

    def __init__(self) -> None:
        self.names: set[str] = set()
        self.elsewhere = True

    def started(self, event: Any) -> None:
        if event.command_name in _WRITES:
            self.names.add(event.command[event.command_name])

    def succeeded(self, event: Any) -> None:
        pass

    def failed(self, event: Any) -> None:
        pass


WRITTEN = _Written()
monitoring.register(WRITTEN)


def empty(everything: bool = True) -> None:
    """Empty all collections, or those that may hold something."""
    for document in ALL:
        if everything or WRITTEN.elsewhere or document._get_collection_name() in WRITTEN.names:
            collection(document).delete_many({})
    WRITTEN.names.clear()
    WRITTEN.elsewhere = False


def every_document() -> list[tuple[str, dict]]:  # type: ignore[type-arg]
    """(collection, document) of everything that is stored."""
    return [(document.__name__, stored) for document in ALL for stored in collection(document).find({})]
