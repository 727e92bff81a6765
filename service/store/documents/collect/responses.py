"""Sealed answers and tombstones."""

import mongoengine as me

from service.store.documents.base import meta


class ResponseDocument(me.Document):
    """A sealed answer, or a tombstone with `gone`. Tombstones have no `campaign`.

    `purged` ones were not withdrawn but deleted when the time for keeping them was over.
    """

    meta = meta("responses", {"fields": ["campaign", "slot"], "sparse": True})

    id = me.StringField(primary_key=True)
    campaign = me.StringField()
    seal = me.StringField()
    slot = me.IntField()
    answers = me.DictField()
    cell = me.ListField(me.StringField())
    hour = me.StringField()
    duration = me.IntField()
    gone = me.BooleanField()
    purged = me.BooleanField()
