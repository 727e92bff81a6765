"""Notices to users who were drawn, and whether they came."""

import mongoengine as me

from service.store.documents.base import Versioned, meta, unique


class UserNotificationDocument(Versioned):
    meta = meta("user_notifications", "project", unique("draw", "serial"))

    id = me.StringField(primary_key=True)
    project = me.StringField(required=True)
    draw = me.StringField(required=True)
    serial = me.StringField(required=True)
    channel = me.StringField(required=True)
    notified_at = me.DateTimeField(required=True)
    evidence = me.StringField(required=True, max_length=1000)
    attended = me.BooleanField(null=True)
    attendance = me.StringField(max_length=1000)
    attendance_by = me.StringField()
    at = me.DateTimeField(required=True)
    by = me.StringField(required=True)
