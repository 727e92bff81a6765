"""Batches and the keyed hashes of their codes."""

import mongoengine as me

from service.store.documents.base import Versioned, meta


class BatchDocument(Versioned):
    meta = meta("batches", "campaign")

    id = me.StringField(primary_key=True)
    campaign = me.StringField(required=True)
    kind = me.StringField(required=True)
    site = me.StringField(required=True)
    session = me.StringField()
    distribution = me.StringField(required=True)
    count = me.IntField(required=True)
    key_id = me.StringField(required=True)
    created_at = me.DateTimeField(required=True)
    created_by = me.StringField(required=True)
    frame = me.StringField()
    population = me.IntField()
    grace_minutes = me.IntField(min_value=0)
    replaces = me.StringField()
    voided_at = me.DateTimeField()
    voided_by = me.StringField()
    void_reason = me.StringField(max_length=1000)
    handed_out = me.IntField(min_value=0)
    spoilt = me.IntField(min_value=0)
    returned = me.IntField(min_value=0)
    used = me.IntField(min_value=0)


class TicketDocument(me.Document):
    """A keyed hash of a code and its batch; read only, after the batch is printed."""

    meta = meta("tickets", "batch")

    id = me.StringField(primary_key=True)
    batch = me.StringField(required=True)
