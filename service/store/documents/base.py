"""What every Document shares: a text id, no class name in the stored document, indexes made on purpose only."""

from typing import Any

import mongoengine as me
from mongoengine.base import BaseField


def meta(collection: str, *indexes: Any) -> dict[str, Any]:
    return {"collection": collection, "indexes": list(indexes), "auto_create_index": False, "index_cls": False}


def unique(*fields: str) -> dict[str, Any]:
    return {"fields": list(fields), "unique": True}


class Versioned(me.Document):
    """A document that people edit: `version` is what an editor must have read (412 otherwise)."""

    meta = {"abstract": True}

    version = me.IntField(required=True, min_value=1)


class PairsField(BaseField):
    """A mapping kept as a list of pairs: the names of strata may be empty, hold dots or begin with a dollar sign."""

    def validate(self, value: Any, clean: bool = True) -> None:
        if not isinstance(value, dict) or not all(isinstance(key, str) for key in value):
            self.error("this must be a mapping of texts")

    def to_mongo(self, value: Any) -> list[list[Any]]:
        return [[key, part] for key, part in value.items()]
