"""Records of the collecting app as they came: the XML of each, and what could not become a spot check."""

from dataclasses import dataclass, field
from datetime import datetime


@dataclass(frozen=True)
class SentXml:
    """A record as it was sent; `refused` if it came second under its number and said something else."""

    id: str
    of: str  # the record's id
    form: str
    instance_id: str
    sha256: str
    content: bytes = field(repr=False)
    user: str
    organisation: str
    received_at: datetime
    refused: bool = False


@dataclass(frozen=True)
class SetAside:
    """A record that is kept for the office, and why it could not become a spot check. `id` is the record's."""

    id: str
    problem: str
    user: str
    organisation: str
    at: datetime


@dataclass(frozen=True)
class SentFile:
    """A file of a record that was set aside, not looked into."""

    id: str
    of: str  # the record's id
    name: str
    content: bytes = field(repr=False)
    at: datetime
