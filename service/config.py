"""Settings: every MINYI_* variable, its default, its meaning and its check. The only reader of the environment."""

import base64
import binascii
import difflib
import ipaddress
import os
import re
import secrets
from collections.abc import Callable, Mapping, Sequence
from dataclasses import MISSING, Field, dataclass, field, fields
from typing import Any
from urllib.parse import urlsplit

from service.domain.keys import Key, derive

LANGUAGES = ("zh-Hans", "zh-Hant", "en")
LOG_LEVELS = ("DEBUG", "INFO", "WARNING", "ERROR")
PREFIX = "MINYI_"
SECRET_BYTES = 32
HOW_TO_MAKE = "python3 -c 'import secrets; print(secrets.token_hex(32))'"

_MONGODB = re.compile(r"mongodb(\+srv)?://[^/\s]")
# Variables of the test suite, not settings of the service.
_FOREIGN = ("MINYI_TEST_",)


@dataclass(frozen=True)
class Problem:
    """One variable that keeps the service from starting, what is wrong with it and what to do."""

    variable: str
    what: str
    remedy: str

    def __str__(self) -> str:
        return f"{self.variable} {self.what}. {self.remedy}"


class ConfigurationError(Exception):
    """Everything wrong with the environment at once, so that nobody mends it one start at a time."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        self.problems = tuple(problems)
        super().__init__(self.problems)

    def __str__(self) -> str:
        lines = [f"  - {problem}" for problem in self.problems]
        return "\n".join(["Minyi cannot start with these settings:", *lines, "`minyi settings` explains each of them."])


class _Unfit(Exception):
    """What a parser raises: what is wrong, and the remedy."""


def _whole_number(lower: int, upper: int) -> Callable[[str], int]:
    def parse(text: str) -> int:
        # isascii: int() would take full-width digits, which no other tool that reads the variable does.
        if not (text.isascii() and text.isdigit() and lower <= int(text) <= upper):
            raise _Unfit(f"is {text!r}", f"Give a whole number from {lower} to {upper}.")
        return int(text)

    return parse


def _one_of(options: Sequence[str]) -> Callable[[str], str]:
    def parse(text: str) -> str:
        for option in options:
            if option.lower() == text.lower():
                return option
        raise _Unfit(f"is {text!r}", f"Give one of: {', '.join(options)}.")

    return parse


def _text(text: str) -> str:
    return text


def _file(text: str) -> str:
    if text and not os.path.isfile(text):
        raise _Unfit("names no file", "Give the path of a font file, such as NotoSansCJK-Regular.ttc.")
    return os.path.abspath(text) if text else ""


def _database(text: str) -> str:
    if not (_MONGODB.match(text) or (text.startswith("embedded:") and text != "embedded:")):
        # The value may hold a password: it is not repeated.
        raise _Unfit("is not a database address", "Give embedded:FOLDER, or mongodb://… of a replica set.")
    return text


def _decoded(text: str) -> bytes:
    """Hex if it can be hex, else base64url with or without padding."""
    try:
        return bytes.fromhex(text)
    except ValueError:
        padded = text.rstrip("=") + "=" * (-len(text.rstrip("=")) % 4)
        return base64.b64decode(padded, altchars=b"-_", validate=True)


def _secret(text: str) -> bytes:
    remedy = f"Make one with: {HOW_TO_MAKE}"
    try:
        secret = _decoded(text)
    except (binascii.Error, ValueError):
        raise _Unfit("is neither hex nor base64url", remedy) from None
    if len(secret) < SECRET_BYTES:
        raise _Unfit(f"holds {len(secret)} bytes, at least {SECRET_BYTES} are needed", remedy)
    # 32 random bytes hold fewer than 16 different ones with a chance below 10^-20; typed ones often do.
    if len(set(secret)) < SECRET_BYTES // 2:
        raise _Unfit("does not look random", remedy)
    return secret


def _secrets(text: str) -> tuple[bytes, ...]:
    return tuple(_secret(part.strip()) for part in text.split(",") if part.strip())


def is_loopback(host: str) -> bool:
    """Whether only this machine can reach the host."""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def _base_url(text: str) -> str:
    example = "Give the address printed in the codes, such as https://minyi.example.gov.cn"
    try:
        parts = urlsplit(text)
        port_ok = parts.port is None or parts.port > 0
    except ValueError:
        raise _Unfit("is not an address", example) from None
    if parts.scheme not in ("http", "https") or not parts.hostname or not port_ok:
        raise _Unfit("is not an http(s) address", example)
    if text != f"{parts.scheme}://{parts.netloc}" or "@" in parts.netloc or not text.isascii() or " " in text:
        raise _Unfit("must end with the host or port: no path, no final slash, no password", example)
    return text


def _setting(env: str, doc: str, parse: Callable[[str], Any], default: Any = MISSING, secret: bool = False) -> Any:
    return field(default=default, metadata={"env": env, "doc": doc, "parse": parse, "secret": secret})


@dataclass(frozen=True, kw_only=True, repr=False)
class Settings:
    """What one service is told from outside. Built by `from_environ` or `for_demo`; the repr holds no secret."""

    database: str = _setting(
        "MINYI_DATABASE",
        "Where the data are: `embedded:FOLDER` (trials and small sites) or `mongodb://…` of a replica set.",
        _database,
        "embedded:./minyi-data",
    )
    secret: bytes = _setting(
        "MINYI_SECRET",
        "At least 32 random bytes as hex or base64url. Printed codes and receipts hang on it: keep a copy.",
        _secret,
        secret=True,
    )
    old_secrets: tuple[bytes, ...] = _setting(
        "MINYI_OLD_SECRETS",
        "Former secrets, newest first, separated by commas: codes printed under them keep working.",
        _secrets,
        (),
        secret=True,
    )
    base_url: str = _setting(
        "MINYI_BASE_URL",
        "Address printed in the codes, without a final slash. https, except on this machine alone.",
        _base_url,
    )
    host: str = _setting("MINYI_HOST", "Address to listen on.", _text, "127.0.0.1")
    port: int = _setting("MINYI_PORT", "Port to listen on.", _whole_number(1, 65535), 8000)
    workers: int = _setting("MINYI_WORKERS", "Web processes; about one a core.", _whole_number(1, 64), 2)
    threads: int = _setting("MINYI_THREADS", "Requests that one process serves at once.", _whole_number(1, 256), 16)
    trusted_proxies: int = _setting(
        "MINYI_TRUSTED_PROXIES",
        "How many proxies in front may tell the client's address; 0 believes none.",
        _whole_number(0, 8),
        0,
    )
    font: str = _setting(
        "MINYI_FONT",
        "Font file with Chinese for PDFs of codes, reports and charts; without it one is looked for on this machine.",
        _file,
        "",
    )
    default_language: str = _setting(
        "MINYI_DEFAULT_LANGUAGE",
        f"Language of pages when the reader asks for none of ours: {', '.join(LANGUAGES)}.",
        _one_of(LANGUAGES),
        "zh-Hans",
    )
    log_level: str = _setting("MINYI_LOG_LEVEL", f"One of {', '.join(LOG_LEVELS)}.", _one_of(LOG_LEVELS), "INFO")
    max_request_bytes: int = _setting(
        "MINYI_MAX_REQUEST_BYTES",
        "Largest request body; larger ones are answered 413.",
        _whole_number(10_000, 1_000_000_000),
        1_000_000,
    )
    # Set by code only: no variable may relax the rules of a real service.
    demo: bool = False

    @classmethod
    def from_environ(cls, environ: Mapping[str, str] | None = None) -> "Settings":
        """Settings from MINYI_* variables (blank counts as unset); raises ConfigurationError naming every problem."""
        environ = os.environ if environ is None else environ
        problems = list(_unknown(environ))
        values: dict[str, Any] = {}
        for each in documented():
            try:
                values |= _read(each, environ)
            except _Unfit as unfit:
                problems.append(Problem(each.metadata["env"], *unfit.args))
        problems += _unsafe(values)
        if problems:
            raise ConfigurationError(problems)
        return cls(**values)

    @classmethod
    def for_demo(cls, **values: Any) -> "Settings":
        """Settings of a throw-away service on this machine: a fresh secret, loopback; `values` go before."""
        port = values.get("port", 8000)
        made: dict[str, Any] = {
            "secret": secrets.token_bytes(SECRET_BYTES),
            "base_url": f"http://127.0.0.1:{port}",
            "demo": True,
        }
        return cls(**(made | values))

    def keys(self) -> tuple[Key, ...]:
        """Keys of stored hashes, the one in use first, then those of former secrets."""
        both = dict.fromkeys((self.secret, *self.old_secrets))
        return tuple(Key(derive(secret, "stored-hashes")) for secret in both)

    def derived(self, purpose: str) -> bytes:
        """32 bytes for one purpose (signing cookies, …) from the secret in use; the secret itself signs nothing."""
        return derive(self.secret, purpose)

    def __repr__(self) -> str:
        shown = ", ".join(f"{each.name}={display(each, getattr(self, each.name))}" for each in documented())
        return f"Settings({shown}, demo={self.demo})"


def documented() -> tuple[Field[Any], ...]:
    """The fields that a variable sets, in the order in which they are documented."""
    return tuple(each for each in fields(Settings) if "env" in each.metadata)


def parsed(name: str, text: str, called: str) -> Any:
    """One field's value from a text that came under another name, such as an option. Raises ConfigurationError."""
    setting = next(each for each in documented() if each.name == name)
    try:
        return setting.metadata["parse"](text)
    except _Unfit as unfit:
        raise ConfigurationError([Problem(called, *unfit.args)]) from None


def display(setting: Field[Any], value: Any) -> str:
    """A setting's value for people: secrets as set or unset, a database's password and options never."""
    if setting.metadata["secret"]:
        return "set" if value else "unset"
    if setting.name == "database":
        value = re.sub(r"//.*@", "//***@", value, flags=re.DOTALL)
        return value.partition("?")[0]
    return str(value)


def shown_now(setting: Field[Any], environ: Mapping[str, str] | None = None) -> str:
    """The variable as it stands, for people; a value that does not fit is not repeated, its fault is."""
    try:
        values = _read(setting, os.environ if environ is None else environ, required=False)
    except _Unfit as unfit:
        return f"wrong: {unfit.args[0]}"
    return display(setting, values[setting.name]) if values else "unset"


def _read(setting: Field[Any], environ: Mapping[str, str], required: bool = True) -> dict[str, Any]:
    """The parsed value under the field's name; nothing for a default."""
    text = environ.get(setting.metadata["env"], "").strip()
    if text:
        return {setting.name: setting.metadata["parse"](text)}
    if setting.default is MISSING and required:
        raise _Unfit("is required", setting.metadata["doc"] + (f" {HOW_TO_MAKE}" if setting.metadata["secret"] else ""))
    return {}


def _unknown(environ: Mapping[str, str]) -> list[Problem]:
    """A misspelt variable would otherwise be a default that nobody chose."""
    known = [each.metadata["env"].removeprefix(PREFIX) for each in documented()]
    ours = [name.removeprefix(PREFIX) for name in environ if name.startswith(PREFIX) and not name.startswith(_FOREIGN)]
    problems = []
    for name in sorted(set(ours) - set(known)):
        near = difflib.get_close_matches(name, known, n=1)
        remedy = f"Did you mean {PREFIX}{near[0]}?" if near else "Remove it."
        problems.append(Problem(PREFIX + name, "is not a setting", remedy))
    return problems


def _unsafe(values: Mapping[str, Any]) -> list[Problem]:
    """What is well-formed but would send answers and passwords readable over the network."""
    parts = urlsplit(values.get("base_url", ""))
    if parts.scheme == "http" and not is_loopback(parts.hostname or ""):
        remedy = "Give an https address; `minyi demo --base-url` is for trials in a local network."
        return [Problem("MINYI_BASE_URL", "is not encrypted", remedy)]
    return []
