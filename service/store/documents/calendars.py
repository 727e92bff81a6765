"""Calendars of working days."""

import mongoengine as me

from service.store.documents.base import Versioned, meta


class YearDocument(Versioned):
    """The announced days of one year that differ from its weekdays."""

    meta = meta("calendars")

    id = me.StringField(primary_key=True)
    source = me.StringField(required=True, max_length=400)
    days = me.DictField(required=True)
    digest = me.StringField(required=True)
    entered_at = me.DateTimeField()
    entered_by = me.StringField()
