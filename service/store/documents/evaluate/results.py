"""Frozen results of rounds."""

import mongoengine as me

from service.store.documents.base import meta, unique


class ResultVersionDocument(me.Document):
    """One version of a round's result; never changed. `tree` and `evidence` are canonical JSON texts."""

    meta = meta("results", "round", unique("round", "number"))

    id = me.StringField(primary_key=True)
    round = me.StringField(required=True)
    number = me.IntField(required=True)
    scheme = me.StringField(required=True)
    scheme_digest = me.StringField(required=True)
    inputs_digest = me.StringField(required=True)
    total = me.StringField(required=True)
    grade = me.StringField()
    tree = me.StringField(required=True)
    evidence = me.StringField(required=True)
    made_at = me.DateTimeField(required=True)
    made_by = me.StringField(required=True)
    reason = me.StringField(required=True)
    case = me.StringField()
    of = me.StringField()
    edits = me.ListField(me.DictField())
    journal_head = me.StringField()
    withheld = me.ListField(me.StringField())
