"""Seals: what a receipt hides, which seals may be put together, and what must hold between the collections."""

import hashlib
import hmac
from collections.abc import Sequence
from dataclasses import dataclass, field

from service.domain.collect.tallies import Tally

SEAL_SIZE = 200  # answers a seal takes at once: the ledger holds their ids while it is open
CROWDED = 12  # seals of the running hour that a read may have to add up
ROOT_COUNTS = 150_000  # counts in a compacted tally, some 4 MB: far below the database's 16 MB for one document


@dataclass(frozen=True)
class Member:
    env: str
    final_id: str


@dataclass(frozen=True)
class OpenBatch:
    """The one seal under way in a campaign. phase: open (not counted yet) or counted."""

    seal: str
    phase: str
    members: tuple[Member, ...]


@dataclass(frozen=True)
class Ledger:
    """One a campaign. Every change of what counts raises `rev`; state: open, closing, final."""

    campaign: str
    rev: int
    n: int
    state: str
    batch: OpenBatch | None = None


@dataclass(frozen=True)
class Seal:
    """`arrivals`: (site, answers sealed here). They stay when the tally is put together with others."""

    id: str
    campaign: str
    rev: int
    hour: str
    tally: Tally = field(default_factory=dict)
    into: str | None = None
    arrivals: tuple[tuple[str, int], ...] = ()


@dataclass(frozen=True)
class Receipt:
    """What is kept of a receipt: nobody without r can tell which answer it opens."""

    id: str
    box: bytes | None
    check: bytes
    withdrawn: bool = False


def receipt_id(r: bytes) -> str:
    """Under which id a receipt is kept; it does not tell r."""
    return hashlib.sha256(b"minyi-receipt\0" + r).hexdigest()


def box(r: bytes, final_id: str) -> bytes:
    """The response's id under a pad that only r can make.

    r is used for this one message only, so a one-time pad from HMAC-SHA256 is all that secrecy needs; a forged box is
    worth nothing, because whoever can write boxes can also write responses.
    """
    plain = bytes.fromhex(final_id)
    pad = hmac.digest(r, b"minyi-box\0", "sha256")[: len(plain)]
    return bytes(a ^ b for a, b in zip(plain, pad, strict=True))


def unbox(r: bytes, sealed: bytes) -> str:
    """The response's id from its box. `box` is its own inverse."""
    return box(r, sealed.hex()).hex()


def check_of(r: bytes, digest: str) -> bytes:
    """Tells a true repeat from other content under the same id, without keeping the content's digest."""
    return hmac.digest(hmac.digest(r, b"minyi-check\0", "sha256"), digest.encode(), "sha256")


def receipt_of(r: bytes, final_id: str, digest: str) -> Receipt:
    """What is kept of the receipt with secret r: its id, its box, the check of its content."""
    return Receipt(receipt_id(r), box(r, final_id), check_of(r, digest))


def day_root(campaign: str, hour: str) -> str:
    """The seal that takes up the seals of the hour's day."""
    return f"{campaign}:d:{hour[:10]}"


def campaign_root(campaign: str, number: int) -> str:
    """The seal that takes up whole days."""
    return f"{campaign}:c:{number}"


def plan_compaction(roots: Sequence[Seal], campaign: str, current_hour: str) -> dict[str, list[Seal]]:
    """Target seal -> roots to put into it: seals go to their day, days that are over to the campaign.

    `roots` are the seals with `into` null, without the open batch's. Seals of the running hour stay as they are until
    there are more than CROWDED of them. Chains stay at most two long. A campaign root that holds ROOT_COUNTS counts is
    left as it is and the next number is begun.
    """
    plan: dict[str, list[Seal]] = {}
    campaign_roots = {int(root.id.rsplit(":", 1)[1]): root for root in roots if _level(root) == "c"}
    number = max(campaign_roots, default=0)
    if number in campaign_roots and sum(map(len, campaign_roots[number].tally.values())) >= ROOT_COUNTS:
        number += 1
    crowded = sum(_level(root) == "" for root in roots) > CROWDED
    for root in roots:
        if _level(root) == "c":
            continue
        if root.hour[:10] < current_hour[:10]:
            plan.setdefault(campaign_root(campaign, number), []).append(root)
        elif _level(root) == "" and (root.hour < current_hour or crowded):
            plan.setdefault(day_root(campaign, root.hour), []).append(root)
    return plan


def _level(root: Seal) -> str:
    """ "" for a seal of one batch, "d" for a day, "c" for a campaign."""
    rest = root.id[len(root.campaign) + 1 :]
    return rest[0] if rest[:2] in ("d:", "c:") else ""


def broken_invariants(tallied: Tally, recounted: Tally) -> list[str]:
    """Sentences on what does not hold between the seals' tallies and a recount of the responses (I3)."""
    broken = []
    for cell in sorted(set(tallied) | set(recounted)):
        had, has = tallied.get(cell, {}), recounted.get(cell, {})
        for key in sorted(set(had) | set(has)):
            if had.get(key, 0) != has.get(key, 0):
                broken.append(
                    f"{'/'.join(cell)} {key}: the seals say {had.get(key, 0)}, the responses {has.get(key, 0)}"
                )
    return broken
