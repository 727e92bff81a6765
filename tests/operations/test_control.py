"""Control of a campaign at work: pause, extension, quotas, progress, and what withdrawals leave behind."""

from dataclasses import replace
from datetime import timedelta

import database as database_tools
import links
import pytest
from factories import EVALUATOR, KEY, NOW, OTHER_EVALUATOR, PROVIDER, Opened, issue, make_campaign, make_project
from factories import open_campaign as open_any

from service.domain.access import Actor
from service.domain.collect.quotas import Quota
from service.domain.errors import Refused
from service.operations.collect import campaigns, progress, quotas, responses, seals
from service.operations.collect.responses import Submission, submit
from service.store import journal

FIRST = Submission("submission-1", {"overall": "5"})
PURCHASER = Actor("purchaser-1", "purchaser", "purchaser-org", ("purchaser",))
LATER = NOW + timedelta(hours=1)


@pytest.fixture
def opened(database: None) -> Opened:
    return open_any(4, questionnaire="recipients")


def version(opened: Opened) -> int:
    return campaigns.get(EVALUATOR, opened.id).version


def pause(opened: Opened, hours: int | None = 2) -> None:
    until = None if hours is None else NOW + timedelta(hours=hours)
    campaigns.pause(EVALUATOR, NOW, opened.id, until, "the hall is closed", version(opened))


def want(opened: Opened, *wanted: Quota) -> None:
    quotas.replace(EVALUATOR, NOW, opened.id, wanted, version(opened))


def answer(opened: Opened, *codes: str) -> list[str]:
    return [submit(code, replace(FIRST, submission_id=f"submission-{code}"), NOW, (KEY,)).receipt for code in codes]


def refused(reason: str, act: object, *args: object) -> Refused:
    with pytest.raises(Refused) as caught:
        act(*args)  # type: ignore[operator]
    assert caught.value.reason == reason
    return caught.value


def look(opened: Opened, code: str, at: object = NOW) -> None:
    view, batch = responses.form_of(code, (KEY,))
    responses.refuse_if_closed(view, batch, at)  # type: ignore[arg-type]
    quotas.refuse_if_full(view, batch)


def acts(opened: Opened) -> list[tuple[str, dict[str, object]]]:
    return [(entry.act, dict(entry.details)) for entry in journal.entries(f"project:{opened.campaign.project}")]


def test_a_pause_takes_nothing_new_and_gives_a_repeat_its_receipt(opened: Opened) -> None:
    first = submit(opened.codes[0], FIRST, NOW, (KEY,))
    pause(opened)
    assert campaigns.state(opened.id) == "open"  # of the ledger: no state of the protocol is touched
    for sealed in (False, True):
        if sealed:
            seals.seal(opened.id)
        assert submit(opened.codes[0], FIRST, LATER, (KEY,)).receipt == first.receipt
        told = refused("campaign_paused", submit, opened.codes[1], FIRST, LATER, (KEY,))
        assert told.params["seconds"] == 3600
        refused("campaign_paused", look, opened, opened.codes[1], LATER)
    other = replace(FIRST, answers={"overall": "1"})
    refused("submission_differs", submit, opened.codes[0], other, LATER, (KEY,))
    assert seals.recount(opened.id) == []
    assert not submit(opened.codes[1], FIRST, NOW + timedelta(hours=2), (KEY,)).repeated  # it ends by itself


def test_a_pause_without_an_end_is_ended_by_hand_and_does_not_stop_paper(opened: Opened) -> None:
    pause(opened, None)
    late = NOW + timedelta(days=9)
    assert refused("campaign_paused", submit, opened.codes[0], FIRST, late, (KEY,)).params["seconds"] == 600
    submit(opened.codes[3], replace(FIRST, mode="paper"), late, (KEY,), ("paper",))
    refused("state_conflict", pause, opened)
    campaigns.resume(EVALUATOR, late, opened.id, "open again", version(opened))
    assert not submit(opened.codes[0], FIRST, late, (KEY,)).repeated
    refused("state_conflict", campaigns.resume, EVALUATOR, late, opened.id, "again", version(opened))
    assert [name for name, _ in acts(opened)][-2:] == ["campaign.paused", "campaign.resumed"]
    assert acts(opened)[-2][1]["pause_reason"] == "the hall is closed"


@pytest.mark.parametrize(
    ("hours", "reason", "field"), [(-1, "why", "resumes_at"), (0, "why", "resumes_at"), (1, " ", "reason")]
)
def test_a_pause_needs_a_reason_and_an_end_to_come(opened: Opened, hours: int, reason: str, field: str) -> None:
    until = NOW + timedelta(hours=hours)
    told = refused("invalid", campaigns.pause, EVALUATOR, NOW, opened.id, until, reason, version(opened))
    assert [fault.field for fault in told.faults] == [field]


def test_a_window_becomes_longer_and_never_shorter(opened: Opened) -> None:
    closes = opened.campaign.closes_at
    late = closes + timedelta(hours=1)
    refused("campaign_closed", submit, opened.codes[0], FIRST, late, (KEY,))
    for wrong in (closes, closes - timedelta(seconds=1), NOW - timedelta(days=1)):
        told = refused("invalid", campaigns.extend, EVALUATOR, NOW, opened.id, wrong, "why", version(opened))
        assert [fault.field for fault in told.faults] == ["closes_at"]
    told = refused(
        "invalid", campaigns.extend, EVALUATOR, late, opened.id, closes + timedelta(minutes=1), "why", version(opened)
    )
    assert "past" in told.faults[0].message
    told = refused("invalid", campaigns.extend, EVALUATOR, NOW, opened.id, late, "", version(opened))
    assert [fault.field for fault in told.faults] == ["reason"]
    campaigns.extend(EVALUATOR, NOW, opened.id, late + timedelta(hours=1), "too few came", version(opened))
    assert not submit(opened.codes[0], FIRST, late, (KEY,)).repeated
    name, details = acts(opened)[-1]
    assert (name, details["reason"]) == ("campaign.extended", "too few came")
    assert (details["from"], details["to"]) == (closes.isoformat(), (late + timedelta(hours=1)).isoformat())


def test_control_needs_the_version_the_role_and_an_open_campaign(opened: Opened) -> None:
    late = opened.campaign.closes_at + timedelta(days=1)
    refused("stale", campaigns.extend, EVALUATOR, NOW, opened.id, late, "why", version(opened) - 1)
    refused("stale", quotas.replace, EVALUATOR, NOW, opened.id, [Quota("east", 5)], version(opened) + 1)
    refused("forbidden", campaigns.extend, PROVIDER, NOW, opened.id, late, "why", version(opened))
    refused("not_found", quotas.replace, OTHER_EVALUATOR, NOW, opened.id, [Quota("east", 5)], version(opened))
    campaigns.change_state(EVALUATOR, NOW, opened.id, "final", version(opened))
    refused("state_conflict", campaigns.extend, EVALUATOR, NOW, opened.id, late, "why", version(opened))
    refused("state_conflict", pause, opened)
    refused("state_conflict", want, opened, Quota("east", 5))
    assert not {name for name, _ in acts(opened)} & {"campaign.extended", "campaign.paused", "campaign.quotas_set"}


def test_a_full_site_turns_away_who_comes_and_nobody_who_has_answered(opened: Opened) -> None:
    west = issue(opened, 1, site="west")
    want(opened, Quota("east", 2))
    answer(opened, *opened.codes[:2])
    quotas.forget_tallies()
    refused("quota_full", look, opened, opened.codes[2])
    look(opened, west[0])
    assert not submit(opened.codes[2], FIRST, NOW, (KEY,)).repeated  # the page was opened before
    [east, other] = progress.of(EVALUATOR, opened.id).sites
    assert [(one.answered, one.over, one.quota.target) for one in east.quotas] == [(3, 1, 2)]
    assert other.quotas == ()


def test_whoever_was_drawn_is_never_turned_away(opened: Opened) -> None:
    drawn = issue(opened, 1, distribution="drawn_persons")
    want(opened, Quota("east", 1))
    answer(opened, opened.codes[0])
    quotas.forget_tallies()
    refused("quota_full", look, opened, opened.codes[1])
    look(opened, drawn[0])


@pytest.mark.parametrize(
    ("quota", "field"),
    [
        (Quota("north", 5), "quotas.0.site"),
        (Quota("east", 0), "quotas.0.target"),
        (Quota("east", 5, "overall", "5"), "quotas.0.variable"),
        (Quota("east", 5, "", "5"), "quotas.0.variable"),
    ],
)
def test_a_quota_for_what_the_campaign_has_not_is_named(opened: Opened, quota: Quota, field: str) -> None:
    told = refused("invalid", want, opened, quota)
    assert [fault.field for fault in told.faults] == [field]
    assert "duplicate" in str(refused("invalid", want, opened, Quota("east", 5), Quota("east", 6)).faults)


def test_progress_by_site_mode_distribution_and_day(opened: Opened) -> None:
    west = issue(opened, 2, site="west", distribution="free_choice")
    receipts = answer(opened, *opened.codes[:2], west[0])
    submit(opened.codes[2], replace(FIRST, mode="paper"), NOW - timedelta(hours=12), (KEY,), ("paper",))
    seals.seal(opened.id)
    seals.compact(opened.id, NOW + timedelta(days=3))  # the days are known still
    responses.withdraw(receipts[0])
    responses.withdraw(receipts[0])
    [east, other] = progress.of(EVALUATOR, opened.id).sites
    assert (east.site, east.answered, east.withdrawn) == ("east", 2, 1)
    assert (dict(east.modes), dict(east.distributions)) == (
        {"own_phone": 1, "paper": 1},
        {"all_present_evaluator": 2},
    )
    assert dict(east.days) == {"2026-03-01": 1, "2026-03-02": 2}
    assert (other.answered, other.withdrawn, dict(other.distributions)) == (1, 0, {"free_choice": 1})


def test_others_read_one_coarse_total_a_site(opened: Opened) -> None:
    more = issue(opened, 25)
    answer(opened, *more[:9])
    for reader in (PROVIDER, PURCHASER):
        told = progress.of(reader, opened.id)
        assert told.sites == ()
        assert [(one.site, one.at_least) for one in told.totals] == [("east", None), ("west", None)]
    for count, shown in ((10, 10), (19, 10), (20, 20)):
        answer(opened, *more[:count])
        assert [one.at_least for one in progress.of(PROVIDER, opened.id).totals] == [shown, None]
    refused("not_found", progress.of, OTHER_EVALUATOR, opened.id)


def test_a_draft_has_no_progress(database: None) -> None:
    make_project()
    refused("campaign_not_open", progress.of, EVALUATOR, make_campaign().id)


def test_what_withdrawals_leave_behind_is_a_number(opened: Opened) -> None:
    receipts = answer(opened, *opened.codes)
    for receipt in receipts[:2]:
        responses.withdraw(receipt)
    kept = [stored for name, stored in database_tools.every_document() if name == "WithdrawalCountDocument"]
    assert kept == [{"_id": f"{opened.id}:east", "campaign": opened.id, "site": "east", "n": 2}]
    links.check(KEY, opened.codes, [f"submission-{code}" for code in opened.codes], receipts)
    assert seals.recount(opened.id) == []


def test_who_holds_the_receipt_reads_the_own_answer_and_nobody_else_does(opened: Opened) -> None:
    first, second = answer(opened, opened.codes[0]) + [
        submit(opened.codes[1], Submission("submission-b", {"overall": "1", "wish": "谢谢"}), NOW, (KEY,)).receipt
    ]
    assert responses.own(first)[1].answers == {"overall": "5"}  # before sealing as after it
    assert responses.own(second.lower())[1].answers == {"overall": "1", "wish": "谢谢"}
    changed = first[:-2] + ("2" if first[-2] != "2" else "3") + first[-1]
    for wrong in (changed, first[:6], opened.codes[0], "", f"{'2' * 6}-{first[7:]}"):
        refused("receipt_unknown", responses.own, wrong)
    responses.withdraw(first)
    refused("answers_withdrawn", responses.own, first)
    assert responses.own(second)[1].answers["overall"] == "1"
