"""For tests of opinions: an open campaign of the institutions' form, its list, and what a signed form says."""

from datetime import date
from typing import Any

from factories import EVALUATOR, KEY, NOW, Opened, make_campaign, make_project

from service.domain.collect.opinions import Institution, Opinion
from service.operations.collect import campaigns, opinions

KINDS = ("party_government", "functional", "organisation")
ASPECTS = ("results", "skill", "cooperation", "rules", "residents", "complaints")


def answers(level: str = "4", recognition: str = "8", **more: Any) -> dict[str, Any]:
    """A whole form: the same level for everything."""
    return {
        "basis": "joint",
        "tie": "no",
        "overall": level,
        "aspects": dict.fromkeys(ASPECTS, level),
        "recognition": recognition,
        **more,
    }


def listed(count: int = 3, kinds: tuple[str, ...] = KINDS) -> list[Institution]:
    return [Institution(f"inst-{place}", kinds[place % len(kinds)], f"Institution {place}") for place in range(count)]


def open_campaign() -> Opened:
    """Open, without a list."""
    make_project()
    campaign = make_campaign(questionnaire="institution-rating")
    return Opened(campaigns.change_state(EVALUATOR, NOW, campaign.id, "open", campaign.version), KEY)


def open_with(count: int = 3, kinds: tuple[str, ...] = KINDS) -> Opened:
    opened = open_campaign()
    opinions.set_list(EVALUATOR, NOW, opened.id, listed(count, kinds), 0)
    return opened


def draft(institution: str = "inst-0", number: int = 1, **more: Any) -> Opinion:
    signed = {"signer": "Signer", "office": "Deputy head", "signed_on": date(2026, 3, 1)}
    return Opinion("", "campaign-1", institution, number, {}, at=NOW, by="", **signed | more)


def enter(institution: str = "inst-0", given: dict[str, Any] | None = None, **more: Any) -> tuple[Opinion, bool]:
    return opinions.enter(EVALUATOR, NOW, draft(institution, **more), answers() if given is None else given)
