"""Decisions on consequences, bans, and tasks that go on until they are done."""

import mongoengine as me

from service.store.documents.base import Versioned, meta, unique


class ConsequenceDecisionDocument(me.Document):
    meta = meta("consequence_decisions", "provider", "project", unique("round", "consequence"))

    id = me.StringField(primary_key=True)
    round = me.StringField(required=True)
    project = me.StringField(required=True)
    provider = me.StringField(required=True)
    result = me.StringField(required=True)
    consequence = me.StringField(required=True)
    action = me.StringField(required=True)
    outcome = me.StringField(required=True)
    reason = me.StringField(required=True, max_length=4000)
    document = me.StringField(max_length=200)
    at = me.DateTimeField(required=True)
    by = me.StringField(required=True)
    grounds = me.ListField(me.StringField())
    scheme = me.StringField()
    amount = me.StringField()
    starts_on = me.StringField()
    ends_on = me.StringField()


class BanDocument(Versioned):
    meta = meta("bans", "organisation", "round")

    id = me.StringField(primary_key=True)
    organisation = me.StringField(required=True)
    round = me.StringField(required=True)
    project = me.StringField(required=True)
    decision = me.StringField(required=True)
    document = me.StringField(required=True, max_length=200)
    reason = me.StringField(required=True, max_length=4000)
    from_on = me.StringField(required=True)
    to_on = me.StringField()
    decided_at = me.DateTimeField(required=True)
    decided_by = me.StringField(required=True)
    lifted_on = me.StringField()
    lifted_reason = me.StringField(max_length=4000)


class ContinuationDocument(Versioned):
    meta = meta("continuations", "project", "round")

    id = me.StringField(primary_key=True)
    round = me.StringField(required=True)
    project = me.StringField(required=True)
    provider = me.StringField(required=True)
    opened_at = me.DateTimeField(required=True)
    opened_by = me.StringField(required=True)
    targets = me.DictField()
    reached = me.DictField()
    entries = me.ListField(me.DictField())
    done_on = me.StringField()
