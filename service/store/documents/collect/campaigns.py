"""Campaigns."""

import mongoengine as me

from service.store.documents.base import Versioned, meta, unique


class CampaignDocument(Versioned):
    meta = meta("campaigns", "project", unique("short_code"))

    id = me.StringField(primary_key=True)
    short_code = me.StringField(required=True)
    project = me.StringField(required=True)
    name = me.StringField(required=True, max_length=200)
    questionnaire = me.StringField(required=True)
    questionnaire_version = me.IntField(required=True)
    population = me.StringField(required=True)
    sites = me.ListField(me.StringField())
    opens_at = me.DateTimeField(required=True)
    closes_at = me.DateTimeField(required=True)
    languages = me.ListField(me.StringField())
    notice = me.DictField()
    opened_at = me.DateTimeField()
    paused_at = me.DateTimeField()
    resumes_at = me.DateTimeField()
    pause_reason = me.StringField(max_length=1000)
    quotas = me.ListField(me.DictField())
