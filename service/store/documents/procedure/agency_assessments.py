"""What was found of agencies, for the rounds of all their projects."""

import mongoengine as me

from service.store.documents.base import meta


class AgencyAssessmentDocument(me.Document):
    meta = meta("agency_assessments", "provider", "round")

    id = me.StringField(primary_key=True)
    provider = me.StringField(required=True)
    project = me.StringField(required=True)
    authority = me.StringField(required=True)
    round = me.StringField(required=True)
    node = me.StringField(required=True)
    rules = me.ListField(me.StringField())
    score = me.StringField(required=True)
    period_from = me.StringField(required=True)
    period_to = me.StringField(required=True)
    at = me.DateTimeField(required=True)
    by = me.StringField(required=True)
    note = me.StringField(max_length=4000)
    sources = me.ListField(me.DictField())
