"""Frozen frames."""

import mongoengine as me

from service.store.documents.base import meta


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
