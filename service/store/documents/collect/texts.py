"""Tags on free text."""

import mongoengine as me

from service.store.documents.base import meta


class TextTagDocument(me.Document):
    """Goes when its answer is withdrawn or deleted."""

    meta = meta("text_tags", ("campaign", "question"), "response")

    id = me.StringField(primary_key=True)
    campaign = me.StringField(required=True)
    question = me.StringField(required=True)
    response = me.StringField(required=True)
    slot = me.IntField(required=True)
    tag = me.StringField(required=True, max_length=40)
    by = me.StringField(required=True)
    at = me.DateTimeField(required=True)
