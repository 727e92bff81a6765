"""Reports of rounds, and the purchaser's opinion that stands in them. Their files lie with the files of evidence."""

import mongoengine as me

from service.store.documents.base import Versioned, meta


class ReportDocument(Versioned):
    meta = meta("reports", "round")

    id = me.StringField(primary_key=True)
    round = me.StringField(required=True)
    asked_at = me.DateTimeField(required=True)
    asked_by = me.StringField(required=True)
    number = me.StringField(max_length=100)
    languages = me.ListField(me.StringField())
    result = me.StringField()
    state = me.StringField(required=True)
    step = me.StringField(required=True)
    done = me.IntField()
    steps = me.IntField()
    alive_at = me.DateTimeField()
    attempt = me.IntField(min_value=1)
    failure = me.StringField(max_length=500)
    built_at = me.DateTimeField()
    digest = me.StringField()
    files = me.MapField(me.DictField())


class PurchaserOpinionDocument(Versioned):
    meta = meta("purchaser_opinions")

    id = me.StringField(primary_key=True)
    text = me.StringField(required=True, max_length=4000)
    at = me.DateTimeField(required=True)
    by = me.StringField(required=True)
