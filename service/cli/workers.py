"""The worker of `minyi serve`: gunicorn's thread worker, whose threads stay a moment at their connection."""

import select
import socket
import time
from typing import Any

from gunicorn.workers.gthread import TConn, ThreadWorker

STAY = 50  # milliseconds
YIELD, MOST_YIELDED = 0.0001, 0.001  # seconds: for each connection that is open, and in all


class StayingWorker(ThreadWorker):
    """Looks for the next request on a kept-alive connection before it goes back to the event loop.

    Each way back costs a pipe, a change of threads and two calls of epoll: a fifth of the CPU of an accepted answer.
    A thread stays only while every open connection has one, so that it never keeps another from being served.
    """

    def accept(self, listener: socket.socket) -> None:
        """Leave a new connection to a worker that has fewer.

        All workers wake for it; of sixteen that came together, one worker took twelve to sixteen every other time.
        """
        time.sleep(min(self.nr_conns * YIELD, MOST_YIELDED))
        super().accept(listener)

    def handle(self, conn: TConn) -> Any:
        while (kept := super().handle(conn)) is True and self._another(conn):
            pass
        return kept

    def _another(self, conn: TConn) -> bool:
        """Whether the next request is there, or comes within STAY."""
        if not self.alive or conn.is_http2 or self.nr_conns > self.cfg.threads:
            return False
        if conn.parser.unreader.buf.getvalue():  # sent along with the last one
            return True
        waiting = select.poll()
        waiting.register(conn.sock, select.POLLIN)
        return bool(waiting.poll(STAY))
