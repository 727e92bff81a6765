"""YAML read strictly: no aliases, no tags, no key twice; `no` and `1:30` are words as in YAML 1.2. And written."""

import json
import re
from collections.abc import Iterator
from functools import lru_cache
from typing import Any

from service.domain.errors import Fault, Refused
from service.domain.shapes import shown

YAML_LIMIT = 1_000_000  # characters
_RARE_BREAKS = frozenset("\x85\u2028\u2029\ufeff")
# YAML 1.1 also counts in sixties, `1:30:00`: a text that is long enough keeps a process busy for minutes.
_NUMBERS = {
    "tag:yaml.org,2002:int": re.compile(r"[-+]?(?:0b[01_]+|0x[0-9a-fA-F_]+|0[0-7_]*|[1-9][0-9_]*)$"),
    "tag:yaml.org,2002:float": re.compile(
        r"(?:[-+]?(?:[0-9][0-9_]*\.[0-9_]*|\.[0-9][0-9_]*)(?:[eE][-+][0-9]+)?|[-+]?\.(?:inf|Inf|INF)|\.(?:nan|NaN|NAN))$"
    ),
}


def _reader() -> Any:
    """PyYAML's safe loader, over libyaml where it is there (a fifth of the time), with nodes put together in Python."""
    import yaml
    from yaml.composer import Composer

    if not yaml.__with_libyaml__:
        return yaml.SafeLoader

    class Reader(Composer, yaml.CSafeLoader):
        def __init__(self, stream: str) -> None:
            yaml.CSafeLoader.__init__(self, stream)
            Composer.__init__(self)

    return Reader


def _loader() -> Any:
    import yaml

    class Loader(_reader()):  # type: ignore[misc]
        """Safe, without aliases (they can blow up a small file) and tags (`!!map [a]` breaks the reader itself)."""

        yaml_implicit_resolvers = {
            first: [
                (tag, _NUMBERS.get(tag, pattern)) for tag, pattern in resolvers if tag != "tag:yaml.org,2002:timestamp"
            ]
            for first, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
            if first not in "yYnNoO"  # only true and false are booleans
        }

        def compose_node(self, parent: Any, index: Any) -> Any:
            if self.check_event(yaml.AliasEvent):
                self._refuse("aliases")
            if getattr(self.peek_event(), "tag", None) is not None:
                self._refuse("tags")
            return super().compose_node(parent, index)

        def _refuse(self, what: str) -> None:
            mark = self.peek_event().start_mark
            raise yaml.MarkedYAMLError(problem=f"{what} are not used here", problem_mark=mark)

        def construct_mapping(self, node: Any, deep: bool = False) -> Any:
            seen: set[str] = set()
            for key, _ in node.value:
                if str(key.value) in seen:
                    raise yaml.MarkedYAMLError(problem=f"{shown(key.value)} twice", problem_mark=key.start_mark)
                seen.add(str(key.value))
            return super().construct_mapping(node, deep)

    return Loader


def load(text: str, reason: str) -> Any:
    """The data in a YAML or JSON text. Raises Refused(reason) with the line of what is not readable, or if too long."""
    import yaml

    if len(text) > YAML_LIMIT:
        raise Refused(reason, [Fault("", "too_long", {"limit": YAML_LIMIT})])
    found, data = _json(text)
    if found:
        return data
    try:
        return yaml.load(text, Loader=_loader())  # noqa: S506 - a SafeLoader
    except (yaml.YAMLError, ValueError, RecursionError) as error:
        mark = getattr(error, "problem_mark", None)
        place = f"line {min(mark.line, text.count(chr(10))) + 1}" if mark else ""  # libyaml tells a line past the end
        problem = getattr(error, "problem", None) or type(error).__name__
        raise Refused(reason, [Fault(place, "yaml", {"text": problem})]) from None


@lru_cache(maxsize=8)
def load_once(text: str, reason: str) -> Any:
    """`load`, remembered: what is handed out is shared, so nobody may change it.

    Reading is the slow part of an edit (a tenth of a second for 200 questions), and a page follows of the same text.
    """
    return load(text, reason)


def _json(text: str) -> tuple[bool, Any]:
    """JSON is YAML but for tabs, and read faster. What is not quite JSON is read as YAML, which names the line."""
    if not text.lstrip().startswith("{"):
        return False, None
    try:
        return True, json.loads(text, object_pairs_hook=_without_repeats)
    except (ValueError, RecursionError):
        return False, None


def is_json(text: str) -> bool:
    """Whether the text is JSON, which has no comments to keep."""
    return _json(text)[0]


def nodes(text: str) -> Any:
    """The root of the tree of a YAML text, each node with its marks; None for what is no YAML."""
    import yaml

    try:
        return yaml.compose(text, Loader=_loader())
    except (yaml.YAMLError, ValueError, RecursionError):
        return None


def _without_repeats(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    made = dict(pairs)
    if len(made) < len(pairs):
        raise ValueError
    return made


def dump(data: Any) -> str:
    """The data as a YAML text that `load` reads back: keys in their order, texts as they are."""
    import yaml

    class Dumper(yaml.SafeDumper):
        def ignore_aliases(self, data: Any) -> bool:
            return True

    def text(dumper: Any, value: str) -> Any:
        # Unquoted, YAML's rarer line breaks would come back as other ones.
        return dumper.represent_scalar("tag:yaml.org,2002:str", value, '"' if _RARE_BREAKS & set(value) else None)

    Dumper.add_representer(type(None), lambda dumper, _: dumper.represent_scalar("tag:yaml.org,2002:null", "~"))
    Dumper.add_representer(str, text)
    return yaml.dump(data, Dumper=Dumper, allow_unicode=True, sort_keys=False, width=110)


def dump_part(data: Any, *, flow: bool = False, inside: bool = False) -> str:
    """A part of a larger text that `load` reads back: each text on one line, options and rows on one line each.

    `flow`: all of it on one line; with `inside` that is said of the items of a list, not of the list itself.
    """
    import yaml

    dumper = _part_dumper(flow)

    def written(part: Any) -> str:
        return str(yaml.dump(part, Dumper=dumper, allow_unicode=True, sort_keys=False, width=float("inf")))

    if not flow:
        return written(data)
    if inside:
        return "".join(f"- {written(item).rstrip()}\n" for item in data)
    ((key, value),) = data.items()
    return f"{written(key).splitlines()[0]}: {written(value)}"


def _part_dumper(flow: bool) -> Any:
    import yaml

    class Dumper(yaml.SafeDumper):
        def ignore_aliases(self, data: Any) -> bool:
            return True

        def increase_indent(self, flow: bool = False, indentless: bool = False) -> Any:
            return super().increase_indent(flow, False)

        def represent_data(self, data: Any) -> Any:
            node: Any = super().represent_data(data)
            if isinstance(data, dict | list):
                node.flow_style = flow or not data or _is_short(data)
            return node

    def text(dumper: Any, value: str) -> Any:
        broken = "\n" in value or bool(_RARE_BREAKS & set(value))
        return dumper.represent_scalar("tag:yaml.org,2002:str", value, '"' if broken else None)

    Dumper.add_representer(type(None), lambda dumper, _: dumper.represent_scalar("tag:yaml.org,2002:null", "~"))
    Dumper.add_representer(str, text)
    return Dumper


def _is_short(data: Any) -> bool:
    """Whether it is written on one line: a list of words, an option, a row."""
    if isinstance(data, list):
        return not any(isinstance(part, dict | list) for part in data)
    return "kind" not in data and "label" in data and ("code" in data or "id" in data)


def lines_of(text: str) -> dict[str, int]:
    """Path, such as `questions.3.label`, -> the line (from 1) on which it begins; empty for what is no YAML."""
    node = nodes(text)
    return dict(_lines(node, "")) if node else {}


def _lines(node: Any, path: str) -> Iterator[tuple[str, int]]:
    stack = [(node, path)] if node.id != "scalar" else []
    while stack:
        node, path = stack.pop()
        if node.id == "mapping":
            parts = [(key.start_mark, str(key.value), value) for key, value in node.value]
        else:
            parts = [(value.start_mark, str(place), value) for place, value in enumerate(node.value)]
        for mark, name, value in parts:
            inner = f"{path}.{name}" if path else name
            yield inner, mark.line + 1
            if value.id != "scalar":
                stack.append((value, inner))
