"""Projects and sites."""

import mongoengine as me

from service.store.documents.base import Versioned, meta


class ProjectDocument(Versioned):
    meta = meta("projects", "authority", "purchaser", "provider", "evaluator")

    id = me.StringField(primary_key=True)
    name = me.StringField(required=True, max_length=200)
    authority = me.StringField(required=True)
    purchaser = me.StringField(required=True)
    provider = me.StringField(required=True)
    evaluator = me.StringField(required=True)
    witness = me.StringField()
    starts_on = me.StringField()
    ends_on = me.StringField()
    funding_type = me.StringField()
    basis = me.StringField()
    service_class = me.IntField()


class SiteDocument(Versioned):
    meta = meta("sites", "project")

    id = me.StringField(primary_key=True)
    project = me.StringField(required=True)
    name = me.StringField(required=True, max_length=200)
    address = me.StringField(max_length=400)
    sessions = me.ListField(me.DictField())
    latitude = me.FloatField(min_value=-90, max_value=90)
    longitude = me.FloatField(min_value=-180, max_value=180)
