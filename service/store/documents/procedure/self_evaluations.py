"""Self-evaluations, one a round."""

import mongoengine as me

from service.store.documents.base import Versioned, meta


class SelfEvaluationDocument(Versioned):
    meta = meta("self_evaluations", "project")

    id = me.StringField(primary_key=True)
    project = me.StringField(required=True)
    entries = me.DictField()
    facts = me.DictField()
    state = me.StringField(required=True)
    saved_at = me.DateTimeField(required=True)
    saved_by = me.StringField(required=True)
    filed_at = me.DateTimeField()
    filed_by = me.StringField()
    late = me.BooleanField()
    digest = me.StringField()
    receipts = me.ListField(me.DictField())
