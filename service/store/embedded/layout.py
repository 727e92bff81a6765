"""What lies in the directory of an embedded database, and the two locks through which its processes find each other.

`clients.lock` is held SHARED by every process that uses the database: nobody holds it, nobody needs a server.
`supervisor.lock` is held EXCLUSIVELY by the supervisor and, through the inherited descriptor, by the server it started:
whoever gets it knows that neither of them lives, and takes over the duty to start them.
Locks are flock(2): the kernel drops them with the last process that holds the descriptor, however it dies.
"""

import fcntl
import os
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote_plus

USER = "minyi"
SENTINEL = {"_id": "sentinel"}  # the document in supervision.sentinel that is read to see whether the server lives
LOG_BYTES = 1_000_000  # the log and its one predecessor are each kept below about this size


class EmbeddedMissing(RuntimeError):
    """SecantusDB, an optional extra, is not installed."""

    def __init__(self) -> None:
        super().__init__(
            "The embedded database is not installed. Run: pip install 'minyi[embedded]', "
            "or name a MongoDB: MINYI_DATABASE=mongodb://..."
        )


class EmbeddedUnavailable(RuntimeError):
    """The embedded database did not answer a read in time; the message ends with the last lines of its log."""


@dataclass(frozen=True)
class Layout:
    """The paths of one embedded database."""

    directory: Path

    @property
    def data(self) -> Path:
        """WiredTiger's home: owned by the server alone."""
        return self.directory / "data"

    @property
    def config(self) -> Path:
        return self.directory / "secantus.toml"

    @property
    def clients_lock(self) -> Path:
        return self.directory / "clients.lock"

    @property
    def supervisor_lock(self) -> Path:
        return self.directory / "supervisor.lock"

    @property
    def port_file(self) -> Path:
        return self.directory / "port"

    @property
    def password_file(self) -> Path:
        """Written after the user was made: also the mark that the first start is over."""
        return self.directory / "password"

    def had_first_start(self) -> bool:
        """Do data and their user exist? Not when somebody has removed the data and left the password."""
        return self.password_file.exists() and (self.data / "WiredTiger").exists()

    @property
    def log(self) -> Path:
        return self.directory / "log"

    def create(self) -> None:
        """Make the directories, closed to everybody else."""
        for directory in (self.directory, self.data):
            directory.mkdir(mode=0o700, parents=True, exist_ok=True)

    def port(self) -> int | None:
        """The port that the server has or last had; None before the first start is over."""
        text = _read(self.port_file)
        return int(text) if text else None

    def password(self) -> str | None:
        """The password of the only user; None before the first start is over."""
        return _read(self.password_file)

    def uri(self) -> str | None:
        """The address with user and password; None before the first start is over."""
        port, password = self.port(), self.password()
        return uri(port, password) if port and password else None


def uri(port: int, password: str | None) -> str:
    """The address of the server. retryWrites=false: a retained retry costs each later write a scan of all of them."""
    user = f"{USER}:{quote_plus(password)}@" if password else ""
    options = "directConnection=true&retryWrites=false" + ("&authSource=admin" if password else "")
    return f"mongodb://{user}127.0.0.1:{port}/?{options}"


def write_private(path: Path, text: str) -> None:
    """Replace a file atomically; its mode is 0600 from the first moment."""
    draft = path.with_name(f"{path.name}.{os.getpid()}.tmp")
    draft.unlink(missing_ok=True)
    with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as handle:
        handle.write(text)
        handle.flush()
        os.fsync(handle.fileno())
    draft.replace(path)


def open_lock(path: Path) -> int:
    """A descriptor for flock; closed on exec unless handed on by name."""
    return os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)


def try_lock(descriptor: int, *, exclusive: bool) -> bool:
    """Take the lock if that needs no waiting."""
    try:
        fcntl.flock(descriptor, (fcntl.LOCK_EX if exclusive else fcntl.LOCK_SH) | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def unlock(descriptor: int) -> None:
    """Give a lock back. Not for clients: it would free the lock of their forked relatives too; they close it."""
    fcntl.flock(descriptor, fcntl.LOCK_UN)


def bound_log(path: Path) -> None:
    """Move a log that has grown too long aside; its writers append, so that they go on in the emptied file."""
    try:
        if path.stat().st_size < LOG_BYTES:
            return
        with path.open("r+b") as log:
            log.seek(-LOG_BYTES // 2, os.SEEK_END)
            tail = log.read()
            log.truncate(0)
    except FileNotFoundError:
        return
    write_private(path.with_name(path.name + ".1"), tail.decode(errors="replace"))


def open_log(path: Path) -> int:
    """A descriptor to append to the log with."""
    return os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND | os.O_CLOEXEC, 0o600)


def _read(path: Path) -> str | None:
    try:
        return path.read_text().strip()
    except FileNotFoundError:
        return None
