"""What every Document shares: a text id, no class name in the stored document, indexes made on purpose only."""

from typing import Any

import mongoengine as me


def meta(collection: str, *indexes: Any) -> dict[str, Any]:
    return {"collection": collection, "indexes": list(indexes), "auto_create_index": False, "index_cls": False}


def unique(*fields: str) -> dict[str, Any]:
    return {"fields": list(fields), "unique": True}


class Versioned(me.Document):
    """A document that people edit: `version` is what an editor must have read (412 otherwise)."""

    meta = {"abstract": True}

    version = me.IntField(required=True, min_value=1)
