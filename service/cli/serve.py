"""`minyi serve`: gunicorn with thread workers; each worker seals answers beside its requests."""

import itertools
import os
import socket
import sys
import threading
import time
from datetime import UTC, datetime
from typing import Any

import click

from service.cli import connections
from service.cli.options import settings_or_exit
from service.config import Settings

TEND_EVERY = 1.0  # seconds between two rounds of sealing in one worker
SWEEP_EVERY = 60  # rounds after which campaigns of other processes are looked at too, in case one of them died


@click.command()
@click.option("--check", is_flag=True, help="Only check the settings.")
@click.option("--no-sealing", is_flag=True, help="Leave sealing to other processes of the same database.")
def serve(check: bool, no_sealing: bool) -> None:
    """Serve the API and the pages with the settings of MINYI_* until stopped."""
    settings = settings_or_exit()
    if not check:
        run(settings, sealing=not no_sealing)


def run(settings: Settings, ready: Any = None, sealing: bool = True, listener: int | None = None) -> None:
    """Serve until SIGTERM or SIGINT. `ready` is called in the parent process once it listens.

    `listener` is the descriptor of an inherited socket, in place of host and port.
    """
    try:
        from gunicorn.app.base import BaseApplication
    except ImportError:
        click.echo("gunicorn is not installed: pip install 'minyi[server]'", err=True)
        sys.exit(1)
    # Before the fork: the workers share this memory, and one that died is back without reading some hundred modules.
    import service.app  # noqa: F401

    class Server(BaseApplication):
        def load_config(self) -> None:
            for name, value in _gunicorn_settings(settings, ready, sealing, listener).items():
                self.cfg.set(name, value)

        def load(self) -> Any:
            # Made after the fork: every worker has its own connections and threads.
            from service.app import create_app

            return create_app(settings)

    Server().run()


def _gunicorn_settings(settings: Settings, ready: Any, sealing: bool, listener: int | None) -> dict[str, Any]:
    host = f"[{settings.host}]" if ":" in settings.host else settings.host
    return {
        "bind": f"{host}:{settings.port}" if listener is None else f"fd://{listener}",
        "workers": settings.workers,
        "threads": settings.threads,
        "worker_class": "service.cli.workers.StayingWorker",
        "keepalive": 15,
        "timeout": 60,
        "graceful_timeout": 20,
        "limit_request_line": 2048,
        "limit_request_fields": 60,
        "accesslog": None,  # it would hold the codes in the addresses of phone pages; see service.web.logs
        "loglevel": "warning",
        "control_socket_disable": True,
        "post_worker_init": lambda worker: _begin(worker, sealing),
        "when_ready": lambda server: _listen(server, ready),
    }


def _listen(server: Any, ready: Any) -> None:
    connections.limit_silence(server)
    if ready:
        ready()


def _begin(worker: Any, sealing: bool) -> None:
    connections.hush(worker)
    threading.Thread(target=_tend, args=(os.getpid(), sealing), daemon=True, name="sealer").start()


def _tend(pid: int, sealing: bool) -> None:
    """Keep the tickets in use in mind; seal and compact what has come in, any number of workers at once."""
    import structlog

    from service.operations import limits
    from service.operations.collect import responses, seals, tickets

    log, owner = structlog.get_logger("sealer"), f"{socket.gethostname()}:{pid}"
    left: set[str] = set()
    sealed: set[str] = set()
    for turn in itertools.count():
        time.sleep(TEND_EVERY)
        now = datetime.now(UTC)
        try:
            tickets.keep_in_mind()
            if not sealing:
                continue
            left |= responses.take_touched()
            if turn % SWEEP_EVERY == 0:
                left |= set(seals.unfinished())
                limits.forget_old(now)
        except Exception as error:  # the database is away: the next round looks again
            log.warning("sealing_interrupted", error=type(error).__name__)
        sealed |= _seal(left, owner, now, log)
        if turn % SWEEP_EVERY == 0:
            _open_cases(sealed, now, log)


def _seal(left: set[str], owner: str, now: datetime, log: Any) -> set[str]:
    """Seal and compact what is left to do; -> the campaigns that are done, which are taken out of `left`."""
    from service.operations.collect import seals

    done = set()
    for campaign in sorted(left):
        try:
            if seals.tend(campaign, owner, now):
                done.add(campaign)
        except Exception as error:  # the next round rolls it forward; the other campaigns do not wait for it
            log.warning("sealing_interrupted", campaign=campaign, error=type(error).__name__)
    left -= done
    return done


def _open_cases(sealed: set[str], now: datetime, log: Any) -> None:
    """Cases for the bad ratings of window services; other campaigns have none. A second worker finds them opened."""
    from service.operations.inspect import themes

    for campaign in sorted(sealed):
        try:
            themes.open_ratings(now, campaign)
            sealed.discard(campaign)
        except Exception as error:  # the next sweep looks again
            log.warning("cases_interrupted", campaign=campaign, error=type(error).__name__)
