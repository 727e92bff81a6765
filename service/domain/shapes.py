"""Reading plain data (JSON, YAML) into dataclasses: every fault is gathered with its path, nothing is guessed."""

import re
import unicodedata
from collections.abc import Iterator, Mapping, Sized
from typing import Any

from service.domain.errors import Fault
from service.domain.modes import Text

LANGUAGE = re.compile(r"[a-z]{2,3}(-[A-Za-z0-9]{2,8}){0,3}")
# Embeddings, overrides and isolates (Unicode Bidirectional Algorithm, UAX 9): they reorder what stands around them.
_BIDI = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
_KEPT = frozenset("\n\t")
LABEL_LIMIT = 2000


def tidy(text: str, limit: int) -> str:
    """`text` in NFC, with LF line ends, without white space around it; to be held to `limit` characters by the caller.

    Normalising a run of combining marks takes quadratic time (100,000 of them seven seconds), so what is far over the
    limit and will be refused is only stripped. NFC shortens to a third at most.
    """
    text = text.strip()
    if len(text) > 4 * limit:
        return text
    return unicodedata.normalize("NFC", text.replace("\r\n", "\n").replace("\r", "\n")).strip()


def has_forbidden(text: str) -> bool:
    """Whether `text` holds control characters (other than newline and tab), bidi controls or lone surrogates."""
    return any(map(_is_forbidden, text))


def without_forbidden(text: str) -> str:
    """`text` with the characters left out that `has_forbidden` looks for; LF line ends."""
    return "".join(char for char in text.replace("\r\n", "\n").replace("\r", "\n") if not _is_forbidden(char))


def _is_forbidden(char: str) -> bool:
    if char.isprintable():
        return False
    return char in _BIDI or (char not in _KEPT and unicodedata.category(char) in {"Cc", "Cs"})


def shown(value: object) -> str:
    """A value from outside, short and safe enough to stand in a message."""
    text = value if isinstance(value, str) else repr(value)
    clean = "".join(char if char.isprintable() else "�" for char in text[:41])
    return clean if len(clean) <= 40 else clean[:40] + "…"


class Shape:
    """One mapping being read. Each reader takes a key, notes what is wrong with it, and returns something typed.

    After the last key `close()` reports the keys that nobody asked for. A faulty value is replaced by an empty one of
    the right type, so that reading goes on and all faults come at once; whoever reads must raise if there are any.
    """

    def __init__(self, data: object, path: str, faults: list[Fault]) -> None:
        self.path = path
        self.faults = faults
        if not isinstance(data, Mapping):
            self.fault("", "wrong_type", expected="a mapping")
            data = {}
        self._data: dict[Any, Any] = dict(data)

    def at(self, key: str) -> str:
        return ".".join(part for part in (self.path, key) if part)

    def fault(self, key: str, reason: str, **params: Any) -> None:
        self.faults.append(Fault(self.at(key), reason, params))

    def has(self, key: str) -> bool:
        return self._data.get(key) is not None

    def take(self, key: str, *, needed: bool = True) -> Any:
        value = self._data.pop(key, None)
        if value is None and needed:
            self.fault(key, "missing")
        return value

    def typed(self, key: str, kind: type, expected: str, *, needed: bool = True) -> Any:
        """The value if it is of `kind` (a bool is no number), else None."""
        value = self.take(key, needed=needed)
        if value is None or (isinstance(value, kind) and (kind is bool or not isinstance(value, bool))):
            return value
        self.fault(key, "wrong_type", expected=expected)
        return None

    def name(self, key: str, pattern: re.Pattern[str], allowed: str) -> str:
        """A word that `pattern` matches whole."""
        value = self.typed(key, str, "text (in quotes)")
        if value is None or pattern.fullmatch(value):
            return value or ""
        self.fault(key, "bad_name", value=shown(value), allowed=allowed)
        return ""

    def words(self, key: str, *, needed: bool = True) -> tuple[str, ...]:
        """A list of different strings."""
        found: dict[str, None] = {}  # in their order; a list would be searched through for each of them
        for path, value in self.each(key, needed=needed):
            if not isinstance(value, str):
                self.faults.append(Fault(path, "wrong_type", {"expected": "text (in quotes)"}))
            elif value in found:
                self.faults.append(Fault(path, "duplicate", {"value": shown(value)}))
            else:
                found[value] = None
        return tuple(found)

    def flag(self, key: str) -> bool:
        return bool(self.typed(key, bool, "true or false", needed=False))

    def whole(self, key: str, default: int | None, lower: int, upper: int) -> int:
        """An integer from `lower` to `upper`; needed if there is no default."""
        value = self.typed(key, int, "a whole number", needed=default is None)
        if value is None:
            return lower if default is None else default
        if not lower <= value <= upper:
            self.fault(key, "out_of_range", lower=lower, upper=upper)
        return int(value)

    def each(self, key: str, *, needed: bool = True) -> Iterator[tuple[str, Any]]:
        """(path, element) of a list."""
        values = self.typed(key, list, "a list", needed=needed)
        if values is not None and not values and needed:
            self.fault(key, "empty")
        for place, value in enumerate(values or ()):
            yield f"{self.at(key)}.{place}", value

    def text(self, key: str, languages: tuple[str, ...], *, needed: bool = True) -> Text:
        """A text in every language of `languages`, tidied; {} where it is absent and not needed."""
        value = self.take(key, needed=needed)
        if value is None:
            return {}
        inner = Shape(value, self.at(key), self.faults)
        text = {language: inner._line(language) for language in languages}
        inner.close()
        return text

    def _line(self, key: str) -> str:
        value = self.typed(key, str, "text")
        line = tidy(value or "", LABEL_LIMIT)
        if value is not None and not line:
            self.fault(key, "empty")
        if len(line) > LABEL_LIMIT:
            self.fault(key, "too_long", limit=LABEL_LIMIT)
        if has_forbidden(line):
            self.fault(key, "control_characters")
        return line

    def few(self, key: str, found: Sized, limit: int) -> None:
        """A fault if there are more than `limit`."""
        if len(found) > limit:
            self.fault(key, "too_many", limit=limit)

    def close(self) -> None:
        for key in self._data:
            self.fault(shown(key), "unknown_field")
