"""YAML read strictly: no aliases, no key twice, `no` and `yes` are words as in YAML 1.2."""

from typing import Any

from service.domain.errors import Fault, Refused
from service.domain.shapes import shown

YAML_LIMIT = 1_000_000  # characters


def _loader() -> Any:
    import yaml

    class Loader(yaml.SafeLoader):
        """Safe, without aliases (they can blow up a small file), a key twice is an error."""

        yaml_implicit_resolvers = {
            first: [(tag, pattern) for tag, pattern in resolvers if tag != "tag:yaml.org,2002:timestamp"]
            for first, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
            if first not in "yYnNoO"  # only true and false are booleans
        }

        def compose_node(self, parent: Any, index: Any) -> Any:
            if self.check_event(yaml.AliasEvent):
                mark = self.peek_event().start_mark
                raise yaml.MarkedYAMLError(problem="aliases are not used here", problem_mark=mark)
            return super().compose_node(parent, index)

        def construct_mapping(self, node: Any, deep: bool = False) -> Any:
            seen: set[str] = set()
            for key, _ in node.value:
                if str(key.value) in seen:
                    raise yaml.MarkedYAMLError(problem=f"{shown(key.value)} twice", problem_mark=key.start_mark)
                seen.add(str(key.value))
            return super().construct_mapping(node, deep)

    return Loader


def load(text: str, reason: str) -> Any:
    """The data in a YAML text. Raises Refused(reason) with the line of what is not readable, or for a long text."""
    import yaml

    if len(text) > YAML_LIMIT:
        raise Refused(reason, [Fault("", "too_long", {"limit": YAML_LIMIT})])
    try:
        return yaml.load(text, Loader=_loader())  # noqa: S506 - a SafeLoader
    except (yaml.YAMLError, ValueError, RecursionError) as error:
        mark = getattr(error, "problem_mark", None)
        place = f"line {mark.line + 1}" if mark else ""
        problem = getattr(error, "problem", None) or type(error).__name__
        raise Refused(reason, [Fault(place, "yaml", {"text": problem})]) from None
