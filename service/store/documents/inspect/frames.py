"""Frozen frames, and their rows and personal columns in pieces."""

import mongoengine as me

from service.store.documents.base import Versioned, meta


class FrozenFrameDocument(me.Document):
    """Frozen when it is stored: serials in byte order, with their strata."""

    meta = meta("frames", "project")

    id = me.StringField(primary_key=True)
    project = me.StringField(required=True)
    name = me.StringField(required=True, max_length=200)
    source = me.StringField(required=True, max_length=400)
    sha256 = me.StringField(required=True)
    serials = me.ListField(me.StringField(), required=True)
    strata = me.ListField(me.StringField())
    frozen_at = me.DateTimeField(required=True)
    frozen_by = me.StringField(required=True)
    kind = me.StringField(required=True, max_length=40)
    direction = me.StringField(required=True, max_length=40)
    counter = me.StringField(max_length=40)
    claimed = me.StringField(max_length=40)
    amount_sum = me.StringField(max_length=80)
    findings = me.ListField(me.DictField())
    findings_count = me.IntField(min_value=0)
    marked = me.BooleanField(required=True)
    pieces = me.StringField(max_length=40)
    contacts_until = me.StringField(max_length=10)


class FrameRowsDocument(me.Document):
    """`_id` is `<pieces>:<digits>`: one document a row would take the embedded database a minute for a large frame.

    Pieces are too large for one transaction. They are written first and count only once a frame names them.
    """

    meta = meta("frame_rows", "frame", "pieces")

    id = me.StringField(primary_key=True)
    pieces = me.StringField(required=True)
    frame = me.StringField(required=True)
    at = me.DateTimeField(required=True)
    content = me.BinaryField(required=True)


class ContactDocument(me.Document):
    """As the rows; personal columns, each row encrypted by itself. Deleted after `purge_on`."""

    meta = meta("contacts", "frame", "pieces", "purge_on")

    id = me.StringField(primary_key=True)
    pieces = me.StringField(required=True)
    frame = me.StringField(required=True)
    at = me.DateTimeField(required=True)
    content = me.BinaryField(required=True)
    purge_on = me.StringField(required=True, max_length=10)
    key_id = me.StringField(required=True)


class FrameImportDocument(Versioned):
    meta = meta("frame_imports", "project")

    id = me.StringField(primary_key=True)
    project = me.StringField(required=True)
    at = me.DateTimeField(required=True)
    by = me.StringField(required=True)
    key_id = me.StringField(required=True)
    encoding = me.StringField(required=True)
    columns = me.ListField(me.StringField(max_length=10_000), required=True)
    rows = me.IntField(required=True, min_value=0)
    state = me.StringField(required=True)
    asked = me.DictField()
    faults = me.ListField(me.DictField())
    faults_count = me.IntField(min_value=0)
    findings = me.ListField(me.DictField())
    findings_count = me.IntField(min_value=0)
    strata = me.ListField()
    amount_sum = me.StringField(max_length=80)
    marked = me.BooleanField(required=True)
    frame = me.StringField()


class FrameImportPieceDocument(me.Document):
    """A thousand rows as they were read, encrypted; gone when the frame is frozen, or after a day."""

    meta = meta("frame_import_pieces", "of")

    id = me.StringField(primary_key=True)
    of = me.StringField(required=True)
    at = me.DateTimeField(required=True)
    content = me.BinaryField(required=True)


class FrameComparisonDocument(me.Document):
    meta = meta("frame_comparisons", "frame")

    id = me.StringField(primary_key=True)
    frame = me.StringField(required=True)
    project = me.StringField(required=True)
    against = me.StringField(required=True)
    source = me.StringField(required=True, max_length=400)
    at = me.DateTimeField(required=True)
    by = me.StringField(required=True)
    rows = me.IntField(min_value=0)
    matched = me.IntField(min_value=0)
    matched_by = me.DictField()
    missing = me.ListField(me.IntField())
    missing_count = me.IntField(min_value=0)
    unconfirmed = me.ListField(me.StringField())
    unconfirmed_count = me.IntField(min_value=0)
    duplicates = me.ListField(me.DictField())
    duplicates_count = me.IntField(min_value=0)
    repeated = me.ListField(me.DictField())
    repeated_count = me.IntField(min_value=0)
    staff = me.ListField(me.DictField())
    staff_count = me.IntField(min_value=0)
    unmatchable = me.IntField(min_value=0)
