"""Published schemes."""

import mongoengine as me

from service.store.documents.base import meta, unique


class SchemeVersionDocument(me.Document):
    """One published version as its exact text and those of the bases it extends; never changed."""

    meta = meta("schemes", "project", unique("scheme", "number"))

    id = me.StringField(primary_key=True)
    scheme = me.StringField(required=True)
    number = me.StringField(required=True)
    digest = me.StringField(required=True)
    text = me.StringField(required=True)
    bases = me.DictField()
    project = me.StringField()
    reason = me.StringField(max_length=2000)
