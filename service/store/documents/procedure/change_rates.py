"""Assessments of recipients before and after."""

import mongoengine as me

from service.store.documents.base import PairsField, Versioned, meta, unique


class ChangePairsDocument(Versioned):
    meta = meta("change_pairs", unique("round", "node"))

    id = me.StringField(primary_key=True)
    round = me.StringField(required=True)
    project = me.StringField(required=True)
    node = me.StringField(required=True)
    instrument = me.StringField(required=True, max_length=400)
    better = me.StringField(required=True)
    least = me.StringField(required=True)
    pairs = me.ListField(me.DictField())
    at = me.DateTimeField(required=True)
    by = me.StringField(required=True)
    state = me.StringField(required=True)
    checked = me.ListField(me.StringField())
    struck = PairsField()
    decided_at = me.DateTimeField()
    decided_by = me.StringField()
