"""Rules of addresses: how one is built is compiled when it is first built, for a process builds few of some 700."""

from collections.abc import Callable
from typing import Any

import werkzeug.routing


class Rule(werkzeug.routing.Rule):
    def _compile_builder(self, append_unknown: bool = True) -> Callable[..., tuple[str, str]]:
        compile = super()._compile_builder
        made: list[Callable[..., tuple[str, str]]] = []

        def build(rule: Rule, /, **values: Any) -> tuple[str, str]:
            if not made:
                made.append(compile(append_unknown))
            return made[0](rule, **values)

        return build
