"""Drafts: begun from nothing, a template or a version, edited, and published once they were tried out as they stand."""

import hashlib
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

from service import store
from service.domain import access, yaml_texts
from service.domain.access import Actor
from service.domain.collect import drafts as rules
from service.domain.collect.drafts import QuestionnaireDraft, Reading, TrialAnswer
from service.domain.collect.questionnaires import Questionnaire, QuestionnaireVersion, to_plain
from service.domain.collect.versions import Change, compare
from service.domain.errors import Refused
from service.operations.acts import act, load
from service.operations.collect import questionnaires, templates
from service.store import records


def drafts(actor: Actor) -> list[QuestionnaireDraft]:
    """Those of the actor's organisation."""
    access.require(actor, "questionnaires.write")
    return [draft for draft in records.find(QuestionnaireDraft) if _theirs(actor, draft)]


def get(actor: Actor, id: str) -> QuestionnaireDraft:
    """The draft; another organisation's is as unknown as none."""
    access.require(actor, "questionnaires.write")
    draft = load(QuestionnaireDraft, id, "draft")
    if not _theirs(actor, draft):
        raise Refused("not_found", noun="draft")
    return draft


def _theirs(actor: Actor, draft: QuestionnaireDraft) -> bool:
    return draft.organisation == actor.organisation or "admin" in actor.roles


def read(draft: QuestionnaireDraft) -> Reading:
    """What it says as the next version: the questionnaire, or its faults."""
    return rules.read(draft.id, draft.text, questionnaires.next_number(draft.id))


def readable(draft: QuestionnaireDraft) -> Questionnaire:
    """The questionnaire of a draft. Raises Refused("draft_faulty") with its faults."""
    reading = read(draft)
    if reading.questionnaire is None:
        raise Refused("draft_faulty", reading.faults)
    return reading.questionnaire


def create(actor: Actor, now: datetime, id: str, text: str, based_on: str = "") -> tuple[QuestionnaireDraft, bool]:
    """A new draft, whatever its text says. A repeat finds what it made; another text: Refused("id_taken")."""
    access.require(actor, "questionnaires.write")
    rules.check_id(id)
    rules.check_size(text)
    draft = QuestionnaireDraft(id, actor.organisation, text, based_on, now, now, actor.id)
    try:
        _act("questionnaire.drafted", actor, now, draft, lambda tx: records.insert(draft, tx))
    except records.Duplicate:
        there = records.get(QuestionnaireDraft, id)
        if there is None or (there.organisation, there.text) != (actor.organisation, text):
            raise Refused("id_taken", id=id) from None
        return there, False
    return draft, True


def from_template(actor: Actor, now: datetime, template: str, id: str = "") -> tuple[QuestionnaireDraft, bool]:
    """A draft with a template's text, by default under the template's own id."""
    found = templates.get(actor, template)
    id = id or found.id
    rules.check_id(id)
    return create(actor, now, id, rules.renamed(found.text, id), f"template:{template}")


def from_version(actor: Actor, now: datetime, version: str) -> tuple[QuestionnaireDraft, bool]:
    """A change of what is published: a draft of the same questionnaire with that version's text."""
    access.require(actor, "questionnaires.write")
    published = questionnaires.get(actor, version)
    plain = {key: value for key, value in published.definition.items() if key != "version"}
    return create(actor, now, published.questionnaire, yaml_texts.dump(plain), version)


def change(actor: Actor, now: datetime, id: str, text: str, version: int) -> QuestionnaireDraft:
    """Save a text; faults are no hindrance. Raises Refused("stale") with both texts if it was changed meanwhile."""
    there = get(actor, id)
    rules.check_size(text)
    if text == there.text:  # a repeat, or two people wrote the same
        return there
    if version != there.version:
        raise _stale(there, text, version)
    changed = replace(there, text=text, changed_at=now, changed_by=actor.id, version=version + 1)
    try:
        _act("questionnaire.draft_changed", actor, now, changed, lambda tx: records.replace(changed, version, tx))
    except Refused as refused:
        if refused.reason != "stale":
            raise
        raise _stale(get(actor, id), text, version) from None
    return changed


def _stale(there: QuestionnaireDraft, text: str, version: int) -> Refused:
    sides = {"yours": {"version": version, "text": text}, "theirs": {"version": there.version, "text": there.text}}
    return Refused("stale", version=there.version, sides=sides)


def delete(actor: Actor, now: datetime, id: str, version: int) -> None:
    """The draft with its test answers."""
    draft = get(actor, id)
    _act("questionnaire.draft_deleted", actor, now, draft, lambda tx: _remove(draft, version, tx))


def _untried(draft: QuestionnaireDraft) -> Refused:
    """Test answers go with the draft: if somebody publishes it just now, that is what has happened."""
    now_there = records.get(QuestionnaireDraft, draft.id)
    if now_there and now_there.version == draft.version:
        return Refused("not_tried")
    return Refused("stale", version=now_there.version if now_there else 0)


def _remove(draft: QuestionnaireDraft, version: int, tx: store.Tx) -> None:
    records.remove(QuestionnaireDraft, draft.id, version, tx)
    records.remove_all(TrialAnswer, tx, questionnaire=draft.id, organisation=draft.organisation)


def publish(actor: Actor, now: datetime, id: str, version: int) -> QuestionnaireVersion:
    """Make the draft the next version, which never changes. The draft and its test answers are gone then.

    Raises Refused: stale, draft_faulty, not_tried unless somebody tried out exactly this text.
    """
    draft = get(actor, id)
    if draft.version != version:
        raise Refused("stale", version=draft.version)
    questionnaire = readable(draft)
    digest = questionnaire.digest
    tried = records.find(TrialAnswer, questionnaire=id, organisation=draft.organisation, digest=digest)
    if not tried:
        raise _untried(draft)
    number = questionnaire.version
    published = QuestionnaireVersion(
        questionnaires.version_id(id, number), id, number, digest, to_plain(questionnaire), "draft", len(tried), now
    )

    def write(tx: store.Tx) -> None:
        _remove(draft, version, tx)
        records.insert(published, tx)

    details: dict[str, Any] = {**vars(published), "published_at": now.isoformat(), "based_on": draft.based_on}
    try:
        act("questionnaire.published", actor, now, questionnaires.scope(id), published.id, details, write)
    except records.Duplicate:  # this number was given to another text meanwhile, so nobody has tried this one
        raise Refused("not_tried") from None
    return published


def comparison(actor: Actor, a: str, b: str) -> tuple[Questionnaire, Questionnaire, list[Change]]:
    """Two versions (`id@number`) or drafts (`id`) and what changed from the first to the second."""
    left, right = _named(actor, a), _named(actor, b)
    return left, right, compare(left, right)


def _named(actor: Actor, id: str) -> Questionnaire:
    if "@" in id:
        questionnaires.get(actor, id)
        return questionnaires.parsed(id)
    if not access.may(actor, "questionnaires.write"):  # who may not see drafts learns of none
        raise Refused("not_found", noun="draft")
    return readable(get(actor, id))


def _act(name: str, actor: Actor, now: datetime, draft: QuestionnaireDraft, write: Any) -> None:
    """In the journal a draft's text is named by its hash: what is published later stands there in full."""
    sha256 = hashlib.sha256(draft.text.encode()).hexdigest()
    details: Mapping[str, Any] = {"version": draft.version, "based_on": draft.based_on, "text_sha256": sha256}
    act(name, actor, now, questionnaires.scope(draft.id), draft.id, details, write)
