"""Waivers of what a gate demands."""

import mongoengine as me

from service.store.documents.base import meta, unique


class WaiverDocument(me.Document):
    meta = meta("waivers", "round", unique("round", "gate", "subject"))

    id = me.StringField(primary_key=True)
    round = me.StringField(required=True)
    gate = me.StringField(required=True, max_length=80)
    subject = me.StringField(max_length=200)
    reason = me.StringField(required=True, max_length=2000)
    at = me.DateTimeField(required=True)
    by = me.StringField(required=True)
