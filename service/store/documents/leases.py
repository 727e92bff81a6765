"""Who is at some work just now."""

import mongoengine as me

from service.store.documents.base import meta


class LeaseDocument(me.Document):
    meta = meta("leases")

    id = me.StringField(primary_key=True)
    owner = me.StringField(required=True)
    until = me.DateTimeField(required=True)
