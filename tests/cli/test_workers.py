"""When a thread of the server stays at a kept connection: real sockets, gunicorn's own classes."""

import logging
import socket
from collections.abc import Iterator

import pytest
from gunicorn.app.base import BaseApplication
from gunicorn.workers.gthread import TConn

from service.cli.workers import StayingWorker

REQUEST = b"GET / HTTP/1.1\r\nHost: a\r\n\r\n"
THREADS = 3


class Application(BaseApplication):  # type: ignore[misc]
    """Answers every request with a line."""

    def load_config(self) -> None:
        self.cfg.set("threads", THREADS)

    def load(self) -> object:
        def answer(environ, start_response):  # type: ignore[no-untyped-def]
            start_response("200 OK", [("Content-Length", "2")])
            return [b"ok"]

        return answer


@pytest.fixture
def worker() -> Iterator[StayingWorker]:
    application = Application()
    worker = StayingWorker(1, 1, [], application, 30, application.cfg, Log())
    worker.wsgi = application.wsgi()
    worker.nr_conns = 1
    yield worker
    worker.tmp.close()


class Log(logging.Logger):
    """Gunicorn's logger, as far as a worker asks for it."""

    def __init__(self) -> None:
        super().__init__("worker")

    def access(self, *_: object) -> None:
        """No access log."""


@pytest.fixture
def ends(worker: StayingWorker) -> Iterator[tuple[TConn, socket.socket]]:
    listener = socket.create_server(("127.0.0.1", 0))
    phone = socket.create_connection(listener.getsockname(), 5)
    accepted, address = listener.accept()
    yield TConn(worker.cfg, accepted, address, listener.getsockname()), phone
    for one in (listener, phone, accepted):
        one.close()


def answers(phone: socket.socket, count: int) -> int:
    data = b""
    while data.count(b"ok") < count:
        data += phone.recv(4096)
    return data.count(b"HTTP/1.1 200")


def test_what_was_sent_along_is_answered_before_the_thread_leaves(worker, ends):
    connection, phone = ends
    phone.sendall(REQUEST * 3)
    assert worker.handle(connection) is True  # kept, and given back: nothing more came
    assert answers(phone, 3) == 3


def test_a_thread_takes_the_next_request_of_its_connection(worker, ends):
    connection, phone = ends
    phone.sendall(REQUEST)
    assert worker.handle(connection) is True
    phone.sendall(REQUEST)
    assert worker._another(connection)


def test_a_thread_leaves_when_others_wait_for_one_or_the_worker_stops(worker, ends):
    connection, phone = ends
    phone.sendall(REQUEST)
    worker.nr_conns = THREADS + 1
    assert worker.handle(connection) is True
    phone.sendall(REQUEST)
    assert not worker._another(connection)
    worker.nr_conns = THREADS
    assert worker._another(connection)
    worker.alive = False
    assert not worker._another(connection)


def test_a_connection_that_is_closed_ends(worker, ends):
    connection, phone = ends
    phone.sendall(REQUEST)
    phone.shutdown(socket.SHUT_WR)
    assert worker.handle(connection) is False
