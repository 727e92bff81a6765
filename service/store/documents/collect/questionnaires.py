"""Published questionnaire versions."""

import mongoengine as me

from service.store.documents.base import meta, unique


class QuestionnaireVersionDocument(me.Document):
    """One published version; never changed."""

    meta = meta("questionnaires", unique("questionnaire", "number"))

    id = me.StringField(primary_key=True)
    questionnaire = me.StringField(required=True)
    number = me.IntField(required=True)
    digest = me.StringField(required=True)
    definition = me.DictField(required=True)
    origin = me.StringField()
    trial_answers = me.IntField()
    published_at = me.DateTimeField()
