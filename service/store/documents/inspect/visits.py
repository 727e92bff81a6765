"""Visits, assignments and what people declare about their interests."""

import mongoengine as me

from service.store.documents.base import Versioned, meta, unique


class VisitDocument(Versioned):
    meta = meta("visits", "project", "persons", "draws")

    id = me.StringField(primary_key=True)
    project = me.StringField(required=True)
    site = me.StringField(required=True)
    on = me.StringField(required=True)
    persons = me.ListField(me.StringField(), required=True)
    draws = me.ListField(me.StringField())
    checklists = me.ListField(me.StringField())
    kind = me.StringField(required=True)
    trigger = me.StringField(required=True)
    note = me.StringField(max_length=2000)
    state = me.StringField(required=True)
    forms = me.DictField()
    planned_at = me.DateTimeField()
    planned_by = me.StringField()
    started_at = me.DateTimeField()
    started_by = me.StringField()
    finished_at = me.DateTimeField()
    finished_by = me.StringField()
    history = me.ListField(me.DictField())


class AssignmentDocument(Versioned):
    meta = meta("assignments", unique("draw", "serial", "part"), "visit", "auditor", "project")

    id = me.StringField(primary_key=True)
    project = me.StringField(required=True)
    draw = me.StringField(required=True)
    serial = me.StringField(required=True)
    visit = me.StringField()
    auditor = me.StringField(required=True)
    part = me.StringField(required=True)
    state = me.StringField(required=True)
    site = me.StringField()
    stratum = me.StringField()
    assigned_at = me.DateTimeField()
    done_at = me.DateTimeField()
    history = me.ListField(me.DictField())


class DeclarationDocument(me.Document):
    meta = meta("declarations", "user")

    id = me.StringField(primary_key=True)
    user = me.StringField(required=True)
    conflict = me.BooleanField(required=True)
    organisation = me.StringField()
    project = me.StringField()
    text = me.StringField(max_length=2000)
    at = me.DateTimeField()
    by = me.StringField()
