"""Files of spot checks: sent in pieces or whole, checked by their content, kept beside the record that names them."""

from dataclasses import dataclass
from datetime import datetime

from service.domain.access import Actor


@dataclass(frozen=True)
class Progress:
    """How much of a file has arrived: the offset from which the next piece is wanted."""

    received: int
    complete: bool


def piece(
    actor: Actor, now: datetime, record_id: str, sha256: str, offset: int, total: int, content: bytes
) -> Progress:
    """Keep a piece of a file that a record names by its SHA-256. A piece that is there already is passed over."""
    raise NotImplementedError


def progress(actor: Actor, record_id: str, sha256: str) -> Progress:
    """How much of a file is there, so that the phone goes on where it was interrupted."""
    raise NotImplementedError


def whole(actor: Actor, now: datetime, record_id: str, name: str, content: bytes) -> Progress:
    """Keep a file that comes in one go, under the name by which the record names it."""
    raise NotImplementedError
