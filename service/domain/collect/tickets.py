"""Tickets: what a QR code carries. Codes that people can type, and the keyed hashes that are stored instead."""

import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from itertools import count
from operator import mul

from service.domain.errors import Refused
from service.domain.keys import Key

ALPHABET = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"  # 31 characters, a prime; without 0 O 1 I L
POSTER = "poster"
SLIP = "slip"
KIOSK = "kiosk"  # for many persons one after another, on the evaluator's tablet and nowhere else
LENGTHS = {POSTER: 8, SLIP: 12, KIOSK: 8}  # with the check character; 31**7 and 31**11 codes
_VALUE = {character: value for value, character in enumerate(ALPHABET)}
_PAIRS = [first + second for first in ALPHABET for second in ALPHABET]
_IGNORED = " -‐‑–—_.\t\r\n\u3000"


@dataclass(frozen=True)
class Batch:
    """Tickets printed together: same campaign, site, session and way of reaching people.

    Slips for drawn persons name the frozen frame they were drawn from; `population` is its size, the only N an interval
    may use (design, section 6).
    """

    id: str
    campaign: str
    kind: str  # POSTER, SLIP or KIOSK
    site: str
    session: str
    distribution: str  # a code of service.domain.modes.DISTRIBUTIONS
    count: int
    key_id: str
    created_at: datetime
    created_by: str
    frame: str = ""
    population: int | None = None
    grace_minutes: int = 0  # how long after the end of its session it still works
    replaces: str = ""  # the voided batch whose persons get these slips instead
    voided_at: datetime | None = None
    voided_by: str = ""
    void_reason: str = ""
    handed_out: int | None = None  # counted by people, as are the next two (service.domain.collect.batches)
    spoilt: int | None = None
    returned: int | None = None
    used: int | None = None  # slips used, counted when the campaign was closed for ever
    version: int = 1


@dataclass(frozen=True)
class Ticket:
    """A ticket that was looked up: the batch it belongs to and the key its hash was made with."""

    hash: str
    batch: str
    key: Key


def checksum(body: str) -> str:
    """The character that makes the sum of weight x value divisible by 31.

    Weights are 1, 2, 3, ... from the right end, all different and not zero modulo the prime 31 for up to 30 characters,
    so every substitution and every swap of two characters changes the sum.
    """
    total = sum(map(mul, count(2), map(_VALUE.__getitem__, reversed(body))))
    return ALPHABET[-total % len(ALPHABET)]


def is_valid(code: str) -> bool:
    """Whether a normalised code of any length has only our characters and the right check character."""
    return len(code) > 1 and all(c in _VALUE for c in code) and checksum(code[:-1]) == code[-1]


def normalise(typed: str) -> str:
    """A code as somebody typed it -> upper case without spaces or hyphens, full-width letters folded.

    Raises Refused("code_mistyped") when the length, a character or the check character is wrong.
    """
    folded = unicodedata.normalize("NFKC", typed[:80]).upper()
    code = "".join(character for character in folded if character not in _IGNORED)
    if len(code) not in LENGTHS.values() or not is_valid(code):
        raise Refused("code_mistyped")
    return code


def grouped(code: str) -> str:
    """Four characters a group, as printed: ABCD-EFGH-JKMN."""
    return "-".join(code[at : at + 4] for at in range(0, len(code), 4))


def new_code(kind: str, choose: Callable[[int], int]) -> str:
    """A code of this kind; `choose(31)` gives unpredictable numbers 0..30 (`secrets.randbelow`)."""
    body = "".join(ALPHABET[choose(len(ALPHABET))] for _ in range(LENGTHS[kind] - 1))
    return body + checksum(body)


def hashed(key: Key, code: str) -> str:
    """What is stored of a code: 32 hex digits that nobody can turn back without the server's key."""
    return key.hex("ticket", code)[:32]


def encode(value: bytes) -> str:
    """Bytes in our alphabet with a check character, for receipts; `decode` turns them back."""
    number, pairs, size = int.from_bytes(value, "big"), [], _digits_for(len(value))
    for _ in range(size // 2 + 1):  # two at a time: every receipt is written so
        number, rest = divmod(number, len(_PAIRS))
        pairs.append(_PAIRS[rest])
    digits = "".join(reversed(pairs))[-size:]
    return digits + checksum(digits)


def decode(text: str, size: int) -> bytes:
    """The `size` bytes that `encode` wrote. Raises Refused("receipt_unknown") for anything else."""
    if len(text) != _digits_for(size) + 1 or not is_valid(text):
        raise Refused("receipt_unknown")
    number = 0
    for character in text[:-1]:
        number = number * len(ALPHABET) + _VALUE[character]
    if number >= 256**size:
        raise Refused("receipt_unknown")
    return number.to_bytes(size, "big")


@cache
def _digits_for(size: int) -> int:
    digits, reach = 0, 1
    while reach < 256**size:
        digits, reach = digits + 1, reach * len(ALPHABET)
    return digits
