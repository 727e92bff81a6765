"""Drafts of questionnaires, and the test answers given to them."""

import mongoengine as me

from service.store.documents.base import Versioned, meta


class QuestionnaireDraftDocument(Versioned):
    """`text` is kept as typed: a faulty definition may hold keys that a document cannot."""

    meta = meta("questionnaire_drafts")

    id = me.StringField(primary_key=True)
    organisation = me.StringField(required=True)
    text = me.StringField()
    based_on = me.StringField()
    created_at = me.DateTimeField(required=True)
    changed_at = me.DateTimeField(required=True)
    changed_by = me.StringField(required=True)


class TrialAnswerDocument(me.Document):
    """Never in the inbox and in no tally."""

    meta = meta("trial_answers", "questionnaire")

    id = me.StringField(primary_key=True)
    questionnaire = me.StringField(required=True)
    organisation = me.StringField(required=True)
    digest = me.StringField(required=True)
    answers = me.DictField()
    language = me.StringField()
    at = me.DateTimeField(required=True)
    by = me.StringField(required=True)
