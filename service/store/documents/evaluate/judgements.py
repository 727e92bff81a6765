"""Judgements of a round's expert nodes."""

import mongoengine as me

from service.store.documents.base import Versioned, meta, unique


class RoundJudgementDocument(Versioned):
    meta = meta("judgements", "round", unique("round", "node", "rater"))

    id = me.StringField(primary_key=True)
    round = me.StringField(required=True)
    node = me.StringField(required=True)
    rater = me.StringField(required=True, max_length=200)
    user = me.StringField()
    score = me.StringField()
    reason = me.StringField(required=True, max_length=4000)
    state = me.StringField()
    papers = me.ListField(me.StringField())
    changes = me.ListField(me.DictField())
    at = me.DateTimeField(required=True)
    by = me.StringField(required=True)


class JudgingDocument(Versioned):
    """What the lead set for the scoring of one round."""

    meta = meta("judgings")

    id = me.StringField(primary_key=True)
    due_on = me.StringField()
    reopened = me.DictField()
    set_at = me.DateTimeField()
    set_by = me.StringField()
