"""The journal and where each of its chains ends."""

import mongoengine as me

from service.store.documents.base import meta, unique


class JournalEntryDocument(me.Document):
    meta = meta("journal", unique("scope", "seq"))

    id = me.StringField(primary_key=True)
    scope = me.StringField(required=True)
    seq = me.IntField(required=True)
    at = me.DateTimeField(required=True)
    actor = me.StringField(required=True)
    act = me.StringField(required=True)
    subject = me.StringField(required=True)
    digest = me.StringField(required=True)
    previous = me.StringField(required=True)
    hash = me.StringField(required=True)
    salt = me.StringField()
    details = me.DictField(null=True)


class JournalHeadDocument(me.Document):
    """The last entry of a scope: where the next one is chained on."""

    meta = meta("journal_heads")

    id = me.StringField(primary_key=True)
    seq = me.IntField(required=True)
    hash = me.StringField(required=True)
