"""Encryption of what only some may read: AES-256-GCM under keys that follow from the server's secret."""

import secrets
from collections.abc import Iterable

from service.domain.errors import Refused
from service.domain.keys import Key

NONCE = 12  # bytes; random ones may be used for 2^32 texts under one key (NIST SP 800-38D, section 8.3)


class Cipher:
    """Seals texts under a key of their own: `purpose` and `parts` tell apart what the key is for."""

    def __init__(self, key: Key, purpose: str, *parts: str) -> None:
        from cryptography.hazmat.primitives.ciphers.aead import AESGCM

        self._aead = AESGCM(key.hash(purpose, *parts))

    def seal(self, plain: bytes, bound: str) -> bytes:
        """Nonce and ciphertext. It opens only together with `bound`, which says where it belongs."""
        nonce = secrets.token_bytes(NONCE)
        return nonce + self._aead.encrypt(nonce, plain, bound.encode())

    def unseal(self, sealed: bytes, bound: str) -> bytes:
        """Raises Refused("unsealable") when key, place or content are not those of the sealing."""
        from cryptography.exceptions import InvalidTag

        try:
            return self._aead.decrypt(sealed[:NONCE], sealed[NONCE:], bound.encode())
        except (InvalidTag, ValueError):
            raise Refused("unsealable") from None


def key_of(keys: Key | Iterable[Key], id: str) -> Key:
    """The key that something was sealed under, by its public name. Raises Refused("unsealable") if it is not known."""
    for key in (keys,) if isinstance(keys, Key) else keys:
        if key.id == id:
            return key
    raise Refused("unsealable")
