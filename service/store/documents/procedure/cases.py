"""Objections, appeals, reviews and the files sent with them."""

import mongoengine as me

from service.store.documents.base import Versioned, meta


class CaseFileDocument(me.Document):
    """A file of a case; its content lies in pieces beside it."""

    meta = meta("case_files", "case")

    id = me.StringField(primary_key=True)
    case = me.StringField(required=True)
    name = me.StringField(required=True)
    kind = me.StringField(required=True)
    size = me.IntField(required=True)
    sha256 = me.StringField(required=True)
    at = me.DateTimeField(required=True)
    by = me.StringField(required=True)


class ObjectionDocument(Versioned):
    meta = meta("objections", "project", "notice")

    id = me.StringField(primary_key=True)
    notice = me.StringField(required=True)
    project = me.StringField(required=True)
    text = me.StringField(required=True, max_length=20_000)
    by = me.StringField(required=True)
    made_at = me.DateTimeField(required=True)
    state = me.StringField(required=True)
    channel = me.StringField(required=True)
    attachments = me.ListField(me.DictField())
    filed_on = me.StringField()
    received_on = me.StringField()
    receipt = me.DictField(null=True)
    clock = me.StringField()
    reply_days = me.IntField()
    basis = me.StringField()
    reply_by = me.StringField()
    provisional = me.BooleanField()
    outcome = me.StringField()
    reasons = me.StringField()
    spot_checks = me.ListField(me.StringField())
    answered_at = me.DateTimeField()
    answered_on = me.StringField()
    answered_by = me.StringField()
    correction = me.DictField(null=True)
    withdrawn_on = me.StringField()
    withdrawn_reason = me.StringField(max_length=20_000)


class AppealDocument(Versioned):
    meta = meta("appeals", "project", "round")

    id = me.StringField(primary_key=True)
    round = me.StringField(required=True)
    project = me.StringField(required=True)
    initiator = me.StringField(required=True)
    text = me.StringField(required=True, max_length=20_000)
    by = me.StringField(required=True)
    made_at = me.DateTimeField(required=True)
    state = me.StringField(required=True)
    channel = me.StringField(required=True)
    attachments = me.ListField(me.DictField())
    filed_on = me.StringField()
    received_on = me.StringField()
    receipt = me.DictField(null=True)
    result = me.StringField()
    last_day = me.StringField()
    accepted_on = me.StringField()
    due_on = me.StringField()
    provisional = me.BooleanField()
    refused_reason = me.StringField()
    handled_by = me.StringField()
    outcome = me.StringField()
    reasons = me.StringField()
    edits = me.ListField(me.DictField())
    decided_on = me.StringField()
    decided_by = me.StringField()
    result_after = me.StringField()
    document = me.StringField()
    scheme_change = me.BooleanField()
    withdrawn_on = me.StringField()
    withdrawn_reason = me.StringField(max_length=20_000)


class ReviewDocument(Versioned):
    meta = meta("reviews", "project")

    id = me.StringField(primary_key=True)
    round = me.StringField(required=True)
    project = me.StringField(required=True)
    members = me.ListField(me.DictField(), required=True)
    appointed_at = me.DateTimeField(required=True)
    appointed_by = me.StringField(required=True)
    notes = me.ListField(me.DictField())
