"""A WSGI application on the embedded database, for test_embedded: attached before gunicorn forks its workers."""

import functools
import os
from collections.abc import Callable, Iterable
from pathlib import Path

from pymongo import MongoClient

from service.store.embedded import attach

attachment = attach(Path(os.environ["EMBEDDED_TEST_DIRECTORY"]))


@functools.cache
def connection() -> MongoClient:
    """One a process, opened after the fork."""
    return MongoClient(attachment.uri)


def app(environ: dict, start_response: Callable) -> Iterable[bytes]:
    """Store the path that was asked for; answer the worker's pid."""
    connection().test.requests.insert_one({"_id": environ["PATH_INFO"]})
    start_response("200 OK", [("Content-Type", "text/plain")])
    return [str(os.getpid()).encode()]
