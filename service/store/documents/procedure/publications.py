"""Publications and who may sign them."""

import mongoengine as me

from service.store.documents.base import Versioned, meta


class PublicationDocument(Versioned):
    meta = meta("publications", "round", "state", "provider")

    id = me.StringField(primary_key=True)
    round = me.StringField(required=True)
    project = me.StringField(required=True)
    provider = me.StringField(required=True)
    result = me.StringField(required=True)
    disclosure = me.StringField(required=True)
    legal_basis = me.StringField(required=True, max_length=2000)
    head = me.DictField()
    withheld = me.DictField()
    digest = me.StringField(required=True)
    drafted_at = me.DateTimeField(required=True)
    drafted_by = me.StringField(required=True)
    state = me.StringField(required=True)
    approvals = me.ListField(me.DictField())
    published_at = me.DateTimeField()
    withdrawn_at = me.DateTimeField()
    withdrawn_by = me.StringField()
    reason = me.StringField(max_length=4000)


class PublicationContentDocument(me.Document):
    """Apart from the publication, so that lists do not load what they do not show."""

    meta = meta("publication_contents")

    id = me.StringField(primary_key=True)
    text = me.StringField(required=True)


class SignatoriesDocument(Versioned):
    meta = meta("signatories")

    id = me.StringField(primary_key=True)
    office_heads = me.ListField(me.StringField())
    unit_heads = me.ListField(me.StringField())
