"""A process's hold on the embedded database: `attach` starts it when nobody did, and keeps it up.

Who restarts what: the supervisor restarts the server. A thread in every attached process looks once a second whether
the supervisor's lock is free, and whoever gets it starts a supervisor; that one takes the same port, so that
connections recover.
While the server is away (2-3 s) pymongo waits for it, up to its serverSelectionTimeoutMS; an operation under way fails
with AutoReconnect and may or may not have been done.

After a fork (gunicorn with an application loaded before it) the child shares the hold and gets a watching thread of its
own, without doing anything; only its MongoClient it must open itself, as pymongo demands. Programs that are started
(exec) inherit nothing.
"""

import importlib.util
import logging
import os
import subprocess
import sys
import threading
import time
import weakref
from pathlib import Path
from types import TracebackType
from typing import Self

from pymongo import MongoClient
from pymongo.errors import PyMongoError

from service.store.embedded import layout as files
from service.store.embedded.layout import SENTINEL, EmbeddedMissing, EmbeddedUnavailable, Layout

ROOT = Path(__file__).parents[3]  # where `service` can be imported from: a checkout or site-packages
WATCH_EVERY = 1.0
log = logging.getLogger(__name__)

# A process forked while this one holds the supervisor's lock would keep it, and with it everybody from ever starting a
# supervisor again. subprocess does not run these hooks.
_no_fork = threading.Lock()
_attachments: "weakref.WeakSet[Attachment]" = weakref.WeakSet()


class Attachment:
    """The database as one process uses it; made by `attach`. Also a context manager that detaches."""

    def __init__(self, layout: Layout, lock: int) -> None:
        self._layout, self._lock = layout, lock
        self._watch()
        _attachments.add(self)

    @property
    def uri(self) -> str:
        """mongodb:// with user, password and port. The same over restarts, unless another program takes the port."""
        uri = self._layout.uri()
        if uri is None:
            raise EmbeddedUnavailable(f"No address in {self._layout.directory}: its files were removed.")
        return uri

    def ensure(self, timeout: float = 60) -> None:
        """Wait until the server answers a read, starting a supervisor if there is none.

        Raises EmbeddedUnavailable after `timeout` seconds.
        """
        deadline = time.monotonic() + timeout
        while not _reads(self._layout):
            _start_supervisor_unless_there_is_one(self._layout)
            if time.monotonic() > deadline:
                raise EmbeddedUnavailable(
                    f"The embedded database did not answer within {timeout:g} s.\n" + _last_lines(self._layout.log)
                )
            time.sleep(0.1)

    def detach(self) -> None:
        """Give the hold up; the last one to do so ends the database some seconds later. Repeatable.

        Closed, not unlocked: the lock belongs to the forked relatives of this process as well.
        """
        if self._detached.is_set():
            return
        self._detached.set()
        self._watcher.join()
        _attachments.discard(self)
        os.close(self._lock)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.detach()

    def _watch(self) -> None:
        self._detached = threading.Event()
        self._watcher = threading.Thread(target=self._keep_supervised, name="embedded-database", daemon=True)
        self._watcher.start()

    def _keep_supervised(self) -> None:
        while not self._detached.wait(WATCH_EVERY):
            try:
                _start_supervisor_unless_there_is_one(self._layout)
            except (OSError, subprocess.SubprocessError):
                log.exception("no supervisor could be started in %s", self._layout.directory)


def attach(directory: Path, timeout: float = 60) -> Attachment:
    """Use the embedded database in `directory`, made if needed, from now until detach() or the end of the process.

    Returns when the server has answered a read (2-4 s when nobody had started it). Raises EmbeddedMissing when
    SecantusDB is not installed, EmbeddedUnavailable when nothing answers within `timeout` seconds, OSError for an
    unusable directory.
    """
    if importlib.util.find_spec("secantus") is None:
        raise EmbeddedMissing
    layout = Layout(directory.resolve())
    layout.create()
    lock = files.open_lock(layout.clients_lock)
    try:
        _hold(lock, layout, timeout)
        attachment = Attachment(layout, lock)
    except BaseException:
        os.close(lock)
        raise
    try:
        attachment.ensure(timeout)
    except BaseException:
        attachment.detach()
        raise
    return attachment


def ended(directory: Path, timeout: float) -> bool:
    """Wait until neither supervisor nor server of a directory lives; False if one still does after `timeout` seconds.

    For a directory that nobody is attached to any more: only then may it be removed.
    """
    layout, deadline = Layout(directory.resolve()), time.monotonic() + timeout
    if not layout.supervisor_lock.exists():
        return True
    lock = files.open_lock(layout.supervisor_lock)
    try:
        while not files.try_lock(lock, exclusive=True):
            if time.monotonic() > deadline:
                return False
            time.sleep(0.05)
    finally:
        os.close(lock)
    return True


def _hold(lock: int, layout: Layout, timeout: float) -> None:
    """Take the clients' lock shared. Only a supervisor that is ending keeps it from us, until it has ended."""
    deadline = time.monotonic() + timeout
    while not files.try_lock(lock, exclusive=False):
        if time.monotonic() > deadline:
            raise EmbeddedUnavailable(f"The last server in {layout.directory} does not end.")
        time.sleep(0.02)


def _start_supervisor_unless_there_is_one(layout: Layout) -> bool:
    """Whoever gets the supervisor's lock starts one, which inherits the lock: there is never a second."""
    with _no_fork:
        lock = files.open_lock(layout.supervisor_lock)
        try:
            if not files.try_lock(lock, exclusive=True):
                return False
            _launch(layout, lock)
        finally:
            os.close(lock)
    return True


def _launch(layout: Layout, lock: int) -> None:
    files.bound_log(layout.log)
    output = files.open_log(layout.log)
    script = Path(__file__).with_name("detach.py")
    try:
        subprocess.run(  # noqa: S603 - fixed command
            [sys.executable, "-P", script, layout.directory, str(lock)],
            cwd=ROOT,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
            pass_fds=(lock,),
            check=True,
        )
    finally:
        os.close(output)


def _reads(layout: Layout) -> bool:
    uri = layout.uri()
    if uri is None:
        return False
    try:
        connection: MongoClient
        with MongoClient(uri, serverSelectionTimeoutMS=500, connectTimeoutMS=500, socketTimeoutMS=5_000) as connection:
            connection.supervision.sentinel.find_one(SENTINEL)
    except PyMongoError:
        return False
    return True


def _last_lines(path: Path) -> str:
    return "\n".join(path.read_text(errors="replace").splitlines()[-10:]) if path.exists() else ""


def _watch_in_child() -> None:
    """Threads do not survive a fork: the child gets its own."""
    _no_fork.release()
    for attachment in list(_attachments):
        attachment._watch()


os.register_at_fork(before=_no_fork.acquire, after_in_parent=_no_fork.release, after_in_child=_watch_in_child)
