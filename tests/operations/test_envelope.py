"""The double envelope under interruption: a sealer stops before any of its steps, others go on, then it wakes up."""

import itertools
import threading
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from datetime import timedelta

import invariants
import pytest
from factories import KEY, NOW, make_campaign, make_project
from pausing import PAUSER

from service.domain.collect import responses as rules
from service.domain.collect.campaigns import Campaign
from service.domain.collect.responses import Envelope
from service.domain.collect.tallies import Cell, Tally
from service.domain.errors import Refused
from service.operations.collect import campaigns, seals
from service.store.collect import inbox

pytestmark = pytest.mark.usefixtures("database")
LATER = NOW + timedelta(days=2)


def envelope(campaign: str, number: int, satisfaction: str = "High") -> Envelope:
    """An accepted answer as the request makes it."""
    answers = {"satisfaction": satisfaction, "influence": "Low", "contact": "High"}
    env = rules.envelope_id(KEY, campaign, "slip", f"slip-{number}", f"submission-{number}")
    return Envelope(
        env=env,
        campaign=campaign,
        sub=rules.submission_hash(KEY, f"submission-{number}"),
        digest=rules.content_digest(answers, "own_phone", "en"),
        r=rules.receipt_secret(KEY, env, f"submission-{number}"),
        final_id=seals.new_final_id(),
        answers=answers,
        cell=Cell("east", "", "drawn_persons", "own_phone", "unknown", "en", "", "", ""),
        hour=rules.hour_of(NOW + timedelta(hours=number)),
        duration=3,
    )


def opened(id: str) -> Campaign:
    from factories import EVALUATOR

    campaign = make_campaign(id)
    return campaigns.change_state(EVALUATOR, NOW, id, "open", campaign.version)


def accepted(campaign: str, numbers: range) -> list[Envelope]:
    made = [envelope(campaign, number, ("Low", "Medium", "High")[number % 3]) for number in numbers]
    assert inbox.accept_group(made) == [inbox.ACCEPTED] * len(made)
    return made


def meanwhile_seal(campaign: str, made: list[Envelope]) -> tuple[list[Envelope], int]:
    seals.seal(campaign)
    return made, 0


def meanwhile_accept_and_seal(campaign: str, made: list[Envelope]) -> tuple[list[Envelope], int]:
    more = made + accepted(campaign, range(10, 13))
    seals.seal(campaign, 2)
    return more, 0


def meanwhile_withdraw(campaign: str, made: list[Envelope]) -> tuple[list[Envelope], int]:
    seals.withdraw(campaign, made[1].r)
    return made, 1


def meanwhile_compact(campaign: str, made: list[Envelope]) -> tuple[list[Envelope], int]:
    seals.seal(campaign)
    seals.compact(campaign, LATER)
    return made, 0


def meanwhile_finalise(campaign: str, made: list[Envelope]) -> tuple[list[Envelope], int]:
    seals.finalise(campaign)
    return made, 0


ACTS = [
    meanwhile_seal,
    meanwhile_withdraw,
    *(
        pytest.param(act, marks=pytest.mark.long)
        for act in (meanwhile_accept_and_seal, meanwhile_compact, meanwhile_finalise)
    ),
]


@pytest.mark.parametrize("meanwhile", ACTS)
def test_a_sealer_stopped_before_any_command_and_waking_up_late_does_no_harm(
    meanwhile: Callable[[str, list[Envelope]], tuple[list[Envelope], int]],
) -> None:
    make_project()
    for k in itertools.count(1):
        campaign = opened(f"campaign-{k}").id
        made = accepted(campaign, range(4))
        first = PAUSER.start(lambda id=campaign: seals.seal(id, 2), stop_before=k)  # type: ignore[misc]
        if not first.reached:
            break
        made, withdrawn = meanwhile(campaign, made)
        # Dead so far: what a crash before the k-th command would leave, put right by the others.
        seals.seal(campaign)
        invariants.check(campaign, made, withdrawn)
        first.go_on()
        assert first.error is None
        seals.seal(campaign)
        invariants.check(campaign, made, withdrawn)
    assert k > 15, "a sealer of two batches takes more steps than that"


def seal_and_compact(campaign: str) -> None:
    seals.seal(campaign, 1)
    with suppress(Refused):  # busy: a stopped one holds its transaction open
        seals.compact(campaign, NOW + timedelta(hours=3))


@pytest.mark.parametrize("act", ["withdraw", "compact", "finalise", "read"])
def test_any_other_act_stopped_before_any_command_does_no_harm(act: str) -> None:
    make_project()
    for k in itertools.count(1):
        campaign = opened(f"campaign-{k}").id
        made = accepted(campaign, range(4))
        seals.seal(campaign, 2)
        made += accepted(campaign, range(4, 6))
        read: list[Tally] = []
        acts = {
            "withdraw": lambda id=campaign, r=made[0].r: seals.withdraw(id, r),
            "compact": lambda id=campaign: seals.compact(id, LATER),
            "finalise": lambda id=campaign: seals.finalise(id),
            "read": lambda id=campaign, into=read: into.append(seals.read(id)[0]),
        }
        first = PAUSER.start(acts[act], stop_before=k)
        if not first.reached:
            break
        others = threading.Thread(target=seal_and_compact, args=(campaign,))
        others.start()
        others.join(0.3)  # they may have to wait for the stopped one, whose transaction is open
        first.go_on()
        others.join()
        assert first.error is None
        seals.seal(campaign)
        invariants.check(campaign, made, withdrawn=1 if act == "withdraw" else 0)
        if act == "read":
            assert sum(cell["n"] for cell in read[0].values()) == 6
    assert k > 3


def test_a_delayed_insert_after_finalising_is_never_acknowledged_and_never_counted() -> None:
    make_project()
    campaign = opened("campaign-1").id
    made = accepted(campaign, range(2))
    seals.finalise(campaign)
    late = envelope(campaign, 9)
    assert inbox.accept_group([late]) == [inbox.CLOSED]
    seals.seal(campaign)
    invariants.check(campaign, made)
    assert inbox.find(late.env) is None


def test_the_same_place_twice_in_one_group_is_accepted_once() -> None:
    make_project()
    campaign = opened("campaign-1").id
    one = envelope(campaign, 1)
    other = replace(one, final_id=seals.new_final_id())
    assert inbox.accept_group([one, other]) == [inbox.ACCEPTED, inbox.TAKEN]
    seals.seal(campaign)
    invariants.check(campaign, [one])


def test_reads_touch_few_seals_however_many_there_were() -> None:
    from service.store.collect import seals as stored_seals

    make_project()
    campaign = opened("campaign-1").id
    made: list[Envelope] = []
    for first in range(0, 60, 4):
        made += accepted(campaign, range(first, first + 4))
        seals.seal(campaign, 1)
        seals.compact(campaign, NOW + timedelta(hours=first))
        assert len(stored_seals.roots(campaign)) <= 40
    seals.compact(campaign, NOW + timedelta(days=9))
    assert len(stored_seals.roots(campaign)) == 1
    invariants.check(campaign, made)


def test_whoever_finds_another_process_at_the_sealing_is_told_to_come_again() -> None:
    make_project()
    campaign = opened("campaign-1").id
    assert seals.tend(campaign, "one", NOW)
    made = accepted(campaign, range(2))
    assert not seals.tend(campaign, "other", NOW + timedelta(seconds=1))
    assert len(inbox.live(campaign)) == 2
    assert seals.tend(campaign, "other", NOW + timedelta(seconds=4))
    assert inbox.live(campaign) == []
    invariants.check(campaign, made)
