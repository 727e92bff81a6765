"""Secrets of draws that lie sealed until the visit: encrypted under a key that follows from the server's secret."""

import secrets
from collections.abc import Sequence
from datetime import datetime

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from service import store
from service.domain.errors import Refused
from service.domain.inspect.ceremonies import DrawSecret
from service.domain.inspect.draws import commitment
from service.domain.keys import Key
from service.store import records

_TAG = "draw-secret"
_NONCE = 12
SECRET_BYTES = 32


def make(key: Key, now: datetime, draw: str) -> tuple[DrawSecret, str]:
    """(a fresh secret of draw `draw`, sealed; the commitment to it). Nobody sees the secret itself before the visit."""
    secret, nonce = secrets.token_bytes(SECRET_BYTES), secrets.token_bytes(_NONCE)
    sealed = nonce + AESGCM(key.hash(_TAG, draw)).encrypt(nonce, secret, draw.encode())
    return DrawSecret(draw, key.id, sealed, now), commitment(secret)


def read(keys: Sequence[Key], draw: str) -> bytes:
    """The secret. Raises Refused("draw_unreadable") when it is gone or was sealed under another server's secret."""
    found = records.get(DrawSecret, draw)
    for key in keys:
        if found is not None and key.id == found.key_id:
            try:
                return AESGCM(key.hash(_TAG, draw)).decrypt(found.sealed[:_NONCE], found.sealed[_NONCE:], draw.encode())
            except InvalidTag:
                break
    raise Refused("draw_unreadable")


def forget(draw: str, tx: store.Tx) -> None:
    """Of a void draw nobody is to learn what it would have drawn."""
    records.remove_all(DrawSecret, tx, _id=draw)
