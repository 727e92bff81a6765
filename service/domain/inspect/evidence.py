"""Evidence: a file that a provider sends with its answer to a follow-up."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True)
class Evidence:
    """A stored file. `id` is `<follow-up>/<name>`, the name the first half of the content's SHA-256."""

    id: str
    follow_up: str
    name: str
    kind: str
    size: int
    sha256: str
    at: datetime
    by: str
