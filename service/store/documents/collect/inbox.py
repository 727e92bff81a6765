"""Accepted answers until they are sealed, and the guards they leave."""

import mongoengine as me

from service.store.documents.base import meta


class InboxDocument(me.Document):
    """Live (with `campaign`) or a guard (with `g` only): the sparse index holds live ones only."""

    meta = meta("inbox", {"fields": ["campaign"], "sparse": True})

    id = me.StringField(primary_key=True)
    campaign = me.StringField()
    final_id = me.StringField()
    content = me.BinaryField()
    g = me.StringField()
