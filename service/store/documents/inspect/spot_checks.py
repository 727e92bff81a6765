"""Spot checks and what they are filled in by."""

import mongoengine as me

from service.store.documents.base import Versioned, meta, unique


class SpotCheckDocument(Versioned):
    """Several records may be about one item; `slot` sees to it that one of them is in force."""

    meta = meta(
        "spot_checks",
        unique("slot"),
        {"fields": ["draw", "serial"]},
        {"fields": ["project", "state"]},
        {"fields": ["visit"]},
        {"fields": ["origin"]},
    )

    id = me.StringField(primary_key=True)
    draw = me.StringField()
    serial = me.StringField()
    attributes = me.DictField()
    at = me.DateTimeField(required=True)
    by = me.StringField(required=True)
    note = me.StringField(max_length=4000)
    project = me.StringField(required=True)
    visit = me.StringField()
    assignment = me.StringField()
    checklist = me.StringField()
    answers = me.DictField()
    details = me.DictField()
    part = me.StringField(required=True)
    started_at = me.DateTimeField()
    signed_at = me.DateTimeField()
    sent_at = me.DateTimeField()
    elapsed_s = me.FloatField()
    timings = me.DictField()
    changes = me.ListField(me.DictField())
    position = me.DictField()
    signatures = me.DictField()
    media = me.ListField(me.DictField())
    source = me.StringField(required=True)
    device = me.StringField()
    app_version = me.StringField()
    state = me.StringField(required=True)
    reason = me.StringField()
    reviews = me.ListField(me.DictField())
    circumstances = me.ListField(me.StringField())
    measures = me.DictField()
    amount = me.StringField()
    received_at = me.DateTimeField()
    supersedes = me.StringField()
    origin = me.StringField(required=True)
    slot = me.StringField(required=True)
    digest = me.StringField()


class ChecklistVersionDocument(me.Document):
    meta = meta("checklist_versions", unique("checklist", "number"), "record_kind")

    id = me.StringField(primary_key=True)
    checklist = me.StringField(required=True)
    number = me.IntField(required=True)
    digest = me.StringField(required=True)
    record_kind = me.StringField(required=True)
    definition = me.DictField(required=True)
    published_at = me.DateTimeField(required=True)
    published_by = me.StringField(required=True)
