"""What was drawn to be looked up again."""

import mongoengine as me

from service.store.documents.base import meta, unique


class BackCheckDrawDocument(me.Document):
    meta = meta("back_check_draws", "project", unique("draw", "number"))

    id = me.StringField(primary_key=True)
    project = me.StringField(required=True)
    draw = me.StringField(required=True)
    number = me.IntField(required=True)
    share = me.StringField(required=True)
    serials = me.ListField(me.StringField(), required=True)
    auditors = me.ListField(me.StringField(), required=True)
    sha256 = me.StringField(required=True)
    secret = me.StringField(required=True)
    seed = me.StringField(required=True)
    drawn = me.ListField(me.ListField(me.StringField()), required=True)
    at = me.DateTimeField(required=True)
    by = me.StringField(required=True)
