"""Paper: a sheet that an evaluator types in is accepted under the code of its slip, which is spent with it."""

from datetime import datetime

from service.domain.access import Actor
from service.domain.collect.campaigns import OPEN
from service.domain.collect.imports import CHINA, received
from service.domain.errors import Fault, Refused
from service.domain.keys import Key
from service.operations.collect import campaigns, responses, tickets
from service.operations.collect.responses import Submission

MODE = "paper"


def enter(
    actor: Actor, now: datetime, campaign: str, code: str, sheet: Submission, day: str, keys: tuple[Key, ...]
) -> bool:
    """Whether it is new: a repeat under the same submission id changes nothing. `day` is when the sheet came in.

    Raises Refused as `responses.submit` does, and code_elsewhere for a code of another campaign.
    """
    check_open(actor, campaign)
    there = campaigns.view(campaign).campaign
    at = received(day, there, now.astimezone(CHINA).date(), "received")
    if isinstance(at, Fault):
        raise Refused("invalid", [at])
    check_code(campaign, code, keys)
    return not responses.submit(code, sheet, at, keys, (MODE,)).repeated


def check_open(actor: Actor, campaign: str) -> None:
    campaigns.get(actor, campaign, "responses.write")
    state = campaigns.state(campaign)
    if state != OPEN:
        raise Refused("state_conflict", noun="campaign", state=state)


def check_code(campaign: str, code: str, keys: tuple[Key, ...]) -> None:
    """Raises Refused: code_mistyped, code_unknown, code_elsewhere. Whether it was used is not told before the end."""
    _, batch = tickets.look_up(code, keys)
    if batch.campaign != campaign:
        raise Refused("code_elsewhere")
