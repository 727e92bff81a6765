"""Institutions that are asked, their opinions, and scans of the signed forms in pieces."""

import mongoengine as me

from service.store.documents.base import Versioned, meta, unique


class InstitutionListDocument(Versioned):
    meta = meta("institution_lists")

    id = me.StringField(primary_key=True)
    entries = me.ListField(me.DictField())
    frozen_at = me.DateTimeField()


class OpinionDocument(me.Document):
    meta = meta("opinions", "campaign", unique("campaign", "institution", "number"))

    id = me.StringField(primary_key=True)
    campaign = me.StringField(required=True)
    institution = me.StringField(required=True)
    number = me.IntField(required=True, min_value=1)
    answers = me.DictField(required=True)
    signer = me.StringField(required=True, max_length=80)
    office = me.StringField(required=True, max_length=80)
    signed_on = me.StringField(required=True)
    scan = me.StringField(max_length=32)
    reason = me.StringField(max_length=1000)
    at = me.DateTimeField(required=True)
    by = me.StringField(required=True)


class ScanDocument(me.Document):
    meta = meta("scans", "campaign")

    id = me.StringField(primary_key=True)
    campaign = me.StringField(required=True)
    institution = me.StringField(required=True)
    name = me.StringField(required=True)
    kind = me.StringField(required=True)
    size = me.IntField(required=True)
    sha256 = me.StringField(required=True)
    at = me.DateTimeField(required=True)
    by = me.StringField(required=True)


class ScanPieceDocument(me.Document):
    """`_id` is `<scan>#<place>`, three digits: pieces are read by their ids, so no index of their own is needed."""

    meta = meta("scan_pieces")

    id = me.StringField(primary_key=True)
    data = me.BinaryField(required=True)
