"""What gunicorn leaves open: how long a silent connection may hold a thread, and what its log tells of requests."""

import logging
import socket
import struct
from typing import Any

PATIENCE = 10  # seconds without a byte; a phone that has lost its network would hold a thread for ever
# Gunicorn's words on requests that it could not read or serve: they hold addresses, paths with codes and cookies.
_OF_NOBODY = ("Invalid request from", "Socket error processing request")
_FAILED = "Error handling request"


def limit_silence(server: Any) -> None:
    """Have the kernel end reads and writes that wait too long; accepted connections inherit it from their listener.

    It bounds silence, not slowness: against those who send a byte now and then stands the proxy in front.
    """
    patience = struct.pack("ll", PATIENCE, 0)
    for listener in server.LISTENERS:
        for option in (socket.SO_RCVTIMEO, socket.SO_SNDTIMEO):
            listener.sock.setsockopt(socket.SOL_SOCKET, option, patience)


def hush(worker: Any) -> None:
    """Keep addresses and codes out of the worker's log, as service.web.logs keeps them out of ours."""
    worker.log.error_log.addFilter(_tells_nothing)


def _tells_nothing(record: logging.LogRecord) -> bool:
    message = str(record.msg)
    if message.startswith(_FAILED):
        kind = record.exc_info[0] if record.exc_info else None
        record.msg, record.args, record.exc_info = f"{_FAILED}: %s", (kind.__name__ if kind else "unknown",), None
    return not message.startswith(_OF_NOBODY)
