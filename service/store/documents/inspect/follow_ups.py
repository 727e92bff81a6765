"""Follow-ups and the evidence that providers send with their answers."""

import mongoengine as me

from service.store.documents.base import Versioned, meta


class FollowUpDocument(Versioned):
    """One case with its answers and verdicts."""

    meta = meta("follow_ups", "project")

    id = me.StringField(primary_key=True)
    project = me.StringField(required=True)
    source = me.StringField(required=True)
    subject = me.StringField()
    of = me.StringField()
    basis = me.StringField()
    title = me.StringField(required=True, max_length=200)
    text = me.StringField(required=True, max_length=4000)
    passed = me.DictField(null=True)
    whom = me.ListField(me.StringField())
    due_on = me.StringField(required=True)
    provisional = me.BooleanField()
    opened_at = me.DateTimeField(required=True)
    opened_by = me.StringField(required=True)
    state = me.StringField(required=True)
    answers = me.ListField(me.DictField())
    verdicts = me.ListField(me.DictField())
    look_back_on = me.StringField()
    look_back = me.DictField(null=True)


class EvidenceDocument(me.Document):
    """A file that a provider sent with an answer; its content lies in pieces beside it."""

    meta = meta("evidence", "follow_up")

    id = me.StringField(primary_key=True)
    follow_up = me.StringField(required=True)
    name = me.StringField(required=True)
    kind = me.StringField(required=True)
    size = me.IntField(required=True)
    sha256 = me.StringField(required=True)
    at = me.DateTimeField(required=True)
    by = me.StringField(required=True)
