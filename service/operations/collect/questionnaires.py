"""Questionnaires: published versions, immutable."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from functools import lru_cache
from typing import Any

from service.domain import access
from service.domain.access import Actor
from service.domain.collect import questionnaires as rules
from service.domain.collect.campaigns import Campaign
from service.domain.collect.questionnaires import Questionnaire
from service.operations.acts import create_once, load
from service.store import records


def publish(actor: Actor, now: datetime, definition: Mapping[str, Any]) -> tuple[rules.QuestionnaireVersion, bool]:
    """Publish a definition that was tried out elsewhere (a file, an import); the journal says so. It never changes.

    Its id is `<questionnaire>@<version>`, so a repeat is recognised. What is written here goes through a draft.

    Raises Refused: questionnaire_invalid with every fault, id_taken for other content under a known version.
    """
    access.require(actor, "questionnaires.write")
    questionnaire = rules.parse(definition)
    id = version_id(questionnaire.id, questionnaire.version)
    version = rules.QuestionnaireVersion(
        id, questionnaire.id, questionnaire.version, questionnaire.digest, rules.to_plain(questionnaire)
    )
    version = replace(version, origin="file", published_at=now)
    ignoring = ("origin", "trial_answers", "published_at")
    return create_once("questionnaire.published", actor, now, scope(questionnaire.id), version, ignoring)


def versions(actor: Actor) -> list[rules.QuestionnaireVersion]:
    access.require(actor, "questionnaires.read")
    return records.find(rules.QuestionnaireVersion)


def get(actor: Actor, id: str) -> rules.QuestionnaireVersion:
    access.require(actor, "questionnaires.read")
    return load(rules.QuestionnaireVersion, id, "questionnaire")


def next_number(questionnaire: str) -> int:
    """The number that the next version of a questionnaire gets."""
    there = records.find(rules.QuestionnaireVersion, questionnaire=questionnaire)
    return max((version.number for version in there), default=0) + 1


def scope(questionnaire: str) -> str:
    """The journal's chain for all acts on a questionnaire."""
    return f"questionnaire:{questionnaire}"


def version_id(questionnaire: str, version: int) -> str:
    return f"{questionnaire}@{version}"


@lru_cache(maxsize=64)
def parsed(id: str) -> Questionnaire:
    """A published version, parsed once a process: it cannot change."""
    return rules.parse(load(rules.QuestionnaireVersion, id, "questionnaire").definition)


@lru_cache(maxsize=512)
def of_campaign(campaign_id: str) -> Questionnaire:
    """The version a campaign asks. Fixed when the campaign is made, so it is looked up once a process."""
    campaign = load(Campaign, campaign_id, "campaign")
    return parsed(version_id(campaign.questionnaire, campaign.questionnaire_version))
