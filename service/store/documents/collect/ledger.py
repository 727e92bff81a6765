"""One ledger a campaign: the double envelope's only hot document, and not on the request path."""

import mongoengine as me

from service.store.documents.base import meta


class LedgerDocument(me.Document):
    meta = meta("ledger", "state")

    id = me.StringField(primary_key=True)
    rev = me.IntField(required=True)
    n = me.IntField(required=True)
    state = me.StringField(required=True)
    batch = me.DictField(null=True)
