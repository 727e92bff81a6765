"""Tokens of the auditors' collecting apps."""

import mongoengine as me

from service.store.documents.base import Versioned, meta


class FieldTokenDocument(Versioned):
    """Its id is a hash of the token; one live one a user."""

    meta = meta("field_tokens", "user", "organisation")

    id = me.StringField(primary_key=True)
    user = me.StringField(required=True)
    organisation = me.StringField(required=True)
    made_at = me.DateTimeField(required=True)
    made_by = me.StringField(required=True)
    revoked_at = me.DateTimeField()
    revoked_by = me.StringField()
