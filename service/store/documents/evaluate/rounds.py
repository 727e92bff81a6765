"""Rounds and what their groups entered."""

import mongoengine as me

from service.store.documents.base import Versioned, meta, unique


class RoundDocument(Versioned):
    meta = meta("rounds", "project", "state")

    id = me.StringField(primary_key=True)
    project = me.StringField(required=True)
    kind = me.StringField(required=True)
    name = me.StringField(required=True, max_length=200)
    scheme = me.StringField(required=True)
    scheme_digest = me.StringField(required=True)
    adoption = me.DictField(null=True)
    surveys = me.DictField()
    checks = me.DictField()
    panels = me.DictField()
    counters = me.DictField()
    state = me.StringField(required=True)
    opened_at = me.DateTimeField(required=True)
    lead = me.StringField(required=True)
    direct_reason = me.StringField(max_length=2000)
    of = me.StringField()
    terms = me.DictField()
    review_body = me.DictField(null=True)
    self_evaluation_on = me.StringField()
    self_evaluation_set = me.StringField()
    expired_reason = me.StringField(max_length=2000)
    deadlines = me.DictField()
    served = me.DictField()
    notice = me.DictField()
    references = me.DictField()


class RoundQuantityDocument(me.Document):
    meta = meta("quantities", "round", unique("round", "node"))

    id = me.StringField(primary_key=True)
    round = me.StringField(required=True)
    node = me.StringField(required=True)
    target = me.StringField()
    claimed = me.StringField()
    verified = me.StringField()
    workers = me.StringField()
    source = me.StringField(required=True, max_length=2000)
    at = me.DateTimeField(required=True)
    by = me.StringField(required=True)


class RoundDecisionDocument(me.Document):
    meta = meta("decisions", "round", unique("round", "node"))

    id = me.StringField(primary_key=True)
    round = me.StringField(required=True)
    node = me.StringField(required=True)
    decision = me.StringField(required=True)
    reason = me.StringField(required=True, max_length=4000)
    at = me.DateTimeField(required=True)
    by = me.StringField(required=True)
