"""Tokens with which a spreadsheet or a dashboard reads for its maker: shown once, kept as a hash, revocable."""

import hashlib
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final

MOST: Final = 20
"""Live tokens a person may have: one for each program, so that one can be revoked alone."""


@dataclass(frozen=True)
class ReadToken:
    """`id` is a hash of the token, which is shown once; `name` says which program holds it."""

    id: str
    user: str
    name: str
    made_at: datetime
    revoked_at: datetime | None = None
    version: int = 1

    @property
    def live(self) -> bool:
        return self.revoked_at is None


def hashed(token: str) -> str:
    """What is kept of a token (hex): 256 random bits need no key against trying."""
    return hashlib.sha256(b"minyi-read-token\0" + token.encode()).hexdigest()


def revoked(token: ReadToken, now: datetime) -> ReadToken:
    """The token out of use; the first revocation stands."""
    return token if not token.live else replace(token, revoked_at=now, version=token.version + 1)
