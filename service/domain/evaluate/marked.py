"""YAML text as plain data that remembers its lines, and a reader of fields that collects every fault it meets."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

import yaml

from service.domain.errors import Fault, Refused
from service.domain.modes import Text

SIZE_LIMIT = 256 * 1024  # bytes of one file; the largest shipped scheme has a fifth of it
DEPTH_LIMIT = 12
TEXT_LIMIT = 2000
LANGUAGES = ("zh-Hans", "zh-Hant", "en")  # every label of a scheme has all three
_LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_ID = re.compile(r"[a-z][a-z0-9_-]{0,59}")
_NUMBER = re.compile(r"-?[0-9]{1,9}(\.[0-9]{1,9})?")


@dataclass(frozen=True)
class Item:
    """One value with its place: a mapping or list of Items, a text, a Decimal, a bool or None."""

    value: Any
    source: str
    line: int  # counted from 1


class Faults(list[Fault]):
    """The faults of one document; each names its source, its line and, if there is one, its node."""

    def add(self, reason: str, item: Item, path: str, node: str | None = None, **params: Any) -> None:
        place = {"source": item.source, "line": item.line, "node": node}
        self.append(Fault(path, reason, {**params, **place}))

    def refuse(self) -> None:
        """Raise Refused("scheme_invalid") if anything was found, in the order of the lines."""
        if self:
            raise Refused("scheme_invalid", sorted(self, key=lambda fault: fault.params["line"]))


def parse(text: str, source: str) -> Item:
    """The document in `text`. Refused: what is too large or no YAML, aliases, tags, duplicate keys, deep nesting.

    Aliases are refused because a file must read from top to bottom: they are how a tree gets a cycle or explodes.
    """
    if len(text.encode("utf-8", "surrogatepass")) > SIZE_LIMIT:
        raise Refused("too_large", limit=SIZE_LIMIT)
    faults = Faults()
    try:
        _look_through(text, source, faults)
        faults.refuse()
        root = yaml.compose(text, Loader=_LOADER)
    except (yaml.YAMLError, UnicodeEncodeError) as error:
        mark = getattr(error, "problem_mark", None)
        place = Item(None, source, mark.line + 1 if mark else 1)
        problem = getattr(error, "problem", None) or "unreadable character"
        if "nesting depth" in problem:  # PyYAML 6.0.4 has a limit of its own and looks ahead of the events
            faults.add("scheme_too_deep", place, "", limit=DEPTH_LIMIT)
        else:
            faults.add("scheme_not_yaml", place, "", problem=problem)
        faults.refuse()
    item = _convert(root, source, faults, "")
    faults.refuse()
    return item


def _look_through(text: str, source: str, faults: Faults) -> None:
    depth = 0
    for event in yaml.parse(text, Loader=_LOADER):
        mark = event.start_mark
        place = Item(None, source, mark.line + 1 if mark else 1)
        if isinstance(event, yaml.AliasEvent):
            faults.add("scheme_alias", place, "", word=event.anchor)
        if isinstance(event, yaml.CollectionStartEvent):
            depth += 1
        elif isinstance(event, yaml.CollectionEndEvent):
            depth -= 1
        if depth > DEPTH_LIMIT:
            faults.add("scheme_too_deep", place, "", limit=DEPTH_LIMIT)
            return


def _convert(node: Any, source: str, faults: Faults, path: str) -> Item:
    line = node.start_mark.line + 1 if node is not None else 1
    if isinstance(node, yaml.MappingNode):
        return Item(_mapping(node, source, faults, path), source, line)
    if isinstance(node, yaml.SequenceNode):
        entries = [_convert(entry, source, faults, f"{path}.{at}".lstrip(".")) for at, entry in enumerate(node.value)]
        return Item(entries, source, line)
    return Item(_scalar(node), source, line)


def _mapping(node: Any, source: str, faults: Faults, path: str) -> dict[str, Item]:
    found: dict[str, Item] = {}
    for key, value in node.value:
        place = Item(None, source, key.start_mark.line + 1)
        if not isinstance(key, yaml.ScalarNode):
            faults.add("scheme_key", place, path)
            continue
        name = str(key.value)  # the text as written: a code such as `no` is a code, not a truth value
        if name in found:
            faults.add("scheme_duplicate", place, f"{path}.{name}".lstrip("."), value=name)
        item = _convert(value, source, faults, f"{path}.{name}".lstrip("."))
        found[name] = Item(item.value, source, place.line)  # a field stands where its name stands
    return found


def _scalar(node: Any) -> Any:
    """Text, Decimal, bool or None. Anything cleverer (dates, octal, 1e3, 1:30) stays the text that was written."""
    if node is None or node.tag == "tag:yaml.org,2002:null":
        return None
    if node.tag == "tag:yaml.org,2002:bool":
        return node.value.lower() in {"yes", "true", "on"}
    if node.tag in {"tag:yaml.org,2002:int", "tag:yaml.org,2002:float"} and _NUMBER.fullmatch(node.value):
        return Decimal(node.value)
    return node.value


class Fields:
    """Reads the fields of one mapping. A wrong one is noted in `faults` and read as a harmless stand-in."""

    def __init__(self, item: Item, path: str, faults: Faults, node: str | None = None) -> None:
        self.item, self.path, self.faults, self.node = item, path, faults, node
        self.seen: set[str] = set()
        self.values: dict[str, Item] = item.value if isinstance(item.value, dict) else {}
        if not isinstance(item.value, dict):
            faults.add("scheme_type", item, path, node, expected="a mapping")

    def fault(self, reason: str, name: str = "", place: Item | None = None, **params: Any) -> None:
        path = f"{self.path}.{name}".strip(".")
        self.faults.add(reason, place or self.values.get(name, self.item), path, self.node, **params)

    def get(self, name: str, optional: bool = False) -> Item | None:
        """The item of a field, or None; its absence is a fault unless it is optional."""
        self.seen.add(name)
        item = self.values.get(name)
        if item is None or item.value is None:
            if not optional and isinstance(self.item.value, dict):
                self.fault("scheme_missing", name)
            return None
        return item

    def text(self, name: str, optional: bool = False) -> str:
        item = self.get(name, optional)
        if item is None:
            return ""
        value = format(item.value, "f") if isinstance(item.value, Decimal) else item.value
        if not isinstance(value, str) or not value.strip() or len(value) > TEXT_LIMIT:
            self.fault(
                "scheme_type", name, expected=f"a text of at most {TEXT_LIMIT} characters (in quotes if in doubt)"
            )
            return ""
        return value.strip()

    def name(self, name: str) -> str:
        """An id: it stands in addresses and file names."""
        value = self.text(name)
        if value and not _ID.fullmatch(value):
            self.fault("scheme_type", name, expected="an id of small letters, digits, - and _, beginning with a letter")
            return ""
        return value

    def label(self, name: str, optional: bool = False) -> Text:
        item = self.get(name, optional)
        if item is None:
            return {}
        inner = Fields(item, f"{self.path}.{name}".strip("."), self.faults, self.node)
        texts = {language: inner.text(language) for language in LANGUAGES}
        inner.close()
        return texts

    def number(self, name: str, lower: str = "0", upper: str = "100", optional: bool = False) -> Decimal | None:
        item = self.get(name, optional)
        if item is None:
            return None
        if not isinstance(item.value, Decimal):
            self.fault("scheme_type", name, expected="a number")
        elif not Decimal(lower) <= item.value <= Decimal(upper):
            self.fault("scheme_range", name, lower=lower, upper=upper)
        else:
            return item.value
        return None

    def whole(self, name: str, lower: int, upper: int, optional: bool = False) -> int | None:
        value = self.number(name, str(lower), str(upper), optional)
        if value is not None and value != value.to_integral_value():
            self.fault("scheme_type", name, expected="a whole number")
            return None
        return None if value is None else int(value)

    def flag(self, name: str) -> bool:
        item = self.get(name, optional=True)
        if item is not None and not isinstance(item.value, bool):
            self.fault("scheme_type", name, expected="true or false")
        return item is not None and item.value is True

    def day(self, name: str) -> date | None:
        text = self.text(name, optional=True)
        try:
            return date.fromisoformat(text) if text else None
        except ValueError:
            self.fault("scheme_type", name, expected="a date such as 2026-01-31")
            return None

    def choice(self, name: str, options: Iterable[str], optional: bool = False) -> str:
        value = self.text(name, optional)
        if value and value not in (known := tuple(options)):
            self.fault("scheme_choice", name, value=value, options=", ".join(known))
            return ""
        return value

    def codes(self, name: str, options: Iterable[str] | None = None, optional: bool = False) -> tuple[str, ...]:
        """A list of texts without repetition, each one of `options` if they are given; not empty unless optional."""
        item = self.get(name, optional)
        if item is None:
            return ()
        if not isinstance(item.value, list) or not (item.value or optional):
            self.fault("scheme_type", name, expected="a list that is not empty")
            return ()
        inner = Fields(
            Item({str(at): entry for at, entry in enumerate(item.value)}, item.source, item.line),
            f"{self.path}.{name}",
            self.faults,
            self.node,
        )
        values = [inner.choice(at, options) if options else inner.text(at) for at in inner.values]
        for at, value in enumerate(values):
            if value and value in values[:at]:
                inner.fault("scheme_duplicate", str(at), value=value)
        return tuple(values)

    def entries(self, name: str, optional: bool = True) -> list["Fields"]:
        """The mappings of a list, each with its own reader."""
        item = self.get(name, optional)
        if item is None:
            return []
        if not isinstance(item.value, list):
            self.fault("scheme_type", name, expected="a list")
            return []
        return [
            Fields(entry, f"{self.path}.{name}.{at}".strip("."), self.faults, self.node)
            for at, entry in enumerate(item.value)
        ]

    def inner(self, name: str, optional: bool = False) -> "Fields | None":
        item = self.get(name, optional)
        return None if item is None else Fields(item, f"{self.path}.{name}".strip("."), self.faults, self.node)

    def named(self, name: str) -> Mapping[str, "Fields"]:
        """The mappings in a mapping by their keys."""
        outer = self.inner(name, optional=True)
        return (
            {}
            if outer is None
            else {key: Fields(item, f"{name}.{key}", self.faults) for key, item in outer.values.items()}
        )

    def close(self) -> None:
        """Whatever was written and never asked for is a fault: a misspelt field must not pass silently."""
        for name in self.values.keys() - self.seen:
            self.fault("scheme_unknown_field", name, word=name)
