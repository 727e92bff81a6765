"""Papers; their bytes lie in pieces beside them."""

import mongoengine as me

from service.store.documents.base import meta


class PaperDocument(me.Document):
    meta = meta("papers", "subject", "project")

    id = me.StringField(primary_key=True)
    subject = me.StringField(required=True)
    project = me.StringField(required=True)
    name = me.StringField(required=True)
    title = me.StringField(max_length=200)
    kind = me.StringField(required=True)
    size = me.IntField(required=True)
    sha256 = me.StringField(required=True)
    at = me.DateTimeField(required=True)
    by = me.StringField(required=True)
