"""What is kept of receipts."""

import mongoengine as me

from service.store.documents.base import meta


class ReceiptDocument(me.Document):
    meta = meta("receipts")

    id = me.StringField(primary_key=True)
    box = me.BinaryField(null=True)
    check = me.BinaryField(required=True)
    withdrawn = me.BooleanField()
