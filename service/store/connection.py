"""Opens the database that the settings name: the embedded one, or any MongoDB that has transactions."""

from contextlib import suppress
from pathlib import Path
from typing import Any

import mongoengine
import pymongo
from pymongo.errors import CollectionInvalid, ConnectionFailure, PyMongoError, WaitQueueTimeoutError

from service.store import embedded
from service.store.documents import ALL

ALIAS = mongoengine.DEFAULT_CONNECTION_NAME
NAME = "minyi"
# What the driver raises while the database restarts; nothing acknowledged is lost, and the client may repeat.
CONNECTION_ERRORS = (ConnectionFailure, WaitQueueTimeoutError)
_attachment: embedded.Attachment | None = None


class DatabaseUnusable(RuntimeError):
    """The database cannot be used; the message says why and what to do."""


def open_database(url: str) -> None:
    """Connect to `embedded:DIRECTORY` or `mongodb://...` and make the indexes. Once a process, after any fork.

    Raises DatabaseUnusable for a standalone mongod, which has no transactions, and for an unknown kind of address.
    """
    global _attachment
    options: dict[str, Any] = {
        "uuidRepresentation": "standard",
        "tz_aware": True,
        "appname": "minyi",
        "serverSelectionTimeoutMS": 15_000,
    }
    if url.startswith("embedded:"):
        _attachment = embedded.attach(Path(url.removeprefix("embedded:")))
        mongoengine.connect(NAME, host=_attachment.uri, **options)
    elif url.startswith(("mongodb://", "mongodb+srv://")):
        # Writes are idempotent by their client-made ids, so the driver need not repeat them on its own.
        options |= {"w": "majority", "journal": True, "readConcernLevel": "majority", "retryWrites": False}
        name = pymongo.uri_parser.parse_uri(url)["database"] or NAME
        mongoengine.connect(name, host=url, **options)
        _refuse_standalone()
        _hide_order_of_arrival()
    else:
        raise DatabaseUnusable(f"{url.split(':')[0]!r} is no database: use embedded:DIRECTORY or mongodb://...")
    ensure_indexes()


def _refuse_standalone() -> None:
    hello = mongoengine.get_connection().admin.command("hello")
    if "setName" not in hello and hello.get("msg") != "isdbgrid":
        close()
        raise DatabaseUnusable(
            "this mongod runs alone and has no transactions: start it with --replSet and run rs.initiate(), "
            "or name a replica set or a sharded cluster in MINYI_DATABASE"
        )


def _hide_order_of_arrival() -> None:
    """Keep the inbox in the order of its keyed hashes, pictures in that of their random ids.

    Guards in the order of arrival could be set beside the seals, and pictures, which answers name, beside the guards.
    """
    database = mongoengine.get_db()
    for name in {"inbox", "media"} - set(database.list_collection_names()):
        with suppress(CollectionInvalid):  # another process was first
            database.create_collection(name, clusteredIndex={"key": {"_id": 1}, "unique": True})


def is_embedded() -> bool:
    """One node, so that there is nothing to wait for and no read concern to ask for."""
    return _attachment is not None


def ensure_indexes() -> None:
    for document in ALL:
        document.ensure_indexes()


def ready() -> bool:
    """Whether the database reads data: after a full disk it may still answer a ping, but nothing else."""
    try:
        mongoengine.get_db()["ledger"].find_one({"_id": ""})
    except PyMongoError:
        return False
    return True


def close() -> None:
    global _attachment
    mongoengine.disconnect(ALIAS)
    if _attachment is not None:
        _attachment.detach()
        _attachment = None


def ended(url: str, timeout: float) -> bool:
    """Wait until the embedded database, which no process uses any longer, has ended: True if it has. Others: True."""
    return not url.startswith("embedded:") or embedded.ended(Path(url.removeprefix("embedded:")), timeout)
