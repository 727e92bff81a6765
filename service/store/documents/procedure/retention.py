"""Proofs of what was deleted."""

import mongoengine as me

from service.store.documents.base import Versioned, meta


class PurgeDocument(Versioned):
    meta = meta("purges", "project", "kind")

    id = me.StringField(primary_key=True)
    kind = me.StringField(required=True)
    project = me.StringField(required=True)
    subject = me.StringField(required=True)
    rule = me.DictField(required=True)
    plan = me.StringField(required=True)
    count = me.IntField(required=True)
    before = me.StringField(required=True)
    after = me.StringField()
    state = me.StringField(required=True)
    at = me.DateTimeField(required=True)
    by = me.StringField(required=True)
    facts = me.DictField()
