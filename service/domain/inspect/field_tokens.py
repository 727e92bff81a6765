"""Tokens with which a phone's collecting app speaks for one auditor: in the address, revocable, kept as a hash."""

import base64
import hashlib
import json
import zlib
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Final

LONGEST_CODE: Final = 4000  # characters of a settings code that the app reads
FIELD_ROLES: Final = ("auditor", "evaluator")
"""Whose apps may be set up: those who log spot checks."""


@dataclass(frozen=True)
class FieldToken:
    """`id` is a hash of the token, which is shown once and known to the phone alone."""

    id: str
    user: str
    organisation: str
    made_at: datetime
    made_by: str
    revoked_at: datetime | None = None
    revoked_by: str = ""
    version: int = 1

    @property
    def live(self) -> bool:
        """Whether the app that holds it is still let in."""
        return self.revoked_at is None


def hashed(token: str) -> str:
    """What is kept of a token (hex): 256 random bits need no key against trying."""
    return hashlib.sha256(b"minyi-field-token\0" + token.encode()).hexdigest()


def revoked(token: FieldToken, now: datetime, by: str) -> FieldToken:
    """The token out of use; the first revocation stands."""
    return token if not token.live else replace(token, revoked_at=now, revoked_by=by, version=token.version + 1)


# What an auditor may not change: another server or other forms would not bring the assigned items, and a record that
# is deleted, edited or never sent is one that nobody can compare.
_LOCKED: Final = (
    "change_server",
    "form_update_mode",
    "automatic_update",
    "hide_old_form_versions",
    "change_autosend",
    "delete_after_send",
    "change_form_metadata",
)


def settings_of(server_url: str, username: str, project: str, language: str) -> Mapping[str, Any]:
    """The app's settings: the server with its token, records sent as soon as there is a network, pictures as taken.

    `language` is one of ours; the app knows `zh`, `zh_TW` and `en`.
    """
    return {
        "general": {
            "server_url": server_url,
            "metadata_username": username,
            "form_update_mode": "match_exactly",
            "periodic_form_updates_check": "every_fifteen_minutes",
            "hide_old_form_versions": True,
            "autosend": "wifi_and_cellular",
            "delete_send": False,
            "image_size": "large",
            "constraint_behavior": "on_swipe",
            "app_language": {"zh-Hans": "zh", "zh-Hant": "zh_TW"}.get(language, "en"),
            "analytics": False,
        },
        "admin": dict.fromkeys(_LOCKED, False),
        "project": {"name": project[:40], "icon": "查", "color": "#1f6feb"},
    }


def settings_code(settings: Mapping[str, Any]) -> str:
    """The text of the code that sets an app up: JSON, UTF-8, zlib, base64 without line ends (the app's own format)."""
    plain = json.dumps(settings, ensure_ascii=False, separators=(",", ":"))
    code = base64.b64encode(zlib.compress(plain.encode(), 9)).decode()
    if len(code) > LONGEST_CODE:
        raise ValueError(f"{len(code)} characters")
    return code
