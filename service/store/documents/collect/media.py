"""Pictures sent with answers."""

import mongoengine as me

from service.store.documents.base import meta


class PictureDocument(me.Document):
    """Nothing but these: a time, a size class or an order would stand beside the answer that names the picture."""

    meta = meta("media", {"fields": ["campaign"]})

    id = me.StringField(primary_key=True)
    campaign = me.StringField(required=True)
    content = me.BinaryField(required=True)
