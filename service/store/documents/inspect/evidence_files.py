"""Files of spot checks; their bytes lie in GridFS."""

import mongoengine as me

from service.store.documents.base import meta


class EvidenceFileDocument(me.Document):
    meta = meta("evidence_files", {"fields": ["origin"]})

    id = me.StringField(primary_key=True)
    origin = me.StringField(required=True)
    sha256 = me.StringField(required=True)
    size = me.IntField(required=True)
    content_type = me.StringField(required=True)
    file = me.StringField(required=True)
    at = me.DateTimeField(required=True)
    width = me.IntField()
    height = me.IntField()
    facts = me.DictField()
    thumbnail = me.BinaryField()


class EvidencePieceDocument(me.Document):
    """A piece of a file that has not arrived whole: `<file id>:<offset>`."""

    meta = meta("evidence_pieces", {"fields": ["whole"]})

    id = me.StringField(primary_key=True)
    whole = me.StringField(required=True)
    offset = me.IntField(required=True)
    size = me.IntField(required=True)
    content = me.BinaryField(required=True)
