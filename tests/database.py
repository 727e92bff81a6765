"""For tests only: a database that was used is made empty again, its indexes kept."""

from service.store.documents import ALL
from service.store.records import collection


def empty() -> None:
    for document in ALL:
        collection(document).delete_many({})


def every_document() -> list[tuple[str, dict]]:  # type: ignore[type-arg]
    """(collection, document) of everything that is stored."""
    return [(document.__name__, stored) for document in ALL for stored in collection(document).find({})]
