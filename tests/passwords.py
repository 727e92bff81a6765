"""Passwords hashed at once: the product's hash is made to take long, and most tests hash to sign in, not to resist."""

from collections.abc import Iterator

import pytest
from argon2 import PasswordHasher

from service.operations import organisations

QUICK = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
_PRODUCT = {name: getattr(organisations, name) for name in ("_hasher", "_NOBODY")}
_INSTEAD = {"_hasher": QUICK, "_NOBODY": QUICK.hash("the password of nobody")}


@pytest.fixture(scope="session", autouse=True)
def quick_passwords() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        for name, value in _INSTEAD.items():
            patch.setattr(organisations, name, value)
        yield


@pytest.fixture
def product_passwords(monkeypatch: pytest.MonkeyPatch) -> None:
    """Passwords are hashed as in the product."""
    for name, value in _PRODUCT.items():
        monkeypatch.setattr(organisations, name, value)
