"""Draws with all that is needed to compute them again, and the secrets that lie sealed until a draw is opened."""

import mongoengine as me

from service.store.documents.base import PairsField, Versioned, meta, unique


class RecordedDrawDocument(Versioned):
    meta = meta("draws", "project", "of", unique("frame", "number", "stage"))

    id = me.StringField(primary_key=True)
    project = me.StringField(required=True)
    frame = me.StringField(required=True)
    frame_sha256 = me.StringField(required=True)
    number = me.IntField(required=True)
    stage = me.IntField(required=True)
    allocation = PairsField(required=True)
    skip = PairsField()
    of = me.StringField()
    purpose = me.StringField()
    reason = me.StringField()
    kind = me.StringField(required=True)
    trigger = me.StringField(required=True)
    plan = me.DictField()
    parties = me.ListField(me.StringField())
    sealer = me.StringField()
    agreements = me.DictField()
    commit_by = me.DateTimeField()
    reveal_by = me.DateTimeField()
    commitments = me.DictField()
    secrets = me.DictField()
    public_source = me.StringField()
    public = me.StringField()
    state = me.StringField(required=True)
    why_void = me.StringField()
    seed = me.StringField()
    drawn = me.ListField(me.ListField(me.StringField()))
    opened_at = me.DateTimeField()
    opened_by = me.StringField()
    closed = me.BooleanField()
    published = me.BooleanField()
    at = me.DateTimeField(required=True)
    by = me.StringField(required=True)


class DrawSecretDocument(me.Document):
    """Encrypted under a key that follows from the server's secret, so a copy of the database opens nothing."""

    meta = meta("draw_secrets")

    id = me.StringField(primary_key=True)
    key_id = me.StringField(required=True)
    sealed = me.BinaryField(required=True)
    at = me.DateTimeField(required=True)
