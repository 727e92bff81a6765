"""Secrets of draws that lie sealed until the visit: encrypted under a key that follows from the server's secret."""

import secrets
from collections.abc import Iterable
from datetime import datetime

from service import store
from service.domain.errors import Refused
from service.domain.inspect.ceremonies import DrawSecret
from service.domain.inspect.draws import commitment
from service.domain.keys import Key
from service.operations.ciphers import Cipher, key_of
from service.store import records

_PURPOSE = "draw-secret"
SECRET_BYTES = 32


def make(key: Key, now: datetime, draw: str) -> tuple[DrawSecret, str]:
    """(a fresh secret of draw `draw`, sealed; the commitment to it). Nobody sees the secret itself before the visit."""
    secret = secrets.token_bytes(SECRET_BYTES)
    sealed = Cipher(key, _PURPOSE, draw).seal(secret, draw)
    return DrawSecret(draw, key.id, sealed, now), commitment(secret)


def read(keys: Key | Iterable[Key], draw: str) -> bytes:
    """The secret. Raises Refused("unsealable") when it was sealed under another server's secret, or is gone."""
    found = records.get(DrawSecret, draw)
    if found is None:
        raise Refused("unsealable")
    return Cipher(key_of(keys, found.key_id), _PURPOSE, draw).unseal(found.sealed, draw)


def forget(draw: str, tx: store.Tx) -> None:
    """Of a void draw nobody is to learn what it would have drawn."""
    records.remove_all(DrawSecret, tx, _id=draw)
