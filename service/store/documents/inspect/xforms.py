"""Forms of the collecting app, and the records that it sent."""

import mongoengine as me

from service.store.documents.base import meta


class XFormDocument(me.Document):
    """The exact bytes of a form, once for ever."""

    meta = meta("xforms", "form_id")

    id = me.StringField(primary_key=True)
    form_id = me.StringField(required=True)
    version = me.StringField(required=True)
    name = me.StringField(required=True)
    content = me.BinaryField(required=True)
    md5 = me.StringField(required=True)
    made_at = me.DateTimeField(required=True)


class SentXmlDocument(me.Document):
    """A record as it was sent. What came second under its number with other words is kept beside it, `refused`."""

    meta = meta("sent_xml", "organisation", "of")

    id = me.StringField(primary_key=True)
    of = me.StringField(required=True)
    form = me.StringField(required=True)
    instance_id = me.StringField(required=True)
    sha256 = me.StringField(required=True)
    content = me.BinaryField(required=True)
    user = me.StringField(required=True)
    organisation = me.StringField(required=True)
    received_at = me.DateTimeField(required=True)
    refused = me.BooleanField(required=True)


class SetAsideDocument(me.Document):
    """Why a record could not become a spot check; its id is the record's."""

    meta = meta("set_aside", "organisation")

    id = me.StringField(primary_key=True)
    problem = me.StringField(required=True)
    user = me.StringField(required=True)
    organisation = me.StringField(required=True)
    at = me.DateTimeField(required=True)


class SentFileDocument(me.Document):
    """A file of a record that was set aside: as it came, handed out as a download only."""

    meta = meta("sent_files", "of")

    id = me.StringField(primary_key=True)
    of = me.StringField(required=True)
    name = me.StringField(required=True)
    content = me.BinaryField(required=True)
    at = me.DateTimeField(required=True)
