"""The real server under load: repeats, races for one slip, killed databases and workers. Each answer counts once."""

import random
import secrets
import threading
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import Any

import links
import psutil
import pytest
from factories import Opened, issue, open_campaign
from servers import PATIENCE, Client, Load, Sent, Server, eventually, serving

from service.config import Settings
from service.domain.collect import seals as rules
from service.domain.collect.responses import parse_receipt
from service.operations.collect import responses, seals
from service.store.collect import inbox, receipts
from service.store.collect import responses as stored

LEVELS = ("Low", "Medium", "High")
CODES = {"satisfaction": LEVELS, "influence": LEVELS, "contact": ("Low", "High")}
KILLS = 10
FEW_KILLS = 4


@pytest.fixture(scope="module")
def server(settings: Settings, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    with serving(settings, tmp_path_factory.mktemp("server")) as server:
        yield server


@pytest.fixture
def opened(database: None, settings: Settings) -> Opened:
    """Open under an id of its own: the server keeps campaigns for seconds and batches for good."""
    return open_campaign(1, id=f"load-{secrets.token_hex(4)}", key=settings.keys()[0])


def submission(number: int) -> dict[str, Any]:
    answers = {question: random.choice(codes) for question, codes in CODES.items()}
    return {"submission_id": f"submission-{number}", "answers": answers, "lang": "en"}


def counted(campaign: str) -> int:
    return sum(counts["n"] for counts in seals.read(campaign)[0].values())


def together(acts: list[Callable[[], Any]]) -> list[Any]:
    """All acts at the same moment, each in a thread."""
    barrier = threading.Barrier(len(acts))

    def act(one: Callable[[], Any]) -> Any:
        barrier.wait(30)
        return one()

    with ThreadPoolExecutor(len(acts)) as pool:
        return list(pool.map(act, acts))


def check_exactly_once(opened: Opened, sent: list[Sent]) -> None:
    """Every acknowledged answer is stored once, under the receipt it was acknowledged with, and nothing else is."""
    seals.seal(opened.id)
    assert seals.recount(opened.id) == []
    found = {response.final_id: response for response in stored.each(opened.id)}
    by_receipt = set()
    for one in sent:
        r = parse_receipt(one.receipt)[1]
        receipt = receipts.find(rules.receipt_id(r))
        assert receipt is not None
        assert receipt.box is not None
        final_id = rules.unbox(r, receipt.box)
        by_receipt.add(final_id)
        assert found[final_id].answers == one.body["answers"]
    assert len(by_receipt) == len(sent) == len(found) == counted(opened.id)


@pytest.mark.parametrize("repeats", [2_000, pytest.param(10_000, marks=pytest.mark.long)])
def test_thousands_of_repeats_over_64_connections_are_one_answer(server: Server, opened: Opened, repeats: int) -> None:
    [code], body = issue(opened, 1), submission(0)

    def repeat() -> Counter[tuple[int, str]]:
        seen = Counter[tuple[int, str]]()
        with Client(server.port) as client:
            for _ in range(repeats // 64 + 1):
                status, answer = client.post(code, body)
                seen[status, answer.get("receipt", answer.get("reason"))] += 1
        return seen

    seen = sum(together([repeat] * 64), Counter[tuple[int, str]]())
    assert seen.total() >= repeats
    assert len({receipt for _, receipt in seen}) == 1, seen
    statuses = {status: count for (status, _), count in seen.items()}
    assert statuses == {201: 1, 200: seen.total() - 1}
    [receipt] = {receipt for _, receipt in seen}
    check_exactly_once(opened, [Sent(code, body, receipt)])


def test_two_submissions_racing_for_one_slip_are_one_answer_and_one_refusal(server: Server, opened: Opened) -> None:
    sent = []

    def post(code: str, body: dict[str, Any]) -> tuple[int, dict[str, Any]]:
        with Client(server.port) as client:
            return client.post(code, body)

    for number, code in enumerate(issue(opened, 50)):
        bodies = [submission(2 * number), submission(2 * number + 1)]
        tried = together([partial(post, code, body) for body in bodies])
        assert sorted(status for status, _ in tried) == [201, 410], tried
        [won] = [at for at, (status, _) in enumerate(tried) if status == 201]
        assert tried[1 - won][1]["reason"] == "code_spent"
        sent.append(Sent(code, bodies[won], tried[won][1]["receipt"]))
    check_exactly_once(opened, sent)


def kill_database(server: Server) -> None:
    [one] = server.database_processes()
    one.kill()
    psutil.wait_procs([one], 10)
    eventually(lambda: bool(server.database_processes()) and server.ready(), PATIENCE, server.log.read_text)


def kill_worker(server: Server) -> None:
    one = min(server.workers(), key=lambda process: process.create_time())
    one.kill()
    psutil.wait_procs([one], 10)
    eventually(lambda: len(server.workers()) == 2, PATIENCE, server.log.read_text)


@pytest.mark.parametrize("kills", [FEW_KILLS, pytest.param(KILLS, marks=pytest.mark.long)])
@pytest.mark.parametrize("kill", [kill_database, kill_worker])
def test_killed_again_and_again_under_load_every_acknowledged_answer_counts_exactly_once(
    server: Server, opened: Opened, settings: Settings, kill: Callable[[Server], None], kills: int
) -> None:
    if kill is kill_database and not settings.database.startswith("embedded:"):
        pytest.skip("only the embedded database is ours to kill")
    slips, [poster] = issue(opened, 300), issue(opened, 1, "poster")

    def next_submission(number: int) -> tuple[str, dict[str, Any]]:
        by_slip = number % 2 == 0 and number // 2 < len(slips)
        return slips[number // 2] if by_slip else poster, submission(number)

    with Load(server.port, next_submission, pause=0.005) as load:
        for _ in range(kills):
            load.progress(by=20)
            kill(server)
        load.progress(by=20)
    assert len(load.sent) > kills * 20
    assert load.interrupted > 0, "the kills must hit submissions under way"
    assert load.busy > 0 or kill is not kill_database or kills < KILLS, (
        "whose write the dying database did not confirm is told 503"
    )
    check_exactly_once(opened, load.sent)
    with Client(server.port) as client:
        for one in random.sample(load.sent, 50):
            status, answer = client.post(one.code, one.body)
            assert (status, answer["receipt"]) == (200, one.receipt)
    assert counted(opened.id) == len(load.sent)


def test_after_sealing_nothing_stored_links_a_slip_with_an_answer(
    server: Server, opened: Opened, settings: Settings
) -> None:
    slips = [(code, submission(number)) for number, code in enumerate(issue(opened, 60))]
    with Load(server.port, lambda number: slips[number % 60], pause=0.01) as load:
        load.progress(by=90)
    eventually(lambda: not inbox.live(opened.id), PATIENCE)  # the server seals on its own
    responses.withdraw(load.sent[0].receipt)
    codes, ids = [code for code, _ in slips], [body["submission_id"] for _, body in slips]
    links.check(settings.keys()[0], codes, ids, [one.receipt for one in load.sent])


def test_the_log_names_no_code_no_token_no_receipt_and_no_answer(
    server: Server, opened: Opened, settings: Settings
) -> None:
    [code], [poster] = issue(opened, 1), issue(opened, 1, "poster")
    secret, token = "Answer-that-nobody-may-read", "token-that-nobody-may-read"
    with Client(server.port) as client:
        status, answer = client.post(code, submission(0))
        assert status == 201
        for body in (
            submission(0),
            submission(1),
            submission(0) | {"answers": {"satisfaction": secret}},
            {secret: secret},
        ):
            client.post(code, body)
        client.post(code.lower(), submission(0))
        for path in (f"/s/{code}", f"/s/{poster}?lang={secret}", f"/api/v1/public/forms/{code[:-1]}", f"/no/{secret}"):
            client.get(path)
        client.get("/api/v1/me", {"Authorization": f"Bearer {token}"})
    log = server.log.read_text()
    assert '"route": "/api/v1/public/forms/<code>/responses"' in log
    assert '"route": "/api/v1/me"' in log
    kept = (code, poster, code[:-1], secret, token, answer["receipt"], "submission-", opened.key.secret.hex())
    assert [word for word in kept if word.lower() in log.lower()] == []
