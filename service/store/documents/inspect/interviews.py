"""Plans of interviews, the drawn persons in them by serial, and whom each interviewer has in hand."""

import mongoengine as me

from service.store.documents.base import Versioned, meta


class InterviewPlanDocument(Versioned):
    meta = meta("interview_plans", "project", "draw")

    id = me.StringField(primary_key=True)
    project = me.StringField(required=True)
    campaign = me.StringField(required=True)
    draw = me.StringField(required=True)
    site = me.StringField(required=True)
    frame = me.StringField(required=True)
    batch = me.StringField(required=True)
    key_id = me.StringField(required=True)
    quotas = me.ListField(me.DictField())
    rules = me.DictField(required=True)
    scheme = me.StringField()
    earlier = me.StringField()
    linked = me.BooleanField()
    state = me.StringField(required=True)
    opened_at = me.DateTimeField(required=True)
    opened_by = me.StringField(required=True)


class IntervieweeDocument(Versioned):
    """`_id` is plan and serial, so a person is in a plan once."""

    meta = meta("interviewees", "plan", "draw")

    id = me.StringField(primary_key=True)
    plan = me.StringField(required=True)
    draw = me.StringField(required=True)
    serial = me.StringField(required=True)
    stratum = me.StringField()
    place = me.IntField(required=True, min_value=1)
    mode = me.StringField(required=True)
    replaces = me.StringField()
    opened_at = me.DateTimeField(required=True)
    attempts = me.ListField(me.DictField())
    appointment = me.DateTimeField()
    holder = me.StringField()
    held_until = me.DateTimeField()
    verification = me.DictField()
    disposition = me.StringField()
    closed_at = me.DateTimeField()
    closed_by = me.StringField()
    given_back = me.ListField(me.StringField())


class InterviewerHoldDocument(Versioned):
    """`_id` is the interviewer: one person in hand at a time, on however many devices."""

    meta = meta("interviewer_holds")

    id = me.StringField(primary_key=True)
    plan = me.StringField(required=True)
    interviewee = me.StringField(required=True)
    since = me.DateTimeField(required=True)


class PairedAnswerDocument(me.Document):
    """Whether somebody was satisfied in two campaigns, by people who were told that their answers stay linked."""

    meta = meta("paired_answers", "plan")

    id = me.StringField(primary_key=True)
    plan = me.StringField(required=True)
    first = me.BooleanField(required=True)
    second = me.BooleanField(required=True)
