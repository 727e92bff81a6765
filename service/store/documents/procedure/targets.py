"""What contracts ask of counters."""

import mongoengine as me

from service.store.documents.base import Versioned, meta


class ContractTargetDocument(Versioned):
    meta = meta("contract_targets", "project")

    id = me.StringField(primary_key=True)
    project = me.StringField(required=True)
    counter = me.StringField(required=True, max_length=40)
    target = me.StringField(required=True)
    unit = me.StringField(required=True, max_length=40)
    standard = me.StringField(max_length=2000)
    by = me.StringField()
    level = me.StringField(required=True)
    denominator = me.StringField()
    workers = me.StringField()
    reason = me.StringField(max_length=2000)
    at = me.DateTimeField(required=True)
    changed_by = me.StringField(required=True)
    changes = me.ListField(me.DictField())
