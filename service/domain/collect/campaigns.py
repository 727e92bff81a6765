"""Campaigns: one questionnaire version put to one population in a window of time, and what its respondents are told."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from service.domain.errors import Fault, Refused

OPEN, CLOSING, FINAL = "open", "closing", "final"
DRAFT = "draft"

# Facts that a respondent must be told before answering (Personal Information Protection Law, arts 17 and 35).
NOTICE_TEXTS = ("authority", "evaluator", "purpose", "retention", "complaints")
NOTICE_FACTS = (*NOTICE_TEXTS, "phone")


@dataclass(frozen=True)
class Campaign:
    """`notice` holds a text by language for each of NOTICE_TEXTS, and `phone`, one official number."""

    id: str
    short_code: str
    project: str
    name: str
    questionnaire: str
    questionnaire_version: int
    population: str
    sites: tuple[str, ...]
    opens_at: datetime
    closes_at: datetime
    languages: tuple[str, ...]
    notice: Mapping[str, str | Mapping[str, str]] = field(default_factory=dict)
    opened_at: datetime | None = None
    version: int = 1

    def in_window(self, now: datetime) -> bool:
        return self.opens_at <= now < self.closes_at


def check_openable(campaign: Campaign, spoken: Sequence[str], provider_phones: Sequence[str]) -> None:
    """Raises Refused("campaign_incomplete") naming each fact that respondents would miss.

    `spoken` are the questionnaire's languages. The official phone must not be the provider's: nobody who is rated
    may stand between a person and the complaint channel.
    """
    faults = [*_untold(campaign), *_phone_faults(campaign, provider_phones)]
    for language in campaign.languages:
        if language not in spoken:
            options = ", ".join(spoken)
            faults.append(Fault("languages", "not_an_option", {"value": language, "options": options}))
    faults += [Fault(name, "empty") for name in ("languages", "sites") if not getattr(campaign, name)]
    if campaign.closes_at <= campaign.opens_at:
        faults.append(Fault("closes_at", "problem", {"text": "it closes before it opens"}))
    if faults:
        raise Refused("campaign_incomplete", faults)


def _untold(campaign: Campaign) -> Iterator[Fault]:
    for fact in NOTICE_TEXTS:
        texts = campaign.notice.get(fact)
        for language in campaign.languages:
            if not (isinstance(texts, Mapping) and str(texts.get(language, "")).strip()):
                yield Fault(f"notice.{fact}.{language}", "missing")


def _phone_faults(campaign: Campaign, provider_phones: Sequence[str]) -> Iterator[Fault]:
    phone = _digits(str(campaign.notice.get("phone") or ""))
    if not phone:
        yield Fault("notice.phone", "missing")
    elif phone in {_digits(number) for number in provider_phones}:
        yield Fault("notice.phone", "problem", {"text": "this is the provider's number; name an official one"})


def _digits(phone: str) -> str:
    return "".join(character for character in phone if character.isdigit())
