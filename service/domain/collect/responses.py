"""Responses: what a phone sends, the envelope it arrives in, and the receipt its sender keeps."""

import hashlib
import hmac
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta, timezone

from service.domain.collect import tickets
from service.domain.collect.tallies import Cell
from service.domain.errors import Refused
from service.domain.keys import Key

SUBMISSION_ID = re.compile(r"[A-Za-z0-9_-]{8,64}")
RECEIPT_BYTES = 16  # 128 bits; with the check character 27 characters of our alphabet
SHORT_CODE = 6


@dataclass(frozen=True)
class Envelope:
    """One live document of the inbox: an accepted answer until it is sealed (the double envelope, CONTRIBUTING)."""

    env: str
    campaign: str
    sub: str
    digest: str
    r: bytes
    final_id: str
    answers: Mapping[str, str]
    cell: Cell
    hour: str
    duration: int

    def repeats(self, other: "Envelope") -> bool:
        """Whether the other carries the same submission id (its content may still differ)."""
        return hmac.compare_digest(self.sub, other.sub)


@dataclass(frozen=True)
class Response:
    """One sealed answer: no ticket, no submission id, no time but the hour. Its id was drawn at random."""

    final_id: str
    campaign: str
    seal: str
    answers: Mapping[str, str]
    cell: Cell
    hour: str
    duration: int


def content_digest(answers: Mapping[str, str], mode: str, language: str) -> str:
    """SHA-256 of what the person said: equal for a repeat, different for other content under the same id.

    The duration is left out, since a page sent twice was looked at for two different times.
    """
    canonical = json.dumps([dict(answers), mode, language], ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(canonical.encode()).hexdigest()


def envelope_id(key: Key, campaign: str, kind: str, ticket_hash: str, submission_id: str) -> str:
    """The one place a submission can take: a slip has one for ever, a poster one for each submission id."""
    owner = ("slip", ticket_hash) if kind == tickets.SLIP else ("submission", submission_id)
    return key.hex("inbox", campaign, *owner)[:32]


def submission_hash(key: Key, submission_id: str) -> str:
    """What is kept of a submission id until its answer is sealed."""
    return key.hex("sub", submission_id)[:32]


def receipt_secret(key: Key, env: str, submission_id: str) -> bytes:
    """r: what only the sender is given. The envelope is inside, so one id on two slips gives two receipts."""
    return key.hash("receipt", env, submission_id)[:RECEIPT_BYTES]


def receipt_text(short_code: str, r: bytes) -> str:
    """What the person may note down: the campaign's short code, then r; both typed like a ticket's code."""
    return f"{short_code}-{tickets.grouped(tickets.encode(r))}"


def parse_receipt(text: str) -> tuple[str, bytes]:
    """(short code, r) of a receipt as typed. Raises Refused("receipt_unknown")."""
    compact = "".join(character for character in text[:120].upper() if character.isalnum())
    if len(compact) <= SHORT_CODE:
        raise Refused("receipt_unknown")
    return compact[:SHORT_CODE], tickets.decode(compact[SHORT_CODE:], RECEIPT_BYTES)


def today_of(moment: datetime) -> date:
    """The day that constraints call today: China's, which has one time zone."""
    return moment.astimezone(timezone(timedelta(hours=8))).date()


def hour_of(moment: datetime) -> str:
    """The hour in UTC, `2026-11-22T09`: the finest time that is kept of an answer."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H")
