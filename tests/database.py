"""For tests only: a database that was used is made empty again, its indexes kept."""

import sys
from typing import Any

import mongoengine
from pymongo import monitoring

from service.store.documents import ALL
from service.store.records import collection

# Tests in these folders write by this process alone; elsewhere servers and commands of their own write too.
OWN_WRITES = frozenset({"domain", "operations", "web"})
_WRITES = frozenset({"insert", "update", "delete", "findAndModify"})
_FILES = frozenset({"evidence.files", "evidence.chunks"})


class _Written(monitoring.CommandListener):
    """Names of the collections that this process has written into: emptying some ninety of them for each test costs
    more than many a test. `elsewhere`: other processes may have written as well, so that nothing is known. `children`:
    one was started since it was made empty."""

    def __init__(self) -> None:
        self.names: set[str] = set()
        self.elsewhere = self.children = True
        self.commands = self.emptied = 0  # how many of any kind, and how many when it was made empty

    def started(self, event: Any) -> None:
        self.commands += 1
        if event.command_name in _WRITES:
            self.names.add(event.command[event.command_name])

    def audit(self, event: str, _: Any) -> None:
        if event == "subprocess.Popen":
            self.children = True

    def succeeded(self, event: Any) -> None:
        pass

    def failed(self, event: Any) -> None:
        pass


WRITTEN = _Written()
monitoring.register(WRITTEN)
sys.addaudithook(WRITTEN.audit)


def empty(everything: bool = True) -> None:
    """Empty all collections, or those that may hold something."""
    named = {document._get_collection_name() for document in ALL} | _FILES
    for name in named if everything or WRITTEN.elsewhere else set(WRITTEN.names):
        mongoengine.get_db()[name].delete_many({})
    WRITTEN.names.clear()
    WRITTEN.elsewhere = WRITTEN.children = False
    WRITTEN.emptied = WRITTEN.commands


def every_document() -> list[tuple[str, dict]]:  # type: ignore[type-arg]
    """(collection, document) of everything that is stored."""
    return [(document.__name__, stored) for document in ALL for stored in collection(document).find({})]
