"""Tokens of calendar feeds."""

import mongoengine as me

from service.store.documents.base import Versioned, meta


class FeedTokenDocument(Versioned):
    """Its id is a hash of the token; one live one a user."""

    meta = meta("feed_tokens", "user")

    id = me.StringField(primary_key=True)
    user = me.StringField(required=True)
    language = me.StringField(required=True)
    made_at = me.DateTimeField(required=True)
    revoked_at = me.DateTimeField()
