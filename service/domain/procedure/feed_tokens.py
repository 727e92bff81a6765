"""Tokens of calendar feeds: a calendar program cannot sign in, so the address itself is the key; revocable."""

import hashlib
from dataclasses import dataclass, replace
from datetime import datetime


@dataclass(frozen=True)
class FeedToken:
    """`id` is a hash of the token, which is shown once; `language` is the one in which the feed is written."""

    id: str
    user: str
    language: str
    made_at: datetime
    revoked_at: datetime | None = None
    version: int = 1

    @property
    def live(self) -> bool:
        return self.revoked_at is None


def hashed(token: str) -> str:
    """What is kept of a token (hex): 256 random bits need no key against trying."""
    return hashlib.sha256(b"minyi-calendar-feed\0" + token.encode()).hexdigest()


def revoked(token: FeedToken, now: datetime) -> FeedToken:
    """The token out of use; the first revocation stands."""
    return token if not token.live else replace(token, revoked_at=now, version=token.version + 1)
