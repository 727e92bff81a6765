"""Keyed hashes: what is stored instead of codes and submission ids, and how keys follow from the server's secret."""

import hashlib
import hmac
from dataclasses import dataclass


def _frame(fields: tuple[str | bytes, ...]) -> bytes:
    """Length-prefixed fields: no two different field lists give the same bytes."""
    parts = [field.encode() if isinstance(field, str) else field for field in fields]
    return b"".join(len(part).to_bytes(4, "big") + part for part in parts)


@dataclass(frozen=True)
class Key:
    """A secret of the server and the public name (`id`, 8 hex digits) under which stored hashes refer to it."""

    secret: bytes

    @property
    def id(self) -> str:
        return hashlib.sha256(b"minyi-key-id\0" + self.secret).hexdigest()[:8]

    def hash(self, tag: str, *fields: str | bytes) -> bytes:
        """HMAC-SHA256 over the tag and the fields, 32 bytes; tags keep uses apart."""
        return hmac.digest(self.secret, _frame((tag, *fields)), "sha256")

    def hex(self, tag: str, *fields: str | bytes) -> str:
        return self.hash(tag, *fields).hex()

    def __repr__(self) -> str:  # a key must never reach a log
        return f"Key(id={self.id!r})"


def derive(secret: bytes, purpose: str) -> bytes:
    """32 bytes for one purpose from a secret that is itself uniformly random (RFC 5869, expand step only)."""
    return hmac.digest(secret, purpose.encode() + b"\x01", "sha256")
