"""Changes of a round's scheme."""

import mongoengine as me

from service.store.documents.base import Versioned, meta


class RoundSchemeChangeDocument(Versioned):
    meta = meta("scheme_changes", "round")

    id = me.StringField(primary_key=True)
    round = me.StringField(required=True)
    project = me.StringField(required=True)
    before = me.StringField(required=True)
    before_digest = me.StringField(required=True)
    after = me.StringField(required=True)
    after_digest = me.StringField(required=True)
    reason = me.StringField(required=True, max_length=2000)
    proposed_at = me.DateTimeField(required=True)
    proposed_by = me.StringField(required=True)
    review = me.StringField()
    adoption = me.DictField(null=True)
    state = me.StringField(required=True)
    decided_at = me.DateTimeField()
    decided_by = me.StringField()
    decision_reason = me.StringField(max_length=2000)
    served = me.DictField()
