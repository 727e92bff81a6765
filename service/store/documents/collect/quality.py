"""Quality marks, the scan they come from, and the decisions on them; apart from the answers."""

import mongoengine as me

from service.store.documents.base import Versioned, meta


class QualityMarksDocument(me.Document):
    """All marks of one answer in one scan. Goes when its answer is withdrawn."""

    meta = meta("quality_marks", ("campaign", "generation", "slot"), "final_id")

    id = me.StringField(primary_key=True)
    campaign = me.StringField(required=True)
    generation = me.StringField(required=True)
    slot = me.IntField(required=True)
    final_id = me.StringField(required=True)
    marks = me.ListField(me.DictField())


class QualityScanDocument(Versioned):
    """The last scan of a campaign, with the marks of places."""

    meta = meta("quality_scans")

    id = me.StringField(primary_key=True)
    number = me.IntField(required=True)
    generation = me.StringField(required=True)
    at = me.DateTimeField(required=True)
    by = me.StringField(required=True)
    rule_version = me.IntField(required=True)
    parameters = me.DictField()
    contacts = me.ListField(me.DictField())
    answers = me.IntField(required=True)
    counts = me.DictField()
    not_judged = me.ListField(me.StringField())
    places = me.ListField(me.DictField())


class QualityDecisionDocument(me.Document):
    meta = meta("quality_decisions", "campaign")

    id = me.StringField(primary_key=True)
    campaign = me.StringField(required=True)
    number = me.IntField(required=True)
    scan = me.IntField(required=True)
    kind = me.StringField(required=True)
    verdict = me.StringField(required=True)
    reason = me.StringField(required=True, max_length=1000)
    by = me.StringField(required=True)
    at = me.DateTimeField(required=True)
    place = me.DictField()
    final_ids = me.ListField(me.StringField())
