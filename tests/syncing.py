"""A phone that sends its queue over one connection that is cut at random, to a server that is killed meanwhile."""

import contextlib
import http.client
import io
import json
import random
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import psutil
from PIL import Image
from recording import body, entry, sha, submission
from servers import Server, serving
from visiting import FIRST

from service.config import Settings
from service.domain.organisations import Token
from service.operations import organisations
from service.store import records
from service.web.auth import COOKIE

TOKEN = "the-token-of-one-phone"
PATIENCE = 60.0  # seconds
HEADERS = {"X-Minyi-Audit": "1", "X-Minyi-User": FIRST.id, "Cookie": f"{COOKIE}={TOKEN}"}


def signed_in() -> None:
    now = datetime.now(UTC)
    records.insert(Token(organisations._token_hash(TOKEN), FIRST.id, now, now + timedelta(days=1)))


def photos(count: int, size: int = 200_000) -> list[bytes]:
    """Different pictures of so many bytes each, as phones take them: 1600 by 1200."""
    noise = Image.effect_noise((400, 300), 60).resize((1600, 1200))
    made = io.BytesIO()
    quality = 95
    while quality == 95 or (made.tell() > size - 100 and quality > 20):
        made = io.BytesIO()
        noise.save(made, "JPEG", quality=quality)
        quality -= 5
    base = made.getvalue()
    # A comment behind the first marker makes each another file; what is missing stands after its end.
    numbered = [base[:2] + b"\xff\xfe\x00\x0c" + f"{number:010}".encode() + base[2:] for number in range(count)]
    return [content + b"\0" * (size - len(content)) for content in numbered]


@dataclass
class Restarted:
    """The real server; `kill` ends it without a word and starts it anew, on another port."""

    settings: Settings
    folder: Path
    workers: int = 2
    server: Server | None = None
    kills: int = 0
    peak: int = 0  # bytes of the largest worker so far
    _context: Any = None

    def start(self) -> None:
        self._context = serving(self.settings, self.folder, self.workers)
        self.server = self._context.__enter__()

    def kill(self) -> None:
        assert self.server is not None
        self.note_memory()
        for process in [self.server.process, *self.server.workers()]:
            with contextlib.suppress(psutil.Error):
                process.kill()
        self.kills += 1
        self.stop()
        self.start()

    def kill_workers(self) -> None:
        """The processes that answer die; their parent starts others on the same port."""
        assert self.server is not None
        self.note_memory()
        for worker in self.server.workers():
            with contextlib.suppress(psutil.Error):
                worker.kill()
        self.kills += 1

    def note_memory(self) -> None:
        """The highest resident size of a worker since it began, as the kernel keeps it."""
        assert self.server is not None
        for worker in self.server.workers():
            with contextlib.suppress(OSError):
                status = Path(f"/proc/{worker.pid}/status").read_text()
                [line] = [line for line in status.splitlines() if line.startswith("VmHWM")]
                self.peak = max(self.peak, int(line.split()[1]) * 1024)

    def stop(self) -> None:
        with contextlib.suppress(psutil.Error):
            self._context.__exit__(None, None, None)


@contextmanager
def restartable(settings: Settings, folder: Path) -> Iterator[Restarted]:
    running = Restarted(settings, folder)
    running.start()
    try:
        yield running
        running.note_memory()
    finally:
        running.stop()


@dataclass
class Phone:
    """As the app sends: each request again until it is answered, a file from where the server says that it was cut."""

    running: Restarted
    piece: int = 256 * 1024
    cut: Callable[[], bool] = bool  # whether this piece is cut in its middle
    cuts: int = 0
    requests: int = 0
    sent: int = 0
    _connection: http.client.HTTPConnection | None = field(default=None, repr=False)

    def ask(self, method: str, path: str, content: bytes = b"", kind: str = "application/octet-stream") -> Any:
        deadline = time.monotonic() + PATIENCE
        while time.monotonic() < deadline:
            try:
                status, answer = self._once(method, path, content, kind)
            except (OSError, http.client.HTTPException):
                self._hang_up()
                time.sleep(0.05)
                continue
            if status in (429, 500, 502, 503):
                time.sleep(0.2)
                continue
            assert status in (200, 201), (method, path, status, answer)
            return answer
        raise AssertionError(f"no answer within {PATIENCE} s: {method} {path}")

    def _once(self, method: str, path: str, content: bytes, kind: str) -> tuple[int, Any]:
        assert self.running.server is not None
        if self._connection is None or self._connection.port != self.running.server.port:
            self._hang_up()
            self._connection = http.client.HTTPConnection("127.0.0.1", self.running.server.port, timeout=30)
        self.requests += 1
        if method == "PUT" and "/media/" in path and self.cut():
            self._half(method, path, content)
        self._connection.request(method, f"/audit/data/{path}", content or None, HEADERS | {"Content-Type": kind})
        response = self._connection.getresponse()
        answer = response.read()
        return response.status, json.loads(answer) if answer else None

    def _half(self, method: str, path: str, content: bytes) -> None:
        """The network goes in the middle of a piece: half of what was announced, then nothing."""
        assert self._connection is not None
        self._connection.putrequest(method, f"/audit/data/{path}")
        for name, value in (HEADERS | {"Content-Length": str(len(content))}).items():
            self._connection.putheader(name, value)
        self._connection.endheaders()
        self._connection.send(content[: len(content) // 2])
        self.cuts += 1
        raise ConnectionResetError

    def __enter__(self) -> "Phone":
        return self

    def __exit__(self, *_: object) -> None:
        self._hang_up()

    def _hang_up(self) -> None:
        if self._connection is not None:
            self._connection.close()
            self._connection = None

    def send(self, serial: str, files: list[bytes]) -> None:
        """One record with its photos, then the question whether all of it is there."""
        media = tuple(entry(content, f"photo-{place}.jpg") for place, content in enumerate(files, 1))
        record = submission(serial, media=media)
        told = self.ask("PUT", f"records/{record.id}", json.dumps(body(record)).encode(), "application/json")
        by_hash = {sha(content): content for content in files}
        for sha256 in told["waiting_for"]:
            self._send_file(record.id, sha256, by_hash[sha256])
        asked = json.dumps({"ids": [record.id]}).encode()
        answer = self.ask("POST", "records/status", asked, "application/json")[record.id]
        assert answer == {"state": "received", "complete": True}, answer
        self.sent += 1

    def _send_file(self, id: str, sha256: str, content: bytes) -> None:
        path = f"records/{id}/media/{sha256}"
        there = self.ask("GET", path)
        while not there["complete"]:
            offset = there["received"]
            query = f"?offset={offset}&total={len(content)}"
            there = self.ask("PUT", path + query, content[offset : offset + self.piece])


def at_random(share: float, seed: int) -> Callable[[], bool]:
    """True for about this share of calls, the same each time the test runs."""
    chance = random.Random(seed)
    return lambda: chance.random() < share
