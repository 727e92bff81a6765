"""For tests under load: the real command `minyi serve` in processes of its own, and clients that repeat like phones."""

import contextlib
import http.client
import json
import os
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import psutil

from service.cli.connections import PATIENCE as SILENCE
from service.config import Settings

ROOT = Path(__file__).parent.parent
SERVE = "from service.cli import connections; from service.cli.serve import serve; connections.PATIENCE = {}; serve()"
PATIENCE = 120.0  # seconds; no test waits so long unless its machine is drowned
TRY_AGAIN_AFTER = 0.1


@dataclass
class Server:
    """A running service: gunicorn's parent process, its address, the database it works on."""

    process: psutil.Popen
    port: int
    database: str
    log: Path

    def workers(self) -> list[psutil.Process]:
        found: list[psutil.Process] = self.process.children()
        return found

    def database_processes(self) -> list[psutil.Process]:
        """The embedded database's server itself, not its supervisor."""
        directory = self.database.removeprefix("embedded:")
        found = []
        for process in psutil.process_iter():
            with contextlib.suppress(psutil.Error):
                command = process.cmdline()
                ours = any(part == directory or part.startswith(f"{directory}/") for part in command)
                if ours and "secantus" in command and process.status() != psutil.STATUS_ZOMBIE:
                    found.append(process)
        return found

    def ready(self) -> bool:
        try:
            with Client(self.port) as client:
                return client.get("/readyz") == 200
        except (OSError, http.client.HTTPException):
            return False


@contextmanager
def serving(settings: Settings, folder: Path, workers: int = 2, silence: int = SILENCE) -> Iterator[Server]:
    """`minyi serve` on the database and secret of `settings`, on a free port, until the end of the block.

    `silence` is how long (s) a connection may say nothing.
    """
    port = _free_port()
    variables = {
        "MINYI_DATABASE": settings.database,
        "MINYI_SECRET": settings.secret.hex(),
        "MINYI_BASE_URL": f"http://127.0.0.1:{port}",
        "MINYI_PORT": str(port),
        "MINYI_WORKERS": str(workers),
        "MINYI_LOG_LEVEL": "DEBUG",
    }
    log = folder / "server.log"
    with log.open("wb") as output:
        command = [sys.executable, "-c", SERVE.format(silence)]
        process = psutil.Popen(command, cwd=ROOT, env=os.environ | variables, stdout=output, stderr=output)
    server = Server(process, port, settings.database, log)
    try:
        eventually(lambda: server.ready() and len(server.workers()) == workers, PATIENCE, lambda: log.read_text())
        yield server
    finally:
        process.terminate()
        try:
            process.wait(30)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def eventually(condition: Callable[[], bool], seconds: float, why: Callable[[], str] = str) -> None:
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, f"not within {seconds} s: {why()}"
        time.sleep(0.05)


class Client:
    """One kept connection, opened again when it breaks."""

    def __init__(self, port: int) -> None:
        self.busy = 0  # answers of 503
        self.interrupted = 0  # tries that got no answer, or the one to come again
        self._connection = http.client.HTTPConnection("127.0.0.1", port, timeout=40)

    def __enter__(self) -> "Client":
        return self

    def __exit__(self, *_: object) -> None:
        self._connection.close()

    def connect(self) -> None:
        """Open the connection before there is something to ask."""
        self._connection.connect()

    def get(self, path: str, headers: Mapping[str, str] | None = None) -> int:
        self._connection.request("GET", path, headers=dict(headers or {}))
        response = self._connection.getresponse()
        response.read()
        return response.status

    def post(self, code: str, body: dict[str, Any]) -> tuple[int, dict[str, Any]]:
        """(status, answer) of one try; OSError or HTTPException when there was no answer."""
        try:
            path, headers = f"/api/v1/public/forms/{code}/responses", {"Content-Type": "application/json"}
            self._connection.request("POST", path, json.dumps(body), headers)
            response = self._connection.getresponse()
            answer: dict[str, Any] = json.loads(response.read())
            if response.status == 503:
                self.busy += 1
                assert int(response.headers["Retry-After"]) > 0
                assert set(answer) == {"code", "status", "message", "reason", "errors"}
                assert answer["reason"] == "busy"
            return response.status, answer
        except (OSError, http.client.HTTPException):
            self._connection.close()
            raise

    def post_until_answered(self, code: str, body: dict[str, Any]) -> tuple[int, dict[str, Any]]:
        """As a phone does: the same submission again until the service takes it or says why not."""
        deadline = time.monotonic() + PATIENCE
        while time.monotonic() < deadline:
            with contextlib.suppress(OSError, http.client.HTTPException):
                status, answer = self.post(code, body)
                if status != 503:
                    return status, answer
            self.interrupted += 1
            time.sleep(TRY_AGAIN_AFTER)
        raise AssertionError(f"no answer within {PATIENCE} s")


@dataclass
class Sent:
    """One submission and the receipt that it was acknowledged with."""

    code: str
    body: dict[str, Any]
    receipt: str


@dataclass
class Load:
    """Clients that send submissions, each until it is acknowledged, as long as the block lasts."""

    port: int
    next_submission: Callable[[int], tuple[str, dict[str, Any]]]
    connections: int = 6
    pause: float = 0.03  # seconds between two submissions of one client: the machine is to be busy, not drowned
    sent: list[Sent] = field(default_factory=list)
    errors: list[BaseException] = field(default_factory=list)
    interrupted: int = 0  # both known after the block
    busy: int = 0
    _numbers: Iterator[int] = field(default_factory=lambda: iter(range(1_000_000)))
    _enough: threading.Event = field(default_factory=threading.Event)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def __enter__(self) -> "Load":
        self._threads = [threading.Thread(target=self._run) for _ in range(self.connections)]
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._enough.set()
        for thread in self._threads:
            thread.join()
        if self.errors:
            raise self.errors[0]

    def progress(self, by: int) -> None:
        """Wait until so many more are acknowledged."""
        goal = len(self.sent) + by
        eventually(lambda: len(self.sent) >= goal or bool(self.errors), PATIENCE, lambda: f"{len(self.sent)} of {goal}")

    def _run(self) -> None:
        try:
            with Client(self.port) as client:
                while not self._enough.wait(self.pause):
                    self._send_next(client)
                self.interrupted += client.interrupted
                self.busy += client.busy
        except BaseException as error:  # raised again where the block ends
            self.errors.append(error)

    def _send_next(self, client: Client) -> None:
        with self._lock:
            number = next(self._numbers)
        code, body = self.next_submission(number)
        status, answer = client.post_until_answered(code, body)
        assert status in (200, 201), (status, answer)
        self.sent.append(Sent(code, body, answer["receipt"]))


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port
