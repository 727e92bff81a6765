"""Asks the child process for drawings: one at a time, within a time limit, each kept until newer ones need the room."""

import atexit
import json
import logging
import subprocess
import sys
import threading
from collections import OrderedDict
from typing import Any

from service.domain.errors import Refused
from service.web.charts import shapes
from service.web.charts.shapes import Shape

PATIENCE = 30.0  # seconds for one drawing, a child that has to start first included
WAITING = 8  # requests of one process of the server that wait for the child; more are sent away
KEPT = 8_000_000  # bytes of drawings
_log = logging.getLogger(__name__)


class _Silent(Exception):
    """The child has ended without an answer."""


class Drawer:
    """One child process, started when it is needed and again when it has gone. Safe for threads."""

    def __init__(self, patience: float = PATIENCE, kept: int = KEPT) -> None:
        self._patience, self._room = patience, kept
        self._child: subprocess.Popen[bytes] | None = None
        self._turn = threading.Lock()
        self._places = threading.BoundedSemaphore(WAITING)
        self._kept: OrderedDict[str, bytes] = OrderedDict()
        self._size = 0

    def draw(self, shape: Shape, language: str, font: str = "", form: str = "svg", narrow: bool = False) -> bytes:
        """The drawing, by its data's digest if it was drawn before.

        Raises Refused("font_missing"), or Refused("busy") when too many wait or the child takes too long.
        """
        order = shapes.plain(shape) | {"language": language, "font": font, "form": form, "narrow": narrow}
        name = shapes.digest(order)
        if (there := self._kept.get(name)) is not None:
            return there
        if not self._places.acquire(blocking=False):
            raise Refused("busy")
        try:
            if not self._turn.acquire(timeout=self._patience):
                raise Refused("busy")
            try:
                return self._kept.get(name) or self._keep(name, self._drawn(order))
            finally:
                self._turn.release()
        finally:
            self._places.release()

    @property
    def child(self) -> int | None:
        """The number of the process, while there is one."""
        return None if self._child is None else self._child.pid

    def start(self) -> None:
        """Have a child ready."""
        with self._turn:
            self._running()

    def close(self) -> None:
        """End the child."""
        if self._child is not None:
            self._child.kill()
            for pipe in (self._child.stdin, self._child.stdout):
                if pipe is not None:
                    try:
                        pipe.close()
                    except BrokenPipeError:
                        pass  # what it was told last, it no longer reads
            self._child.wait()
            self._child = None

    def _keep(self, name: str, content: bytes) -> bytes:
        self._kept[name] = content
        self._size += len(content)
        while self._size > self._room and len(self._kept) > 1:
            _, oldest = self._kept.popitem(last=False)
            self._size -= len(oldest)
        return content

    def _drawn(self, order: dict[str, Any]) -> bytes:
        """A child that has been idle may end while it is asked: then another one is."""
        fresh = self._child is None
        try:
            return self._asked(order)
        except _Silent:
            if fresh:
                raise Refused("busy") from None
        try:
            return self._asked(order)
        except _Silent:
            raise Refused("busy") from None

    def _asked(self, order: dict[str, Any]) -> bytes:
        child = self._running()
        assert child.stdin is not None and child.stdout is not None  # noqa: S101, PT018 - pipes, as asked for
        late = threading.Event()

        def give_up() -> None:
            late.set()
            child.kill()

        watch = threading.Timer(self._patience, give_up)
        watch.start()
        try:
            child.stdin.write(json.dumps(order, ensure_ascii=False).encode() + b"\n")
            child.stdin.flush()
            line = child.stdout.readline()
            head = json.loads(line) if line else {}
            content = child.stdout.read(head.get("size", 0))
        except BrokenPipeError:
            head, content = {}, b""
        finally:
            watch.cancel()
        if late.is_set() or not head or len(content) < head.get("size", 0):
            return self._silent(order, late.is_set())
        if "refused" in head:
            _log.warning("a chart was not drawn: %s", head["params"].get("problem", head["refused"]))
            raise Refused(head["refused"], **head["params"])
        if "failed" in head:
            raise RuntimeError(head["failed"])
        return content

    def _silent(self, order: dict[str, Any], late: bool) -> bytes:
        self.close()
        if late:
            _log.error("a chart (%s) took more than %g seconds and was given up", order["kind"], self._patience)
            raise Refused("busy")
        _log.warning("the program that draws charts has ended")
        raise _Silent

    def _running(self) -> subprocess.Popen[bytes]:
        if self._child is not None and self._child.poll() is not None:
            self.close()
        if self._child is None:
            command = [sys.executable, "-m", "service.web.charts"]
            self._child = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE)  # noqa: S603 - ours
        return self._child


drawer = Drawer()  # of this process; the child starts with the first drawing
atexit.register(drawer.close)
