"""What sorts of refusals there are; the catalogue of `errors` gives each reason one of them."""

from dataclasses import dataclass
from enum import StrEnum


class Kind(StrEnum):
    """What sort of refusal it is; each dialect of the web maps it to its own status."""

    INVALID = "invalid"  # the content does not fit the rules
    UNAUTHENTICATED = "unauthenticated"
    FORBIDDEN = "forbidden"
    MISSING = "missing"
    CONFLICT = "conflict"
    GONE = "gone"
    STALE = "stale"  # somebody else has changed it since it was read
    UNCONDITIONAL = "unconditional"  # an edit that does not say which version it read
    TOO_LARGE = "too_large"
    SLOW_DOWN = "slow_down"
    BUSY = "busy"  # try again soon, nothing is lost


@dataclass(frozen=True)
class Entry:
    kind: Kind
    message: str  # English source text, translated by the writers; may name {parameters}
