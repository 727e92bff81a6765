"""Dataclass in, dataclass out: the one place where records become documents, checked by their mongoengine fields."""

from collections.abc import Mapping
from dataclasses import fields
from datetime import date, datetime
from decimal import Decimal
from typing import Any, TypeVar, get_origin

import mongoengine as me
from pymongo.errors import DuplicateKeyError

from service.domain.errors import Refused
from service.store import connection, documents
from service.store.transactions import Tx

R = TypeVar("R")
_FEW = 20


class Duplicate(Exception):
    """A record with this id, or with this unique combination, is already stored."""


def collection(document: type[me.Document]) -> Any:
    """The driver's collection of a document class; mongoengine keeps it."""
    return document._get_collection()


def to_document(document: type[me.Document], record: Any) -> dict[str, Any]:
    """The stored form of a record, after the document class has checked types, sizes and required fields."""
    plain = {field.name: _plain(getattr(record, field.name)) for field in fields(record)}
    made = document(**plain)
    made.validate()
    stored: dict[str, Any] = made.to_mongo().to_dict()
    return stored


def _plain(value: Any) -> Any:
    if isinstance(value, tuple):
        return [_plain(part) for part in value]
    if isinstance(value, Decimal):
        return format(value, "f")
    if isinstance(value, date) and not isinstance(value, datetime):
        return value.isoformat()
    if isinstance(value, Mapping):
        return {key: _plain(part) for key, part in value.items()}
    return value


def to_record(record: type[R], stored: Mapping[str, Any]) -> R:
    """The dataclass of a stored document; lists become tuples or mappings, texts what they stand for."""
    found = {**stored, "id": stored["_id"]}
    values = {}
    for field in fields(record):  # type: ignore[arg-type]
        value = found.get(field.name)
        if value is None:
            continue
        if isinstance(value, list):
            value = dict(value) if get_origin(field.type) is Mapping else tuple(value)
        elif isinstance(value, str) and field.type in (Decimal, Decimal | None):
            value = Decimal(value)
        elif isinstance(value, str) and field.type in (date, date | None):
            value = date.fromisoformat(value)
        values[field.name] = value
    return record(**values)


def insert(record: Any, tx: Tx | None = None) -> None:
    """Raises Duplicate; within a transaction that ends it."""
    document = _document_of(type(record))
    try:
        collection(document).insert_one(to_document(document, record), session=tx and tx.session)
    except DuplicateKeyError as error:
        raise Duplicate from error


def get(record: type[R], id: str, tx: Tx | None = None) -> R | None:
    stored = collection(_document_of(record)).find_one({"_id": id}, session=tx and tx.session)
    return None if stored is None else to_record(record, stored)


def find(record: type[R], tx: Tx | None = None, **where: Any) -> list[R]:
    """All that match, by id; a tuple means any of. For lists of administration size: answers have their own readers."""
    many = {name: frozenset(value) for name, value in where.items() if isinstance(value, tuple) and _long(value)}
    asked = {
        name: {"$in": list(value)} if isinstance(value, tuple) else value
        for name, value in where.items()
        if name not in many
    }
    found = collection(_document_of(record)).find(asked, session=tx and tx.session)
    kept = (one for one in found if all(one.get(name) in values for name, values in many.items()))
    return sorted((to_record(record, stored) for stored in kept), key=lambda one: one.id)  # type: ignore[attr-defined]


def _long(value: tuple[Any, ...]) -> bool:
    """The embedded server looks each value of `$in` up by itself, and ever slower: reading all takes less."""
    return len(value) > _FEW and connection.is_embedded() and all(isinstance(one, str) for one in value)


def replace(record: Any, version: int, tx: Tx) -> None:
    """Put `record` (its version already raised) where version `version` was read. Raises Refused("stale")."""
    document = _document_of(type(record))
    stored = to_document(document, record)
    written = collection(document).replace_one({"_id": record.id, "version": version}, stored, session=tx.session)
    if written.matched_count == 0:
        found = collection(document).find_one({"_id": record.id}, {"version": 1}, session=tx.session)
        raise Refused("stale", version=found["version"] if found else 0)


def delete(record: type, id: str) -> None:
    collection(_document_of(record)).delete_one({"_id": id})


def remove(record: type, id: str, version: int, tx: Tx) -> None:
    """Delete what people edit, as it was read. Raises Refused("stale") if it has changed or is gone."""
    found = collection(_document_of(record))
    if found.delete_one({"_id": id, "version": version}, session=tx.session).deleted_count == 0:
        there = found.find_one({"_id": id}, {"version": 1}, session=tx.session)
        raise Refused("stale", version=there["version"] if there else 0)


def remove_all(record: type, tx: Tx, **where: Any) -> int:
    """Delete all that match; how many they were. For lists of administration size."""
    return int(collection(_document_of(record)).delete_many(where, session=tx.session).deleted_count)


def _document_of(record: type) -> type[me.Document]:
    """`Campaign` is kept as `CampaignDocument`."""
    document: type[me.Document] = getattr(documents, f"{record.__name__}Document")
    return document
