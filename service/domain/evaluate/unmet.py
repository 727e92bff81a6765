"""What a gate of the procedure finds wanting before a round may go on."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from service.domain.errors import Fault


@dataclass(frozen=True)
class Unmet:
    """`gate` is one of those that `round_states` names, `subject` what it is about (a node, a method, a person, or "").

    `code` is a word of FAULTS, whose message names what is missing and the remedy; `params` fill it. A waivable one
    may be waived by the lead with a reason.
    """

    gate: str
    subject: str
    code: str
    params: Mapping[str, Any] = field(default_factory=dict)
    waivable: bool = False

    @property
    def fault(self) -> Fault:
        """The same as a fault of a refusal, at its gate and subject."""
        return Fault(f"{self.gate}.{self.subject}" if self.subject else self.gate, self.code, self.params)
