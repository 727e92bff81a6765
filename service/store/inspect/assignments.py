"""Assignments are made in one insert: a visit has hundreds of them."""

from collections.abc import Sequence

from pymongo.errors import BulkWriteError

from service.domain.inspect.assignments import Assignment
from service.store.documents import AssignmentDocument
from service.store.records import Duplicate, collection, to_document
from service.store.transactions import Tx

_DUPLICATE_KEY = 11000


def insert_all(made: Sequence[Assignment], tx: Tx) -> None:
    """All or, with the transaction, none. Raises Duplicate when one of the items has been handed out meanwhile."""
    if not made:
        return
    try:
        documents = [to_document(AssignmentDocument, one) for one in made]
        collection(AssignmentDocument).insert_many(documents, session=tx.session)
    except BulkWriteError as error:
        if any(one.get("code") == _DUPLICATE_KEY for one in error.details["writeErrors"]):
            raise Duplicate from error
        raise
