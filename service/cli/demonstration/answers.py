"""The 1,681 real answers of the published table, sent through the public endpoint over several connections."""

import csv
import secrets
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import click
import httpx

from service.cli.demonstration.api import PATIENCE, PREFIX
from service.cli.demonstration.setting_up import SITES, template

CONNECTIONS = 8
TRIES = 10  # of one submission whose answer did not come: its id makes repeating safe
PAUSE = 0.2  # seconds between two of them

Answers = Mapping[str, str]


@dataclass(frozen=True)
class Pace:
    """How the answers were taken: their number, the time of all (s) and the median time of one (s)."""

    number: int
    seconds: float
    median: float


def read_table() -> dict[str, list[Answers]]:
    """Kind of housing -> the answers of each of its residents, from the published counts."""
    table: dict[str, list[Answers]] = {kind: [] for kind in SITES}
    for row in csv.DictReader(template("examples", "copenhagen_housing.csv").splitlines()):
        answers = {"satisfaction": row["Sat"], "influence": row["Infl"], "contact": row["Cont"]}
        table[row["Type"]] += [answers] * int(row["Freq"])
    return table


def paired(slips: Mapping[str, Sequence[str]], table: Mapping[str, Sequence[Answers]]) -> list[tuple[str, Answers]]:
    """(code, answers) of every resident, the sites taking turns."""
    queues = [list(zip(slips[kind], table[kind], strict=True)) for kind in table]
    longest = max(len(queue) for queue in queues)
    return [queue[place] for place in range(longest) for queue in queues if place < len(queue)]


def play(address: str, sheets: Sequence[tuple[str, Answers]], tick: Callable[[], None]) -> Pace:
    """Send all answer sheets; `tick` is called after each. Raises ClickException for the first one refused."""
    enough, began = threading.Event(), time.perf_counter()

    def send(part: Sequence[tuple[str, Answers]]) -> list[float]:
        with httpx.Client(base_url=address + PREFIX, timeout=PATIENCE, trust_env=False) as client:
            times = []
            for spent in _sent(client, part, enough):
                times.append(spent)
                tick()
            return times

    with ThreadPoolExecutor(CONNECTIONS) as pool:
        try:
            times = sorted(spent for part in pool.map(send, _shares(sheets)) for spent in part)
        finally:
            enough.set()
    return Pace(len(times), time.perf_counter() - began, times[len(times) // 2])


def _shares(sheets: Sequence[tuple[str, Answers]]) -> Iterator[Sequence[tuple[str, Answers]]]:
    return (sheets[start::CONNECTIONS] for start in range(CONNECTIONS))


def _sent(client: httpx.Client, part: Sequence[tuple[str, Answers]], enough: threading.Event) -> Iterator[float]:
    """Seconds for each answer sheet until it was acknowledged."""
    for code, answers in part:
        if enough.is_set():
            return
        began = time.perf_counter()
        try:
            _send(client, code, answers)
        except BaseException:
            enough.set()  # nobody goes on when one has failed
            raise
        yield time.perf_counter() - began


def _send(client: httpx.Client, code: str, answers: Answers) -> None:
    """One sheet, sent again under the same id when the server was busy or silent. No duration: nobody took any."""
    sheet = {"submission_id": secrets.token_hex(16), "lang": "en", "answers": answers}
    told = "no answer"
    for _ in range(TRIES):
        try:
            answer = client.post(f"/public/forms/{code}/responses", json=sheet)
        except httpx.TransportError as error:
            told = str(error)
        else:
            if answer.status_code in (httpx.codes.OK, httpx.codes.CREATED):
                return
            told = f"{answer.status_code} {answer.text[:500]}"
            if answer.status_code != httpx.codes.SERVICE_UNAVAILABLE:
                break
        time.sleep(PAUSE)
    raise click.ClickException(f"An answer was not accepted: {told}")
