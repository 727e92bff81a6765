"""Batches, and what a process keeps in mind of them."""

import threading
from dataclasses import replace
from datetime import timedelta

import pytest
from factories import EVALUATOR, KEY, NOW, issue, open_campaign

from service import store
from service.domain.collect.tickets import Batch, hashed
from service.domain.errors import Refused
from service.domain.keys import Key
from service.domain.projects import Site
from service.operations.collect import campaigns, tickets
from service.operations.collect.responses import Submission, submit
from service.store import records
from service.store.documents import TicketDocument
from service.store.records import collection

pytestmark = pytest.mark.usefixtures("database")
FIRST = Submission("submission-1", {"satisfaction": "High", "influence": "Low", "contact": "High"})


def forget_stored() -> None:
    collection(TicketDocument).delete_many({})


def test_tickets_of_a_batch_in_use_need_no_look_at_the_database() -> None:
    opened = open_campaign(3)
    submit(opened.codes[0], FIRST, NOW, (KEY,))
    tickets.keep_in_mind()
    forget_stored()
    assert not submit(opened.codes[1], FIRST, NOW, (KEY,)).repeated
    with pytest.raises(Refused, match="not known"):
        submit(opened.codes[2], FIRST, NOW, (Key(b"z" * 32),))


def test_what_was_not_used_or_is_a_poster_is_not_kept() -> None:
    opened = open_campaign(1)
    other, [poster] = issue(opened, 2, site="west"), issue(opened, 1, "poster")
    submit(poster, FIRST, NOW, (KEY,))
    tickets.keep_in_mind()
    forget_stored()
    for code in [*other, *opened.codes]:
        with pytest.raises(Refused, match="not known"):
            submit(code, FIRST, NOW, (KEY,))


def test_without_room_tickets_are_looked_up_and_closed_campaigns_make_room(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tickets, "KEPT_LIMIT", 4)
    opened = open_campaign(3)
    second = issue(opened, 3, site="west")
    submit(opened.codes[0], FIRST, NOW, (KEY,))
    tickets.keep_in_mind()
    submit(second[0], FIRST, NOW, (KEY,))
    tickets.keep_in_mind()
    assert set(tickets._kept.values()) == {f"{opened.id}-batch-1"}
    assert not submit(second[1], FIRST, NOW, (KEY,)).repeated
    campaigns.change_state(EVALUATOR, NOW, opened.id, "final", opened.campaign.version)
    tickets._forget_closed()
    assert tickets._kept == {}


def test_of_requests_that_race_for_one_batch_one_gets_codes_and_no_others_are_left() -> None:
    opened = open_campaign(1)
    made = Batch("raced", opened.id, "slip", "east", "", "free_choice", 5, KEY.id, NOW, EVALUATOR.id)
    outcomes: list[object] = []

    def create() -> None:
        try:
            outcomes.append(tickets.create_batch(EVALUATOR, NOW, made, KEY)[1])
        except Refused as refused:
            outcomes.append(refused.reason)

    threads = [threading.Thread(target=create) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    [codes] = [outcome for outcome in outcomes if isinstance(outcome, list)]
    assert outcomes.count("id_taken") == 3
    kept = {ticket["_id"] for ticket in collection(TicketDocument).find({"batch": "raced"})}
    assert kept == {hashed(KEY, code) for code in codes}


def test_a_batch_is_for_a_session_of_its_site_or_for_the_whole_site() -> None:
    opened = open_campaign(1)
    east = records.get(Site, "east")
    assert east is not None
    with_session = replace(
        east,
        sessions=({"id": "monday", "name": "Monday", "starts_at": NOW, "ends_at": NOW + timedelta(hours=1)},),
        version=2,
    )
    store.retrying(lambda tx: records.replace(with_session, 1, tx))
    for session in ("", "monday"):
        made = Batch(f"of-{session}", opened.id, "slip", "east", session, "free_choice", 1, KEY.id, NOW, EVALUATOR.id)
        tickets.create_batch(EVALUATOR, NOW, made, KEY)
    with pytest.raises(Refused, match="sunday.*monday"):
        tickets.create_batch(EVALUATOR, NOW, replace(made, id="of-sunday", session="sunday"), KEY)
