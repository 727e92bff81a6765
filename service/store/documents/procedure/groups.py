"""The members of evaluation groups, and the approvals of third-party evaluators."""

import mongoengine as me

from service.store.documents.base import Versioned, meta


class GroupMemberDocument(Versioned):
    meta = meta("group_members", "round")

    id = me.StringField(primary_key=True)
    round = me.StringField(required=True)
    name = me.StringField(required=True, max_length=200)
    category = me.StringField(required=True)
    roles = me.ListField(me.StringField())
    organisation = me.StringField()
    user = me.StringField()
    nodes = me.ListField(me.StringField())
    duties = me.ListField(me.StringField())
    waived = me.DictField()
    appointed_at = me.DateTimeField(required=True)
    appointed_by = me.StringField(required=True)
    left_at = me.DateTimeField()
    left_reason = me.StringField()


class EvaluatorApprovalDocument(Versioned):
    meta = meta("evaluator_approvals", "project")

    id = me.StringField(primary_key=True)
    project = me.StringField(required=True)
    organisation = me.StringField(required=True)
    state = me.StringField(required=True)
    qualification = me.ListField(me.StringField())
    capability = me.ListField(me.StringField())
    proposed_at = me.DateTimeField(required=True)
    proposed_by = me.StringField(required=True)
    filed_at = me.DateTimeField()
    filed_by = me.StringField()
    decided_at = me.DateTimeField()
    decided_by = me.StringField()
    reason = me.StringField(max_length=1000)
