"""A full community centre: sixty phones behind one address open the page and send it, all at the same moment."""

import threading
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import httpx
import pytest
from flask import Flask
from phones import hidden, open_for_phones, receipt
from servers import Server, serving

from service.config import Settings
from service.operations.collect import responses, seals

PHONES = 60
ANSWERS = {"overall": "5", "aspects/attitude": "4", "wish": "多搞活动", "helped": "no"}


@pytest.fixture
def server(app: Flask, settings: Settings, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    with serving(settings, tmp_path_factory.mktemp("server")) as server:
        yield server


def test_none_is_refused_and_each_counts_once(app: Flask, server: Server) -> None:
    opened = open_for_phones(app, PHONES)
    together = threading.Barrier(PHONES)

    def phone(code: str) -> tuple[int, int, str]:
        with httpx.Client(base_url=f"http://127.0.0.1:{server.port}", timeout=60) as client:
            together.wait(60)
            page = client.get(f"/s/{code}")
            sent = client.post(f"/s/{code}", data=ANSWERS | hidden(page.text))
            return page.status_code, sent.status_code, receipt(sent.text)

    with ThreadPoolExecutor(PHONES) as pool:
        outcomes = list(pool.map(phone, opened.codes))
    assert Counter(outcome[:2] for outcome in outcomes) == {(200, 201): PHONES}
    receipts = {outcome[2] for outcome in outcomes}
    assert len(receipts) == PHONES
    seals.seal(opened.id)
    assert sum(counts["n"] for counts in seals.read(opened.id)[0].values()) == PHONES
    assert seals.recount(opened.id) == []
    one = responses.own(next(iter(receipts)))[1]
    assert one.answers == ANSWERS
