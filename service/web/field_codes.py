"""What an auditor's collecting app is set up with: its address with the token, and the code that holds all settings."""

from service.domain.inspect.field_tokens import settings_code, settings_of
from service.web.extensions import settings
from service.web.languages import spoken

PROJECT = "民意 Minyi"


def server_url(token: str) -> str:
    """Where the app asks and sends. Without a final slash: the app adds its own."""
    return f"{settings().base_url}/openrosa/{token}"


def code(token: str, username: str) -> str:
    """The text of the settings code."""
    return settings_code(settings_of(server_url(token), username, PROJECT, spoken()))
