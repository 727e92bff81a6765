"""Papers: files that back a self-evaluation or another step of the procedure, known by their content."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True)
class Paper:
    """A stored file. `id` is `<subject>/<name>`, the name the first half of the content's SHA-256.

    `subject` says whose it is, such as `self-evaluation:ROUND`; `title` is what its sender calls it.
    """

    id: str
    subject: str
    project: str
    name: str
    title: str
    kind: str
    size: int
    sha256: str
    at: datetime
    by: str
