"""Seals with their tallies, and tallies frozen as evidence."""

import mongoengine as me

from service.store.documents.base import meta


class SealDocument(me.Document):
    """Never deleted; a compacted one keeps its id, campaign, rev, `into` and `arrivals` without the tally."""

    meta = meta("seals", ("campaign", "into"))

    id = me.StringField(primary_key=True)
    campaign = me.StringField(required=True)
    rev = me.IntField(required=True)
    hour = me.StringField()
    into = me.StringField(null=True)
    tally = me.ListField(me.DictField())
    arrivals = me.ListField(me.DictField())


class FrozenTallyDocument(me.Document):
    """What a campaign's figures were when it was finalised: evidence, never touched again.

    `purged` says when the answers behind it were deleted, how many, and what the seals came to by then.
    """

    meta = meta("frozen_tallies")

    id = me.StringField(primary_key=True)
    rev = me.IntField(required=True)
    at = me.DateTimeField(required=True)
    digest = me.StringField(required=True)
    tally = me.ListField(me.DictField())
    purged = me.DictField(null=True)
