"""One SecantusDB process: how it is configured, started, asked whether it lives, and stopped."""

import contextlib
import itertools
import logging
import os
import secrets
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

from pymongo import MongoClient
from pymongo.errors import OperationFailure, PyMongoError

from service.store.embedded import layout as files
from service.store.embedded.layout import SENTINEL, USER, Layout

# Without this line a killed server loses writes that it had acknowledged, journalled ones and transactions too. With it
# they survive the death of the process (not of the machine's power). Must be there before the first start.
DURABILITY = "transaction_sync=(enabled=true,method=none)\n"

# The operation log holds recent writes in clear (nothing here replays it): the bound that its server allows is time.
CONFIG = """\
[server]
host = "127.0.0.1"
log_level = "WARNING"

[storage]
cache_size = "256M"

[oplog]
retention_seconds = 600
"""
PORTS = range(20_000, 30_000)  # below the range from which kernels take the ports of outgoing connections
DUPLICATE_USER = 51003
log = logging.getLogger("supervisor")


class Server:
    """A running (or dead) server process on a port."""

    def __init__(self, layout: Layout, port: int, lock: int, *, auth: bool) -> None:
        """Start it. It inherits `lock`, the supervisor's descriptor, so that no other can start while it lives."""
        command = [sys.executable, "-P", "-m", "secantus", "--config", str(layout.config)]
        command += ["--storage-path", str(layout.data), "--port", str(port), *(["--auth"] if auth else [])]
        script = Path(__file__).with_name("bound_child.py")
        log = files.open_log(layout.log)
        self.port = port
        self.process = subprocess.Popen(  # noqa: S603 - fixed command
            [sys.executable, "-I", script, str(os.getpid()), *command],
            cwd=layout.directory,
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            pass_fds=(lock,),
        )
        os.close(log)

    def exited(self) -> bool:
        """Has the process ended?"""
        return self.process.poll() is not None

    def stop(self, patience: float) -> None:
        """Ask it to end, and kill it after `patience` seconds.

        Its acceptor notices the end with the next connection, or 2 s later: hence the connecting. A signal that comes
        just before its main thread lies down to wait is lost; while it still accepts, ask again.
        """
        deadline = time.monotonic() + patience
        self.process.terminate()
        for round_ in itertools.count(1):
            if self.exited() or time.monotonic() > deadline:
                break
            if listening(self.port) and round_ % 10 == 0:
                self.process.terminate()
            time.sleep(0.05)
        self.process.kill()
        self.process.wait()


def prepare(layout: Layout) -> None:
    """Write what the server must find before it starts."""
    layout.create()
    for path, text in ((layout.data / "WiredTiger.config", DURABILITY), (layout.config, CONFIG)):
        if not path.exists() or path.read_text() != text:
            files.write_private(path, text)


def client(port: int, password: str | None, timeout: float) -> MongoClient:
    """A connection that waits `timeout` seconds for an answer, but one at most for a server that is not there."""
    wait = int(timeout * 1000)
    return MongoClient(
        files.uri(port, password),
        serverSelectionTimeoutMS=min(wait, 1000),
        connectTimeoutMS=wait,
        socketTimeoutMS=wait,
    )


def reads(connection: MongoClient) -> bool:
    """Does the server read data? It answers pings after it has stopped to read (full disk).

    The read is in a transaction: only a transaction's statement makes the server end those that a killed client left
    open (after 60 s), and a plain write on a document that such a one has touched waits for that without end.
    """
    sentinel = connection.supervision.sentinel
    try:
        with connection.start_session() as session, session.start_transaction():
            found = sentinel.find_one(SENTINEL, session=session)
        if found is None:
            sentinel.insert_one(dict(SENTINEL))
    except PyMongoError as error:
        log.warning("no read: %s", error)
        return False
    return True


def create_user(layout: Layout, lock: int, over: Callable[[], bool]) -> None:
    """The first start: on a port that nobody is told, without passwords, to make the only user. Repeatable.

    The password file is written last: it says that the user exists. Raises PyMongoError when the server fails.
    """
    password = secrets.token_urlsafe(32)
    server = Server(layout, free_port(), lock, auth=False)
    try:
        with _until_up(server, over) as connection:
            _set_user(connection, password)
    finally:
        server.stop(10)
    files.write_private(layout.password_file, password)


@contextlib.contextmanager
def _until_up(server: Server, over: Callable[[], bool]) -> Iterator[MongoClient]:
    with client(server.port, None, 5) as connection:
        for _ in range(300):
            if listening(server.port) or server.exited() or over():
                break
            time.sleep(0.1)
        yield connection


def expel_strangers(connection: MongoClient) -> None:
    """Drop every user but ours: during the first start any process of this machine could have made one."""
    for user in connection.admin["system.users"].find():
        if (user["db"], user["user"]) != ("admin", USER):
            connection[user["db"]].command("dropUser", user["user"])


def _set_user(connection: MongoClient, password: str) -> None:
    admin = connection.admin
    try:
        admin.command("createUser", USER, pwd=password, roles=["root"])
    except OperationFailure as error:  # an earlier first start was cut off between user and password file
        if error.code != DUPLICATE_USER:
            raise
        admin.command("updateUser", USER, pwd=password, roles=["root"])


def listening(port: int) -> bool:
    """Does anything accept connections on this loopback port?"""
    try:
        socket.create_connection(("127.0.0.1", port), 1).close()
    except OSError:
        return False
    return True


def bindable(port: int) -> bool:
    """Could a server listen on this loopback port now?"""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
    return True


def free_port() -> int:
    """A random free port on loopback."""
    while True:
        port = secrets.choice(PORTS)
        if bindable(port):
            return port


def keep_port(layout: Layout, patience: float) -> int:
    """The port of last time, so that connected clients find the server again; another one if it stays taken."""
    port, deadline = layout.port(), time.monotonic() + patience
    while port and not bindable(port) and time.monotonic() < deadline:
        time.sleep(0.2)
    if not port or not bindable(port):
        port = free_port()
        files.write_private(layout.port_file, str(port))
    return port
