"""Tablets of the evaluator."""

import mongoengine as me

from service.store.documents.base import Versioned, meta


class TabletDocument(Versioned):
    meta = meta("tablets", "campaign")

    id = me.StringField(primary_key=True)
    campaign = me.StringField(required=True)
    site = me.StringField(required=True)
    session = me.StringField()
    started_at = me.DateTimeField(required=True)
    started_by = me.StringField(required=True)
    expires_at = me.DateTimeField(required=True)
    ended_at = me.DateTimeField()
