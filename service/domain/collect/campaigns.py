"""Campaigns: one questionnaire version put to one population in a window of time, and what its respondents are told."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from service.domain.days import CHINA
from service.domain.errors import Fault, Refused

OPEN, CLOSING, FINAL = "open", "closing", "final"
DRAFT = "draft"

# Facts that a respondent must be told before answering (Personal Information Protection Law, arts 17 and 35).
NOTICE_TEXTS = ("authority", "evaluator", "purpose", "retention", "complaints")
NOTICE_FACTS = (*NOTICE_TEXTS, "phone")
LINKED = "linked"  # said only where answers stay linked to the person


@dataclass(frozen=True)
class Campaign:
    """`notice` holds a text by language for each of NOTICE_TEXTS, and `phone`, one official number.

    A pause lasts from `paused_at` to `resumes_at`, or until it is ended where that is None. `quotas` are plain Quotas.
    """

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
    paused_at: datetime | None = None
    resumes_at: datetime | None = None
    pause_reason: str = ""
    quotas: tuple[Mapping[str, Any], ...] = ()
    version: int = 1

    @property
    def told_linked(self) -> bool:
        """Whether the notice says, in every language, that answers stay linked to the person (two-phase surveys)."""
        texts = self.notice.get(LINKED)
        return isinstance(texts, Mapping) and all(str(texts.get(name) or "").strip() for name in self.languages)

    def in_window(self, now: datetime) -> bool:
        return self.opens_at <= now < self.closes_at

    def paused(self, now: datetime) -> bool:
        """Whether nothing new is taken in just now; the window and the ledger have nothing to do with it."""
        return self.paused_at is not None and (self.resumes_at is None or now < self.resumes_at)


PAUSE_SECONDS, LONGEST_PAUSE = 600, 86_400


def paused(campaign: Campaign, now: datetime) -> Refused:
    """The refusal of what is sent during a pause: after how many seconds it is worth sending again."""
    left = (campaign.resumes_at - now).total_seconds() if campaign.resumes_at else PAUSE_SECONDS
    return Refused("campaign_paused", seconds=int(min(max(left, 1), LONGEST_PAUSE)))


def check_pause(resumes_at: datetime | None, reason: str, now: datetime) -> None:
    """Raises Refused("invalid") for a pause without a reason, or one that is over before it begins."""
    faults = [] if reason.strip() else [Fault("reason", "missing")]
    if resumes_at is not None and resumes_at <= now:
        faults.append(Fault("resumes_at", "is_past"))
    if faults:
        raise Refused("invalid", faults)


def check_extension(campaign: Campaign, closes_at: datetime, reason: str, now: datetime) -> None:
    """Raises Refused("invalid") unless the window becomes longer, from now on, with a reason.

    Never shorter: who has a code was told until when it works.
    """
    faults = [] if reason.strip() else [Fault("reason", "missing")]
    if closes_at <= campaign.closes_at:
        faults.append(
            Fault("closes_at", "window_shortened", {"at": f"{campaign.closes_at.astimezone(CHINA):%Y-%m-%d %H:%M}"})
        )
    elif closes_at <= now:
        faults.append(Fault("closes_at", "is_past"))
    if faults:
        raise Refused("invalid", faults)


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
        faults.append(Fault("closes_at", "ends_before"))
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
        yield Fault("notice.phone", "provider_number")


def _digits(phone: str) -> str:
    return "".join(character for character in phone if character.isdigit())
