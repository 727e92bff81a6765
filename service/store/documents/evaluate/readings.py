"""Who first looked at a round's evidence."""

import mongoengine as me

from service.store.documents.base import meta


class EvidenceReadingDocument(me.Document):
    meta = meta("evidence_readings")

    id = me.StringField(primary_key=True)
    at = me.DateTimeField(required=True)
    by = me.StringField(required=True)
