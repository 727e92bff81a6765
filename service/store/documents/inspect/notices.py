"""Notices of checks."""

import mongoengine as me

from service.store.documents.base import Versioned, meta, unique


class NoticeDocument(Versioned):
    """One notice: its findings are fixed when it is issued."""

    meta = meta("notices", unique("project", "number"))

    id = me.StringField(primary_key=True)
    project = me.StringField(required=True)
    number = me.IntField(required=True)
    kind = me.StringField(required=True)
    draws = me.ListField(me.StringField(), required=True)
    visits = me.ListField(me.StringField())
    summary = me.StringField(required=True, max_length=4000)
    objection = me.DictField(required=True)
    state = me.StringField(required=True)
    findings = me.ListField(me.DictField())
    digest = me.StringField()
    checked_from = me.StringField()
    checked_to = me.StringField()
    written_by = me.StringField()
    written_at = me.DateTimeField()
    issued_at = me.DateTimeField()
    issued_by = me.StringField()
    served_on = me.StringField()
    channel = me.StringField()
    received_by = me.StringField()
    object_by = me.StringField()
    provisional = me.BooleanField()
    corrects = me.StringField()
    because = me.StringField()
