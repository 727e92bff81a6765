"""Rows of a frame: what is known of each item besides serial and stratum, as far as an auditor may read it."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

PIECE_DIGITS = 2  # hexadecimal: 256 pieces, so that an item is found by one read and a frame takes 256 writes
_ALPHABET = "23456789BCDFGHJKMNPQRTVWXY"  # no vowels and no 1: no serial spells a word or looks like a phone


@dataclass(frozen=True)
class FrameRow:
    """One item of a frame. `details` are the columns that are nobody's personal data; `on` and `amount` as claimed."""

    id: str  # frame:serial
    frame: str
    serial: str
    stratum: str = ""
    site: str = ""
    on: date | None = None
    amount: Decimal | None = None
    details: Mapping[str, str] = field(default_factory=dict)


def piece_of(serial: str) -> str:
    """The piece that holds the row of a serial: the first digits of the SHA-256 of its UTF-8 bytes."""
    return hashlib.sha256(serial.encode()).hexdigest()[:PIECE_DIGITS]


def opaque_serial(digest: bytes) -> str:
    """A serial from a keyed hash (32 bytes): 13 characters, 61 bits, such as 7KQ2-M4XDB-H3WP."""
    number, letters = int.from_bytes(digest, "big"), ""
    for _ in range(13):
        number, rest = divmod(number, len(_ALPHABET))
        letters += _ALPHABET[rest]
    return f"{letters[:4]}-{letters[4:9]}-{letters[9:]}"
