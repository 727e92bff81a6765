"""A client of the embedded database in a process of its own: `python embedded_process.py WHAT DIRECTORY`.

It prints one line of JSON when it is at work and ends when its standard input does.
"""

import json
import os
import sys
from pathlib import Path

from pymongo import MongoClient

from service.store.embedded import EmbeddedMissing, attach


def work(directory: Path) -> None:
    """Attach, write one document, read it back."""
    with attach(directory) as attachment, MongoClient(attachment.uri) as connection:
        connection.test.clients.insert_one({"_id": os.getpid()})
        found = connection.test.clients.find_one({"_id": os.getpid()})
        print(json.dumps({"uri": attachment.uri, "found": found is not None}), flush=True)
        sys.stdin.read()


def fork(directory: Path) -> None:
    """Attach, fork, and leave the hold to the child alone: the parent ends without a word."""
    attachment = attach(directory)
    if os.fork():
        os._exit(0)
    print(json.dumps({"pid": os.getpid(), "uri": attachment.uri}), flush=True)
    sys.stdin.read()


def hold(directory: Path) -> None:
    """Change a document in a transaction and leave that open until killed."""
    with attach(directory) as attachment, MongoClient(attachment.uri) as connection:
        session = connection.start_session()
        session.start_transaction()
        connection.test.held.update_one({"_id": 1}, {"$inc": {"n": 1000}}, session=session)
        print(json.dumps({}), flush=True)
        sys.stdin.read()


def without_the_extra(directory: Path) -> None:
    """Attach as on a machine where SecantusDB is not installed."""
    sys.modules["secantus"] = None  # type: ignore[assignment]  # how Python itself notes "not importable"
    try:
        attach(directory)
    except EmbeddedMissing as error:
        print(json.dumps({"error": str(error)}), flush=True)


if __name__ == "__main__":
    {"work": work, "fork": fork, "hold": hold, "without": without_the_extra}[sys.argv[1]](Path(sys.argv[2]))
