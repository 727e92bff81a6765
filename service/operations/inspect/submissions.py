"""Submissions: the one entrance for records from phones, by our web app and by OpenRosa. Nothing sent is lost."""

from datetime import datetime

from service.domain.access import Actor
from service.domain.inspect.submissions import Outcome, Submission


def receive(actor: Actor, now: datetime, submission: Submission) -> Outcome:
    """Keep a record that a phone sends; the same record again is recognised.

    What nobody may be sure of is kept for a human, with state "conflict": a submission by somebody who is not (any
    longer) assigned, of a visit that is closed, other content under a known id, a second record of an item. Raises
    Refused: checklist_unknown, answers_invalid, invalid (with fields), not_found for what is not the actor's to see.
    """
    raise NotImplementedError
