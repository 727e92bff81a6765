"""Releases: what others than the evaluator may read, and what it was taken from."""

import mongoengine as me

from service.store.documents.base import meta


class ReleaseDocument(me.Document):
    """Never changed. `content` is the canonical JSON that `digest` is of; the fields below stay here."""

    meta = meta("releases", "campaign")

    id = me.StringField(primary_key=True)
    campaign = me.StringField(required=True)
    number = me.IntField(required=True)
    at = me.DateTimeField(required=True)
    by = me.StringField(required=True)
    request = me.StringField(required=True)
    digest = me.StringField(required=True)
    content = me.StringField(required=True)
    dimensions = me.ListField(me.StringField())
    units = me.ListField(me.ListField(me.ListField(me.StringField())))
    marked = me.StringField(required=True)
    items = me.ListField(me.StringField())
    kept = me.ListField(me.DictField())
    excluded = me.ListField(me.DictField())
