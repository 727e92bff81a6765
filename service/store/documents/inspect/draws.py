"""Draws with all that is needed to compute them again."""

import mongoengine as me

from service.store.documents.base import meta, unique


class RecordedDrawDocument(me.Document):
    meta = meta("draws", "project", unique("frame", "number"))

    id = me.StringField(primary_key=True)
    project = me.StringField(required=True)
    frame = me.StringField(required=True)
    frame_sha256 = me.StringField(required=True)
    number = me.IntField(required=True)
    take = me.IntField(required=True)
    seed = me.StringField(required=True)
    secrets = me.DictField(required=True)
    public = me.StringField()
    drawn = me.ListField(me.ListField(me.StringField()), required=True)
    at = me.DateTimeField(required=True)
    by = me.StringField(required=True)
