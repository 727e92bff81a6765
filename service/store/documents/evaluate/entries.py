"""What groups entered beside volumes and judgements."""

import mongoengine as me

from service.store.documents.base import meta, unique


class RoundRatioDocument(me.Document):
    meta = meta("ratios", "round", unique("round", "node"))

    id = me.StringField(primary_key=True)
    round = me.StringField(required=True)
    node = me.StringField(required=True)
    numerator = me.StringField(required=True)
    denominator = me.StringField(required=True)
    source = me.StringField(required=True, max_length=2000)
    at = me.DateTimeField(required=True)
    by = me.StringField(required=True)


class RoundMeasureDocument(me.Document):
    meta = meta("measures", "round", unique("round", "node"))

    id = me.StringField(primary_key=True)
    round = me.StringField(required=True)
    node = me.StringField(required=True)
    value = me.StringField(required=True)
    unit = me.StringField(required=True, max_length=80)
    source = me.StringField(required=True, max_length=2000)
    at = me.DateTimeField(required=True)
    by = me.StringField(required=True)


class RoundEventDocument(me.Document):
    meta = meta("round_events", "round")

    id = me.StringField(primary_key=True)
    round = me.StringField(required=True)
    node = me.StringField(required=True)
    type = me.StringField(required=True)
    quantity = me.StringField(required=True)
    on = me.StringField(required=True)
    modifiers = me.ListField(me.StringField())
    role = me.StringField()
    source = me.StringField(required=True, max_length=2000)
    at = me.DateTimeField(required=True)
    by = me.StringField(required=True)


class RoundGateFindingDocument(me.Document):
    meta = meta("gate_findings", "round")

    id = me.StringField(primary_key=True)
    round = me.StringField(required=True)
    node = me.StringField(required=True)
    passed = me.BooleanField(required=True)
    reason = me.StringField(required=True, max_length=4000)
    source = me.StringField(required=True, max_length=2000)
    at = me.DateTimeField(required=True)
    by = me.StringField(required=True)
