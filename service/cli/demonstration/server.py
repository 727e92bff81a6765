"""The demo's server in a process of its own, which ends with the demo however that ends.

`python -m service.cli.demonstration.server` reads its settings from standard input, for a secret belongs neither into
a command line nor into the environment.
"""

import ctypes
import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import click
import httpx

from service.config import Settings, is_loopback

ROOT = Path(__file__).parents[3]  # where `service` can be imported from: a checkout or site-packages
PREFERRED_PORT = 8000
BACKLOG = 2048
START = 90.0  # seconds for database and server together
STOP = 10.0  # seconds until the server is killed
PR_SET_PDEATHSIG = 1  # linux/prctl.h


def listen(host: str, port: int | None) -> socket.socket:
    """A listening socket on the port; without one on 8000, or any other when that is taken. Raises OSError.

    The server inherits it, so that nobody can take the port between choosing and serving.
    """
    for wanted in (PREFERRED_PORT, 0) if port is None else (port,):
        listener = socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET)
        try:
            # A port on which only closed connections linger is free.
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            listener.bind((host, wanted))
            listener.listen(BACKLOG)
            return listener
        except OSError:
            listener.close()
            if wanted != PREFERRED_PORT or port is not None:
                raise
    raise AssertionError("not reached: any port is the last resort")


def own_address(settings: Settings) -> str:
    """Where this machine reaches the server, whatever address is printed in codes."""
    host = settings.host if settings.host not in ("0.0.0.0", "::") else "127.0.0.1"  # noqa: S104 - compared only
    return f"http://{f'[{host}]' if ':' in host else host}:{settings.port}"


@contextmanager
def serving(
    settings: Settings, listener: socket.socket, log: Path, done: Callable[[], None]
) -> Iterator[subprocess.Popen[bytes]]:
    """The server from its start to its end, on a socket that it takes over; `done` is called before it is stopped."""
    with listener, log.open("ab") as output:
        process = subprocess.Popen(  # noqa: S603 - our own module
            [sys.executable, "-m", __name__, str(os.getpid()), str(listener.fileno())],
            cwd=ROOT,
            stdin=subprocess.PIPE,
            stdout=output,
            stderr=output,
            pass_fds=(listener.fileno(),),
            start_new_session=True,  # Ctrl-C reaches the demo alone, which then ends the server
        )
    try:
        with suppress(BrokenPipeError), process.stdin as stdin:  # type: ignore[union-attr]
            stdin.write(_told(settings))
        yield process
    finally:
        done()
        _stop(process)


def _told(settings: Settings) -> bytes:
    names = ("database", "base_url", "host", "port", "workers", "threads", "log_level")
    return json.dumps({name: getattr(settings, name) for name in names} | {"secret": settings.secret.hex()}).encode()


def wait_until_ready(process: subprocess.Popen[bytes], settings: Settings, log: Path) -> None:
    """Until /readyz says that data can be read. Raises ClickException with the end of the server's log."""
    address, deadline = f"{own_address(settings)}/readyz", time.monotonic() + START
    with httpx.Client(timeout=5, trust_env=False) as client:
        while process.poll() is None and time.monotonic() < deadline:
            with suppress(httpx.TransportError):
                if client.get(address).status_code == httpx.codes.OK:
                    return
            time.sleep(0.05)
    raise failed("The server did not start.", log)


def failed(what: str, log: Path) -> click.ClickException:
    """An error for people: what went wrong and the last lines that the server wrote."""
    lines = log.read_text(errors="replace").splitlines()[-15:] if log.exists() else []
    return click.ClickException("\n".join([what, *lines]))


def _stop(process: subprocess.Popen[bytes]) -> None:
    """At once, not gracefully: whoever ends the demo does not wait for idle connections."""
    process.send_signal(signal.SIGINT)
    with suppress(subprocess.TimeoutExpired):
        process.wait(STOP)
    with suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)  # what is left of its session, if anything
    process.wait()


def _end_with(parent: int) -> None:
    """Have the kernel stop this process when its parent dies, so that even `kill -9` leaves nothing behind."""
    if sys.platform == "linux":
        ctypes.CDLL(None, use_errno=True).prctl(PR_SET_PDEATHSIG, signal.SIGTERM)
    if os.getppid() != parent:  # it died before the line above
        sys.exit(1)


def main() -> None:
    """Arguments: the pid of the demo, the descriptor to listen on. Serves until told to stop."""
    from service.cli import serve

    _end_with(int(sys.argv[1]))
    told = json.load(sys.stdin)
    serve.run(Settings.for_demo(**told | {"secret": bytes.fromhex(told["secret"])}), listener=int(sys.argv[2]))


def reachable_from_outside(settings: Settings) -> bool:
    """Whether phones may reach the printed address; loopback is this machine alone."""
    return not is_loopback(httpx.URL(settings.base_url).host)


if __name__ == "__main__":
    main()
