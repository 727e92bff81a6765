"""Edits say which version they read: If-Match holds the version, ETag gives it (design, section 3)."""

import secrets
from typing import Any, TypeVar

from flask import request

from service.domain.errors import Refused

T = TypeVar("T")


def if_match() -> int:
    """The version that the editor read. Raises Refused("unconditional") without one."""
    tag = request.headers.get("If-Match", "").strip().removeprefix("W/").strip('"')
    if not tag.isascii() or not tag.isdigit() or len(tag) > 9:
        raise Refused("unconditional")
    return int(tag)


def tagged(record: T) -> tuple[T, int, dict[str, str]]:
    return record, 200, {"ETag": f'"{record.version}"'}  # type: ignore[attr-defined]


def made(outcome: tuple[T, bool]) -> tuple[T, int, dict[str, str]]:
    """201 for what is new, 200 for the repeat of an earlier request."""
    record, new = outcome
    version = getattr(record, "version", None)
    return record, 201 if new else 200, {} if version is None else {"ETag": f'"{version}"'}


def with_id(values: dict[str, Any]) -> dict[str, Any]:
    """The request's values with an id: the client's, or one made here."""
    return values | {"id": values.get("id") or secrets.token_hex(8)}
