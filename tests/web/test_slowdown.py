"""Unknown codes tried in a row are slowed by their count; what succeeds is neither delayed nor refused."""

import threading
import time
from types import SimpleNamespace

import pytest
from phones import hidden, open_for_phones

from service.domain.collect import tickets
from service.domain.errors import Refused
from service.operations import limits
from service.web import slowdown


def unknown():
    """A well-formed code that was never issued."""
    return tickets.new_code("slip", lambda limit: 7)


def timed(call):
    began = time.perf_counter()
    answer = call()
    return answer.status_code, time.perf_counter() - began


def test_the_first_tries_are_answered_at_once_then_ever_later(app, client, slept):
    open_for_phones(app)
    statuses = {client.get(f"/s/{unknown()}").status_code for _ in range(limits.FREE_TRIES)}
    assert (statuses, slept) == ({404}, [])
    for _ in range(8):
        assert client.get(f"/s/{unknown()}").status_code == 404
    assert slept[0] > 0
    assert slept == sorted(slept)
    assert slept[-1] == limits.LONGEST_DELAY


def test_receipts_count_like_codes_and_mistyped_codes_do_not(app, client, slept):
    open_for_phones(app)
    for _ in range(limits.FREE_TRIES + 1):
        client.get("/s/2222")
    assert slept == []
    for _ in range(limits.FREE_TRIES + 1):
        assert client.post("/withdraw", data={"receipt": "?"}).status_code == 404
    assert len(slept) == 1


def test_a_right_code_is_never_held_back_whatever_its_address_did_before(app, client, slept):
    opened = open_for_phones(app)
    for _ in range(limits.FREE_TRIES + 3):
        client.get(f"/s/{unknown()}")
    assert len(slept) == 3
    page = client.get(f"/s/{opened.codes[0]}")
    assert page.status_code == 200
    assert client.post(f"/s/{opened.codes[0]}", data=hidden(page.text) | {"overall": "5"}).status_code == 201
    assert len(slept) == 3


def test_the_delay_is_really_waited_for(app, client):
    open_for_phones(app)
    for _ in range(limits.FREE_TRIES + 2):
        client.get(f"/s/{unknown()}")
    assert timed(lambda: client.get(f"/s/{unknown()}"))[1] >= limits.delay_after(limits.FREE_TRIES + 3)


def test_other_addresses_do_not_wait(app, client, slept):
    open_for_phones(app)
    for _ in range(limits.FREE_TRIES + 2):
        client.get(f"/s/{unknown()}")
    slept.clear()
    assert client.get(f"/s/{unknown()}", environ_base={"REMOTE_ADDR": "192.0.2.7"}).status_code == 404
    assert slept == []


def test_at_most_four_answers_are_held_back_at_once(app, client, monkeypatch):
    opened = open_for_phones(app)
    for _ in range(limits.FREE_TRIES):
        client.get(f"/s/{unknown()}")
    holding, let_go = threading.Semaphore(0), threading.Event()

    def hold(_):
        holding.release()
        assert let_go.wait(20)

    monkeypatch.setattr(slowdown, "time", SimpleNamespace(sleep=hold))
    statuses = []
    threads = [
        threading.Thread(target=lambda: statuses.append(app.test_client().get(f"/s/{unknown()}").status_code))
        for _ in range(slowdown.SLEEPERS)
    ]
    for thread in threads:
        thread.start()
    for _ in threads:
        assert holding.acquire(timeout=20)
    refused = client.get(f"/s/{unknown()}?lang=en")  # answered while all places are taken, so it waited for none
    assert refused.status_code == 429
    assert int(refused.headers["Retry-After"]) >= 1
    assert "Too many wrong tries" in refused.text
    assert client.get(f"/s/{opened.codes[0]}").status_code == 200
    let_go.set()
    for thread in threads:
        thread.join()
    assert statuses == [404] * slowdown.SLEEPERS
    assert client.get(f"/s/{unknown()}").status_code == 404  # the places are free again


def test_refusals_of_known_codes_are_not_counted(app, slept):
    with app.test_request_context("/"):
        for _ in range(limits.FREE_TRIES + 5):
            with pytest.raises(Refused), slowdown.failures():
                raise Refused("code_spent")
    assert slept == []
