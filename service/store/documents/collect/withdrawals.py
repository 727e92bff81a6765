"""How many answers were withdrawn."""

import mongoengine as me

from service.store.documents.base import meta


class WithdrawalCountDocument(me.Document):
    """One a campaign and site: a number only, with no time and nothing of the receipts or answers."""

    meta = meta("withdrawals", "campaign")

    id = me.StringField(primary_key=True)
    campaign = me.StringField(required=True)
    site = me.StringField(required=True)
    n = me.IntField(required=True)
