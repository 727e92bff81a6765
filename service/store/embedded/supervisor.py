"""The supervisor: `python -m service.store.embedded.supervisor DIRECTORY` keeps one server alive while anybody uses it.

It outlives whoever started it, restarts the server on the same port after a crash or when reads fail, and ends, the
server first, when no client's lock remains or on SIGTERM. `attach` starts it; by hand it is only needed to watch it.
"""

import argparse
import logging
import os
import signal
import sys
import threading
import time
from dataclasses import dataclass
from pathlib import Path

from pymongo import MongoClient
from pymongo.errors import PyMongoError

from service.store.embedded import layout as files
from service.store.embedded import server as servers
from service.store.embedded.layout import Layout
from service.store.embedded.server import Server

log = logging.getLogger("supervisor")


@dataclass(frozen=True)
class Pace:
    """How patient the supervisor is, in seconds."""

    grace: float = 2.0  # without any client before it ends: commands follow one another, gunicorn reloads
    start: float = 120.0  # for a server to listen: recovery of its log may be long
    check_every: float = 5.0
    read: float = 10.0  # for one check; long, because a busy server is not a broken one
    failures: int = 3  # failed checks in a row before a restart
    tick: float = 0.1
    longest_pause: float = 5.0
    stop: float = 15.0


class Supervisor:
    """Holds the supervisor's lock for as long as it lives."""

    def __init__(self, layout: Layout, lock: int, pace: Pace) -> None:
        self.layout, self.lock, self.pace = layout, lock, pace
        self.told_to_stop = threading.Event()
        self._clients = files.open_lock(layout.clients_lock)
        self._lonely_since: float | None = None
        self._left = False

    def run(self) -> None:
        """Until nobody needs the server: start it, watch it, pause, again."""
        crashes = 0
        while not self.over():
            started = time.monotonic()
            try:
                self._serve()
            except (OSError, PyMongoError):
                log.exception("could not serve")
            crashes = 0 if time.monotonic() - started > 30 else crashes + 1
            self._pause(min(self.pace.longest_pause, 0.1 * 2**crashes))

    def over(self) -> bool:
        """Is it time to end: told so, or no client for the length of the grace?

        Deserted, it keeps the clients' lock, so that a client that comes now waits until this process is gone.
        """
        if self._left or self.told_to_stop.is_set():
            return True
        if not files.try_lock(self._clients, exclusive=True):
            self._lonely_since = None
            return False
        now = time.monotonic()
        self._lonely_since = self._lonely_since or now
        self._left = now - self._lonely_since >= self.pace.grace
        if not self._left:
            files.unlock(self._clients)
        return self._left

    def _serve(self) -> None:
        servers.prepare(self.layout)
        if not self.layout.had_first_start():
            servers.create_user(self.layout, self.lock, self.over)
        port = servers.keep_port(self.layout, patience=10)
        server = Server(self.layout, port, self.lock, auth=True)
        log.info("server %d starts on port %d", server.process.pid, port)
        try:
            self._comes_up(server)
            with servers.client(port, self.layout.password(), self.pace.read) as connection:
                servers.expel_strangers(connection)
                self._watch(server, connection)
        finally:
            server.stop(self.pace.stop)
            log.info("server %d ended: %d", server.process.pid, server.process.returncode)

    def _comes_up(self, server: Server) -> None:
        """Wait until it listens, which it does once its data are open; in vain if it has died meanwhile."""
        deadline = time.monotonic() + self.pace.start
        while not (self.over() or server.exited() or time.monotonic() > deadline or servers.listening(server.port)):
            self.told_to_stop.wait(self.pace.tick)

    def _watch(self, server: Server, connection: MongoClient) -> None:
        """Return when the server has died, has stopped to read, or is no longer needed."""
        failures, next_check = 0, 0.0
        while not (self.over() or server.exited()):
            if time.monotonic() >= next_check:
                failures = 0 if servers.reads(connection) else failures + 1
                if failures >= self.pace.failures:
                    log.error("server %d does not read: restart", server.process.pid)
                    return server.stop(1)
                files.bound_log(self.layout.log)
                next_check = time.monotonic() + self.pace.check_every
            self.told_to_stop.wait(self.pace.tick)

    def _pause(self, seconds: float) -> None:
        deadline = time.monotonic() + seconds
        while not self.over() and time.monotonic() < deadline:
            self.told_to_stop.wait(self.pace.tick)


def _arguments(argv: list[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m service.store.embedded.supervisor", description=__doc__)
    parser.add_argument("directory", type=Path)
    parser.add_argument("--lock-fd", type=int, help="descriptor of the supervisor's lock, taken by the caller")
    parser.add_argument("--grace", type=float, default=Pace.grace, help="seconds without clients before the end")
    parser.add_argument("--check-every", type=float, default=Pace.check_every, help="seconds between reads")
    parser.add_argument("--read-timeout", type=float, default=Pace.read, help="seconds for a read")
    return parser.parse_args(argv)


def main(argv: list[str]) -> int:
    """Supervise, unless another process does: then end at once with 0."""
    arguments = _arguments(argv)
    os.umask(0o077)
    layout = Layout(arguments.directory.resolve())
    layout.create()
    lock = files.open_lock(layout.supervisor_lock) if arguments.lock_fd is None else arguments.lock_fd
    os.set_inheritable(lock, False)  # the server inherits it by name only
    if not files.try_lock(lock, exclusive=True):
        return 0
    logging.basicConfig(format="%(asctime)s %(levelname)s %(name)s: %(message)s", level=logging.INFO)
    pace = Pace(grace=arguments.grace, check_every=arguments.check_every, read=arguments.read_timeout)
    supervisor = Supervisor(layout, lock, pace)
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: supervisor.told_to_stop.set())
    signal.signal(signal.SIGHUP, signal.SIG_IGN)
    os.chdir(layout.directory)
    supervisor.run()
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
