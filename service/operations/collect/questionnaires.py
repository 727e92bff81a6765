"""Questionnaires: published versions, immutable."""

from collections.abc import Mapping
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
    """Publish a version; it never changes. Its id is `<questionnaire>@<version>`, so a repeat is recognised.

    Raises Refused: questionnaire_invalid with every fault, id_taken for other content under a known version.
    """
    access.require(actor, "questionnaires.write")
    questionnaire = rules.parse(definition)
    id = version_id(questionnaire.id, questionnaire.version)
    version = rules.QuestionnaireVersion(
        id, questionnaire.id, questionnaire.version, questionnaire.digest, rules.to_plain(questionnaire)
    )
    return create_once("questionnaire.published", actor, now, f"questionnaire:{questionnaire.id}", version)


def versions(actor: Actor) -> list[rules.QuestionnaireVersion]:
    access.require(actor, "questionnaires.read")
    return records.find(rules.QuestionnaireVersion)


def get(actor: Actor, id: str) -> rules.QuestionnaireVersion:
    access.require(actor, "questionnaires.read")
    return load(rules.QuestionnaireVersion, id, "questionnaire")


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
