"""Editing a draft by single edits: the text that they make is saved like one that was typed."""

from datetime import datetime

from service.domain.access import Actor
from service.domain.collect import draft_edits
from service.domain.collect.draft_edits import Edit
from service.domain.collect.drafts import QuestionnaireDraft
from service.domain.errors import Refused
from service.operations.collect import drafts


def edit(actor: Actor, now: datetime, id: str, version: int, change: Edit) -> QuestionnaireDraft:
    """Make an edit in the draft's text, which must be readable: Refused("questionnaire_invalid") otherwise.

    Raises Refused("stale") if somebody changed the draft meanwhile. Its sides are their text, and their text with this
    edit, so that saving the latter loses neither; where the edit has no place there any more: Refused("not_found").
    """
    draft = drafts.get(actor, id)
    text = draft_edits.edited(draft.text, change)
    if version == draft.version or text == draft.text:
        return drafts.change(actor, now, id, text, draft.version)
    sides = {"yours": {"version": version, "text": text}, "theirs": {"version": draft.version, "text": draft.text}}
    raise Refused("stale", version=draft.version, sides=sides)
