"""Tokens of programs that read."""

import mongoengine as me

from service.store.documents.base import Versioned, meta


class ReadTokenDocument(Versioned):
    """Its id is a hash of the token; a person may have several."""

    meta = meta("read_tokens", "user")

    id = me.StringField(primary_key=True)
    user = me.StringField(required=True)
    name = me.StringField(required=True)
    made_at = me.DateTimeField(required=True)
    revoked_at = me.DateTimeField()
