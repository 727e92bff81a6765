"""Spot checks."""

import mongoengine as me

from service.store.documents.base import meta, unique


class SpotCheckDocument(me.Document):
    meta = meta("spot_checks", unique("draw", "serial"))

    id = me.StringField(primary_key=True)
    draw = me.StringField(required=True)
    serial = me.StringField(required=True)
    attributes = me.DictField(required=True)
    note = me.StringField(max_length=4000)
    at = me.DateTimeField(required=True)
    by = me.StringField(required=True)
