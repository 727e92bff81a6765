"""Wrong tries."""

import mongoengine as me

from service.store.documents.base import meta


class FailureDocument(me.Document):
    """Wrong tries of one address or user name within one window of time."""

    meta = meta("failures", "window")

    id = me.StringField(primary_key=True)
    window = me.StringField(required=True)
    n = me.IntField(required=True)
